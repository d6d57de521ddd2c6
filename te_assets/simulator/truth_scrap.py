"""Scrap rate as it must come out, counted confirmation by confirmation; shares no code with the product."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from te_assets.simulator.calendar import Window
from te_assets.simulator.exports import day_of
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation


@dataclass(frozen=True)
class ScrapTruth:
    """Pieces of one grain in thousandths of the unit; PQ = GQ + SQ + RQ. `shift` None: outside the calendar."""

    plant: str
    work_center: str
    production_day: date
    shift: str | None
    material: str
    operation: str
    unit: str
    is_last_operation: bool = True
    is_first_operation: bool = True
    good: int = 0
    scrap: int = 0
    rework: int = 0
    produced: int = 0
    outside_calendar: int = 0
    confirmations: int = 0

    @property
    def scrap_rate(self) -> float | None:
        """SQ / PQ; None where nothing was produced."""
        return (self.scrap / 1000) / (self.produced / 1000) if self.produced else None


@dataclass(frozen=True)
class ScrapReasonTruth:
    """Scrap of one reason, in thousandths of the unit."""

    plant: str
    work_center: str
    production_day: date
    shift: str | None
    material: str
    unit: str
    scrap_reason_code: str
    scrap: int = 0
    confirmations: int = 0


@dataclass(frozen=True)
class OrderTruth:
    """What became of an order in one unit, in thousandths of it, over all days."""

    plant: str
    order_id: str
    unit: str
    first_operation_produced: int = 0
    last_operation_good: int = 0
    scrap: int = 0

    @property
    def fall_off_ratio(self) -> float | None:
        """Scrap of all operations by what the first one produced."""
        return (self.scrap / 1000) / (self.first_operation_produced / 1000) if self.first_operation_produced else None

    @property
    def rolled_yield(self) -> float | None:
        """What the last operation yielded by what the first one produced."""
        if not self.first_operation_produced:
            return None
        return (self.last_operation_good / 1000) / (self.first_operation_produced / 1000)


def valid_among(confirmations: Sequence[Confirmation]) -> list[Confirmation]:
    """Confirmations that count. What another confirmation cancels does not, flagged or not."""
    cancelled = {(row.plant, row.confirmation, row.cancelled_counter) for row in confirmations if row.cancelled_counter}
    return [row for row in confirmations if row.is_valid and row.key not in cancelled]


def count_pieces(scene: Scene, confirmations: Sequence[Confirmation]) -> tuple[ScrapTruth, ...]:
    """Pieces per work center, production day, shift, material, operation and unit, over the valid confirmations.

    Where an operation is the first or the last one of some orders only, it has rows apart for these. Of which
    operations an order has, any confirmation tells, reversed or not.
    """
    ends: dict[str, tuple[str, str]] = {}
    for confirmation in confirmations:
        first, last = ends.get(confirmation.order_id, (confirmation.operation, confirmation.operation))
        ends[confirmation.order_id] = min(first, confirmation.operation), max(last, confirmation.operation)
    grains: dict[ScrapTruth, ScrapTruth] = {}
    for confirmation in valid_among(confirmations):
        shift = shift_of(confirmation, scene.windows_at(confirmation.work_center))
        first, last = ends[confirmation.order_id]
        grain = ScrapTruth(
            plant=confirmation.plant,
            work_center=confirmation.work_center,
            production_day=day_of(scene, confirmation),
            shift=shift,
            material=confirmation.material,
            operation=confirmation.operation,
            unit=confirmation.unit,
            is_last_operation=confirmation.operation == last,
            is_first_operation=confirmation.operation == first,
        )
        so_far = grains.get(grain, grain)
        produced = produced_by(confirmation)
        is_outside = shift is None and confirmation.finished is not None
        grains[grain] = replace(
            so_far,
            good=so_far.good + confirmation.good,
            scrap=so_far.scrap + confirmation.scrap,
            rework=so_far.rework + confirmation.rework,
            produced=so_far.produced + produced,
            outside_calendar=so_far.outside_calendar + (produced if is_outside else 0),
            confirmations=so_far.confirmations + 1,
        )
    return tuple(sorted(grains.values(), key=_order))


def count_scrap_reasons(scene: Scene, confirmations: Sequence[Confirmation]) -> tuple[ScrapReasonTruth, ...]:
    """Scrap per reason, over the valid confirmations that have any."""
    grains: dict[ScrapReasonTruth, ScrapReasonTruth] = {}
    for confirmation in valid_among(confirmations):
        if confirmation.scrap == 0:
            continue
        grain = ScrapReasonTruth(
            plant=confirmation.plant,
            work_center=confirmation.work_center,
            production_day=day_of(scene, confirmation),
            shift=shift_of(confirmation, scene.windows_at(confirmation.work_center)),
            material=confirmation.material,
            unit=confirmation.unit,
            scrap_reason_code=confirmation.scrap_reason,
        )
        so_far = grains.get(grain, grain)
        grains[grain] = replace(so_far, scrap=so_far.scrap + confirmation.scrap, confirmations=so_far.confirmations + 1)
    return tuple(grains.values())


def count_orders(confirmations: Sequence[Confirmation]) -> tuple[OrderTruth, ...]:
    """Yield of orders, per unit, over the valid confirmations; any confirmation tells which operations there are."""
    valid = valid_among(confirmations)
    operations: dict[tuple[str, str], set[str]] = {}
    for confirmation in confirmations:
        operations.setdefault((confirmation.plant, confirmation.order_id), set()).add(confirmation.operation)
    orders: dict[OrderTruth, OrderTruth] = {}
    for confirmation in valid:
        known = operations[confirmation.plant, confirmation.order_id]
        order = OrderTruth(confirmation.plant, confirmation.order_id, confirmation.unit)
        so_far = orders.get(order, order)
        is_first, is_last = confirmation.operation == min(known), confirmation.operation == max(known)
        orders[order] = replace(
            so_far,
            first_operation_produced=so_far.first_operation_produced + (produced_by(confirmation) if is_first else 0),
            last_operation_good=so_far.last_operation_good + (confirmation.good if is_last else 0),
            scrap=so_far.scrap + confirmation.scrap,
        )
    return tuple(orders.values())


def produced_by(confirmation: Confirmation) -> int:
    """PQ of a confirmation, in thousandths of its unit."""
    return confirmation.good + confirmation.scrap + confirmation.rework


def shift_of(confirmation: Confirmation, windows: Sequence[Window]) -> str | None:
    """Shift whose window the execution closes in; an end on a boundary belongs to the window it closes.

    Without an end of execution the entry decides; a posting date alone has no shift.
    """
    if confirmation.finished is not None:
        instant = confirmation.finished - 1
    elif confirmation.entered is not None:
        instant = confirmation.entered
    else:
        return None
    before = bisect_right(windows, instant, key=lambda window: window.start)
    return windows[before - 1].shift if before and instant < windows[before - 1].end else None


def _order(row: ScrapTruth) -> tuple[str, str, date, str, str, str, str, bool, bool]:
    return (
        row.plant,
        row.work_center,
        row.production_day,
        row.shift or "",
        row.material,
        row.operation,
        row.unit,
        row.is_last_operation,
        row.is_first_operation,
    )
