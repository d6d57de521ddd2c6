"""The processes of a running home that may be killed, by what they are."""

from __future__ import annotations

import random
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Final

import psutil

from te_assets.automation.run_process import process_of
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets.stack.supervisor import FALLS, FALLS_WITHIN

RUN, FORK_SERVER = "run", "fork server"
NAMED: Final = {
    "daemon": "-m dagster._daemon",
    "webserver": "-m dagster_webserver",
    "code server": "dagster api grpc",
    "reader": "te_assets.workbook.reader_process",
    FORK_SERVER: "multiprocessing.forkserver",
}
OF_SUPERVISOR: Final = ("daemon", "webserver")  # who falls more often than FALLS is given up
WEIGHTS: Final = {RUN: 8, "daemon": 2, "webserver": 1, "code server": 2, "reader": 4, FORK_SERVER: 2}


def victims(settings: Settings) -> dict[str, list[psutil.Process]]:
    """Living processes below the supervisor by kind."""
    found: dict[str, list[psutil.Process]] = {kind: [] for kind in WEIGHTS}
    folder = settings.dagster_home / "run_processes"
    runs = {process_of(folder, file.name) for file in folder.glob("*")} if folder.exists() else set()
    supervisor = running.pid(Home.open(settings))
    if supervisor is None:
        return found
    for process in psutil.Process(supervisor).children(recursive=True):
        try:
            command = " ".join(process.cmdline())
        except psutil.Error:
            continue
        if "guard.py" in command:
            continue
        kind = RUN if process.pid in runs else next((kind for kind, part in NAMED.items() if part in command), None)
        if kind:
            found[kind].append(process)
    return found


@dataclass
class Killer:
    """Kills at random, a little less often than the supervisor bears: a start that is hit counts as a fall too."""

    settings: Settings
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    _promised: list[str] = field(default_factory=lambda: [RUN, *OF_SUPERVISOR])
    _falls: deque[float] = field(default_factory=lambda: deque(maxlen=FALLS - 2))

    def kill(self) -> str | None:
        """SIGKILL one process; its kind, None where none of the kind drawn lives.

        A run, the daemon and the webserver come first, so that a short time has them too.
        """
        kind = self._promised[0] if self._promised else self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        full = len(self._falls) == self._falls.maxlen and time.monotonic() - self._falls[0] < FALLS_WITHIN
        if kind in OF_SUPERVISOR and full:
            return None
        candidates = victims(self.settings)[kind]
        if not candidates:
            return None
        try:
            self.chance.choice(candidates).kill()
        except psutil.NoSuchProcess:
            return None
        if kind in OF_SUPERVISOR:
            self._falls.append(time.monotonic())
        self.kills[kind] += 1
        self._promised = [other for other in self._promised if other != kind]
        return kind
