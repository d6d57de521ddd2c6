"""What all requests have in common: an id, a count, and one line in the log."""

from __future__ import annotations

import logging
import time
import uuid
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DEFECT: Final = 500  # the status of a request that ended before it was answered
audit = logging.getLogger("te_assets.web.audit")


class Audit:
    """Gives each request an id, counts it, and writes one line about it: never bodies, never tokens.

    Plain ASGI: Starlette's middleware for functions starts a task and two streams per request, which costs more than an
    event.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begin, status = time.perf_counter(), _DEFECT
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = str(uuid.uuid4())

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, sent)
        finally:
            seconds = time.perf_counter() - begin
            route = getattr(scope.get("route"), "path", "(none)")
            scope["app"].state.measures.answered(scope["method"], route, status, seconds)
            audit.info(
                "%s %s %d",
                scope["method"],
                scope["path"],
                status,
                extra={
                    "request_id": request_id,
                    "bearer": state.get("bearer", ""),
                    "problem": state.get("problem", ""),
                    "milliseconds": round(seconds * 1000, 1),
                },
            )
