"""A bound on what Playwright waits for without end: closing a tab, ending a recording, a browser that hangs."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def children(parent: int) -> set[int]:
    """Processes that a process has begun and that still run."""
    found = set[int]()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has just ended
            # The name stands in brackets and may hold anything; then come state and parent.
            if int(stat.read_text(errors="replace").rpartition(")")[2].split()[1]) == parent:
                found.add(int(stat.parent.name))
    return found


def kill(processes: set[int]) -> None:
    """End processes of ours at once, stopped ones too."""
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


@contextmanager
def within(seconds: float, end: Callable[[], None]) -> Iterator[None]:
    """Call `end`, in a thread, unless the block ends in time."""
    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
