"""A web service of the home: one process on loopback, `python -m te_assets.<name> PORT`."""

from __future__ import annotations

import http.client
import sys
import time
from pathlib import Path
from typing import Any, ClassVar, Final

from te_assets.settings import Settings, environment
from te_assets.stack.home import Home
from te_assets.stack.process import GuardedProcess, ServiceFailed, log_tail

HOST: Final = "127.0.0.1"
START_LIMIT: Final = 60.0  # seconds
PAUSE: Final = 0.1  # seconds between two looks


class HttpService:
    """One of them; those that there are say what they are named, what they need, and what they do first."""

    name: str
    needs: frozenset[str]
    grace: ClassVar[float]
    """Seconds for a clean stop."""

    def __init__(self, home: Home, settings: Settings) -> None:
        """Nothing is started yet."""
        self._home = home
        self._settings = settings
        self._process: GuardedProcess | None = None

    def prepare(self) -> None:
        """Make what it works with.

        Raises:
            StackError: That failed, or what it needs is not up.
        """

    @property
    def url(self) -> str:
        """Address on this machine."""
        return f"http://{HOST}:{self._home.port(self.name)}"

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """What it says."""
        return self._home.logs / f"{self.name}.log"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            StackError: It ended, or does not answer.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Prepare, then start the process without waiting until it answers.

        Raises:
            StackError: One of that failed, or what it needs is not up.
        """
        if self.is_running:
            return
        port = self._home.require_port(self.name)
        self.prepare()
        self._process = GuardedProcess(
            [sys.executable, "-m", f"te_assets.{self.name}", str(port)],
            self.log,
            environment=environment(self._settings),
            grace=self.grace,
        )

    def wait_ready(self, limit: float = START_LIMIT) -> None:
        """Wait until it answers.

        Raises:
            ServiceFailed: It ended, or did not answer within `limit` seconds.
        """
        assert self._process is not None, "launch first"
        until = time.monotonic() + limit
        while not self.answers():
            if self._process.wait(PAUSE) is not None:
                raise ServiceFailed(f"The {self.name} ended before it answered.{log_tail(self.log)}")
            if time.monotonic() > until:
                self.stop()
                raise ServiceFailed(
                    f"The {self.name} did not answer within {limit:.0f} s and was stopped.{log_tail(self.log)}"
                )

    def answers(self) -> bool:
        """Whether it is healthy now."""
        connection = http.client.HTTPConnection(HOST, self._home.port(self.name), timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop it; requests that are being answered are finished."""
        if self._process is not None:
            self._process.stop()

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows."""
        return {"url": self.url}
