"""What the routes work with, made once per dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import Request

if TYPE_CHECKING:
    from te_assets.dashboard.known import Watch
    from te_assets.dashboard.lake import Lake
    from te_assets.dashboard.news import News
    from te_assets.settings import Settings


@dataclass(frozen=True)
class Parts:
    """Everything that lives as long as the dashboard."""

    settings: Settings
    lake: Lake
    watch: Watch
    news: News


def parts_of(request: Request) -> Parts:
    """Those of the dashboard that a request came to."""
    return cast("Parts", request.app.state.parts)
