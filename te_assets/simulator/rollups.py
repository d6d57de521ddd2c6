"""Sums of the truth over days, weeks and months, machines and plants; shares no code with the product."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from te_assets.simulator.truth import AvailabilityTruth
from te_assets.simulator.truth_scrap import ScrapTruth
from te_assets.simulator.world import World

PERIODS: Mapping[str, Callable[[date], date]] = {
    "production_day": lambda day: day,
    "week": lambda day: day - timedelta(days=day.weekday()),
    "month": lambda day: day.replace(day=1),
}
"""Name of the column of a period → begin of the period of a production day."""

_MILLISECONDS = (
    "planned_operation_ms",
    "planned_down_ms",
    "planned_busy_ms",
    "unplanned_down_ms",
    "setup_ms",
    "short_stop_ms",
    "production_ms",
    "technical_down_ms",
    "unexplained_ms",
)
_COUNTS = ("stops", "short_stops", "open_stops", "failures")
_QUANTITIES = ("good", "scrap", "rework", "produced", "outside_calendar")


def availability_over(rows: Iterable[AvailabilityTruth], period: str, unit: str | None) -> list[dict[str, Any]]:
    """Sums of windows per plant and period, and per work center or line where `unit` names that column.

    Windows that nobody delivered for are in no sum but `uncovered_ms`.
    """
    groups: dict[tuple[str, str, date], list[AvailabilityTruth]] = defaultdict(list)
    for row in rows:
        groups[row.plant, row.work_center if unit else "", PERIODS[period](row.production_day)].append(row)
    return [
        {"plant": plant, **({unit: name} if unit else {}), period: begin, **_availability(windows)}
        for (plant, name, begin), windows in groups.items()
    ]


def scrap_over(world: World, rows: Iterable[ScrapTruth], period: str, unit: str | None) -> list[dict[str, Any]]:
    """Pieces per plant, period, shown unit and basis, and per work center where `unit` names that column."""
    cartons = {(m.id, m.order_unit): m for m in world.materials if m.order_unit != m.unit}
    groups: dict[tuple[str, str, date, str], list[tuple[ScrapTruth, int]]] = defaultdict(list)
    for row in rows:
        carton = cartons.get((row.material, row.unit))
        shown, factor = (row.unit, 1) if carton is None else (carton.unit, carton.pieces)
        key = row.plant, row.work_center if unit else "", PERIODS[period](row.production_day), shown
        groups[key].append((row, factor))
    found = []
    for (plant, name, begin, shown), here in groups.items():
        for basis in ("operation", "last_operation") if unit else ("operation", "last_operation", "order"):
            counted = [pair for pair in here if basis != "last_operation" or pair[0].is_last_operation]
            if counted:
                key_columns = {"plant": plant, **({unit: name} if unit else {}), period: begin}
                found.append({**key_columns, "unit": shown, "basis": basis, **_scrap(basis, counted)})
    return found


def _availability(windows: list[AvailabilityTruth]) -> dict[str, Any]:
    covered = [window for window in windows if window.coverage != "none"]
    sums = {name: sum(getattr(window, name) for window in covered) for name in (*_MILLISECONDS, *_COUNTS)}
    all_full = all(window.coverage == "full" for window in windows)
    busy, operation = sums["planned_busy_ms"], sums["planned_operation_ms"]
    return {
        **sums,
        "uncovered_ms": sum(window.planned_operation_ms for window in windows if window.coverage == "none"),
        "coverage": "none" if not covered else "full" if all_full else "partial",
        "data_until_ms": max(window.data_until_ms for window in windows),
        "availability": _share(sums["production_ms"], busy),
        "technical_availability": _share(busy - sums["technical_down_ms"], busy),
        "total_availability": _share(sums["production_ms"], operation),
    }


def _scrap(basis: str, rows: list[tuple[ScrapTruth, int]]) -> dict[str, Any]:
    """Sums in the shown unit. Of an order, the pieces are those of its first operation, the good ones of its last."""
    sums = dict.fromkeys(_QUANTITIES, 0)
    confirmations = 0
    for row, factor in rows:
        for name in _QUANTITIES:
            is_left_out = (name == "produced" and basis == "order" and not row.is_first_operation) or (
                name == "good" and not row.is_last_operation
            )
            sums[name] += 0 if is_left_out else getattr(row, name) * factor
        confirmations += row.confirmations
    quantities: dict[str, Decimal | None] = {f"{name}_qty": Decimal(total) / 1000 for name, total in sums.items()}
    if basis == "operation":
        # Good pieces of different operations are the same pieces.
        quantities["good_qty"] = None
    return {**quantities, "confirmations": confirmations, "scrap_rate": _share(sums["scrap"], sums["produced"])}


def _share(part: int, whole: int) -> float | None:
    """The ratio of two sums of thousandths, as a fraction of floating-point numbers."""
    return (part / 1000) / (whole / 1000) if whole > 0 else None
