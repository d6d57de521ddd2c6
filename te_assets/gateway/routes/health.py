"""Whether the gateway and what it needs answer, and what it has done; without a token."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from te_assets.gateway.lake import lake_answers
from te_assets.gateway.parts import parts_of
from te_assets.web import health

router = APIRouter(tags=["health"])
router.include_router(health.router)


class Readiness(BaseModel):
    """What answers: without Kafka no event is taken, without ClickHouse no status is given."""

    status: str
    kafka: bool
    clickhouse: bool


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(request: Request) -> JSONResponse:
    """Whether Kafka and ClickHouse answer."""
    parts = parts_of(request)
    kafka, lake = await parts.broker.answers(), await to_thread.run_sync(lake_answers, parts.settings)
    return health.readiness(Readiness, kafka=kafka, clickhouse=lake)
