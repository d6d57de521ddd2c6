"""A report as one HTML page: no scripts, nothing loaded, readable on paper and in the dark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final

from te_assets import __version__
from te_assets.dashboard.answers import Card, ReasonRow, ScrapRow
from te_assets.dashboard.columns import RATIOS
from te_assets.dashboard.exports.about import instant
from te_assets.dashboard.report import numbers
from te_assets.dashboard.report.charts import Trend, trend, width
from te_assets.dashboard.report.content import Content

if TYPE_CHECKING:
    from jinja2 import Template

_PAGE: Final = "page.html.jinja"


@dataclass(frozen=True)
class Tile:
    """A card as it is printed; `is_good` None: neither."""

    label: str
    value: str
    change: str
    is_good: bool | None
    target: str
    is_headline: bool


@dataclass(frozen=True)
class Bar:
    """A reason: bar, and what stands beside it."""

    label: str
    reason_class: str
    time: str
    stops: str
    share: str
    cumulative: str
    width: float


@dataclass(frozen=True)
class ScrapTrend:
    """Scrap rate of one unit over time."""

    unit: str
    chart: Trend
    rows: Sequence[ScrapRow]


def html(content: Content) -> str:
    """The page."""
    overview, about = content.overview, content.overview.about
    return _template().render(
        content=content,
        overview=overview,
        words=content.texts.words,
        columns=content.texts.columns,
        coverages=content.texts.choices["coverage"],
        tiles=[_tile(content, card) for card in overview.cards],
        availability=trend(
            [(_period(content, row), row.availability) for row in overview.availability_trend],
            _text(content),
            target=next((row.target for row in overview.availability_trend if row.target is not None), None),
            most=1.0,
        ),
        scrap=_scrap(content),
        bars=[_bar(content, row, overview.worst_reasons) for row in overview.worst_reasons],
        until=instant(about.data_until, about.time_zone) if about.data_until else numbers.NONE,
        made_at=instant(content.made_at, about.time_zone),
        version=__version__,
        figure=partial(numbers.figure, language=content.language),
        period=lambda row: _period(content, row),
    )


def _tile(content: Content, card: Card) -> Tile:
    words, language = content.texts.words, content.language
    difference = numbers.change(card.value, card.previous, card.kind)
    is_good = None
    change = words["no_previous"]
    if difference is not None:
        unit = (
            words["points"] if card.kind in RATIOS else {"hours": "h", "quantity": card.unit or ""}.get(card.kind, "")
        )
        change = f"{numbers.signed(difference, language)} {unit}".strip()
        if difference and card.better:
            is_good = (difference > 0) == (card.better == "higher")
    target = "" if card.target is None else f"{words['target']} {numbers.figure(card.target, card.kind, language)}"
    value = numbers.figure(card.value, card.kind, language, unit=card.unit if card.kind == "quantity" else None)
    return Tile(content.label(card), value, change, is_good, target, card.is_headline)


def _scrap(content: Content) -> list[ScrapTrend]:
    """A chart per unit: pieces of two units are never added up."""
    rows = content.overview.scrap_trend
    return [
        ScrapTrend(
            unit,
            trend(
                [(_period(content, row), row.scrap_rate) for row in mine],
                _text(content),
                target=next((row.target for row in mine if row.target is not None), None),
                most=1.0,
            ),
            mine,
        )
        for unit in dict.fromkeys(row.unit for row in rows)
        for mine in [[row for row in rows if row.unit == unit]]
    ]


def _bar(content: Content, row: ReasonRow, all_rows: Sequence[ReasonRow]) -> Bar:
    language = content.language
    return Bar(
        row.reason_text or row.reason_code or numbers.NONE,
        content.texts.words[f"choice_{row.reason_class}"] if row.reason_class else "",
        numbers.figure(row.attributed_seconds, "hours", language),
        numbers.figure(row.stops, "integer", language),
        numbers.figure(row.share, "percent", language),
        numbers.figure(row.cumulative_share, "percent", language),
        width(row.attributed_seconds, max(each.attributed_seconds for each in all_rows)),
    )


def _period(content: Content, row: Any) -> str:
    return numbers.day(row.period, content.grain, content.language)


def _text(content: Content) -> Callable[[float], str]:
    return lambda value: numbers.figure(value, "percent", content.language)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("te_assets", "dashboard/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(_PAGE)
