"""The process that reads one sheet: request as JSON on stdin, frames of batches on stdout, its limits set by itself."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO

from te_assets.errors import WorkbookError
from te_assets.workbook.framing import Frame, FrameKind, write_frame
from te_assets.workbook.request import ReadRequest, TextFormat

if TYPE_CHECKING:
    import polars as pl

    from te_assets.workbook.lines import LineWriter

_M_ARENA_MAX = -8
_SLICE = 50_000  # rows turned into lines at a time: bounds the memory, and the first batch leaves early


def main(arguments: list[str]) -> int:
    """Reads a request, answers, ends.

    Args:
        arguments: Bytes of address space that the process may use, and the time it was started (seconds since 1970).
    """
    address_space, spawned = int(arguments[0]), float(arguments[1])
    _be_thrifty()
    _limit(address_space)
    request = ReadRequest.from_json(sys.stdin.buffer.read().decode("utf-8"))
    import fastexcel
    import polars as pl

    seconds = {"spawn": max(time.time() - spawned, 0.0)}
    try:
        answer(request, sys.stdout.buffer, seconds)
    except (WorkbookError, fastexcel.FastExcelError, pl.exceptions.PolarsError, MemoryError) as error:
        message = " ".join(str(error).split()) or type(error).__name__
        write_frame(sys.stdout.buffer, Frame(FrameKind.FAILURE, {"message": message}))
        return 1
    return 0


def _be_thrifty() -> None:
    """Keeps libraries from reserving address space that they never use; it counts against the limit.

    Together these save 1.9 GB: two threads for polars, no arena per thread for malloc, no arena at all for Arrow.
    """
    os.environ["POLARS_MAX_THREADS"] = "2"
    os.environ["ARROW_DEFAULT_MEMORY_POOL"] = "system"
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # the GNU C library has it
        mallopt(_M_ARENA_MAX, 1)


def _limit(address_space: int) -> None:
    """No more address space than that, and no core dumps of people's data."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    allowed = address_space if hard == resource.RLIM_INFINITY else min(address_space, hard)
    resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@dataclass(frozen=True)
class _Part:
    """Some rows and what turns them into lines."""

    frame: pl.DataFrame
    writer: LineWriter
    date_columns: tuple[int, ...] = ()


class _Workbook:
    """A sheet of a workbook, read whole and handed on in slices."""

    def __init__(self, request: ReadRequest) -> None:
        self._request = request
        self.warnings: tuple[str, ...] = ()

    def parts(self) -> Iterator[_Part]:
        """Slices of rows."""
        from te_assets.workbook.lines import LineWriter
        from te_assets.workbook.sheet import prepared, read_sheet

        sheet = read_sheet(self._request)
        self.warnings = sheet.warnings
        request = self._request
        writer = LineWriter(
            sheet.columns, sheet.extras, is_1904=sheet.is_1904, constants=request.constants, matrix=request.matrix
        )
        for start in range(0, sheet.frame.height, _SLICE):
            yield _Part(prepared(sheet.frame.slice(start, _SLICE), request), writer, sheet.date_columns)


class _Text:
    """A text file, read and handed on slice by slice."""

    def __init__(self, request: ReadRequest, text: TextFormat) -> None:
        from te_assets.workbook.text_sheet import TextSheet

        self._constants = request.constants
        # Cells of a text file are text, whatever the contract reads in them.
        self._matrix = None if request.matrix is None else replace(request.matrix, type="text")
        self._sheet = TextSheet(request, text)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Known once all parts were read."""
        return self._sheet.warnings

    def parts(self) -> Iterator[_Part]:
        """Slices of rows."""
        from te_assets.workbook.lines import LineWriter

        for piece in self._sheet.slices(_SLICE):
            writer = LineWriter(
                piece.columns,
                piece.extras,
                is_1904=False,
                is_text=True,
                constants=self._constants,
                matrix=self._matrix,
            )
            yield _Part(piece.frame, writer)


def answer(request: ReadRequest, out: BinaryIO, seconds: dict[str, float]) -> None:
    """Reads the sheet and writes its batches and the result."""
    from te_assets.workbook.batching import cut

    seconds |= {"read": 0.0, "lines": 0.0, "send": 0.0}
    source = _Workbook(request) if request.text is None else _Text(request, request.text)
    rows = 0
    began = time.monotonic()
    for part in source.parts():
        seconds["read"] += time.monotonic() - began
        began = time.monotonic()
        frame, lines = part.writer.lines(part.frame)
        for batch in cut(frame, lines, part.date_columns, request.max_rows, request.max_bytes):
            seconds["lines"] += time.monotonic() - began
            began = time.monotonic()
            head = {"first_row": batch.first_row, "rows": batch.rows, "days": batch.days}
            write_frame(out, Frame(FrameKind.BATCH, head, batch.data))
            rows += batch.rows
            seconds["send"] += time.monotonic() - began
            began = time.monotonic()
        seconds["lines"] += time.monotonic() - began
        began = time.monotonic()
    seconds["read"] += time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    result = {"rows": rows, "warnings": source.warnings, "seconds": seconds, "peak_bytes": peak}
    write_frame(out, Frame(FrameKind.RESULT, result))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
