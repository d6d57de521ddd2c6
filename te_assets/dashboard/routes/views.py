"""A route per view, all alike: resolve the filters, answer from what the browser has, else ask."""

# No postponed annotations: FastAPI reads those of routes that are made in a loop.
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from te_assets.dashboard.asking import Asking
from te_assets.dashboard.catalog import VIEWS, View
from te_assets.dashboard.parts import parts_of
from te_assets.dashboard.routes.answering import PROBLEMS, UNCHANGED, Known, Languages, etag_of, scope_of, unchanged
from te_assets.web.problems import answers

router = APIRouter(prefix="/api/v1", tags=["views"])


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
        etag = etag_of(request, languages, scope.known.version, scope.first_day, scope.last_day)
        if same := unchanged(response, etag, known):
            return same
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
        responses={**UNCHANGED, **answers(*PROBLEMS)},
    )
