"""Whether the dashboard and ClickHouse answer, and what it has done."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from te_assets.dashboard.parts import parts_of
from te_assets.web import health
from te_assets.web.problems import Problem

router = APIRouter(tags=["health"])
router.include_router(health.router)


class Readiness(BaseModel):
    """What answers: without ClickHouse there are no figures."""

    status: str
    clickhouse: bool


@router.get("/readyz", response_model=Readiness, responses={503: {"model": Readiness}})
async def readyz(request: Request) -> JSONResponse:
    """Whether ClickHouse answers."""
    try:
        await parts_of(request).lake.row("answers", {})
    except Problem:
        return health.readiness(Readiness, clickhouse=False)
    return health.readiness(Readiness, clickhouse=True)
