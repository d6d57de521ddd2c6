"""The application: its parts, its routes, and what all requests have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from te_assets import __version__
from te_assets.dashboard.known import Watch
from te_assets.dashboard.lake import Lake
from te_assets.dashboard.parts import Parts
from te_assets.dashboard.routes import views
from te_assets.dashboard.timing import Timing
from te_assets.web import problems
from te_assets.web.audit import Audit
from te_assets.web.measures import RequestMeasures

if TYPE_CHECKING:
    from te_assets.settings import Settings

TITLE: Final = "te_assets dashboard"
_LEAST_TO_PACK: Final = 1_000  # bytes
_PACKING: Final = 4  # of 9: twice as fast as 9 for a tenth more bytes


def create_app(settings: Settings) -> FastAPI:
    """The application; its connections live as long as its lifespan."""
    lake = Lake(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.parts = Parts(settings, lake, Watch(lake))
        yield
        lake.close()

    app = FastAPI(
        title=TITLE,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
    )
    app.state.measures = RequestMeasures("dashboard")
    app.add_middleware(GZipMiddleware, minimum_size=_LEAST_TO_PACK, compresslevel=_PACKING)
    app.add_middleware(Timing)
    app.add_middleware(Audit)
    problems.install(app)
    app.include_router(views.router)
    return app
