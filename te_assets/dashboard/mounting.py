"""The dashboard below a path of a reverse proxy, whether the proxy takes that path off or leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Mounted:
    """Has routes answer below `base`, too. Plain ASGI, as all that each request goes through."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        """`base` begins and ends with a slash."""
        self._app = app
        self._base = base
        self._path = base.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http" and self._path:
            if scope["path"] == self._path:
                await RedirectResponse(self._base)(scope, receive, send)
                return
            if scope["path"].startswith(self._base):
                scope = {**scope, "root_path": self._path}
        await self._app(scope, receive, send)
