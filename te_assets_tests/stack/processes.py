"""Looking at processes from outside."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable


def processes_naming(text: str) -> dict[int, str]:
    """Living processes whose command line holds `text`, but this one."""
    listed = subprocess.run(["ps", "-eww", "-o", "pid=,stat=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listed.splitlines()]
    return {
        int(r[0]): r[2] for r in rows if len(r) == 3 and text in r[2] and r[1][0] != "Z" and int(r[0]) != os.getpid()
    }


def wait_for(condition: Callable[[], bool], limit: float, what: str) -> None:
    """Wait until a condition holds; fail the test after `limit` seconds.

    What takes long is looked at less and less often: looks take from the processor that it needs.
    """
    until, pause = time.monotonic() + limit, 0.02
    while not condition():
        assert time.monotonic() < until, f"not within {limit} s: {what}"
        time.sleep(pause)
        pause = min(1.2 * pause, 0.3)


def nothing_left(text: str, limit: float = 20.0) -> None:
    """Fail unless every process that names `text` has ended; one that has just let go may still be closing."""
    wait_for(lambda: not processes_naming(text), limit, f"nothing names {text}")
