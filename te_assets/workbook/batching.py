"""Cuts lines into batches that fit a message, with the production days that each may touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from te_assets.errors import WorkbookError

if TYPE_CHECKING:
    import polars as pl

_MOST_DAYS = 31
_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2200, 1, 1)


@dataclass(frozen=True)
class CutBatch:
    """Consecutive lines, joined by line breaks, before they leave the reader process."""

    first_row: int
    rows: int
    data: bytes
    days: tuple[str, ...]


def cut(
    frame: pl.DataFrame, lines: pl.Series, date_columns: Sequence[int], max_rows: int, max_bytes: int
) -> Iterator[CutBatch]:
    """Batches of at most so many rows and bytes, in the order of the rows.

    Args:
        frame: The rows, with `row`, Excel's row number.
        lines: One JSON line per row.
        date_columns: Columns whose dates say which production days a batch may touch.
        max_rows: Most rows in a batch.
        max_bytes: Most bytes in a batch.

    Raises:
        WorkbookError: A single row is larger than `max_bytes`.
    """
    import polars as pl

    block = pl.int_range(0, frame.height, eager=True) // max_rows
    days = _days_by_block(frame, block, date_columns)
    texts = pl.DataFrame({"block": block, "line": lines}).group_by("block", maintain_order=True)
    for at, text in enumerate(texts.agg(pl.col("line").str.join("\n"))["line"]):
        start = at * max_rows
        data = text.encode("utf-8")
        rows = min(max_rows, frame.height - start)
        hint = _as_hint(days.get(at, set()))
        if len(data) <= max_bytes:
            yield CutBatch(frame["row"][start], rows, data, hint)
            continue
        for offset, count, piece in _fitting(data, frame["row"].slice(start, rows), max_bytes):
            yield CutBatch(frame["row"][start + offset], count, piece, hint)


def _fitting(data: bytes, numbers: pl.Series, max_bytes: int) -> Iterator[tuple[int, int, bytes]]:
    """(offset, rows, lines) of pieces that fit into so many bytes with their line breaks."""
    pending: list[bytes] = []
    offset, size = 0, 0
    for at, line in enumerate(data.split(b"\n")):
        if len(line) > max_bytes:
            raise WorkbookError(
                f"row {numbers[at]} takes {len(line):,} bytes, a message holds {max_bytes:,}. "
                "Shorten its texts in Excel."
            )
        if pending and size + len(line) > max_bytes:
            yield offset, len(pending), b"\n".join(pending)
            pending, offset, size = [], at, 0
        pending.append(line)
        size += len(line) + 1
    yield offset, len(pending), b"\n".join(pending)


def _days_by_block(frame: pl.DataFrame, block: pl.Series, date_columns: Sequence[int]) -> dict[int, set[date]]:
    """Dates that occur in each block of rows, in any of some columns; what no plant has as a date is left out."""
    import polars as pl

    days: dict[int, set[date]] = {}
    for index in date_columns:
        found = pl.DataFrame({"block": block, "day": frame[str(index)].dt.date()}).unique()
        for at, day in found.filter(pl.col("day").is_between(_FIRST_DAY, _LAST_DAY)).iter_rows():
            days.setdefault(at, set()).add(day)
    return days


def _as_hint(days: set[date]) -> tuple[str, ...]:
    """Days and the days before, ISO, sorted; nothing when there are more than a month of them."""
    days = days | {day - timedelta(days=1) for day in days}
    return tuple(day.isoformat() for day in sorted(days)) if len(days) <= _MOST_DAYS else ()
