"""Rows of a publication that can be read again: a failed transaction is sent anew from the landed file."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from te_assets.delivery.envelope import RowBatch
from te_assets.workbook.reading import Reading, Readings


class Rereading:
    """`iter` starts the reader, which parses while others get ready; `iter` again starts another one.

    Attributes:
        rows: Rows that the last complete reading gave; None before.
        seconds: Its wall time by step.
        warnings: What its reader noticed.
    """

    def __init__(self, read: Callable[[], Reading | Readings]) -> None:
        self._read = read
        self.rows: int | None = None
        self.seconds: dict[str, float] = {}
        self.warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[RowBatch]:
        """The batches in row order."""
        return self._batches(self._read())

    def _batches(self, reading: Reading | Readings) -> Iterator[RowBatch]:
        with reading:
            yield from reading
            result = reading.result
        self.rows, self.seconds, self.warnings = result.rows, dict(result.seconds), result.warnings
