"""A figure by two things at once: machine and day, or weekday and hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from te_assets.dashboard import zones
from te_assets.dashboard.answers import Axis, Heatmap, HeatmapRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import Column, ColumnSpec, Kind
from te_assets.dashboard.filters import Grain, HeatmapQuery
from te_assets.dashboard.places import labels, with_former
from te_assets.dashboard.scope import GRAINS

if TYPE_CHECKING:
    from te_assets.dashboard.scope import Scope

MOST_COLUMNS: Final = 120
_DAYS_OF_A_WEEK: Final = 7
_UNPLANNED: Final = ("technical", "organisational", "other", "unclassified")
_PARTS: Final[Mapping[str, tuple[tuple[str, Kind], tuple[str, Kind]]]] = {
    "availability": (("production_seconds", "hours"), ("planned_busy_seconds", "hours")),
    "scrap_rate": (("scrap_qty", "quantity"), ("produced_qty", "quantity")),
}
"""What numerator and denominator are."""


async def show(asking: Asking, query: HeatmapQuery) -> Heatmap:
    """Cells under the filters."""
    scope, grain = asking.scope, grain_of(asking.scope)
    if query.measure == "scrap_rate":
        found = await _scrap(asking, query, grain)
    else:
        found = await _times(asking, query, grain)
    units = list(dict.fromkeys(row["unit"] for row in found if "unit" in row))
    unit = query.unit or next(iter(units), None)
    if unit in units and len(units) > 1:
        scope.note("other_units", units=", ".join(each for each in units if each != unit))
    cells = [row for row in found if row.get("unit", unit) == unit] if query.measure == "scrap_rate" else found
    if not cells and not scope.notes:
        scope.note_empty()
    x, y = _hours(scope) if query.kind == "weekday_hour" else _machines_and_days(scope, cells)
    return Heatmap(
        about=scope.about(),
        columns=_columns(asking, query, x, y),
        kind=query.kind,
        measure=query.measure,
        grain=grain if query.kind == "work_center_day" else None,
        unit=unit if query.measure == "scrap_rate" else None,
        units=units,
        x=x if cells else [],
        y=y,
        rows=[_cell(row) for row in cells],
    )


def grain_of(scope: Scope) -> Grain:
    """What a column is: a day; a week or a month where asked for, or where days would be too many to tell apart."""
    if scope.filters.grain == "month" or scope.days > MOST_COLUMNS * _DAYS_OF_A_WEEK:
        return "month"
    return "week" if scope.filters.grain == "week" or scope.days > MOST_COLUMNS else "day"


async def _times(asking: Asking, query: HeatmapQuery, grain: Grain) -> list[dict[str, Any]]:
    scope, is_down = asking.scope, query.measure == "unplanned_down"
    given = scope.conditions("material", "reason_class")
    classes = [each for each in _UNPLANNED if each in (query.reason_class or _UNPLANNED)]
    if is_down and not classes:
        return []
    if query.kind == "weekday_hour":
        return await asking.rows(
            "heatmap_hours",
            given,
            {"classes": classes, **_clocks(scope)},
            mart=scope.mart("states"),
            measure=query.measure,
            zones=zones.of(scope.plants),
        )
    return await asking.rows(
        "heatmap_times",
        given,
        {"classes": classes},
        mart=scope.mart("availability"),
        reasons=scope.mart("downtime_reasons"),
        measure=query.measure,
        by_class=is_down and bool(query.reason_class),
        period=GRAINS[grain],
    )


async def _scrap(asking: Asking, query: HeatmapQuery, grain: Grain) -> list[dict[str, Any]]:
    scope = asking.scope
    if scope.basis == "order":
        scope.note("order_basis_needs_plants")
        return []
    if query.as_of and query.kind == "weekday_hour":
        scope.note("rows_as_of_now")
    rework_counts = scope.known.policies.get("rework_in_produced", "true") != "false"
    return await asking.rows(
        "heatmap_scrap",
        scope.conditions("reason_class"),
        {"rework_counts": rework_counts, **_clocks(scope)},
        mart=scope.mart("scrap_rate"),
        kind=query.kind,
        basis=scope.basis,
        converts=scope.known.converts,
        zones=zones.of(scope.plants),
        period=GRAINS[grain],
    )


def _clocks(scope: Scope) -> dict[str, Any]:
    return {"step": zones.step(scope.plants, scope.first_day, scope.last_day), **zones.bound(scope.plants)}


def _cell(row: Mapping[str, Any]) -> HeatmapRow:
    y = f"{row['plant']}/{row['work_center']}" if "plant" in row else str(row["y"])
    return HeatmapRow.model_construct(
        x=str(row["x"]), y=y, value=row["value"], numerator=row["numerator"], denominator=row["denominator"]
    )


def _machines_and_days(scope: Scope, cells: Sequence[Mapping[str, Any]]) -> tuple[list[Axis], list[Axis]]:
    places = with_former(scope, ((row["plant"], row["work_center"]) for row in cells))
    named = labels(places, scope)
    days = sorted({row["x"] for row in cells})
    return (
        [Axis(key=str(day), label=str(day)) for day in days],
        [
            Axis(
                key=f"{each.plant}/{each.work_center}",
                label=named[each.plant, each.work_center],
                plant=each.plant,
                work_center=each.work_center,
            )
            for each in places
        ],
    )


def _hours(scope: Scope) -> tuple[list[Axis], list[Axis]]:
    words = scope.texts.words
    return (
        [Axis(key=str(hour), label=f"{hour:02}:00") for hour in range(24)],
        [Axis(key=str(day), label=words[f"weekday_{day}"]) for day in range(1, _DAYS_OF_A_WEEK + 1)],
    )


def _columns(asking: Asking, query: HeatmapQuery, x: Sequence[Axis], y: Sequence[Axis]) -> list[Column]:
    """Columns of the table of cells, under the names of what they hold here."""
    if query.kind == "work_center_day":
        across, down = ColumnSpec("production_day", "day"), ColumnSpec("work_center")
    else:
        across, down = ColumnSpec("hour"), ColumnSpec("weekday")
    held = {
        "y": (down, {axis.key: axis.label for axis in y}),
        "x": (across, {axis.key: axis.label for axis in x} if query.kind == "weekday_hour" else None),
        "value": (_value(query), None),
    }
    if query.measure in _PARTS:
        for name, (field, kind) in zip(("numerator", "denominator"), _PARTS[query.measure], strict=True):
            held[name] = (ColumnSpec(field, kind), None)
    return [
        asking.scope.texts.column(spec).model_copy(
            update={"name": name, **({"choices": choices, "kind": "choice"} if choices else {})}
        )
        for name, (spec, choices) in held.items()
    ]


def _value(query: HeatmapQuery) -> ColumnSpec:
    if query.measure == "unplanned_down":
        return ColumnSpec("unplanned_down_seconds", "hours")
    return ColumnSpec(query.measure, "rate" if query.measure == "scrap_rate" else "percent")
