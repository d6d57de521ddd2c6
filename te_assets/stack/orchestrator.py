"""Dagster of the home: webserver and daemon, on an instance that one process has made first."""

from __future__ import annotations

import http.client
import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from te_assets.settings import Settings, environment
from te_assets.stack import running
from te_assets.stack.connect import endpoints
from te_assets.stack.dagster_instance import POOLS, prepare
from te_assets.stack.dagster_storage import storage_of, write_instance, write_workspace
from te_assets.stack.home import Home
from te_assets.stack.jars import Progress
from te_assets.stack.process import LAST, GuardedProcess, ServiceFailed, log_tail
from te_assets.stack.provision import provision
from te_assets.stack.service import quiet
from te_assets.stack.standstill import steady

HOST: Final = "127.0.0.1"
START_LIMIT: Final = 180.0  # seconds
PAUSE: Final = 0.2  # seconds between two looks
GRACE: Final = 20.0  # seconds for a clean stop
STATUS: Final = """{
  instance { daemonHealth { allDaemonStatuses { daemonType required lastHeartbeatTime } } }
  workspaceOrError {
    ... on Workspace { locationEntries { name loadStatus locationOrLoadError { ... on PythonError { message } } } }
    ... on PythonError { message }
  }
}"""


class DagsterService:
    """Webserver and daemon of one home."""

    name = "dagster"
    needs = frozenset({"kafka", "clickhouse"})

    def __init__(self, home: Home, settings: Settings, *, progress: Progress = quiet) -> None:
        """Nothing is started or written yet."""
        self._home = home
        self._settings = settings
        self._instance = settings.dagster_home
        self._progress = progress
        self._launched_at = datetime.now(UTC)
        self._processes: dict[str, GuardedProcess] = {}

    @property
    def url(self) -> str:
        """Address of the user interface."""
        return f"http://{HOST}:{self._home.port('dagster')}"

    @property
    def is_running(self) -> bool:
        """Whether both processes live."""
        return bool(self._processes) and all(process.poll() is None for process in self._processes.values())

    @property
    def log(self) -> Path:
        """The daemon's log."""
        return self._log("daemon")

    def start(self) -> None:
        """Start both and wait until both are well.

        Raises:
            StackError: One ended, the code location does not load, or it takes too long.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Make the instance, topics and tables, then start both processes without waiting until they answer.

        Raises:
            StackError: One of that failed, or Kafka or ClickHouse is not up.
        """
        if self.is_running:
            return
        port = self._home.require_port("dagster")
        self._instance.mkdir(parents=True, exist_ok=True)
        write_instance(self._settings)
        prepare(self._settings, self._make_instance, self._progress)
        # Its sensors ask for topics and tables from the first tick on.
        with steady(self._settings):
            provision(endpoints(self._settings), self._settings.kafka_replication_factor)
        workspace = str(self._workspace())
        self._launched_at = datetime.now(UTC)
        running.withdraw_stop(self._home)
        self._processes = {
            "webserver": self._run(
                "webserver", "dagster_webserver", "-h", HOST, "-p", str(port), "-w", workspace, "--log-level", "warning"
            ),
            "daemon": self._run("daemon", "dagster._daemon", "run", "-w", workspace),
        }

    def wait_ready(self, limit: float = START_LIMIT) -> None:
        """Wait until the webserver answers, the code location is loaded and the daemon's heartbeats are there.

        Raises:
            ServiceFailed: A process ended, the code location does not load, or it takes longer than `limit` seconds.
        """
        until = time.monotonic() + limit
        while not self.answers():
            for name, process in self._processes.items():
                if process.wait(PAUSE) is not None:
                    self.stop()
                    raise ServiceFailed(f"Dagster's {name} ended before it answered.{log_tail(self._log(name))}")
            if time.monotonic() > until:
                self.stop()
                raise ServiceFailed(f"Dagster was not ready within {limit:.0f} s and was stopped.{log_tail(self.log)}")

    def answers(self) -> bool:
        """Whether webserver and daemon are well now.

        Raises:
            ServiceFailed: The code location does not load.
        """
        try:
            data = ask(self._home.port("dagster"), STATUS)
        except OSError:
            return False
        workspace = data["workspaceOrError"]
        entries = workspace.get("locationEntries", [])
        broken = [workspace, *(entry["locationOrLoadError"] or {} for entry in entries)]
        if reasons := [str(entry["message"]) for entry in broken if "message" in entry]:
            self.stop()
            raise ServiceFailed(
                f"Dagster cannot load te_assets: {reasons[0].strip()[:2000]} Log: {self._log('webserver')}"
            )
        daemons = [d for d in data["instance"]["daemonHealth"]["allDaemonStatuses"] if d["required"]]
        beating = all((d["lastHeartbeatTime"] or 0) >= self._launched_at.timestamp() for d in daemons)
        return bool(entries) and all(entry["loadStatus"] == "LOADED" for entry in entries) and bool(daemons) and beating

    def stop(self) -> None:
        """Stop both with all that they started."""
        running.announce_stop(self._home)  # the daemon waits for the ticks of its sensors, and they for news
        for process in self._processes.values():
            process.stop()

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows."""
        return {"url": self.url}

    def _log(self, name: str) -> Path:
        return self._home.logs / f"dagster-{name}.log"

    def _run(self, name: str, module: str, *arguments: str) -> GuardedProcess:
        return GuardedProcess(
            [sys.executable, "-m", module, *arguments],
            self._log(name),
            environment=environment(self._settings),  # not in `add`, which anyone reads: it may hold a password
            add={
                "DAGSTER_HOME": str(self._instance),
                "TE_HOME": str(self._home.root),
                "PYTHONDONTWRITEBYTECODE": "",  # where it is set, each process would compile all that it imports
            },
            grace=GRACE,
            nice=LAST,
        )

    def _make_instance(self) -> None:
        process = self._run("instance", "te_assets.stack.dagster_instance", *POOLS)
        status = process.wait(START_LIMIT)
        process.stop()
        if status != 0:
            raise ServiceFailed(
                f"Dagster could not make its instance in {self._instance}, with {storage_of(self._settings).where}."
                f"{log_tail(self._log('instance'))}"
            )

    def _workspace(self) -> Path:
        own = Path.cwd() / "workspace.yaml"
        if own.exists():
            return own
        made = self._instance / "workspace.yaml"
        write_workspace(self._settings, made)
        return made


def ask(port: int, query: str, timeout: float = 10.0) -> dict[str, Any]:
    """Answer of the webserver's GraphQL.

    Raises:
        OSError: Nobody answers, or with something else.
    """
    connection = http.client.HTTPConnection(HOST, port, timeout=timeout)
    try:
        connection.request("POST", "/graphql", json.dumps({"query": query}), {"Content-Type": "application/json"})
        response = connection.getresponse()
        body = response.read()
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
    if response.status != http.client.OK:
        raise OSError(f"HTTP {response.status}: {body[:500]!r}")
    answer: dict[str, Any] = json.loads(body)
    return dict(answer["data"])
