"""Loaders and publishers in processes of their own, which fault tests kill, freeze and listen to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from te_assets.delivery.topics import CONFIRMATIONS
from te_assets.stack.connect import kafka_config
from te_assets_tests.conftest import Stack

LIMIT: Final = 120.0  # seconds that any one wait may take


@dataclass(frozen=True)
class Told:
    """A line that a process told."""

    what: dict[str, Any]

    @property
    def step(self) -> str | None:
        """The step that began, if it is that."""
        step = self.what.get("step")
        return str(step) if step else None


class FaultProcess:
    """A process of `module`, and what it told so far."""

    def __init__(self, module: str, config: Mapping[str, Any]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"te_assets_tests.faults.{module}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        self._told: list[Told] = []
        self._ended = False
        self._news = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._write(json.dumps(config))

    def go(self) -> None:
        """Begin the work."""
        self._write("go")

    def freeze(self) -> None:
        """SIGSTOP."""
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.kill()
        self._process.wait()
        self._listener.join(LIMIT)

    def close(self) -> None:
        """End it, whatever it does."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            pipe.close()

    def wait_ready(self) -> None:
        """Wait until its imports are done."""
        self._wait(lambda: any("ready" in told.what for told in self._told), "to be ready")

    def wait_for_step(self, step: str, occurrence: int) -> bool:
        """Wait until a step begins for the n-th time; False where the work ended before."""
        self._wait(lambda: self._count(step) >= occurrence or self.outcome is not None, f"for {step} {occurrence}")
        return self._count(step) >= occurrence

    def wait_for_outcome(self) -> dict[str, Any]:
        """Wait until the work is done, has failed, or the process is dead."""
        self._wait(lambda: self.outcome is not None, "to end")
        assert self.outcome is not None
        return self.outcome

    @property
    def outcome(self) -> dict[str, Any] | None:
        """How the work ended, None while it runs."""
        last = self._told[-1].what if self._told else {}
        if "done" in last or "failed" in last:
            return last
        return {"died": True} if self._ended else None

    @property
    def last_step(self) -> str | None:
        """The step that runs, or that ran when the process died."""
        return next((told.step for told in reversed(self._told) if told.step), None)

    def _count(self, step: str) -> int:
        return sum(told.step == step for told in self._told)

    def _wait(self, reached: Callable[[], bool], what: str) -> None:
        with self._news:
            assert self._news.wait_for(reached, LIMIT), (
                f"waited {LIMIT:.0f} s for the process {what}: {self._told[-3:]}"
            )

    def _write(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._news:
                self._told.append(Told(json.loads(line)))
                self._news.notify_all()
        with self._news:
            self._ended = True
            self._news.notify_all()


def loader_process(stack: Stack, *, lines: int = 50_000) -> FaultProcess:
    """A loader of the confirmations; `lines` bounds its ranges."""
    server = stack.endpoints.clickhouse
    clickhouse = {
        "host": server.host,
        "port": server.port,
        "username": server.user,
        "password": server.password.get_secret_value(),
    }
    config = {
        "kafka": kafka_config(stack.endpoints),
        "clickhouse": clickhouse,
        "topic": CONFIRMATIONS,
        "bounds": {"lines": lines},
    }
    return FaultProcess("loading", config)


def publisher_process(stack: Stack, *, name: str, rows: int) -> FaultProcess:
    """A publisher of the file `name`."""
    return FaultProcess("publishing", {"kafka": kafka_config(stack.endpoints), "name": name, "rows": rows})
