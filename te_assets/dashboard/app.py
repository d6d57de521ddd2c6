"""The application: its parts, its routes, and what all requests have in common."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from te_assets import __version__
from te_assets.dashboard import pages
from te_assets.dashboard.bundle import Bundle
from te_assets.dashboard.documents import openapi
from te_assets.dashboard.known import Watch
from te_assets.dashboard.lake import Lake
from te_assets.dashboard.mounting import Mounted
from te_assets.dashboard.news import News
from te_assets.dashboard.parts import Parts
from te_assets.dashboard.routes import events, exports, health, site, views
from te_assets.dashboard.timing import Timing
from te_assets.web import pages as interface
from te_assets.web import problems
from te_assets.web.audit import Audit
from te_assets.web.measures import RequestMeasures
from te_assets.web.security import Guarded

if TYPE_CHECKING:
    from te_assets.settings import Settings

TITLE: Final = "te_assets dashboard"
_LEAST_TO_PACK: Final = 1_000  # bytes
_PACKING: Final = 4  # of 9: twice as fast as 9 for a tenth more bytes


def create_app(settings: Settings, bundle: Bundle | None = None) -> FastAPI:
    """The application; its connections live as long as its lifespan.

    Args:
        settings: Where ClickHouse is, and below which path browsers find the dashboard.
        bundle: The built Angular app; unless given, the one of the package.
    """
    lake, measures = Lake(settings), RequestMeasures("dashboard")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        watch = Watch(lake)
        news = News(watch, lake)
        app.state.parts = Parts(settings, lake, watch, news)
        app.state.when_stopping = (news.end,)
        measures.shows("listeners", "Pages that wait for news", lambda: news.listeners)
        yield
        news.end()
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
    app.state.measures = measures
    app.add_middleware(GZipMiddleware, minimum_size=_LEAST_TO_PACK, compresslevel=_PACKING)
    app.add_middleware(Timing)
    app.add_middleware(Guarded)
    app.add_middleware(Audit)
    app.add_middleware(Mounted, base=settings.dashboard_base)
    problems.install(app)
    for routes in (views, site, exports, events, health):
        app.include_router(routes.router)
    interface.install(app, lambda: openapi(app))
    pages.install(app, settings, bundle or Bundle())
    return app
