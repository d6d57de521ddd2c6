"""Whether a service runs and what it has done; for all who reach it. What it needs each service asks by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from te_assets.web.measures import CONTENT_TYPE

if TYPE_CHECKING:
    from te_assets.web.measures import RequestMeasures

router = APIRouter()
"""To be included by the router of a service."""


class Health(BaseModel):
    """The service runs."""

    status: str = "ok"


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the service runs."""
    return Health()


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """What the service has done, for Prometheus."""
    measures = cast("RequestMeasures", request.app.state.measures)
    return Response(measures.text(), media_type=CONTENT_TYPE)


def readiness(model: type[BaseModel], **found: bool) -> JSONResponse:
    """The answer of `/readyz`: 200 where all that was found answers, else 503.

    Args:
        model: Its document: `status`, and one field for each that is needed.
        found: What is needed, and whether it answers now.
    """
    ready = all(found.values())
    document = model.model_validate({"status": "ready" if ready else "not ready", **found})
    return JSONResponse(document.model_dump(), 200 if ready else 503)
