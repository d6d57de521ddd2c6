"""A route per view, all alike: resolve the filters, answer from what the browser has, else ask."""

# No postponed annotations: FastAPI reads those of routes that are made in a loop.
import hashlib
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Query, Request, Response

from te_assets import __version__
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.catalog import VIEWS, View
from te_assets.dashboard.filters import Filters
from te_assets.dashboard.parts import parts_of
from te_assets.dashboard.scope import Scope, resolve
from te_assets.dashboard.texts import accepted, texts
from te_assets.web.problems import answers

PROBLEMS: Final = (422, 503, 504)
Languages = Annotated[str | None, Header(alias="Accept-Language", description="en, de or fr, of headings and notes.")]
Known = Annotated[str | None, Header(alias="If-None-Match", description="ETag of what is there already.")]
router = APIRouter(prefix="/api/v1", tags=["views"])


async def scope_of(request: Request, filters: Filters, languages: str | None) -> Scope:
    """What a request asks for, resolved."""
    return resolve(filters, await parts_of(request).watch.known(), texts(accepted(languages)))


def etag_of(request: Request, scope: Scope, languages: str | None) -> str:
    """Changes with what is asked, with the days that it means today, and with the marts."""
    told = (
        __version__,
        scope.known.version,
        str(request.url.query),
        accepted(languages),
        scope.first_day,
        scope.last_day,
    )
    return f'W/"{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"'


def _endpoint(view: View) -> Callable[..., Awaitable[Any]]:
    query_type = view.query

    async def endpoint(
        request: Request,
        response: Response,
        query: Annotated[query_type, Query()],  # type: ignore[valid-type]
        languages: Languages = None,
        known: Known = None,
    ) -> Any:
        scope = await scope_of(request, query, languages)
        response.headers["ETag"] = etag = etag_of(request, scope, languages)
        response.headers["Cache-Control"] = "private, no-cache"
        response.headers["Vary"] = "Accept-Language"
        if known and etag in known:
            return Response(status_code=304, headers=dict(response.headers))
        return await view.show(Asking(parts_of(request).lake, scope), query)

    return endpoint


for name, view in VIEWS.items():
    router.add_api_route(
        f"/{name}",
        _endpoint(view),
        methods=["GET"],
        operation_id=name.replace("-", "_"),
        summary=(view.query.__doc__ or "").partition("\n")[0],
        response_model=view.answer,
        responses={304: {"description": "What the browser has is what there is."}, **answers(*PROBLEMS)},
    )
