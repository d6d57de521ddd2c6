"""The application: its parts, its routes, and what all requests have in common."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi import FastAPI

from te_assets import __version__
from te_assets.gateway import pages, refusals
from te_assets.gateway.accepting import EventDesk
from te_assets.gateway.broker import Broker
from te_assets.gateway.files import FileDesk
from te_assets.gateway.limits import Buckets
from te_assets.gateway.measures import Measures
from te_assets.gateway.news import News, Register
from te_assets.gateway.parts import Parts
from te_assets.gateway.receipts import Receipts, opened
from te_assets.gateway.routes import events, files, health
from te_assets.gateway.site import SiteReader
from te_assets.gateway.tokens import TokenFile
from te_assets.intake.landing import LandingStore
from te_assets.web import problems
from te_assets.web.audit import Audit

if TYPE_CHECKING:
    from te_assets.settings import Settings

TITLE: Final = "te_assets gateway"
_FORGET_SECONDS: Final = 3600.0


def create_app(settings: Settings) -> FastAPI:
    """The application; its connections live as long as its lifespan.

    Raises:
        StackError: Kafka is neither named by the settings nor running in the home.
    """
    from te_assets.stack.connect import kafka_endpoint

    broker, measures, news = Broker(kafka_endpoint(settings)), Measures(), News()
    broker.subscribe(Register(settings).note, news.tell)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            parts = await _parts(stack, settings, broker, measures, news)
            app.state.parts = parts
            tasks = [asyncio.create_task(parts.files.announce(broker)), asyncio.create_task(_forget(parts.receipts))]
            yield
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    app = FastAPI(
        title=TITLE,
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # .NET follows a redirect without its token, and is told 401 for a slash too many
    )
    app.state.measures = measures
    app.state.tokens = TokenFile(settings.gateway_tokens)
    app.state.buckets = Buckets(settings.gateway_requests_per_second, 2 * settings.gateway_requests_per_second)
    app.add_middleware(Audit)
    problems.install(app)
    refusals.install(app)
    for routes in (files, events, health):
        app.include_router(routes.router)
    pages.install(app, broker)
    return app


async def _parts(stack: AsyncExitStack, settings: Settings, broker: Broker, measures: Measures, news: News) -> Parts:
    folder = settings.home_dir / "gateway"
    folder.mkdir(parents=True, exist_ok=True)
    receipts = stack.enter_context(opened(folder / "receipts.sqlite"))
    await stack.enter_async_context(broker)
    site = SiteReader(settings)
    return Parts(
        settings=settings,
        broker=broker,
        receipts=receipts,
        files=FileDesk(LandingStore(settings.landing_dir), receipts, site),
        events=EventDesk(broker, receipts, site),
        measures=measures,
        news=news,
    )


async def _forget(receipts: Receipts) -> None:
    """Drop old outcomes, hour by hour."""
    while True:
        await to_thread.run_sync(receipts.forget, datetime.now(UTC))
        await asyncio.sleep(_FORGET_SECONDS)
