"""Whether the gateway and what it needs answer, and what it has done; without a token."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from te_assets.gateway.lake import lake_answers
from te_assets.gateway.parts import parts_of
from te_assets.web.measures import CONTENT_TYPE

router = APIRouter(tags=["health"])


class Health(BaseModel):
    """The gateway runs."""

    status: str = "ok"


class Readiness(BaseModel):
    """What answers: without Kafka no event is taken, without ClickHouse no status is given."""

    status: str
    kafka: bool
    clickhouse: bool


@router.get("/healthz")
async def healthz() -> Health:
    """Whether the gateway runs."""
    return Health()


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(request: Request) -> JSONResponse:
    """Whether Kafka and ClickHouse answer."""
    parts = parts_of(request)
    kafka, lake = await parts.broker.answers(), await to_thread.run_sync(lake_answers, parts.settings)
    found = Readiness(status="ready" if kafka and lake else "not ready", kafka=kafka, clickhouse=lake)
    return JSONResponse(found.model_dump(), 200 if kafka and lake else 503)


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
async def metrics(request: Request) -> Response:
    """Requests, events and bytes, for Prometheus."""
    return Response(parts_of(request).measures.text(), media_type=CONTENT_TYPE)
