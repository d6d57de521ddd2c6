"""Server-sent events: figures were refreshed, or ClickHouse is away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse

from te_assets.dashboard.parts import parts_of
from te_assets.web.problems import answers

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from te_assets.dashboard.news import News

MEDIA_TYPE: Final = "text/event-stream"
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events `mart` (data: MartRefreshed, id: its version) and `away` (data: Away).",
        "content": {MEDIA_TYPE: {"schema": {"type": "string"}}},
    }
}
LastEvent = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=100, description="Version that was told last; browsers send it."),
]
router = APIRouter(prefix="/api/v1", tags=["events"])


class EventStream(StreamingResponse):
    """Events until either side goes; the listener has joined."""

    media_type = MEDIA_TYPE

    def __init__(self, news: News, last_id: str | None) -> None:
        # Proxies must neither keep nor gather it.
        super().__init__(news.listen(last_id), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._news = news

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until either side goes."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._news.leave()


@router.get(
    "/events",
    operation_id="events",
    summary="Tell when figures were refreshed.",
    response_class=StreamingResponse,
    responses={**_STREAM, **answers(422, 503)},
)
async def events(request: Request, last_id: LastEvent = None) -> EventStream:
    """`mart` at once with the version that is, then with each new one; `away` once while ClickHouse does not answer."""
    news = parts_of(request).news
    news.join()
    return EventStream(news, last_id)
