"""Serves the demo portal on loopback."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from te_assets.errors import RobotError

if TYPE_CHECKING:
    import uvicorn

    from te_assets.robot.portal.desk import Desk

HOST: Final = "127.0.0.1"
_START_LIMIT: Final = 30.0  # seconds
_LOOK: Final = 0.01  # seconds


@contextmanager
def serving(desk: Desk, port: int = 0) -> Iterator[str]:
    """Serve until the block ends; gives the address.

    Args:
        desk: State of the portal.
        port: 0: one that is free.

    Raises:
        RobotError: It does not start; the port is taken, say.
    """
    import uvicorn

    from te_assets.robot.portal.app import create_portal

    config = uvicorn.Config(create_portal(desk), host=HOST, port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        _await_start(server, thread, port)
        yield f"http://{HOST}:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def _await_start(server: uvicorn.Server, thread: threading.Thread, port: int) -> None:
    until = time.monotonic() + _START_LIMIT
    while not server.started:
        if not thread.is_alive() or time.monotonic() > until:
            raise RobotError(f"The demo portal does not start on port {port} of {HOST}. Choose another one: --port 0")
        time.sleep(_LOOK)


def until_told() -> None:
    """Wait for Ctrl-C or SIGTERM."""
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        told.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
