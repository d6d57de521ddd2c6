"""One process owns all services of a home: starts them in order, starts one again that fell, stops all with itself.

Kill it, and every service ends too: each holds the other end of a pipe to it (`guard.py`, `engine.py`).
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any, Final, Self

from te_assets.errors import StackError, TeAssetsError
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets.stack.jars import Progress
from te_assets.stack.process import log_tail
from te_assets.stack.service import Service, quiet
from te_assets.stack.services import build

FALLS: Final = 5  # a service that falls more often …
FALLS_WITHIN: Final = 600.0  # … within these seconds is given up
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


class StopAsked(BaseException):
    """SIGTERM or SIGINT arrived; wherever the supervisor is, it stops everything now."""


class Supervisor:
    """Runs services for as long as the block lasts: `with Supervisor(home, services): …`."""

    def __init__(self, home: Home, services: Sequence[Service], *, progress: Progress = quiet) -> None:
        """Nothing is started yet.

        Args:
            home: Whose services they are; held until the block ends.
            services: In the order of their start.
            progress: Takes one line for each step.
        """
        self._home = home
        self._services = tuple(services)
        self._progress = progress
        self._falls: dict[str, deque[float]] = {service.name: deque(maxlen=FALLS) for service in services}
        self._held = contextlib.ExitStack()
        self._answering: list[Service] = []

    def __enter__(self) -> Self:
        """Start all and wait until each answers.

        Raises:
            StackError: One could not be started; the others are stopped again.
        """
        self._held.enter_context(running.hold(self._home))
        try:
            self._publish()
            self._start()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop all, the last started first."""
        self._stop()

    def serve(self) -> None:
        """Keep the services up until SIGTERM or SIGINT raises `StopAsked`.

        Raises:
            StackError: A service fell again and again.
        """
        wake_read, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        os.set_blocking(wake_read, False)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while True:
            for service in self._services:
                if not service.is_running:
                    self._revive(service)
            select.select([wake_read], [], [], 5.0)
            with contextlib.suppress(BlockingIOError):
                os.read(wake_read, 4096)

    def _start(self) -> None:
        waiting: list[Service] = []
        for service in self._services:
            for needed in [other for other in waiting if other.name in service.needs]:
                self._await(needed)
                waiting.remove(needed)
            self._progress(f"starting {service.name}")
            service.launch()
            waiting.append(service)
        for service in waiting:
            self._await(service)

    def _await(self, service: Service) -> None:
        begun = time.monotonic()
        service.wait_ready()
        self._answering.append(service)
        self._publish()
        self._progress(f"{service.name} answers ({time.monotonic() - begun:.1f} s)")

    def _revive(self, service: Service) -> None:
        """Start a service again that fell; a start that fails, or is killed, is one more fall."""
        said = "ended unexpectedly"
        while True:
            self._count_fall(service)
            self._progress(f"{service.name} {said}: starting it again. Its log: {service.log}")
            if service in self._answering:
                self._answering.remove(service)
                self._publish()
            service.stop()
            try:
                service.launch()
                self._await(service)
            except StackError as error:
                said = f"did not start ({error})"
            else:
                return

    def _count_fall(self, service: Service) -> None:
        falls = self._falls[service.name]
        if len(falls) == FALLS and time.monotonic() - falls[0] < FALLS_WITHIN:
            raise StackError(
                f"{service.name} ended {FALLS + 1} times within {FALLS_WITHIN / 60:.0f} minutes; all services are "
                f"stopped.{log_tail(service.log)}"
            )
        falls.append(time.monotonic())

    def _publish(self) -> None:
        told = {service.name: service.describe() for service in self._services if service in self._answering}
        running.write(self._home, running.Record(pid=os.getpid(), services=told))

    def _stop(self) -> None:
        for service in reversed(self._services):
            if service.is_running:
                self._progress(f"stopping {service.name}")
            service.stop()
        self._held.close()


def serve(home: Home, services: Sequence[Service], progress: Progress, when_ready: Progress = quiet) -> None:
    """Run services in this process until SIGTERM or SIGINT; returns after a clean stop.

    Raises:
        StackError: A service could not be started, or fell again and again.
    """
    for number in SIGNALS:
        signal.signal(number, _ask_to_stop)
    try:
        with Supervisor(home, services, progress=progress) as supervisor:
            when_ready("ready")
            supervisor.serve()
    except StopAsked:
        progress("stopped")


def detach(home: Home, names: Sequence[str], progress: Progress) -> None:
    """Start a supervisor that outlives this process, and wait until its services answer.

    Raises:
        StackError: They do not; nothing is left running.
    """
    log = home.logs / "supervisor.log"
    command = [sys.executable, "-m", "te_assets.stack.supervisor", str(home.root), *names]
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=file, start_new_session=True
        )
    assert process.stdout is not None
    with process.stdout as told:
        for line in told:
            said = json.loads(line)
            if "progress" in said:
                progress(said["progress"])
            elif "failed" in said:
                process.wait()
                raise StackError(said["failed"])
            else:
                return
    process.wait()
    raise StackError(f"The supervisor ended before the services answered.{log_tail(log)}")


def _ask_to_stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    for later in SIGNALS:
        signal.signal(later, signal.SIG_IGN)  # the stop itself is not interrupted; it has limits of its own
    raise StopAsked


def main(arguments: Sequence[str]) -> int:
    """A detached supervisor: tells its starter on standard output how it goes, later standard error (the log)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("services", nargs="+")
    asked = parser.parse_args(arguments)

    starter: list[Any] = [sys.stdout]

    def tell(**what: str) -> None:
        with contextlib.suppress(BrokenPipeError):  # the starter may have been interrupted; we go on
            for stream in starter:
                stream.write(json.dumps(what) + "\n")
                stream.flush()

    def progress(line: str) -> None:
        sys.stderr.write(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {line}\n")
        sys.stderr.flush()
        tell(progress=line)

    def when_ready(line: str) -> None:
        tell(state=line)
        starter.clear()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # the starter sees the end of the pipe

    settings = Settings(home=asked.home)
    home = Home.open(settings)
    try:
        serve(home, build(asked.services, home, settings, progress), progress, when_ready)
    except TeAssetsError as error:
        progress(f"failed: {error}")
        tell(failed=str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
