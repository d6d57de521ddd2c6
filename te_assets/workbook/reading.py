"""Reads a sheet in a process of its own and yields its rows as batches of JSON lines, in constant memory.

The Excel library can run out of memory, abort or panic on a bad file. In a process with limits of its own that ends one
file, not the pipeline.
"""

from __future__ import annotations

import fcntl
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import IO

import te_assets
from te_assets.delivery.envelope import RowBatch
from te_assets.workbook.errors import ReaderFailed, ReaderKilled
from te_assets.workbook.framing import Frame, FrameKind, read_frame
from te_assets.workbook.request import ReadLimits, ReadRequest, ReadResult

_MODULE = "te_assets.workbook.reader_process"
_IMPORT_ROOT = Path(te_assets.__file__).resolve().parent.parent
_EXIT_PATIENCE = 10.0
_PIPE_BYTES = 1 << 20


def read_batches(request: ReadRequest, limits: ReadLimits | None = None) -> Reading:
    """Starts reading a sheet.

    Args:
        request: What to read; the file must have passed `sniff` and `guard`.
        limits: Memory and time of the reader process.

    Returns:
        An iterator of batches; when it is exhausted, its `result` tells rows, warnings and seconds. Close it, or use it
        in a `with` block, when it may not be read to its end.
    """
    return Reading(request, limits or ReadLimits())


def read_sheets(requests: Sequence[ReadRequest], limits: ReadLimits | None = None) -> Reading | Readings:
    """Starts reading the sheets of one publication, one after another; see `read_batches`."""
    if len(requests) == 1:
        return read_batches(requests[0], limits)
    return Readings(requests, limits or ReadLimits())


class Readings(Iterator[RowBatch]):
    """Several sheets being read; the batches tell of which they are, the `result` sums up."""

    def __init__(self, requests: Sequence[ReadRequest], limits: ReadLimits) -> None:
        self._limits = limits
        self._left, self._count = list(requests), len(requests)
        self._results: list[ReadResult] = []
        self._is_closed = False
        self._sheet = requests[0].sheet
        self._reading = self._start_next()

    def _start_next(self) -> Reading:
        request = self._left.pop(0)
        self._sheet = request.sheet
        return Reading(request, self._limits)

    def __iter__(self) -> Readings:
        """Itself."""
        return self

    def __next__(self) -> RowBatch:
        """The next batch.

        Raises:
            ReaderFailed: A reader died, was too slow or could not read its sheet.
        """
        if self._is_closed:
            raise StopIteration
        while (batch := next(self._reading, None)) is None:
            self._results.append(self._reading.result)
            if not self._left:
                self._is_closed = True
                raise StopIteration
            self._reading = self._start_next()
        return replace(batch, sheet=self._sheet)

    def __enter__(self) -> Readings:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    @property
    def result(self) -> ReadResult:
        """Rows, warnings and seconds of all sheets together.

        Raises:
            ReaderFailed: The batches were not read to their end.
        """
        if len(self._results) < self._count:
            raise ReaderFailed("the result was asked for before the last batch of the last sheet was read. Read all.")
        seconds: dict[str, float] = {}
        for result in self._results:
            for step, spent in result.seconds.items():
                seconds[step] = seconds.get(step, 0.0) + spent
        return ReadResult(
            sum(result.rows for result in self._results),
            tuple(dict.fromkeys(warning for result in self._results for warning in result.warnings)),
            seconds,
            max(result.peak_bytes for result in self._results),
        )

    def close(self) -> None:
        """Ends the reader process if one still runs."""
        self._is_closed = True
        self._reading.close()


