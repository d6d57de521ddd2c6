"""Single events, from machines or a MES."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from te_assets.contracts.layout import Model
from te_assets.gateway.parts import Key, MayPostEvents, parts_of
from te_assets.web.problems import Problem, answers

_LARGEST: Final = 2_000_000  # bytes of a body
router = APIRouter(prefix="/v1/events", tags=["events"])


class Accepted(BaseModel):
    """Kafka has the events; `id` is the idempotency key, made up where none was sent."""

    accepted: int
    id: str


@router.post(
    "/{model}",
    status_code=202,
    response_model=Accepted,
    responses=answers(400, 401, 403, 409, 413, 422, 429, 503, 507),
)
async def post_events(
    model: Model,
    request: Request,
    bearer: MayPostEvents,
    key: Key = None,
    source: Annotated[str, Query(max_length=100, description="Source whose contract reads the events.")] = "",
) -> Response:
    """Post one event or several; answered when Kafka has acknowledged all of them."""
    parts = parts_of(request)
    answer = await parts.events.take(model, await _body(request), bearer.name, key, source)
    if answer.is_repeated:
        return Response(answer.body, answer.status, {"Idempotency-Replayed": "true"}, "application/json")
    parts.measures.took_events(model, answer.number)
    return Response(answer.body, answer.status, media_type="application/json")


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST:
            raise Problem(
                413,
                "too-large",
                f"The body is larger than {_LARGEST / 1_000_000:.0f} MB. Send the events in pieces.",
                largest_bytes=_LARGEST,
            )
    return bytes(body)
