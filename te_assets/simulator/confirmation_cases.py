"""Adds to confirmations what people and the ERP system do: reversals, corrections, odd rows, dirty cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from te_assets.simulator.calendar import wall_time
from te_assets.simulator.exports import Period, day_of
from te_assets.simulator.journal import confirmation_number, counter_of, tellable_execution
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import NOT_AVAILABLE, Cell, Confirmation, Entry
from te_assets.simulator.world import MATERIALS

MINUTE = 60_000
HOUR = 60 * MINUTE
_PIECES = {material.id: material.pieces for material in MATERIALS}
_FIRST_MILESTONE = 90_000

Entries = Iterator[Entry[Confirmation]]


def with_confirmation_cases(
    scene: Scene, entries: Sequence[Entry[Confirmation]], exports: Sequence[Period]
) -> list[Entry[Confirmation]]:
    """The confirmations with all cases, in order of their end.

    Args:
        scene: Plant and period.
        entries: Everyday confirmations, in order of their end.
        exports: Periods of the first week's exports, the older one first; corrections come after it.
    """
    corrected_at = exports[0].ends + HOUR if len(exports) > 1 else None
    everyday = [entry for entry in entries if entry.content.unit == "ST"]
    if len(everyday) < 13:
        return list(entries)
    chosen = {entry.content.key for entry in everyday[:13]}
    rows = [
        *(entry for entry in entries if entry.content.key not in chosen),
        *_reversed(everyday[0].content, "reversed in the same export", None),
        *_reversed(everyday[1].content, "reversed after the first export", corrected_at),
        *_reversed(
            everyday[12].content, "reversed after the first export and never flagged", corrected_at, is_flagged=False
        ),
        *_corrected(everyday[2:5], corrected_at),
        *_written_otherwise(scene, everyday[5].content),
        replace(everyday[6], case="row with an exact duplicate", copies=1),
        replace(everyday[7], case="row with two exact duplicates", copies=2),
        *_odd(scene, everyday[8].content),
        *_in_cartons(scene, entries),
        *_moved(scene, everyday[9], exports[0], corrected_at),
        *_dirty(scene, everyday[10].content),
        replace(everyday[11], faults=(("good_qty", "zwölf"),), repaired_at=corrected_at, case="repaired later")
        if corrected_at is not None
        else everyday[11],
    ]
    return sorted((tellable_execution(scene, row) for row in rows), key=lambda row: _order(row.content))


def of_quantities(confirmation: Confirmation, good: int, scrap: int, rework: int = 0) -> Confirmation:
    """The confirmation with other quantities, in thousandths of its unit."""
    pieces = _PIECES[confirmation.material]
    return replace(
        confirmation,
        good=good,
        scrap=scrap,
        rework=rework,
        order_unit_good=good // pieces,
        order_unit_scrap=scrap // pieces,
        scrap_reason=confirmation.scrap_reason or "0002" if scrap else "",
    )


def _order(content: Confirmation) -> tuple[int, str, str]:
    return content.finished or content.entered or 0, content.confirmation, content.counter


def _reversed(content: Confirmation, case: str, reversed_at: int | None, *, is_flagged: bool = True) -> Entries:
    """The ERP way: the original is flagged, a row of the same quantities names its counter, a third one is right.

    Exports of new confirmations alone never bring the flag: the row that names the counter is all there is.
    """
    wrong = of_quantities(content, content.good + 20_000, content.scrap, content.rework)
    known_from = reversed_at or 0
    if is_flagged:
        yield Entry(
            replace(wrong, is_reversed=True),
            case=f"original, {case}",
            earlier=wrong if reversed_at is not None else None,
            changed_at=known_from,
        )
    else:
        yield Entry(wrong, case=f"original, {case}")
    yield Entry(
        replace(wrong, counter=counter_of(91), cancelled_counter=wrong.counter),
        case=f"cancelling row, {case}",
        known_from=known_from,
    )
    yield Entry(replace(content, counter=counter_of(92)), case=f"confirmed again, {case}", known_from=known_from)


def _corrected(entries: Sequence[Entry[Confirmation]], corrected_at: int | None) -> Entries:
    scrap, unchanged, late = entries
    yield unchanged
    if corrected_at is None:
        yield scrap
        yield late
        return
    content = scrap.content
    yield Entry(
        content,
        case="scrap corrected later",
        earlier=of_quantities(content, content.good, content.scrap + 4000, content.rework),
        changed_at=corrected_at,
    )
    posted_late = replace(late.content, posted=late.content.posted + timedelta(days=5))
    yield Entry(posted_late, case="posted after the first export", known_from=corrected_at)


def _moved(scene: Scene, entry: Entry[Confirmation], first_export: Period, corrected_at: int | None) -> Entries:
    content = entry.content
    assert content.started is not None
    assert content.finished is not None
    a_day_late = replace(content, started=content.started + 24 * HOUR, finished=content.finished + 24 * HOUR)
    if corrected_at is None or day_of(scene, a_day_late) > first_export.last:
        yield entry
    else:
        yield Entry(content, case="end corrected to another day", earlier=a_day_late, changed_at=corrected_at)


def _written_otherwise(scene: Scene, content: Confirmation) -> Entries:
    assert content.finished is not None
    day = wall_time(content.finished, scene.plant.zone).strftime("%d.%m.%Y")
    twelve = of_quantities(content, 12_000, 1000)
    yield Entry(
        twelve,
        case="number and dates as text",
        written=(("good_qty", "12"), ("finish_date", day), ("posted_at", content.posted.strftime("%d.%m.%Y"))),
    )


def _odd(scene: Scene, content: Confirmation) -> Entries:
    """Rows that look odd and are all right."""
    assert content.started is not None
    assert content.finished is not None
    yield Entry(content)
    yield Entry(
        replace(of_quantities(content, 0, 5000), counter=counter_of(81), started=content.finished),
        case="scrap only",
    )
    yield Entry(
        replace(
            of_quantities(content, content.good, 0),
            operation=f"{int(content.operation) + 5:04d}",
            confirmation=confirmation_number(scene.plant, _FIRST_MILESTONE),
            counter=counter_of(1),
            started=None,
            is_final=False,
        ),
        case="milestone, confirmed by the ERP system",
    )
    last = replace(
        of_quantities(content, 9000, 2000),
        operation="0090",
        confirmation=confirmation_number(scene.plant, _FIRST_MILESTONE + 3),
        counter=counter_of(1),
        is_reversed=True,
    )
    yield Entry(last, case="only confirmation of an operation, reversed")
    yield Entry(
        replace(last, counter=counter_of(2), is_reversed=False, cancelled_counter=last.counter),
        case="cancelling row, only confirmation of an operation",
    )
    yield Entry(
        replace(
            of_quantities(content, 7000, 0),
            counter=counter_of(82),
            started=None,
            finished=None,
            entered=content.started + 1000,
        ),
        case="without execution: the entry decides",
    )
    yield Entry(
        replace(
            of_quantities(content, 3000, 1000),
            counter=counter_of(83),
            started=None,
            finished=None,
            entered=None,
            posted=scene.first,
        ),
        case="without execution and entry: the posting date decides",
    )
    yield Entry(
        replace(of_quantities(content, 0, 0), counter=counter_of(84), started=content.finished),
        case="no quantity at all",
    )
    started = _unscheduled_instant(scene, "ASM01")
    yield Entry(
        replace(
            of_quantities(content, 25_000, 2000, 1000),
            work_center="ASM01",
            confirmation=confirmation_number(scene.plant, _FIRST_MILESTONE + 1),
            counter=counter_of(1),
            started=started,
            finished=started + 40 * MINUTE,
            entered=started + 45 * MINUTE,
        ),
        case="outside the calendar",
    )


def _in_cartons(scene: Scene, entries: Sequence[Entry[Confirmation]]) -> Entries:
    """A confirmation in cartons of an order that otherwise counts pieces."""
    orders = [entry.content for entry in entries if entry.content.order_unit != entry.content.unit]
    for content in orders[:1]:
        yield Entry(
            replace(
                content,
                confirmation=confirmation_number(scene.plant, _FIRST_MILESTONE + 2),
                counter=counter_of(1),
                unit=content.order_unit,
                good=6000,
                scrap=1000,
                rework=0,
                order_unit_good=6000,
                order_unit_scrap=1000,
                scrap_reason="0003",
                is_final=False,
            ),
            case="confirmed in cartons",
        )


def _unscheduled_instant(scene: Scene, work_center: str) -> int:
    """An instant from which on nothing is scheduled at the work center for an hour."""
    instant = scene.bounds[0]
    while any(window.start < instant + HOUR and window.end > instant for window in scene.windows_at(work_center)):
        instant += HOUR
    return instant


def _dirty(scene: Scene, content: Confirmation) -> Entries:
    """Rows that must be rejected; each has a counter of its own, so that nothing else depends on them."""
    assert content.started is not None
    assert content.finished is not None
    started, finished = (wall_time(instant, scene.plant.zone).date() for instant in (content.started, content.finished))
    faults: tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...] = (
        ("quantity is a word", (("good_qty", "zwölf"),)),
        ("quantity is an error cell", (("scrap_qty", NOT_AVAILABLE),)),
        ("quantity with more than three decimals", (("good_qty", 3.14159),)),
        ("negative quantity without reversal", (("good_qty", -5),)),
        ("work center missing", (("work_center", None),)),
        ("plant unknown to the site", (("plant", "9999"),)),
        ("end is no date of the calendar", (("finish_date", "31.02.2026"),)),
        ("end days before the start", (("finish_date", started - timedelta(days=3)),)),
        ("year mistyped, far ahead", (("start_date", _in_2062(started)), ("finish_date", _in_2062(finished)))),
        ("year mistyped, long ago", (("start_date", date(1926, 3, 1)), ("finish_date", date(1926, 3, 1)))),
    )
    yield Entry(content)
    for number, (case, cells) in enumerate(faults, start=61):
        yield Entry(replace(content, counter=counter_of(number)), case=case, faults=cells)


def _in_2062(day: date) -> date:
    return date(2062, day.month, min(day.day, 28))
