"""Scrap rate: total on all bases, trend, and by plant, line, work center, shift, material or operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from te_assets.dashboard.answers import ScrapRate, ScrapRow
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.filters import Basis, ScrapRateQuery
from te_assets.dashboard.scope import Scope
from te_assets.dashboard.views.availability import PLANT, SHIFT, WORK_CENTER, only, periods
from te_assets.dashboard.views.sets import Key, Sets

BASES: Final[tuple[Basis, ...]] = get_args(Basis)
LINE: Final = Key("line", "w.line")
MATERIAL, OPERATION = Key("material", "m.material"), Key("operation", "m.operation")
_GROUPS: Final[Mapping[str, tuple[Key, ...]]] = {
    "plant": (PLANT,),
    "line": (PLANT, LINE),
    "work_center": (PLANT, WORK_CENTER),
    "shift": (PLANT, SHIFT),
    "material": (MATERIAL,),
    "operation": (OPERATION,),
}
_OF_AN_ORDER: Final = frozenset({"is_now", "period", "plant", "material"})
PARTS: Final = (
    ColumnSpec("unit"),
    ColumnSpec("basis", "choice", is_hidden=True),
    ColumnSpec("scrap_rate", "rate"),
    ColumnSpec("target", "rate"),
    ColumnSpec("scrap_qty", "quantity", unit_from="unit"),
    ColumnSpec("produced_qty", "quantity", unit_from="unit"),
    ColumnSpec("good_qty", "quantity", unit_from="unit"),
    ColumnSpec("rework_qty", "quantity", unit_from="unit"),
    ColumnSpec("outside_calendar_qty", "quantity", is_hidden=True, unit_from="unit"),
    ColumnSpec("confirmations", "integer"),
)


async def show(asking: Asking, query: ScrapRateQuery) -> ScrapRate:
    """Scrap rate of the filtered pieces."""
    scope = asking.scope
    trend = periods(scope)
    sets = Sets({"total": (), "trend": trend, "rows": trend if query.group == "period" else _GROUPS[query.group]})
    found = await found_of(asking, sets, {"total": BASES, "trend": (scope.basis,), "rows": (scope.basis,)})
    total = sets.rows("total", found)
    units = units_of(total)
    if not total:
        scope.note_empty()
    elif not all(has_basis(scope, scope.basis, sets.of[name]) for name in sets.of):
        scope.note("order_basis_needs_plants")
    return ScrapRate(
        about=scope.about(),
        columns=asking.columns(_columns_of(scope, query.group)),
        total=by_unit(rows_of(scope, total), units),
        trend=rows_of(scope, sets.rows("trend", found)),
        rows=rows_of(scope, sets.rows("rows", found)),
        units=units,
    )


async def found_of(
    asking: Asking,
    sets: Sets,
    bases: Mapping[str, Sequence[Basis]],
    bound: Mapping[str, Any] | None = None,
    order: str | None = None,
) -> list[dict[str, Any]]:
    """Rows of several groupings.

    Args:
        asking: The request.
        sets: The groupings.
        bases: Name of a grouping → bases wanted; an order is left out where it is no figure.
        bound: Further values, or other days.
        order: SQL; by keys unless given, those units first that have most confirmations.
    """
    scope = asking.scope
    wanted = {
        (sets.mask(name), basis)
        for name, wished in bases.items()
        for basis in wished
        if has_basis(scope, basis, sets.of[name])
    }
    by_keys = "".join(f"{key.ordering}, " for key in sets.keys) + "confirmations DESC, unit, basis"
    return await asking.rows(
        "scrap_rate",
        scope.conditions("reason_class"),
        {**(bound or {}), "wanted": sorted(wanted)},
        mart=scope.mart("scrap_rate"),
        converts=scope.known.converts,
        keys=sets.keys,
        sets=sets.distinct,
        by_line=LINE in sets.keys,
        order=order or by_keys,
    )


def has_basis(scope: Scope, basis: Basis, keys: Sequence[Key]) -> bool:
    """Whether a basis is a figure of groups: an order runs over many machines and shifts."""
    is_narrowed = scope.conditions("plant", "material", "reason_class")
    return basis != "order" or (not is_narrowed and _OF_AN_ORDER.issuperset(key.name for key in keys))


def rows_of(scope: Scope, found: Sequence[Mapping[str, Any]]) -> list[ScrapRow]:
    """Rows with names and, on the basis that targets are of, their targets on the last day."""
    everywhere = only([target.scrap_rate if target else None for target in scope.targets()])
    return [_row_of(scope, row, everywhere) for row in found]


def _row_of(scope: Scope, row: Mapping[str, Any], everywhere: float | None) -> ScrapRow:
    known, plant = scope.known, row.get("plant")
    line, work_center = row.get("line") or "", row.get("work_center") or ""
    has_target = row["basis"] == scope.headline_basis
    if not plant:
        return ScrapRow.model_validate({**row, "target": everywhere if has_target else None})
    target = known.target(plant, line or known.line_of(plant, work_center), work_center, scope.last_day)
    if work_center:
        name = known.name_of(plant, work_center)
    elif "line" in row and not line:
        name = scope.texts.words["no_line"]
    else:
        name = known.name_of_line(plant, line)
    return ScrapRow.model_validate(
        {**row, "name": name, "target": target.scrap_rate if target and has_target else None}
    )


def units_of(total: Sequence[Mapping[str, Any]]) -> list[str]:
    """Units, those with most confirmations first: in the order of the rows on the basis operation."""
    return [row["unit"] for row in total if row["basis"] == "operation"]


def by_unit(rows: Sequence[ScrapRow], units: Sequence[str]) -> list[ScrapRow]:
    """Rows in the order of units and bases."""
    return sorted(rows, key=lambda row: (units.index(row.unit), BASES.index(row.basis)))


def _columns_of(scope: Scope, group: str) -> list[ColumnSpec]:
    if group == "period":
        keys = [ColumnSpec("period", "day"), *([ColumnSpec("shift")] if scope.by_shift else [])]
    elif group in ("material", "operation"):
        keys = [ColumnSpec(group)]
    elif group == "plant":
        keys = [ColumnSpec("plant"), ColumnSpec("name")]
    else:
        keys = [ColumnSpec("plant"), ColumnSpec(group), *([ColumnSpec("name")] if group != "shift" else [])]
    return [*keys, *PARTS]
