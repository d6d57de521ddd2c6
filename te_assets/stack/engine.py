"""The process that hosts the ClickHouse engine: a script of its own, with the standard library alone.

`engine.py LIBRARY DATA LOGS HTTP_PORT NATIVE_PORT READ…` runs in a folder that holds config.xml. Standard output takes
one JSON object per line: `{"landlock": N}`, `{"ready": true}` once our own sockets listen, `{"failed": "…"}`. Standard
error takes what the engine prints. It stops on SIGTERM, SIGINT, and at end of file on standard input, whose other end
the parent holds, so it never outlives it. Exit status 0: a clean stop, 1: it failed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.machinery
import importlib.util
import json
import os
import pty
import select
import signal
import socket
import sys
import threading
import time
import traceback
from types import ModuleType

START_LIMIT = 60.0  # seconds until the sockets must listen
ORPHAN_LIMIT = 20.0  # seconds to finish once the parent is gone; killing the engine loses nothing that was acknowledged
LISTEN = "SYSTEM START LISTEN HTTP; SYSTEM START LISTEN TCP"
TCP_LISTEN = "0A"
SYSTEM_FILES = (
    "/proc",
    "/sys",
    "/etc/localtime",
    "/etc/hosts",
    "/etc/resolv.conf",
    "/etc/nsswitch.conf",
    "/usr/share/zoneinfo",
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
)
DEVICES = ("/dev/null", "/dev/urandom", "/dev/pts", "/dev/tty")


class Engine:
    """The engine in a thread, its terminal and its end."""

    def __init__(self, library: str, data: str, logs: str, ports: set[int]) -> None:
        self._data = data
        self._error_log = f"{logs}/server.err.log"
        self._ports = ports
        self._said = os.dup(1)
        os.dup2(2, 1)  # the engine prints to 1
        self._parent = os.dup(0)
        self._terminal, slave = pty.openpty()
        os.dup2(slave, 0)  # the engine must see a terminal, see config.xml
        # `import chdb` would open an engine of its own.
        self._module = load(importlib.machinery.ExtensionFileLoader("_chdb", library))
        self._done_read, self._done_write = os.pipe()
        self._signal_read, self._signal_write = os.pipe()
        self._error: str | None = None
        self._stopping_since: float | None = None
        self._orphan = False

    def say(self, **what: int | str) -> None:
        """One line to the parent, if it is still there."""
        with contextlib.suppress(BrokenPipeError):
            os.write(self._said, (json.dumps(what) + "\n").encode())

    def run(self) -> int:
        """Serve until told to stop; exit status."""
        os.set_blocking(self._signal_write, False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: os.write(self._signal_write, b"s"))
        thread = threading.Thread(target=self._host, daemon=True)
        thread.start()
        ready = self._wait_for_sockets()
        while not self._step(None if self._stopping_since is None else 0.5):
            if self._orphan and time.monotonic() - (self._stopping_since or 0) > ORPHAN_LIMIT:
                return 1
        thread.join()
        if self._error is not None:
            self.say(failed=self._error)
        return 0 if ready and self._stopping_since is not None and self._error is None else 1

    def _host(self) -> None:
        try:
            self._module.query(LISTEN, "TSV", path=self._data)
        except Exception as error:  # noqa: BLE001 (whatever the engine says goes to the parent)
            self._error = str(error)[:2000]
        os.write(self._done_write, b"x")

    def _wait_for_sockets(self) -> bool:
        until = time.monotonic() + START_LIMIT
        while self._stopping_since is None:
            if self._step(0.02):
                os.write(self._done_write, b"x")  # for the caller's loop
                return False
            if listening(self._ports):
                self.say(ready=True)
                return True
            # A taken port leaves the engine alive, without a listener.
            if time.monotonic() > until or b"(NETWORK_ERROR)" in read(self._error_log):
                self.say(failed="it could not listen on its ports")
                self._stop()
        return False

    def _step(self, timeout: float | None) -> bool:
        """Wait for something to happen and see to it; whether the engine has ended."""
        watched = [self._done_read, self._signal_read, self._terminal]
        if not self._orphan:
            watched.append(self._parent)
        readable, _, _ = select.select(watched, [], [], timeout)
        if self._terminal in readable:
            with contextlib.suppress(OSError):
                os.read(self._terminal, 65536)  # echo and prompts; unread, the engine would block
        if self._parent in readable and not os.read(self._parent, 4096):
            self._orphan = True
            self._stop()
        if self._signal_read in readable:
            os.read(self._signal_read, 4096)
            self._stop()
        return self._done_read in readable

    def _stop(self) -> None:
        if self._stopping_since is None:
            self._stopping_since = time.monotonic()
            os.write(self._terminal, b"exit\n")


def load(loader: importlib.machinery.ExtensionFileLoader | importlib.machinery.SourceFileLoader) -> ModuleType:
    """A module from its file alone, without its package."""
    spec = importlib.util.spec_from_loader(loader.name, loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def listening(ports: set[int]) -> bool:
    """Whether this very process listens on these TCP ports of IPv4."""
    if not os.path.isdir("/proc/self/fd"):  # noqa: PTH112 (macOS; the parent's query then proves that it is us)
        return all(accepts(port) for port in ports)
    mine = set()
    for descriptor in os.listdir("/proc/self/fd"):  # noqa: PTH208 (pathlib is not loaded here)
        with contextlib.suppress(OSError):
            mine.add(os.readlink(f"/proc/self/fd/{descriptor}"))  # noqa: PTH115
    rows = [line.split() for line in read("/proc/self/net/tcp").decode().splitlines()]
    return ports <= {
        int(row[1].split(":")[1], 16) for row in rows if row[3] == TCP_LISTEN and f"socket:[{row[9]}]" in mine
    }


def accepts(port: int) -> bool:
    """Whether somebody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def read(path: str) -> bytes:
    """A file's content, empty where there is none."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123
            return file.read()
    except FileNotFoundError:
        return b""


def main(arguments: list[str]) -> int:
    """Load, confine, serve."""
    library, data, logs, http_port, native_port, *readable = arguments
    if sys.platform.startswith("linux"):
        ctypes.CDLL("libgcc_s.so.1")  # else looked for when a thread ends, after the doors are closed
    engine = Engine(library, data, logs, {int(http_port), int(native_port)})
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "landlock.py")  # noqa: PTH100, PTH118, PTH120
    landlock = load(importlib.machinery.SourceFileLoader("landlock", beside))
    own = os.path.dirname(library)  # noqa: PTH120
    engine.say(landlock=landlock.confine([own, *readable, *SYSTEM_FILES], [data, logs, *DEVICES]))
    return engine.run()


if __name__ == "__main__":
    status = 1
    try:
        status = main(sys.argv[1:])
    except Exception:  # noqa: BLE001 (to the console log)
        traceback.print_exc()
    finally:
        os._exit(status)  # the engine's own threads know no orderly end of the interpreter
