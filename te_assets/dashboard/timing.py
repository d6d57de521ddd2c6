"""How long ClickHouse took for a request, in its head: `X-Query-Ms` and `Server-Timing`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from te_assets.dashboard.lake import Asked, asked

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Timing:
    """Plain ASGI, inside Audit, whose request id the queries bear."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, mine = time.perf_counter(), Asked(scope["state"]["request_id"])

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers, queries = MutableHeaders(scope=message), 1000 * mine.seconds
                headers["X-Query-Ms"] = f"{queries:.1f}"
                total = 1000 * (time.perf_counter() - begin)
                headers["Server-Timing"] = f"clickhouse;dur={queries:.1f}, total;dur={total:.1f}"
            await send(message)

        token = asked.set(mine)
        try:
            await self._app(scope, receive, sent)
        finally:
            asked.reset(token)
