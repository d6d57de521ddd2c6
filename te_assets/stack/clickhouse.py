"""The real ClickHouse engine of the home: HTTP and native port on loopback, confined, with its users."""

from __future__ import annotations

import base64
import http.client
import json
import os
import secrets
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from te_assets.stack.clickhouse_config import FILE_CLOSED, HOST, write_configuration
from te_assets.stack.engine_package import engine_library, unconfined_sentence
from te_assets.stack.home import Home
from te_assets.stack.jars import Progress
from te_assets.stack.process import AFTER_ANSWERS, ServiceFailed, give_way_as_session, log_tail
from te_assets.stack.service import quiet

ENGINE: Final = Path(__file__).with_name("engine.py")
START_LIMIT: Final = 70.0  # seconds
STOP_LIMIT: Final = 60.0  # seconds: a running INSERT SELECT is finished first
WRITER: Final = "te_writer"
READER: Final = "te_reader"


class ClickHouseServer:
    """The engine of one home: `start`, `stop`, and `kill` and `restart` for those who test faults."""

    name = "clickhouse"
    needs: frozenset[str] = frozenset()

    def __init__(self, home: Home, *, extra_writer_grants: Sequence[str] = (), progress: Progress = quiet) -> None:
        """Nothing is started or written yet.

        Args:
            home: Where data, logs, ports and passwords are.
            extra_writer_grants: What te_writer may do beyond its own list, as in `GRANT <this>`.
            progress: Takes a line that a person should see.
        """
        self._home = home
        self._extra_writer_grants = tuple(extra_writer_grants)
        self._progress = progress
        self._version: str | None = None
        self._confined: int | None = None
        self._was_ready = False
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """HTTP address."""
        return f"http://{HOST}:{self.http_port}"

    @property
    def http_port(self) -> int:
        """Port of the HTTP interface."""
        return self._home.port("clickhouse")

    @property
    def native_port(self) -> int:
        """Port of the native protocol."""
        return self._home.port("clickhouse_native")

    @property
    def writer_password(self) -> str:
        """Password of te_writer."""
        return self._home.secrets().te_writer

    @property
    def reader_password(self) -> str:
        """Password of te_reader."""
        return self._home.secrets().te_reader

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> Path:
        """The engine's own log."""
        return self._logs / "server.log"

    @property
    def confined(self) -> bool:
        """Whether the kernel keeps the engine from files outside its home."""
        return bool(self._confined)

    @property
    def version(self) -> str | None:
        """Version of ClickHouse, None before the first start."""
        return self._version

    def start(self) -> None:
        """Start the engine and wait until it answers a query of ours.

        Raises:
            StackError: It is not installed or not served on this platform, a port is taken, or it did not answer.
        """
        self.launch()
        self.wait_ready()

    def launch(self) -> None:
        """Start the process without waiting until it answers."""
        if self.is_running:
            return
        self._was_ready = False
        library = engine_library()
        http_port = self._home.require_port("clickhouse")
        native_port = self._home.require_port("clickhouse_native")
        for folder in (self._data, self._configuration, self._logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_configuration(self._home, http_port, native_port, self._extra_writer_grants)
        keep_previous(self._logs / "server.err.log")
        command = [
            *(sys.executable, "-I", "-S", str(ENGINE)),
            *(str(library), str(self._data), str(self._logs), str(http_port), str(native_port)),
            str(self._configuration),
        ]
        with self._console.open("ab") as console:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=console,
                env={},  # nothing that it must not know; its queries could read /proc/self/environ
                cwd=self._configuration,
                start_new_session=True,
            )
        give_way_as_session(self.process.pid, AFTER_ANSWERS)

    def wait_ready(self, limit: float = START_LIMIT) -> None:
        """Wait until our own engine listens and answers.

        Raises:
            ServiceFailed: It ended, could not listen, or did not answer within `limit` seconds.
        """
        assert self.process is not None, "launch first"
        until = time.monotonic() + limit
        for said in self._words(until):
            if "landlock" in said:
                self._confined = int(said["landlock"])
                if not self._confined:
                    self._progress(unconfined_sentence())
            if "failed" in said:
                self._give_up(f"ClickHouse failed: {said['failed']}")
            if "ready" in said:
                break
        else:
            self._give_up(f"ClickHouse ended, or was silent for {limit:.0f} s, before it listened")
        nonce = secrets.token_hex(8)
        answer = self.query(f"SELECT '{nonce}', version()").split()
        if len(answer) != 2 or answer[0] != nonce:
            self._give_up(f"Somebody else answers on {self.url}")
        self._version = answer[1]
        self._require_closed_files()
        self._was_ready = True

    def answers(self) -> bool:
        """Whether the engine answers a query now."""
        try:
            return self.query("SELECT 1").strip() == "1"
        except ServiceFailed:
            return False

    def query(self, sql: str, timeout: float = 10.0) -> str:
        """Run one query as te_writer and return the answer as text; for looking after the server, not for data.

        Raises:
            ServiceFailed: No answer, or an error.
        """
        connection = http.client.HTTPConnection(HOST, self.http_port, timeout=timeout)
        token = base64.b64encode(f"{WRITER}:{self.writer_password}".encode()).decode()
        try:
            connection.request("POST", "/", body=sql.encode(), headers={"Authorization": f"Basic {token}"})
            response = connection.getresponse()
            text = response.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            raise ServiceFailed(f"ClickHouse does not answer on {self.url} ({error}).{log_tail(self.log)}") from error
        finally:
            connection.close()
        if response.status != http.client.OK:
            raise ServiceFailed(f"ClickHouse on {self.url} says: {text.strip()[:500]}")
        return text

    def stop(self) -> None:
        """Stop cleanly: running inserts are finished; by force when that takes longer than a minute."""
        if self.process is None:
            return
        if not self._was_ready:
            self.kill()  # it acknowledged nothing yet; without a listener a clean stop takes a minute
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_LIMIT)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self._close()

    def kill(self) -> None:
        """SIGKILL, as a fault."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
        self._close()

    def restart(self) -> None:
        """Start again on the same ports, after `stop` or `kill`; stops first where it still runs."""
        self.stop()
        self.start()

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows."""
        return {
            "host": HOST,
            "port": self.http_port,
            "user": WRITER,
            "version": self.version,
        }

    @property
    def _data(self) -> Path:
        return self._home.clickhouse / "data"

    @property
    def _configuration(self) -> Path:
        return self._home.clickhouse / "run"

    @property
    def _logs(self) -> Path:
        return self._home.clickhouse / "log"

    @property
    def _console(self) -> Path:
        return self._home.logs / "clickhouse-console.log"

    def _require_closed_files(self) -> None:
        try:
            self.query("SELECT file('config.xml')")
        except ServiceFailed as error:
            if FILE_CLOSED in str(error):
                return
            raise
        self._give_up("ClickHouse lets queries read files; it was stopped")

    def _words(self, until: float) -> Iterator[dict[str, Any]]:
        """What the engine's process says, line by line, until it ends or the time is over."""
        assert self.process is not None
        assert self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        rest = b""
        while (left := until - time.monotonic()) > 0:
            readable, _, _ = select.select([pipe], [], [], left)
            if not readable:
                return
            got = os.read(pipe, 65536)
            if not got:
                return
            *lines, rest = (rest + got).split(b"\n")
            yield from (json.loads(line) for line in lines)

    def _give_up(self, what: str) -> None:
        self.kill()
        raise ServiceFailed(f"{what}.{log_tail(self._logs / 'server.err.log')}{log_tail(self._console)}")

    def _close(self) -> None:
        assert self.process is not None
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self.process.wait()


def keep_previous(log: Path) -> None:
    """Start a log anew and keep the last one."""
    if log.exists():
        log.replace(log.with_name(f"{log.name}.previous"))
