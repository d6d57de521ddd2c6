"""Where rows stand: file, sheet and cell, for views that show them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Final, TypeVar

from te_assets.lake.cells import Workbooks, position, workbooks
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from te_assets.dashboard.lake import Lake

T = TypeVar("T")
_LONGEST: Final = 500


async def workbooks_of(lake: Lake, hashes: Collection[str]) -> Workbooks:
    """What is known of delivered workbooks.

    Args:
        lake: Is asked.
        hashes: Their SHA-256; an empty one, of events, is left out.
    """
    wanted = sorted({sha256 for sha256 in hashes if sha256})
    rows = await lake.ask(render("origins", "manifests"), {"hashes": wanted}) if wanted else []
    return workbooks((row["sha256"], row["name"], row["manifest"]) for row in rows)


async def matrix_letters(lake: Lake, lines: Collection[str]) -> dict[str, str]:
    """Where a line of raw lies → the column of the cell that it comes from, for lines of a matrix."""
    letters: dict[str, str] = {}
    for some in pieces(sorted(lines)):
        rows = await lake.ask(render("origins", "matrix_letters"), {"lines": [position(line) for line in some]})
        letters |= {row["position"]: row["letter"] for row in rows}
    return letters


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Values in pieces that fit into the address of a request to ClickHouse."""
    for start in range(0, len(values), _LONGEST):
        yield values[start : start + _LONGEST]
