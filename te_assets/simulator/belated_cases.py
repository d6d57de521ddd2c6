"""What comes weeks later or not at all: reversals of another month, an old week again, a machine without lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from te_assets.simulator.calendar import instant_of, production_day_of
from te_assets.simulator.confirmation_cases import of_quantities
from te_assets.simulator.exports import Period, day_of
from te_assets.simulator.journal import counter_of
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation, Entry, Stop

HOUR = 3_600_000
SILENT = "PRS02"
"""The machine that delivers nothing for two days."""


def log_without(scene: Scene, log: Sequence[Entry[Stop]], silent: Sequence[date]) -> list[Entry[Stop]]:
    """The log without the lines of the silent machine that start on the days."""
    return [entry for entry in log if entry.content.work_center != SILENT or _day(scene, entry.content) not in silent]


def confirmations_without(
    scene: Scene, entries: Sequence[Entry[Confirmation]], silent: Sequence[date]
) -> list[Entry[Confirmation]]:
    """The confirmations without those of the silent machine on the days."""
    return [
        entry for entry in entries if entry.content.work_center != SILENT or day_of(scene, entry.content) not in silent
    ]


def with_belated_reversal(scene: Scene, entries: Sequence[Entry[Confirmation]]) -> list[Entry[Confirmation]]:
    """Confirmations of the first week of which one is reversed in the next month, by a row that is entered then."""
    later = [day for day in scene.days if day.month != scene.first.month]
    chosen = _everyday(scene, entries, scene.first + timedelta(days=4))
    if len(later) < 3 or not chosen:
        return list(entries)
    original = chosen[0].content
    entered = instant_of(later[1], "10:00", scene.plant.zone)
    cancelling = replace(
        original,
        counter=counter_of(93),
        cancelled_counter=original.counter,
        started=None,
        finished=None,
        entered=entered,
        posted=later[1],
        is_final=False,
    )
    case = "reversed in a later month"
    return [
        *(replace(entry, case=f"original, {case}") if entry is chosen[0] else entry for entry in entries),
        Entry(cancelling, case=f"cancelling row, {case}", known_from=entered),
    ]


def corrected_belatedly(
    scene: Scene, entries: Sequence[Entry[Confirmation]], again: Period
) -> list[Entry[Confirmation]]:
    """Confirmations of a week of which only the export of long after shows how they should have been."""
    changed_at = again.known_at - HOUR
    quantity, day = _everyday(scene, entries, again.last - timedelta(days=2))[:2]
    content = day.content
    assert content.started is not None
    assert content.finished is not None
    two_days_late = replace(content, started=content.started + 48 * HOUR, finished=content.finished + 48 * HOUR)
    replaced = {
        quantity.content.key: replace(
            quantity,
            case="scrap corrected weeks later",
            earlier=of_quantities(
                quantity.content, quantity.content.good + 3000, quantity.content.scrap + 2000, quantity.content.rework
            ),
            changed_at=changed_at,
        ),
        content.key: replace(
            day, case="moved to another day weeks later", earlier=two_days_late, changed_at=changed_at
        ),
    }
    return [replaced.get(entry.content.key, entry) for entry in entries]


def stops_corrected_belatedly(log: Sequence[Entry[Stop]], again: Period) -> list[Entry[Stop]]:
    """Lines of a week of which only the export of long after shows how they should have been."""
    changed_at = again.known_at - HOUR
    until = again.ends - 72 * HOUR
    plain = [
        entry
        for entry in log
        if entry == Entry(entry.content) and entry.content.ended is not None and entry.content.ended < until
    ]
    reason, day = plain[len(plain) // 2 :][:2]
    stop = day.content
    replaced = {
        reason.content.key: replace(
            reason,
            case="reason corrected weeks later",
            earlier=replace(reason.content, reason_code="110" if reason.content.reason_code != "110" else "310"),
            changed_at=changed_at,
        ),
        stop.key: replace(
            day,
            case="start moved to another day weeks later",
            earlier=replace(stop, started=stop.started + 48 * HOUR, ended=(stop.ended or 0) + 48 * HOUR),
            changed_at=changed_at,
        ),
    }
    return [replaced.get(entry.content.key, entry) for entry in log]


def _everyday(scene: Scene, entries: Sequence[Entry[Confirmation]], last: date) -> list[Entry[Confirmation]]:
    """Ordinary confirmations in pieces up to a production day, from the middle on."""
    found = [
        entry
        for entry in entries
        if entry == Entry(entry.content)
        and entry.content.unit == "ST"
        and entry.content.is_valid
        and entry.content.started is not None
        and day_of(scene, entry.content) <= last
    ]
    return found[len(found) // 2 :]


def _day(scene: Scene, stop: Stop) -> date:
    return production_day_of(stop.started, scene.plant.day_starts, scene.plant.zone)