class Reading(Iterator[RowBatch]):
    """A sheet being read; see `read_batches`."""

    def __init__(self, request: ReadRequest, limits: ReadLimits) -> None:
        self._request = request
        self._limits = limits
        self._waited = 0.0
        self._result: ReadResult | None = None
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE, str(limits.address_space), str(time.time())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            cwd=_IMPORT_ROOT,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(OSError):  # a larger pipe saves switches between the processes; the system may not allow it
            fcntl.fcntl(self._process.stdout.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        try:
            self._process.stdin.write(request.to_json().encode("utf-8"))
            self._process.stdin.close()
        except BrokenPipeError:
            raise self._died() from None

    def __iter__(self) -> Reading:
        """Itself."""
        return self

    def __next__(self) -> RowBatch:
        """The next batch.

        Raises:
            ReaderFailed: The reader died, was too slow or could not read the sheet.
        """
        if self._result is not None or self._stderr.closed:
            raise StopIteration
        try:
            frame = read_frame(self._read_exactly)
        except ValueError as error:
            raise self._failed(f"it sent bytes that are no batch ({error})") from error
        if frame is None:
            raise self._died()
        if frame.kind is FrameKind.FAILURE:
            self.close()
            message = str(frame.head["message"])
            is_located = message.startswith(f"{self._request.name}: ")
            raise ReaderFailed(message if is_located else f"{self._where}: {message}")
        if frame.kind is FrameKind.RESULT:
            self._result = _result(frame)
            self.close()
            raise StopIteration
        return RowBatch(frame.head["first_row"], frame.head["rows"], frame.body, tuple(frame.head["days"]))

    def __enter__(self) -> Reading:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes it."""
        self.close()

    def __del__(self) -> None:
        """Leaves no process behind."""
        if hasattr(self, "_process"):
            self.close()

    @property
    def pid(self) -> int:
        """Number of the reader process, also after its end."""
        return self._process.pid

    @property
    def result(self) -> ReadResult:
        """Rows, warnings and seconds.

        Raises:
            ReaderFailed: The batches were not read to their end.
        """
        if self._result is None:
            raise ReaderFailed(
                f"{self._where}: the result was asked for before the last batch was read. Read all batches."
            )
        return self._result

    def close(self) -> None:
        """Ends the reader process if it still runs."""
        if self._process.poll() is None and self._result is None:
            self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        try:
            self._process.wait(_EXIT_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stderr.close()

    @property
    def _where(self) -> str:
        return f'{self._request.name}, sheet "{self._request.sheet}"'

    def _read_exactly(self, count: int) -> bytes:
        """So many bytes of the reader's output, or fewer at its end; waits no longer than is left of the time limit."""
        assert self._process.stdout is not None
        descriptor = self._process.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN | select.POLLHUP)
        pieces, missing = [], count
        while missing:
            left = self._limits.seconds - self._waited
            started = time.monotonic()
            ready = poll.poll(max(left, 0.0) * 1000)
            self._waited += time.monotonic() - started
            if not ready:
                raise self._failed(
                    f"it did not finish within {self._limits.seconds:g} s. Split the export into shorter periods"
                )
            piece = os.read(descriptor, missing)
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _died(self) -> ReaderFailed:
        """What to say when the reader's output ends before its result."""
        try:
            code = self._process.wait(_EXIT_PATIENCE)
        except subprocess.TimeoutExpired:
            return self._failed("it closed its output and did not end")
        how = f"it ended with {signal.Signals(-code).name}" if code < 0 else f"it ended with exit code {code}"
        self._stderr.seek(0)
        told = self._stderr.read().decode("utf-8", errors="replace").strip()
        last = told.splitlines()[-1][:300] if told else "without a word"
        out_of_memory = code in (-signal.SIGABRT, -signal.SIGKILL, -signal.SIGSEGV) or "memory" in told.lower()
        gigabytes = self._limits.address_space / (1 << 30)
        advice = (
            f"It needs more than the {gigabytes:.1f} GiB of memory a reader may have: delete what lies outside "
            "the table, or split the export into shorter periods"
            if out_of_memory
            else "Save the workbook again in Excel and deliver it again"
        )
        killed = code in (-signal.SIGKILL, -signal.SIGTERM)
        return self._failed(f"{how} ({last}). {advice}", ReaderKilled if killed else ReaderFailed)

    def _failed(self, what: str, kind: type[ReaderFailed] = ReaderFailed) -> ReaderFailed:
        """Ends the process and wraps up what happened."""
        self.close()
        return kind(f"{self._where}: the reader process failed: {what}.")


def _result(frame: Frame) -> ReadResult:
    """The result that a frame carries."""
    head = frame.head
    return ReadResult(head["rows"], tuple(head["warnings"]), dict(head["seconds"]), head["peak_bytes"])
