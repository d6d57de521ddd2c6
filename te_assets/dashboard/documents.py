"""The document of the API. `python -m te_assets.dashboard.documents DIR` writes it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.web.documents import openapi as openapi_of
from te_assets.web.documents import write

if TYPE_CHECKING:
    from fastapi import FastAPI

OPENAPI = "dashboard.openapi.json"


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with what is told as events."""
    from te_assets.dashboard.news import Away, MartRefreshed

    return openapi_of(app, "Availability and scrap rate, and where they come from.", MartRefreshed, Away)


def documents() -> dict[str, dict[str, Any]]:
    """The document by its file name, of a dashboard that is not connected."""
    from te_assets.dashboard.app import create_app
    from te_assets.settings import Settings

    return {OPENAPI: openapi(create_app(Settings()))}


if __name__ == "__main__":
    write(Path(sys.argv[1]), documents())
