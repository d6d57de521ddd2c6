"""What stands in the cells of a row: wall times instead of instants, numbers instead of thousandths."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from te_assets.simulator.calendar import wall_time
from te_assets.simulator.records import Cell, Confirmation, Stop
from te_assets.simulator.world import UNKNOWN_REASON, Plant, World

_NO_COUNTER = "00000000"


def stop_cells(world: World, plant: Plant, stop: Stop) -> dict[str, Cell]:
    """Cells of a line of the operator log, by field. Instants are plant-local wall time."""
    is_german = plant.language == "german"
    # People call the first press by its name, the ERP system by its id.
    names = {plant.work_centers[0].id: plant.work_centers[0].alias} if is_german else {}
    texts = {reason.code: reason.german if is_german else reason.text for reason in world.reasons}
    texts[UNKNOWN_REASON] = "siehe Schichtbuch" if is_german else "see shift book"
    start_date, start_time = _date_and_time(stop.started, plant.zone)
    end_date, end_time = _date_and_time(stop.ended, plant.zone)
    return {
        "plant": stop.plant,
        "work_center": names.get(stop.work_center, stop.work_center),
        "interaction_id": stop.interaction_id,
        "started_at": wall_time(stop.started, plant.zone),
        "ended_at": None if stop.ended is None else wall_time(stop.ended, plant.zone),
        "start_date": start_date,
        "start_time": start_time,
        "end_date": end_date,
        "end_time": end_time,
        "duration": None if stop.ended is None else round((stop.ended - stop.started) / 60_000, 2),
        "reason_code": stop.reason_code,
        "reason_text": texts[stop.reason_code],
        "operator": stop.operator,
        "remark": None,
    }


def confirmation_cells(plant: Plant, confirmation: Confirmation) -> dict[str, Cell]:
    """Cells of a confirmation, by field. Dates and times are plant-local wall time, quantities plain numbers."""
    start_date, start_time = _date_and_time(confirmation.started, plant.zone)
    finish_date, finish_time = _date_and_time(confirmation.finished, plant.zone)
    entry_date, entry_time = _date_and_time(confirmation.entered, plant.zone)
    no_counter = None if plant.language == "english" else _NO_COUNTER
    return {
        # Some exports hold the plant as a number: it still means the plant 2000.
        "plant": int(confirmation.plant) if plant.language == "english" else confirmation.plant,
        "work_center": confirmation.work_center,
        "order_id": confirmation.order_id,
        "operation": confirmation.operation,
        "confirmation": confirmation.confirmation,
        "counter": confirmation.counter,
        "material": confirmation.material,
        "unit": confirmation.unit,
        "good_qty": confirmation.good / 1000,
        "scrap_qty": confirmation.scrap / 1000 or None,
        "rework_qty": confirmation.rework / 1000 or None,
        "order_unit": confirmation.order_unit,
        "order_unit_good_qty": confirmation.order_unit_good / 1000,
        "order_unit_scrap_qty": confirmation.order_unit_scrap / 1000,
        "scrap_reason_code": confirmation.scrap_reason or None,
        "start_date": start_date,
        "start_time": start_time,
        "finish_date": finish_date,
        "finish_time": finish_time,
        "entry_date": entry_date,
        "entry_time": entry_time,
        "posted_at": confirmation.posted,
        "is_final": "X" if confirmation.is_final else None,
        "is_reversed": "X" if confirmation.is_reversed else None,
        "cancelled_counter": confirmation.cancelled_counter or no_counter,
        "remark": None,
    }


def apart(overrides: Sequence[tuple[str, Cell]]) -> dict[str, Cell]:
    """Cells that people wrote differently, by field; a date-time also as date and time."""
    cells = dict(overrides)
    for field, date_field, time_field in (
        ("started_at", "start_date", "start_time"),
        ("ended_at", "end_date", "end_time"),
    ):
        if field not in cells:
            continue
        value = cells[field]
        if isinstance(value, datetime):
            cells.setdefault(date_field, value.date())
            cells.setdefault(time_field, value.time())
        elif isinstance(value, str) and " " in value:
            day, clock = value.split(" ", 1)
            cells.setdefault(date_field, day)
            cells.setdefault(time_field, clock)
        else:
            cells.setdefault(date_field, value)
    return cells


def _date_and_time(instant: int | None, zone: str) -> tuple[date | None, time | None]:
    if instant is None:
        return None, None
    local = wall_time(instant, zone)
    return local.date(), local.time()
