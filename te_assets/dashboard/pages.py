"""The Angular app for browsers: its files, and its page at every place that its router knows."""

from __future__ import annotations

import html
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse

from te_assets.dashboard.bundle import INDEX, Bundle, File, is_asset
from te_assets.web.problems import Problem
from te_assets.web.security import POLICY, new_nonce

if TYPE_CHECKING:
    from te_assets.settings import Settings

_NONCE: Final = "__CSP_NONCE__"
_BASE: Final = re.compile(r'<base href="[^"]*"')
# Tooltips of charts have style attributes; all else that is styled or run bears the nonce.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)
_FILE_POLICY: Final = "default-src 'self'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_NO_PAGES: Final = frozenset({"api", "docs", "healthz", "metrics", "openapi.json", "readyz"})
"""First parts of paths that belong to other routes."""
_UNBUILT: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>te_assets</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style nonce="{nonce}">:root{{color-scheme:light dark}}
body{{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}}</style></head>
<body><h1>The dashboard has no pages yet</h1>
<p>Its <a href="{base}docs">API</a> answers, but its pages were not built. Build them in the checkout and reload:</p>
<pre>make frontend</pre>
</body></html>
"""


def install(app: FastAPI, settings: Settings, bundle: Bundle) -> None:
    """Serve the app; after all other routes, because it answers every path that is left."""
    base = html.escape(settings.dashboard_base)

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def page_or_file(request: Request, path: str) -> Response:
        if path.partition("/")[0] in _NO_PAGES:
            raise _not_of_the_app(request)
        found = await to_thread.run_sync(bundle.find, path) if path and path != INDEX else None
        if found is not None:
            return await _file(request, found)
        if path != INDEX and _names_a_file(request, path):
            raise _nothing(request)
        return await _page(bundle, base)


def _not_of_the_app(request: Request) -> Problem:
    """Other routes have passed on it: they know no such place, or do not answer HEAD."""
    if request.method == "HEAD":
        what = f"HEAD {request.url.path}: ask with GET."
        return Problem(405, "method-not-allowed", what, headers={"Allow": "GET"})
    return _nothing(request)


def _nothing(request: Request) -> Problem:
    what = f"{request.method} {request.url.path}: there is nothing. The interface is described at /docs."
    return Problem(404, "not-found", what)


def _names_a_file(request: Request, path: str) -> bool:
    """Whether a path is of a file, not of a place in the app. Ids of machines may have dots, in addresses of pages."""
    if is_asset(path):
        return True
    return bool(PurePosixPath(path).suffix) and "text/html" not in request.headers.get("accept", "")


async def _page(bundle: Bundle, base: str) -> Response:
    nonce = new_nonce()
    headers = {POLICY: _POLICY.format(nonce=nonce), "Cache-Control": _ASK_AGAIN}
    index = await to_thread.run_sync(bundle.find, INDEX)
    if index is None:
        # 503, as for whatever else is not there yet: a proxy or monitor must not take this for the dashboard.
        return HTMLResponse(_UNBUILT.format(nonce=nonce, base=base), 503, {**headers, "Cache-Control": "no-store"})
    # Without an ETag: what a browser kept has a nonce that the policy of a 304 would not name.
    text = _BASE.sub(lambda _: f'<base href="{base}"', index.data.decode()).replace(_NONCE, nonce)
    return HTMLResponse(text, headers=headers)


async def _file(request: Request, file: File) -> Response:
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    packed = await to_thread.run_sync(lambda: file.packed) if takes_gzip else None
    headers = {
        "Cache-Control": _FOR_EVER if file.is_immutable else _ASK_AGAIN,
        "ETag": f'"{file.etag}{"-gzip" if packed else ""}"',
        POLICY: _FILE_POLICY,
        # Of what it could pack, the middleware says so itself.
        **({"Content-Encoding": "gzip", "Vary": "Accept-Encoding"} if packed else {}),
    }
    if headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={k: v for k, v in headers.items() if k != "Content-Encoding"})
    return Response(packed or file.data, headers=headers, media_type=file.media_type)
