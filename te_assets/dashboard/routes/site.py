"""Routes that know no filters: what there is to filter by, and what the figures mean."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from te_assets.dashboard.answers import Definitions, Meta
from te_assets.dashboard.parts import parts_of
from te_assets.dashboard.routes.answering import PROBLEMS, UNCHANGED, Known, Languages, etag_of, unchanged
from te_assets.dashboard.texts import accepted, texts
from te_assets.dashboard.views import site
from te_assets.web.problems import answers

router = APIRouter(prefix="/api/v1", tags=["site"])


@router.get(
    "/meta",
    operation_id="meta",
    summary="What there is to filter by",
    response_model=Meta,
    responses={**UNCHANGED, **answers(*PROBLEMS)},
)
async def meta(request: Request, response: Response, languages: Languages = None, known: Known = None) -> Any:
    """Plants, lines, work centers, shifts, materials, reasons and units of the site, and the days that have data."""
    parts, now = parts_of(request), datetime.now(UTC)
    there = await parts.watch.known()
    dagster = site.dagster_url(parts.settings)
    days = [plant.today(now) for plant in there.plants.values()]
    if same := unchanged(response, etag_of(request, languages, there.version, days, dagster), known):
        return same
    return await site.meta(parts.lake, there, dagster=dagster, now=now)


@router.get(
    "/definitions",
    operation_id="definitions",
    summary="What the figures mean",
    response_model=Definitions,
    responses={**UNCHANGED, **answers(*PROBLEMS)},
)
async def definitions(request: Request, response: Response, languages: Languages = None, known: Known = None) -> Any:
    """Terms with formula and unit, and the policies of the site that figures depend on."""
    parts = parts_of(request)
    there = await parts.watch.known()
    if same := unchanged(response, etag_of(request, languages, there.version), known):
        return same
    return await site.definitions(parts.lake, there, texts(accepted(languages)))
