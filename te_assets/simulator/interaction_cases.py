"""Adds to an operator log what people do to it: overlaps, corrections, late and doubled lines, dirty cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from te_assets.simulator.calendar import instant_of
from te_assets.simulator.clock_cases import clock_cases, second_passes
from te_assets.simulator.exports import Period
from te_assets.simulator.journal import tellable
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import NOT_AVAILABLE, Cell, Entry, Stop
from te_assets.simulator.world import UNKNOWN_REASON
from te_assets.simulator.writer import Writer

MINUTE = 60_000
HOUR = 60 * MINUTE
_SHORT_LIMIT = 5 * MINUTE
_PLANNED_OR_SETUP = ("410", "420", "510", "520")


def with_interaction_cases(scene: Scene, log: Sequence[Entry[Stop]], exports: Sequence[Period]) -> list[Entry[Stop]]:
    """The log with all cases, in order of start.

    Args:
        scene: Plant and period.
        log: Everyday lines, in order of start.
        exports: Periods of the first week's exports, the older one first; corrections come after it.
    """
    writer = Writer(scene, len(log))
    corrected_at = exports[0].ends + HOUR if len(exports) > 1 else None
    lines = [
        *_corrected(log, exports[0], corrected_at),
        *_overlaps(writer, log),
        *_at_boundaries(writer),
        *_nested(writer),
        *_lengths(writer),
        *_outside(writer),
        *_entered_otherwise(writer, corrected_at),
        *_dirty(writer),
        *_open(writer, exports[0], corrected_at),
        *clock_cases(writer),
    ]
    told = [*(tellable(scene, line) for line in lines), *second_passes(writer)]
    return sorted(told, key=lambda line: (line.content.started, line.content.interaction_id))


def _corrected(log: Sequence[Entry[Stop]], first_export: Period, corrected_at: int | None) -> Iterator[Entry[Stop]]:
    """Three everyday lines that the first export shows otherwise or not at all, and two that stand there twice."""
    for number, entry in enumerate(log):
        stop = entry.content
        is_complete = stop.ended is not None and stop.ended + 24 * HOUR < first_export.ends
        if number in (14, 27):
            yield replace(entry, case="line with an exact duplicate", copies=1)
        elif corrected_at is None or not is_complete or number not in (11, 18, 23):
            yield entry
        elif number == 11:
            yield replace(
                entry,
                case="reason corrected later",
                earlier=replace(stop, reason_code="110" if stop.reason_code != "110" else "310"),
                changed_at=corrected_at,
            )
        elif number == 18:
            a_day_late = replace(stop, started=stop.started + 24 * HOUR, ended=(stop.ended or 0) + 24 * HOUR)
            yield replace(entry, case="start corrected to another day", earlier=a_day_late, changed_at=corrected_at)
        else:
            yield replace(entry, case="entered after the first export", known_from=corrected_at)


def _overlaps(writer: Writer, log: Sequence[Entry[Stop]]) -> Iterator[Entry[Stop]]:
    """A second operator logs about every twentieth longer stop again, with other times and sometimes another reason."""
    unplanned = [
        entry.content
        for entry in log
        if entry.content.reason_code not in _PLANNED_OR_SETUP
        and entry.content.ended is not None
        and entry.content.ended - entry.content.started >= _SHORT_LIMIT
    ]
    for number, stop in enumerate(unplanned[3::20]):
        reason = ("220", stop.reason_code, UNKNOWN_REASON)[number % 3]
        yield writer.line(
            stop.work_center,
            min(stop.started + 40_000, writer.scene.bounds[1] - 1),
            (stop.ended or 0) + 90_000,
            reason,
            "logged by two operators",
        )
    window = writer.windows("MIL02")[:1]
    for start in (each.start + 2 * HOUR for each in window):
        for length, reason, case in (
            (12 * MINUTE, "110", "two stops of one class from the same instant"),
            (17 * MINUTE, "120", "two stops of one class from the same instant"),
            (30 * MINUTE, "210", "stop of a lower class below others"),
        ):
            yield writer.line("MIL02", start, start + length, reason, case)


def _at_boundaries(writer: Writer) -> Iterator[Entry[Stop]]:
    change = writer.shift_change("MIL01")
    if change is not None:
        yield writer.line("MIL01", change - 20 * MINUTE, change + 25 * MINUTE, "120", "over the shift change")
        yield writer.line("MIL01", change, change, "110", "zero length on the shift change")
    change = writer.shift_change("PRS02")
    if change is not None:
        yield writer.line("PRS02", change, change + 15 * MINUTE, "130", "starts on the shift change")
        yield writer.line("PRS02", change - 15 * MINUTE, change, "310", "ends on the shift change")
    scene = writer.scene
    midnight = instant_of(scene.first + timedelta(days=1), "00:00", scene.plant.zone)
    yield writer.line("PRS01", midnight - 15 * MINUTE, midnight + 20 * MINUTE, "110", "over midnight")
    for window in writer.windows("PRS01")[:1]:
        for begin, end in window.breaks[:1]:
            yield writer.line("PRS01", begin - 10 * MINUTE, begin + 5 * MINUTE, "120", "into a break")
            yield writer.line("PRS01", begin + 8 * MINUTE, end - 7 * MINUTE, "110", "inside a break")
            yield writer.line("PRS01", begin + 3 * MINUTE, end + 9 * MINUTE, "410", "planned stop over a break's end")


def _open(writer: Writer, first_export: Period, corrected_at: int | None) -> Iterator[Entry[Stop]]:
    end = writer.scene.bounds[1]
    yield writer.line("PCK01", end - 35 * MINUTE, None, "120", "open at the end of the period")
    if corrected_at is not None:
        begin = first_export.ends - 25 * MINUTE
        yield writer.line("PCK01", begin, begin + HOUR, "310", "open in the first export, ended in the next")


def _nested(writer: Writer) -> Iterator[Entry[Stop]]:
    for window in writer.windows("PRS02")[:1]:
        start = window.start
        yield writer.line("PRS02", start + HOUR, start + 2 * HOUR, "120", "unplanned around a planned stop")
        yield writer.line("PRS02", start + 80 * MINUTE, start + 100 * MINUTE, "410", "planned inside an unplanned stop")
        yield writer.line("PRS02", start + 150 * MINUTE, start + 180 * MINUTE, "510", "set-up beside an unplanned stop")
        yield writer.line("PRS02", start + 165 * MINUTE, start + 195 * MINUTE, "130", "unplanned beside a set-up")


def _lengths(writer: Writer) -> Iterator[Entry[Stop]]:
    for window in writer.windows("MIL02")[:1]:
        start = window.start + 3 * HOUR
        yield writer.line("MIL02", start, start, "110", "zero length")
        yield writer.line("MIL02", start + 10 * MINUTE, start + 15 * MINUTE, "120", "exactly the limit of short stops")
        yield writer.line("MIL02", start + 20 * MINUTE, start + 25 * MINUTE - 1, "120", "a millisecond below the limit")
        yield writer.line("MIL02", start + 40 * MINUTE, start + 52 * MINUTE, UNKNOWN_REASON, "reason unknown to site")
        yield writer.line("MIL02", start + 60 * MINUTE + 1, start + 68 * MINUTE + 999, "130", "milliseconds")


def _outside(writer: Writer) -> Iterator[Entry[Stop]]:
    """Stops outside the calendar: one that touches no window, one from a window over the time off into the next."""
    windows = writer.windows("ASM01")
    gaps = [(a, b) for a, b in pairwise(windows) if b.start - a.end >= 3 * HOUR]
    if gaps:
        earlier, later = gaps[0]
        start = earlier.end + HOUR
        yield writer.line("ASM01", start, start + HOUR, "110", "outside the calendar: no effect")
        earlier, later = max(gaps, key=lambda gap: gap[1].start - gap[0].end)
        start, end = earlier.end - 30 * MINUTE, later.start + 30 * MINUTE
        yield writer.line("ASM01", start, end, "120", "over unscheduled time")


def _entered_otherwise(writer: Writer, corrected_at: int | None) -> Iterator[Entry[Stop]]:
    for window in writer.windows("MIL01")[:1]:
        start = window.start + 50 * MINUTE
        line = writer.line("MIL01", start, start + 16 * MINUTE, "310", "date-times as text")
        texts = (("started_at", start), ("ended_at", start + 16 * MINUTE))
        written: tuple[tuple[str, Cell], ...] = tuple(
            (field, writer.wall(instant).strftime("%d.%m.%Y %H:%M")) for field, instant in texts
        )
        yield replace(line, written=written)
        repaired = writer.line("MIL01", start + 30 * MINUTE, start + 44 * MINUTE, "220", "repaired in the next export")
        if corrected_at is not None:
            yield replace(repaired, faults=(("work_center", None),), repaired_at=corrected_at)


def _dirty(writer: Writer) -> Iterator[Entry[Stop]]:
    """Lines that must be rejected; each has an id of its own, so that nothing else depends on them."""
    start = writer.scene.bounds[0] + 90 * MINUTE
    end = start + 11 * MINUTE
    ancient, later = writer.wall(start).replace(year=1926), writer.wall(end).replace(year=1926)
    # Far enough ahead that no reader takes it for a late file.
    ahead, after = writer.wall(start).replace(year=2062), writer.wall(end).replace(year=2062)
    faults: tuple[tuple[str, tuple[tuple[str, Cell], ...]], ...] = (
        ("work center missing", (("work_center", None),)),
        ("start missing", (("started_at", None),)),
        ("id missing", (("interaction_id", None),)),
        ("start is a word", (("started_at", "gestern früh"),)),
        ("start is no date of the calendar", (("started_at", "31.02.2026 06:15"),)),
        ("end before start", (("ended_at", writer.wall(start - 72 * HOUR)),)),
        ("start is an error cell", (("started_at", NOT_AVAILABLE),)),
        ("plant unknown to the site", (("plant", "9999"),)),
        ("year mistyped, long ago", (("started_at", ancient), ("ended_at", later))),
        ("year mistyped, far ahead", (("started_at", ahead), ("ended_at", after))),
    )
    for case, cells in faults:
        line = writer.line("PRS02", start, end, "110", case)
        # No stated duration: it would be right only for the times that the line lost.
        yield replace(line, faults=(*cells, ("duration", None)))
