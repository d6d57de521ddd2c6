"""Where rows stand: names of delivered workbooks, and the cells of their rows, from what te_ops.files tells of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from te_assets.contracts.fields import DURATION
from te_assets.contracts.layout import Model

POSITION: Final = "concat(toString(topic_id), '/', toString(partition), '/', toString(offset), '/', toString(line))"
"""SQL of where a line of raw lies, as people write it."""
FIELDS: Final[Mapping[Model, Sequence[str]]] = {
    "confirmations": ("good_qty", "scrap_qty", "rework_qty"),
    "interactions": (
        "started_at",
        "start_date",
        "start_time",
        "ended_at",
        "end_date",
        "end_time",
        DURATION,
        "reason_code",
    ),
}
"""Model → fields whose cells figures are made of."""


@dataclass(frozen=True)
class Workbooks:
    """Names and columns of delivered workbooks.

    Attributes:
        names: SHA-256 → file name as delivered.
        columns: (SHA-256, sheet) → field → column letter.
    """

    names: Mapping[str, str]
    columns: Mapping[tuple[str, str], Mapping[str, str]]

    def name(self, sha256: str) -> str:
        """File name as delivered; empty for events."""
        return self.names.get(sha256, "")

    def is_matrix(self, sha256: str) -> bool:
        """Whether a row of the workbook can be several lines of raw, one per cell of a matrix."""
        return any("@" in field for (of, _), letters in self.columns.items() if of == sha256 for field in letters)

    def cells(self, sha256: str, sheet: str, row: int, fields: Sequence[str], letter: str = "") -> str:
        """Addresses of some fields of a row, `COOIS!H31, COOIS!I31`; the row alone where they stand in no column.

        Args:
            sha256: Of the workbook; empty for events.
            sheet: Of the row.
            row: Excel row number, or index in the posted batch.
            fields: Of the contract.
            letter: Column of its cell in a matrix (`te_ops.matrix_cells`); empty elsewhere.
        """
        known = self.columns.get((sha256, sheet), {})
        letters = [*(known[field] for field in fields if field in known), *([letter] if letter else [])]
        found = [f"{sheet}!{each}{row}" for each in letters]
        return ", ".join(found) or (f"{sheet}, row {row}" if sheet else f"event, index {row}")


def workbooks(manifests: Iterable[tuple[str, str, str]]) -> Workbooks:
    """What manifests tell of workbooks.

    Args:
        manifests: (SHA-256, file name, manifest) of publications, the newest last: `lineage/manifests.sql`.
    """
    names: dict[str, str] = {}
    columns: dict[tuple[str, str], Mapping[str, str]] = {}
    for sha256, name, manifest in manifests:
        told = json.loads(manifest)
        names[sha256] = name
        maps = told.get("header_maps") or {told.get("sheet", ""): told.get("header_map", {})}
        columns |= {(sha256, sheet): letters for sheet, letters in maps.items()}
    return Workbooks(names, columns)


def position(line: str) -> tuple[str, int, int, int]:
    """Topic id, partition, offset and line of where a line of raw lies, as `POSITION` writes it."""
    topic_id, *numbers = line.split("/")
    partition, offset, number = (int(each) for each in numbers)
    return topic_id, partition, offset, number
