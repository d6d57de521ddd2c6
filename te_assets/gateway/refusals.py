"""Refusals that are the gateway's own."""

from __future__ import annotations

import logging
import sqlite3

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from te_assets.web.problems import Problem, defect, respond

log = logging.getLogger(__name__)


def disk_full() -> Problem:
    """There is no room; nothing was kept."""
    return Problem(
        507,
        "disk-full",
        "The disk of the gateway is full. Nothing was stored; send it again when there is room.",
        headers={"Retry-After": "300"},
    )


def install(app: FastAPI) -> None:
    """Have a full disk said where receipts are written."""

    @app.exception_handler(sqlite3.OperationalError)
    async def receipts_wrong(request: Request, error: sqlite3.OperationalError) -> JSONResponse:
        log.error("request %s failed", request.state.request_id, exc_info=error)
        return respond(request, disk_full() if "full" in str(error) else defect())
