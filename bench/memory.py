"""Peaks of resident memory."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss


def own_peak() -> int:
    """Bytes that this process held at the highest.

    Linux counts in `ru_maxrss` what the process held before it became this program, i.e. its parent's memory; VmHWM
    begins anew there.
    """
    return peak_of("self") or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT


def largest_child_peak() -> int:
    """Bytes that the largest ended child process held; for a reader process smaller than this one, this one's peak."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _UNIT


def peak_of(pid: int | str) -> int | None:
    """Bytes that a running process held at the highest since its start or `reset_peak`; None where /proc is missing."""
    status = Path(f"/proc/{pid}/status")
    return parse_peak(status.read_text(encoding="ascii", errors="replace")) if status.exists() else None


def parse_peak(status: str) -> int | None:
    """The VmHWM of a /proc/<pid>/status in bytes."""
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return None


def reset_peak(pid: int) -> None:
    """Let a process's peak begin anew with what it holds now, where the system can."""
    switch = Path(f"/proc/{pid}/clear_refs")
    if switch.exists():
        switch.write_text("5", encoding="ascii")
