"""Availability: total, trend, and by plant, line, work center or shift."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from te_assets.dashboard.answers import Availability, AvailabilityRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import AvailabilityQuery
from te_assets.dashboard.known import utc
from te_assets.dashboard.scope import Scope
from te_assets.dashboard.views.sets import Key, Sets

PLANT, LINE, WORK_CENTER = (Key(name, f"m.{name}") for name in ("plant", "line", "work_center"))
SHIFT: Final = Key("shift", "m.shift", "indexOf({shift_order:Array(String)}, ifNull(shift, '')), shift")
_GROUPS: Final = {
    "plant": (PLANT,),
    "line": (PLANT, LINE),
    "work_center": (PLANT, WORK_CENTER),
    "shift": (PLANT, SHIFT),
}
PARTS: Final = (
    ColumnSpec("availability", "percent"),
    ColumnSpec("target", "percent"),
    ColumnSpec("planned_operation_seconds", "hours", is_hidden=True),
    ColumnSpec("planned_down_seconds", "hours", is_hidden=True),
    ColumnSpec("planned_busy_seconds", "hours"),
    ColumnSpec("unplanned_down_seconds", "hours"),
    ColumnSpec("setup_seconds", "hours"),
    ColumnSpec("production_seconds", "hours"),
    ColumnSpec("technical_down_seconds", "hours", is_hidden=True),
    ColumnSpec("short_stop_seconds", "hours", is_hidden=True),
    ColumnSpec("unexplained_seconds", "hours"),
    ColumnSpec("uncovered_seconds", "hours", is_hidden=True),
    ColumnSpec("stops", "integer"),
    ColumnSpec("failures", "integer"),
    ColumnSpec("short_stops", "integer", is_hidden=True),
    ColumnSpec("open_stops", "integer", is_hidden=True),
    ColumnSpec("technical_availability", "percent", is_hidden=True),
    ColumnSpec("total_availability", "percent", is_hidden=True),
    ColumnSpec("coverage", "choice"),
    ColumnSpec("data_until", "instant", is_hidden=True),
)


async def show(asking: Asking, query: AvailabilityQuery) -> Availability:
    """Availability of the filtered windows."""
    scope, trend = asking.scope, periods(asking.scope)
    by_line = query.group == "line"
    sets = Sets({"total": (), "trend": trend, **({} if by_line else {"rows": _GROUPS.get(query.group, trend)})})
    lines = Sets({"rows": (PLANT, LINE)})
    asked = await together(
        times=times_of(asking, sets, order=", ".join(key.ordering for key in sets.keys)),
        **({"lines": times_of(asking, lines, order="plant, line")} if by_line else {}),
    )
    rows = lines.rows("rows", asked["lines"]) if by_line else sets.rows("rows", asked["times"])
    total, of_trend = ([row_of(scope, row) for row in sets.rows(name, asked["times"])] for name in ("total", "trend"))
    if total:
        note_coverage(scope, total[0])
    else:
        scope.note_empty()
    return Availability(
        about=scope.about(),
        columns=asking.columns(columns_of(scope, query.group)),
        total=total[0] if total else None,
        trend=of_trend,
        rows=[row_of(scope, row) for row in rows],
    )


def periods(scope: Scope) -> tuple[Key, ...]:
    """Keys of a trend."""
    return (Key("period", scope.period_sql), *([SHIFT] if scope.by_shift else []))


async def times_of(
    asking: Asking, sets: Sets, *, order: str, bound: dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows of several groupings, which `sets` tells apart.

    Lines are those of te_marts.availability_line: a series line is not the sum of its stations.

    Args:
        asking: The request.
        sets: The groupings.
        order: SQL.
        bound: Further values, or other days.
    """
    scope, by_line = asking.scope, LINE in sets.keys
    without = ("material", "reason_class", *(("work_center",) if by_line else ()))
    return await asking.rows(
        "availability",
        scope.conditions(*without),
        bound,
        mart=scope.mart("availability_line" if by_line else "availability"),
        by_line=by_line,
        keys=sets.keys,
        sets=sets.distinct,
        order=order,
    )


def row_of(scope: Scope, row: dict[str, Any]) -> AvailabilityRow:
    """A row with names and its target on the last day."""
    plant, line, work_center = row.get("plant"), row.get("line") or "", row.get("work_center") or ""
    more: dict[str, Any] = {"data_until": utc(row["data_until"])}
    if plant:
        mine = line or scope.known.line_of(plant, work_center)
        target = scope.known.target(plant, mine, work_center, scope.last_day)
        name = scope.known.name_of(plant, work_center) if work_center else scope.known.name_of_line(plant, line)
        more |= {"target": target.availability if target else None, "name": name}
    else:
        more |= {"target": only([target.availability if target else None for target in scope.targets()])}
    return AvailabilityRow.model_validate({**row, **more})


def columns_of(scope: Scope, group: str) -> list[ColumnSpec]:
    """Columns of a table by group."""
    if group == "period":
        keys = [ColumnSpec("period", "day"), *([ColumnSpec("shift")] if scope.by_shift else [])]
    elif group == "plant":
        keys = [ColumnSpec("plant"), ColumnSpec("name")]
    else:
        keys = [ColumnSpec("plant"), ColumnSpec(group), *([ColumnSpec("name")] if group != "shift" else [])]
    return [*keys, *PARTS]


def note_coverage(scope: Scope, total: AvailabilityRow) -> None:
    """Say where windows were not delivered for."""
    if total.coverage == "none":
        scope.note("not_covered")
    elif total.uncovered_seconds:
        scope.note("partly_covered", hours=total.uncovered_seconds / 3600)


def only(values: Sequence[float | None]) -> float | None:
    """The value where all have the same; else None."""
    return values[0] if values and len(set(values)) == 1 else None
