"""The gateway of the home: one process on loopback."""

from __future__ import annotations

import http.client
import sys
import time
from pathlib import Path
from typing import Any, Final

from te_assets.settings import Settings, environment
from te_assets.stack.connect import endpoints
from te_assets.stack.home import Home
from te_assets.stack.process import GuardedProcess, ServiceFailed, log_tail
from te_assets.stack.provision import provision
from te_assets.stack.standstill import steady

HOST: Final = "127.0.0.1"
START_LIMIT: Final = 60.0  # seconds
PAUSE: Final = 0.1  # seconds between two looks
GRACE: Final = 20.0  # seconds for a clean stop: what was accepted is finished


class GatewayService:
    """HTTP way in of one home."""

    name = "gateway"
    needs = frozenset({"kafka", "clickhouse"})

    def __init__(self, home: Home, settings: Settings) -> None:
        """Nothing is started yet."""
        self._home = home
        self._settings = settings
        self._process: GuardedProcess | None = None

    @property
    def url(self) -> str:
        """Address for clients on this machine."""
        return f"http://{HOST}:{self._home.port('gateway')}"

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> Path:
        """What it says."""
        return self._home.logs / "gateway.log"

    def start(self) -> None:
        """Start it and wait until it answers.

        Raises:
            StackError: It ended, or does not answer.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Make topics and tables, then start the process without waiting until it answers.

        Raises:
            StackError: One of that failed, or Kafka or ClickHouse is not up.
        """
        if self.is_running:
            return
        port = self._home.require_port("gateway")
        with steady(self._settings):  # Dagster has done so, but it need not be started too
            provision(endpoints(self._settings), self._settings.kafka_replication_factor)
        self._process = GuardedProcess(
            [sys.executable, "-m", "te_assets.gateway", str(port)],
            self.log,
            environment=environment(self._settings),
            grace=GRACE,
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
                raise ServiceFailed(f"The gateway ended before it answered.{log_tail(self.log)}")
            if time.monotonic() > until:
                self.stop()
                raise ServiceFailed(
                    f"The gateway did not answer within {limit:.0f} s and was stopped.{log_tail(self.log)}"
                )

    def answers(self) -> bool:
        """Whether it is healthy now."""
        connection = http.client.HTTPConnection(HOST, self._home.port("gateway"), timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop it; requests that were accepted are finished."""
        if self._process is not None:
            self._process.stop()

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows."""
        return {"url": self.url}
