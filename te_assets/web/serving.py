"""A service as a process: its application on an address of this machine, until SIGTERM."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import uvicorn

from te_assets.settings import Settings
from te_assets.web.logs import set_up

if TYPE_CHECKING:
    import socket

    from fastapi import FastAPI

LOOPBACK: Final = "127.0.0.1"
_NOT_STARTED: Final = 3  # exit status, as uvicorn's own


class Server(uvicorn.Server):
    """Tells its application that it stops before it waits for what is being answered.

    uvicorn tells it afterwards: a stream that ends with its application would be waited for until the grace is over.
    """

    def __init__(self, app: FastAPI, port: int, grace: int | None = None, host: str = LOOPBACK) -> None:
        """Nothing listens yet; `grace` is in seconds, None: as long as it takes."""
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                access_log=False,
                log_config=None,
                server_header=False,
                timeout_graceful_shutdown=grace,
            )
        )
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking connections and finish what was begun."""
        for stop in getattr(self._app.state, "when_stopping", ()):
            stop()
        await super().shutdown(sockets)


def serve(create: Callable[[Settings], FastAPI], grace: int, port: int, host: str = LOOPBACK) -> None:
    """Serve an application until SIGTERM, with the settings of the environment.

    Args:
        create: Makes it.
        grace: Seconds for requests that are being answered.
        port: Where it listens.
        host: On which address; by default nobody outside this machine gets there.
    """
    settings = Settings()
    set_up(settings.log_format)
    server = Server(create(settings), port, grace, host)
    server.run()
    if not server.started:
        sys.exit(_NOT_STARTED)
