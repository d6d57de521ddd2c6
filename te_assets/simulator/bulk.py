"""Big single workbooks for benchmarks, with totals that are known while they are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from te_assets.simulator.calendar import Calendar
from te_assets.simulator.site_profile import write_site
from te_assets.simulator.world import DEFAULT_SINCE, REASONS, SCRAP_REASONS, Line, Plant, WorkCenter, World

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

DEFAULT_START = date(2026, 3, 2)
PLANT = "1000"

_DAY = 86_400_000
_SECOND = 1000
_EXCEL_DAY_OF_1970 = 25_569
_DAY_STARTS = 6 * 3_600_000
_CREATED = datetime(2026, 1, 1)  # noqa: DTZ001 - document properties have no zone
_CONFIRMATION_HEADERS = (
    ("Plant", "text"),
    ("Work Center", "text"),
    ("Order", "text"),
    ("Activity", "text"),
    ("Confirmation", "text"),
    ("Confirm. counter", "text"),
    ("Material", "text"),
    ("Confirmed Yield (MEINH)", "number"),
    ("Confirmed scrap (MEINH)", "number"),
    ("MEINH", "text"),
    ("Reason for Variance", "text"),
    ("Start execution (date)", "date"),
    ("Start execution (time)", "time"),
    ("Fin. Execution (Date)", "date"),
    ("Fin. Execution (Time)", "time"),
)
_INTERACTION_HEADERS = (
    ("Plant", "text"),
    ("Work Center", "text"),
    ("Interaction ID", "text"),
    ("Start", "instant"),
    ("End", "instant"),
    ("Reason Code", "text"),
    ("Reason Text", "text"),
    ("Operator", "text"),
    ("Duration (min)", "number"),
)
_FORMATS = {
    "text": "@",
    "number": "General",
    "date": "yyyy-mm-dd",
    "time": "hh:mm:ss",
    "instant": "yyyy-mm-dd hh:mm:ss",
}


@dataclass(frozen=True)
class ConfirmationTotals:
    """What must come out of a big workbook of confirmations; all in one unit, all within the calendar."""

    rows: int
    good_qty: Decimal
    scrap_qty: Decimal


@dataclass(frozen=True)
class InteractionTotals:
    """What must come out of a big operator log: no stops overlap, the work centers run around the clock."""

    rows: int
    unplanned_down_seconds: int
    planned_down_seconds: int
    setup_seconds: int


@dataclass(frozen=True)
class _Slot:
    """A piece of a production day of a work center that no other row reaches into; wall time in milliseconds."""

    number: int
    work_center: str
    started: int
    ended: int


def bulk_world(work_centers: int = 100) -> World:
    """One plant in UTC, all work centers around the clock."""
    centers = tuple(
        WorkCenter(f"WC{number:03d}", f"Machine {number}", f"M{number}", "L1", "around_the_clock", 1, 20_000)
        for number in range(1, work_centers + 1)
    )
    plant = Plant(PLANT, "Bulk", "Etc/UTC", "english", (Line("L1", "Line 1", "parallel"),), centers)
    return World(
        name="Bulk",
        since=DEFAULT_SINCE,
        plants=(plant,),
        calendars=(Calendar("around_the_clock", always=True),),
        reasons=REASONS,
        scrap_reasons=SCRAP_REASONS,
        materials=(),
    )


def write_bulk_site(folder: Path, work_centers: int = 100) -> Path:
    """Write the `site.yaml` that big workbooks belong to and return the folder."""
    return write_site(bulk_world(work_centers), folder)


def write_confirmations(
    path: Path, rows: int, *, days: int = 30, work_centers: int = 100, seed: int = 0, start: date = DEFAULT_START
) -> ConfirmationTotals:
    """Write a workbook of confirmations with 15 columns, all of them acceptable.

    Args:
        path: The workbook.
        rows: Number of confirmations, at most 1,048,575 (Excel ends there).
        days: Production days over which they spread, from `start` on.
        work_centers: Work centers over which they spread.
        seed: Equal arguments give equal bytes.
        start: First production day.
    """
    random = Random(seed)
    good_total = scrap_total = 0

    def lines() -> Iterator[tuple[str | float | None, ...]]:
        nonlocal good_total, scrap_total
        for slot in _slots(random, rows, days, work_centers, start):
            good = random.randrange(1, 200)
            scrap = random.randrange(1, 9) if random.random() < 0.2 else 0
            good_total += good
            scrap_total += scrap
            yield (
                PLANT,
                slot.work_center,
                f"{1_000_000 + slot.number // 8:012d}",
                f"{10 * (1 + slot.number % 4):04d}",
                f"{slot.number:010d}",
                "00000001",
                f"FG-{1001 + slot.number // 8 % 40}",
                good,
                scrap,
                "ST",
                f"{random.randrange(1, 5):04d}" if scrap else None,
                _excel_date(slot.started),
                _excel_time(slot.started),
                _excel_date(slot.ended),
                _excel_time(slot.ended),
            )

    _write(path, "Confirmations", _CONFIRMATION_HEADERS, lines())
    return ConfirmationTotals(rows, Decimal(good_total), Decimal(scrap_total))


def write_interactions(
    path: Path, rows: int, *, days: int = 30, work_centers: int = 100, seed: int = 0, start: date = DEFAULT_START
) -> InteractionTotals:
    """Write an operator log with 9 columns, all lines acceptable; arguments as for `write_confirmations`."""
    random = Random(seed)
    milliseconds = {"planned": 0, "setup": 0, "unplanned": 0}

    def lines() -> Iterator[tuple[str | float | None, ...]]:
        for slot in _slots(random, rows, days, work_centers, start):
            reason = random.choice(REASONS)
            kind = reason.reason_class if reason.reason_class in milliseconds else "unplanned"
            milliseconds[kind] += slot.ended - slot.started
            yield (
                PLANT,
                slot.work_center,
                f"M{slot.number:09d}",
                slot.started / _DAY + _EXCEL_DAY_OF_1970,
                slot.ended / _DAY + _EXCEL_DAY_OF_1970,
                reason.code,
                reason.text,
                f"Operator {slot.number % 60}",
                round((slot.ended - slot.started) / 60_000, 2),
            )

    _write(path, "Interactions", _INTERACTION_HEADERS, lines())
    return InteractionTotals(
        rows=rows,
        unplanned_down_seconds=milliseconds["unplanned"] // _SECOND,
        planned_down_seconds=milliseconds["planned"] // _SECOND,
        setup_seconds=milliseconds["setup"] // _SECOND,
    )


def _slots(random: Random, rows: int, days: int, work_centers: int, start: date) -> Iterator[_Slot]:
    """Cut days and work centers into equal slots in order of time; each holds one interval of whole seconds."""
    first = (start - date(1970, 1, 1)).days * _DAY + _DAY_STARTS
    per_center = -(-rows // work_centers)
    length = days * _DAY // per_center // _SECOND * _SECOND
    if length < 10 * _SECOND:
        raise ValueError(f"{rows} rows do not fit into {days} days of {work_centers} work centers; take more days")
    for number in range(rows):
        begin = first + number // work_centers * length
        started = begin + random.randrange(0, length // 2, _SECOND)
        ended = started + random.randrange(_SECOND, length // 2, _SECOND)
        yield _Slot(number + 1, f"WC{number % work_centers + 1:03d}", started, ended)


def _excel_date(instant: int) -> int:
    return instant // _DAY + _EXCEL_DAY_OF_1970


def _excel_time(instant: int) -> float:
    return instant % _DAY / _DAY


def _write(
    path: Path, sheet_name: str, headers: tuple[tuple[str, str], ...], rows: Iterator[tuple[str | float | None, ...]]
) -> None:
    """Write row by row, so that memory does not grow with the file."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as workbook:
        workbook.set_properties({"author": "te_assets", "created": _CREATED})
        sheet = workbook.add_worksheet(sheet_name)
        formats = [workbook.add_format({"num_format": _FORMATS[kind]}) for _, kind in headers]
        for column, (header, _) in enumerate(headers):
            sheet.write_string(0, column, header)
        for row, values in enumerate(rows, start=1):
            _write_row(sheet, row, values, formats)


def _write_row(sheet: Worksheet, row: int, values: tuple[str | float | None, ...], formats: list[Format]) -> None:
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, value, formats[column])
        elif value is not None:
            sheet.write_number(row, column, value, formats[column])
