"""All at a glance: cards beside the period before, trends, and the worst machines, reasons and scrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from te_assets.dashboard.answers import AvailabilityRow, Overview, ScrapRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import Basis, Filters
from te_assets.dashboard.scope import Scope
from te_assets.dashboard.views import availability, downtime_pareto, scrap_rate
from te_assets.dashboard.views.availability import PLANT, WORK_CENTER, periods
from te_assets.dashboard.views.cards import Pair, scrap_cards, time_cards
from te_assets.dashboard.views.sets import Key, Sets

_MOST: Final = 5
IS_NOW: Final = Key("is_now", "m.production_day >= {now_first:Date}")


async def show(asking: Asking, _: Filters) -> Overview:
    """The overview of what is filtered."""
    scope = asking.scope
    first, last = scope.previous
    both = {"first_day": first, "now_first": scope.first_day}
    trend = periods(scope)
    sets = Sets({"total": (IS_NOW,), "trend": (IS_NOW, *trend), "worst": (IS_NOW, PLANT, WORK_CENTER)})
    worst_basis: Basis = "operation" if scope.basis == "order" else scope.basis
    bases = {"total": scrap_rate.BASES, "trend": (scope.basis,), "worst": (worst_basis,)}
    found = await together(
        times=availability.times_of(
            asking, sets, order=_worst_first(trend, "unplanned_down_seconds + setup_seconds"), bound=both
        ),
        pieces=scrap_rate.found_of(asking, sets, bases, both, order=_worst_first(trend, "scrap_rate")),
        reasons=downtime_pareto.found_of(asking, most=_MOST),
        unclassified=asking.rows(
            "unclassified",
            scope.conditions("material", "reason_class"),
            both,
            mart=scope.mart("downtime_reasons"),
            keys=(IS_NOW,),
        ),
    )
    times, pieces = found["times"], found["pieces"]
    of_times = Pair.of(sets.rows("total", times))
    of_pieces = sets.rows("total", pieces)
    _note(scope, of_times.now, [row for row in of_pieces if row["is_now"]], trend)
    return Overview(
        about=scope.about(),
        columns=asking.columns(availability.columns_of(scope, "period")),
        previous_first_day=first,
        previous_last_day=last,
        cards=[
            *time_cards(scope, of_times, Pair.of(found["unclassified"])),
            *scrap_cards(scope, of_pieces),
        ],
        availability_trend=[availability.row_of(scope, row) for row in _now(sets.rows("trend", times))],
        scrap_trend=scrap_rate.rows_of(scope, _now(sets.rows("trend", pieces))),
        worst_work_centers=_worst_work_centers(scope, _now(sets.rows("worst", times))),
        worst_reasons=await downtime_pareto.rows_of(asking, found["reasons"]),
        worst_scrap=_worst_scrap(scope, _now(sets.rows("worst", pieces))),
    )


def _worst_first(trend: Sequence[Key], figure: str) -> str:
    """Order of trends, in which places are empty, and of places, in which periods are empty."""
    times = "".join(f"{key.ordering}, " for key in trend)
    return f"{times}{figure} DESC NULLS LAST, plant, work_center"


def _now(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in rows if row["is_now"]]


def _worst_work_centers(scope: Scope, rows: Sequence[dict[str, Any]]) -> list[AvailabilityRow]:
    with_loss = [row for row in rows if row["unplanned_down_seconds"] or row["setup_seconds"]]
    return [availability.row_of(scope, row) for row in with_loss[:_MOST]]


def _worst_scrap(scope: Scope, rows: Sequence[dict[str, Any]]) -> list[ScrapRow]:
    by_unit: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["scrap_rate"]:
            by_unit.setdefault(row["unit"], []).append(row)
    return scrap_rate.rows_of(scope, [row for unit in sorted(by_unit) for row in by_unit[unit][:_MOST]])


def _note(
    scope: Scope, times: Mapping[str, Any] | None, pieces: Sequence[Mapping[str, Any]], trend: Sequence[Key]
) -> None:
    if times is None and not pieces:
        scope.note_empty()
        return
    if times:
        availability.note_coverage(scope, availability.row_of(scope, dict(times)))
    if pieces and not scrap_rate.has_basis(scope, scope.basis, trend):
        scope.note("order_basis_needs_plants")
