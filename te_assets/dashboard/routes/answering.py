"""What all routes of figures have in common: headings in a language, and nothing sent that the browser has."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any, Final

from fastapi import Header, Request, Response

from te_assets import __version__
from te_assets.dashboard.filters import Filters
from te_assets.dashboard.parts import parts_of
from te_assets.dashboard.scope import Scope, resolve
from te_assets.dashboard.texts import accepted, texts

PROBLEMS: Final = (422, 503, 504)
UNCHANGED: Final[dict[int | str, dict[str, Any]]] = {304: {"description": "What the browser has is what there is."}}
Languages = Annotated[str | None, Header(alias="Accept-Language", description="en, de or fr, of headings and notes.")]
Known = Annotated[str | None, Header(alias="If-None-Match", description="ETag of what is there already.")]


async def scope_of(request: Request, filters: Filters, languages: str | None) -> Scope:
    """What a request asks for, resolved."""
    return resolve(filters, await parts_of(request).watch.known(), texts(accepted(languages)))


def etag_of(request: Request, languages: str | None, *told: Any) -> str:
    """Changes with what is asked, with its language, with te_assets, and with what else is told."""
    whole = (__version__, str(request.url.query), accepted(languages), *told)
    return f'W/"{hashlib.sha256(repr(whole).encode()).hexdigest()[:24]}"'


def unchanged(response: Response, etag: str, known: str | None) -> Response | None:
    """Sets what browsers need to ask again; the answer where they have it already.

    Args:
        response: Of the request.
        etag: Of what there is.
        known: What the browser has.
    """
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Accept-Language"
    return Response(status_code=304, headers=dict(response.headers)) if known and etag in known else None
