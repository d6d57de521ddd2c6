"""What the routes work with, made once per gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends, Header, Request

from te_assets.gateway.access import bearer_with
from te_assets.gateway.tokens import Grant

if TYPE_CHECKING:
    from te_assets.gateway.accepting import EventDesk
    from te_assets.gateway.broker import Broker
    from te_assets.gateway.files import FileDesk
    from te_assets.gateway.measures import Measures
    from te_assets.gateway.news import News
    from te_assets.gateway.receipts import Receipts
    from te_assets.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Everything that lives as long as the gateway."""

    settings: Settings
    broker: Broker
    receipts: Receipts
    files: FileDesk
    events: EventDesk
    measures: Measures
    news: News


def parts_of(request: Request) -> Parts:
    """Those of the gateway that a request came to."""
    return cast("Parts", request.app.state.parts)


MayPostFiles = Annotated[Grant, Depends(bearer_with("files"))]
MayPostEvents = Annotated[Grant, Depends(bearer_with("events"))]
MayRead = Annotated[Grant, Depends(bearer_with("read"))]
Key = Annotated[
    str | None,
    Header(alias="Idempotency-Key", max_length=200, description="One key, one outcome: repeat it when you retry."),
]
