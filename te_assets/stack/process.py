"""Child processes that cannot outlive their parent: starting, asking, ending, and what their log said last."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from te_assets.errors import StackError

GUARD = Path(__file__).with_name("guard.py")
KILL_MARGIN = 5.0  # seconds that a guard may take beyond its grace
AFTER_ANSWERS, LAST = 5, 9
"""Nice values. Machines wait for Kafka and the gateway, so ClickHouse gives way to these, and Dagster to all.

`LAST` is below what a run that gives way adds to it (automation/run_process.py): that one is told by its nice value,
also where somebody else has started Dagster.
"""


class ServiceFailed(StackError):
    """A service ended before it answered, or did not answer in time."""


class GuardedProcess:
    """One command under a guard, which ends it when this process is gone; see `te_assets.stack.guard`."""

    def __init__(
        self,
        command: Sequence[str],
        console: Path,
        *,
        environment: Mapping[str, str] | None = None,
        add: Mapping[str, str] | None = None,
        grace: float = 30.0,
        cwd: Path | None = None,
        nice: int = 0,
    ) -> None:
        """Start it.

        Args:
            command: Absolute path and arguments.
            console: File that takes what the command prints; appended.
            environment: The whole environment; None inherits this process's.
            add: Variables on top.
            grace: Seconds between SIGTERM and SIGKILL.
            cwd: Working directory.
            nice: How much it gives way to others on the processors.

        Raises:
            ServiceFailed: The command could not be started.
        """
        self._grace = grace
        extra = [f"{name}={value}" for name, value in (add or {}).items()]
        with console.open("ab") as log:
            self._guard = subprocess.Popen(
                [sys.executable, "-I", "-S", str(GUARD), str(grace), *extra, "--", *nicely(command, nice)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=None if environment is None else dict(environment),
                cwd=cwd,
                start_new_session=True,  # Ctrl-C in a terminal reaches the supervisor alone, which stops all in order
            )
        assert self._guard.stdout is not None
        with self._guard.stdout as told:
            line = told.readline()
        if not line:
            self._guard.wait()
            raise ServiceFailed(f"Cannot start {command[0]}.{log_tail(console)}")
        self.pid = int(line)
        give_way_as_session(self.pid, nice)

    @property
    def guard_pid(self) -> int:
        """Process id of the guard."""
        return self._guard.pid

    def poll(self) -> int | None:
        """Exit status, None while it runs."""
        return self._guard.poll()

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended; exit status, or None after `timeout` seconds."""
        try:
            return self._guard.wait(timeout)
        except subprocess.TimeoutExpired:
            return None

    def stop(self) -> int:
        """Ask it to end, by force after the grace; exit status."""
        if self._guard.poll() is None:
            self._guard.terminate()
            if self.wait(self._grace + KILL_MARGIN) is None:
                self.kill()
        return self._close()

    def kill(self) -> int:
        """SIGKILL, as a fault: nothing of it can clean up."""
        if self._guard.poll() is None:
            with contextlib.suppress(ProcessLookupError):  # it ended a moment ago
                os.killpg(self.pid, signal.SIGKILL)
            self._guard.wait()
        return self._close()

    def _close(self) -> int:
        if self._guard.stdin is not None:
            self._guard.stdin.close()
        return self._guard.wait()


def nicely(command: Sequence[str], nice: int) -> Sequence[str]:
    """A command that gives way to others on the processors, with all that it starts."""
    return ["nice", "-n", str(nice), *command] if nice else command


def give_way_as_session(pid: int, nice: int) -> None:
    """Have the session of a process give way to others.

    Where sessions are groups of the scheduler (autogroup), the nice value of a process counts within its session alone.
    """
    if nice:
        with contextlib.suppress(OSError):  # no such scheduler, or the process has ended
            Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")


def log_tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, as the end of an error message."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 16_384))
            text = file.read().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""
    last = "\n  ".join(text.strip().splitlines()[-lines:])
    return f" Log: {log}, which ends:\n  {last}" if last else f" Its log {log} is empty."
