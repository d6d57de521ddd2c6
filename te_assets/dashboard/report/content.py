"""What a report holds: the overview, what the figures mean, and the words of its language."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from te_assets.dashboard.answers import Card, Definitions, Overview
from te_assets.dashboard.columns import RATIOS
from te_assets.dashboard.filters import Filters, Grain, Language
from te_assets.dashboard.texts import Texts, texts

if TYPE_CHECKING:
    from te_assets.settings import Settings

_MOST_DAYS: Final = 45
_MOST_WEEKS: Final = 200  # days


@dataclass(frozen=True)
class Content:
    """A report.

    Attributes:
        plants: Names of the plants shown.
        made_at: UTC.
    """

    site: str
    plants: tuple[str, ...]
    filters: Filters
    overview: Overview
    definitions: Definitions
    texts: Texts
    language: Language
    made_at: datetime

    @property
    def grain(self) -> Grain:
        """Of the trends."""
        return self.overview.about.grain

    def label(self, card: Card) -> str:
        """Heading of a card; scrap rates say of what unit and on which basis they are."""
        words = self.texts.words
        more = [card.unit] if card.unit and card.kind in RATIOS else []
        more += [words[f"basis_{card.basis}"]] if card.basis and card.kind in RATIOS else []
        return words[f"card_{card.name}"] + (f" ({', '.join(more)})" if more else "")


def filters_of(first: date, last: date, plants: tuple[str, ...]) -> Filters:
    """What a report is asked for; trends have as many points as one can see.

    Raises:
        pydantic.ValidationError: The last day is before the first one, or too far from it.
    """
    days = (last - first).days
    grain: Grain = "day" if days <= _MOST_DAYS else "week" if days <= _MOST_WEEKS else "month"
    return Filters(first_day=first, last_day=last, grain=grain, plant=list(plants))


def content(settings: Settings, filters: Filters, language: Language) -> Content:
    """Ask ClickHouse for a report.

    Args:
        settings: Where it is.
        filters: Days and plants.
        language: Of the report.

    Raises:
        Problem: There is no such plant, or ClickHouse does not answer.
    """
    return asyncio.run(_asked(settings, filters, language))


async def _asked(settings: Settings, filters: Filters, language: Language) -> Content:
    from te_assets.dashboard.asking import Asking
    from te_assets.dashboard.known import Watch
    from te_assets.dashboard.lake import Lake
    from te_assets.dashboard.profile import profile
    from te_assets.dashboard.scope import resolve
    from te_assets.dashboard.views import overview, site

    lake = Lake(settings)
    try:
        known = await Watch(lake).known()
        scope = resolve(filters, known, texts(language))
        return Content(
            (await profile(lake))[0],
            tuple(plant.name or plant.plant for plant in scope.plants),
            filters,
            await overview.show(Asking(lake, scope), filters),
            await site.definitions(lake, known, scope.texts),
            scope.texts,
            language,
            datetime.now(UTC),
        )
    finally:
        lake.close()
