"""The application: its parts, its routes, and what all requests have in common."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from anyio import to_thread
from fastapi import FastAPI, Request, Response

from te_assets import __version__
from te_assets.gateway import pages, problems
from te_assets.gateway.accepting import EventDesk
from te_assets.gateway.broker import Broker
from te_assets.gateway.files import FileDesk
from te_assets.gateway.limits import Buckets
from te_assets.gateway.measures import Measures
from te_assets.gateway.parts import Parts
from te_assets.gateway.receipts import Receipts, opened
from te_assets.gateway.routes import events, files, health
from te_assets.gateway.site import SiteReader
from te_assets.gateway.tokens import TokenFile
from te_assets.intake.landing import LandingStore

if TYPE_CHECKING:
    from te_assets.settings import Settings

TITLE: Final = "te_assets gateway"
_FORGET_SECONDS: Final = 3600.0
audit = logging.getLogger("te_assets.gateway.audit")


def create_app(settings: Settings) -> FastAPI:
    """The application; its connections live as long as its lifespan.

    Raises:
        StackError: Kafka is neither named by the settings nor running in the home.
    """
    from te_assets.stack.connect import kafka_endpoint

    broker, measures = Broker(kafka_endpoint(settings)), Measures()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            parts = await _parts(stack, settings, broker, measures)
            app.state.parts = parts
            tasks = [asyncio.create_task(parts.files.announce(broker)), asyncio.create_task(_forget(parts.receipts))]
            yield
            for task in tasks:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    app = FastAPI(title=TITLE, version=__version__, lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.measures = measures
    app.state.tokens = TokenFile(settings.gateway_tokens)
    app.state.buckets = Buckets(settings.gateway_requests_per_second, 2 * settings.gateway_requests_per_second)
    app.middleware("http")(_logged)
    problems.install(app)
    for routes in (files, events, health):
        app.include_router(routes.router)
    pages.install(app, broker)
    return app


async def _parts(stack: AsyncExitStack, settings: Settings, broker: Broker, measures: Measures) -> Parts:
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
    )


async def _forget(receipts: Receipts) -> None:
    """Drop old outcomes, hour by hour."""
    while True:
        await to_thread.run_sync(receipts.forget, datetime.now(UTC))
        await asyncio.sleep(_FORGET_SECONDS)


async def _logged(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    """Give each request an id, count it, and write one line about it: never bodies, never tokens."""
    begin = time.perf_counter()
    request.state.request_id = request_id = str(uuid.uuid4())
    status = 500
    try:
        response = await call(request)
        status = response.status_code
        response.headers["X-Request-Id"] = request_id
        return response
    finally:
        seconds = time.perf_counter() - begin
        route = getattr(request.scope.get("route"), "path", "(none)")
        request.app.state.measures.answered(request.method, route, status, seconds)
        audit.info(
            "%s %s %d",
            request.method,
            request.url.path,
            status,
            extra={
                "request_id": request_id,
                "bearer": getattr(request.state, "bearer", ""),
                "problem": getattr(request.state, "problem", ""),
                "milliseconds": round(seconds * 1000, 1),
            },
        )
