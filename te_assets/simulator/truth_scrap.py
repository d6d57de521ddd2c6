"""Scrap rate as it must come out, counted confirmation by confirmation; shares no code with the product."""

from __future__ import annotations

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
    good: int = 0
    scrap: int = 0
    rework: int = 0
    produced: int = 0
    outside_calendar: int = 0
    confirmations: int = 0


def count_pieces(scene: Scene, confirmations: Sequence[Confirmation]) -> tuple[ScrapTruth, ...]:
    """Pieces per work center, production day, shift, material, operation and unit, over the valid confirmations.

    What another confirmation cancels does not count, flagged or not.
    """
    cancelled = {(row.plant, row.confirmation, row.cancelled_counter) for row in confirmations if row.cancelled_counter}
    grains: dict[ScrapTruth, ScrapTruth] = {}
    for confirmation in confirmations:
        if not confirmation.is_valid or confirmation.key in cancelled:
            continue
        shift = shift_of(confirmation, scene.windows_at(confirmation.work_center))
        grain = ScrapTruth(
            plant=confirmation.plant,
            work_center=confirmation.work_center,
            production_day=day_of(scene, confirmation),
            shift=shift,
            material=confirmation.material,
            operation=confirmation.operation,
            unit=confirmation.unit,
        )
        so_far = grains.get(grain, grain)
        produced = confirmation.good + confirmation.scrap + confirmation.rework
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
    return next((window.shift for window in windows if window.start <= instant < window.end), None)


def _order(row: ScrapTruth) -> tuple[str, str, date, str, str, str, str]:
    return (
        row.plant,
        row.work_center,
        row.production_day,
        row.shift or "",
        row.material,
        row.operation,
        row.unit,
    )
