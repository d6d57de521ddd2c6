"""Runs one command and ends it when its parent is gone, however the parent ended.

`guard.py GRACE [NAME=VALUE …] -- COMMAND …` is run as a script of its own, with the standard library alone: standard
input is a pipe whose other end the parent holds, standard output takes the command's process id as one line, standard
error takes what the command prints. End of file on the pipe, SIGTERM or SIGINT: the command's process group gets
SIGTERM, after GRACE seconds SIGKILL. The exit status is the command's, or 128 + the signal that ended it.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    """Run the command until it ends or has to."""
    grace = float(arguments[0])
    split = arguments.index("--")
    os.environ.update(dict(pair.split("=", 1) for pair in arguments[1:split]))

    wake_read, wake_write = os.pipe()
    os.set_blocking(wake_write, False)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda caught, _: asked.append(caught))
    signal.signal(signal.SIGCHLD, lambda *_: None)

    child = subprocess.Popen(
        arguments[split + 1 :],
        stdin=subprocess.DEVNULL,
        stdout=2,
        start_new_session=True,
        preexec_fn=die_with_parent(),
    )
    os.write(1, f"{child.pid}\n".encode())
    os.close(1)

    watched = [0, wake_read]
    deadline: float | None = None
    while child.poll() is None:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        readable, _, _ = select.select(watched, [], [], left)
        if wake_read in readable:
            os.read(wake_read, 4096)
        parent_gone = 0 in readable and not os.read(0, 4096)
        if deadline is None and (parent_gone or asked):
            watched = [wake_read]
            deadline = time.monotonic() + grace
            end_group(child.pid, signal.SIGTERM)
        elif deadline is not None and time.monotonic() >= deadline:
            end_group(child.pid, signal.SIGKILL)
            child.wait()
    end_group(child.pid, signal.SIGKILL)  # what the command started and left behind
    status = child.wait()
    return status if status >= 0 else 128 - status


def end_group(group: int, number: signal.Signals) -> None:
    """Signal a process group, if any of it is left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says "not permitted" of a group of zombies
        os.killpg(group, number)


def die_with_parent() -> Callable[[], None] | None:
    """What the child calls before it becomes the command: on Linux it ends even when this process is killed."""
    if not sys.platform.startswith("linux"):
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    parent = os.getpid()

    def ask() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
