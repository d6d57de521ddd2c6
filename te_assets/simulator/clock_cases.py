"""Lines of an operator log that put clocks to the test: clock changes, midnight and what people write for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from te_assets.simulator.calendar import instant_of, wall_time
from te_assets.simulator.records import Entry, Stop
from te_assets.simulator.writer import Writer

MINUTE = 60_000
HOUR = 60 * MINUTE
_LONG = 61 * HOUR


def clock_cases(writer: Writer) -> Iterator[Entry[Stop]]:
    """Lines whose stamps mean one instant each, whatever the clock does."""
    yield from _over_clock_changes(writer)
    yield from _around_midnight(writer)
    scene = writer.scene
    start = scene.bounds[0] + 30 * HOUR
    if start + _LONG < scene.bounds[1]:
        yield writer.line("PRS02", start, start + _LONG, "120", "longer than 60 hours")


def second_passes(writer: Writer) -> Iterator[Entry[Stop]]:
    """A stop that ends when the clock shows its hour for the second time, before its start as people read it."""
    for change, back in clock_changes(writer):
        if back > 0:
            # The repeated hour is shown from `change - back` on, and from `change` on again.
            yield writer.line("MIL01", change - 20 * MINUTE, change + 10 * MINUTE, "130", "ends in the second pass")


def clock_changes(writer: Writer) -> list[tuple[int, int]]:
    """Instants of the period at which the clock is changed, and by how much it is set back, milliseconds."""
    scene = writer.scene
    zone = ZoneInfo(scene.plant.zone)
    hours = range(scene.bounds[0], scene.bounds[1], HOUR)
    ahead = [datetime.fromtimestamp(hour / 1000, UTC).astimezone(zone).utcoffset() for hour in hours]
    return [
        (hour, int((before - after).total_seconds() * 1000))
        for hour, before, after in zip(hours[1:], ahead, ahead[1:], strict=False)
        if before is not None and after is not None and before != after
    ]


def _over_clock_changes(writer: Writer) -> Iterator[Entry[Stop]]:
    for change, _ in clock_changes(writer):
        yield writer.line("MIL01", change - 90 * MINUTE, change + 80 * MINUTE, "110", "over the clock change")
        yield writer.line("PCK01", change - 4 * HOUR, change, "310", "ends at the clock change")
        yield writer.line("PCK01", change, change + 25 * MINUTE, "120", "starts at the clock change")


def _around_midnight(writer: Writer) -> Iterator[Entry[Stop]]:
    """Midnight as people write it: 23:59 where the stated duration tells better, 24:00, no date for the next day."""
    scene, zone = writer.scene, writer.scene.plant.zone
    evenings = [day for day in scene.days if day != scene.last]
    for number, day in enumerate(evenings):
        midnight = instant_of(day + timedelta(days=1), "00:00", zone)
        if _is_odd(midnight, zone):
            continue
        if number % 7 == 1:
            until = writer.line("MIL02", midnight - 25 * MINUTE, midnight, "130", "23:59 means midnight")
            yield replace(until, written=(("ended_at", wall_time(midnight - MINUTE, zone)),))
            since = writer.line("MIL02", midnight, midnight + 15 * MINUTE, "210", "from 23:59 means from midnight")
            yield replace(since, written=(("started_at", wall_time(midnight - MINUTE, zone)),))
            yield writer.line("PRS01", midnight - 9 * MINUTE, midnight - MINUTE, "310", "23:59 means 23:59")
        elif number % 7 == 2:
            late = writer.line("MIL02", midnight - 45 * MINUTE, midnight + 20 * MINUTE, "110", "ends at 24:20")
            yield replace(late, written=(("ended_at", _text(day, "24:20")),))
            full = writer.line("PRS01", midnight - 12 * MINUTE, midnight, "120", "ends at 24:00")
            yield replace(full, written=(("ended_at", _text(day, "24:00")),))
        elif number % 7 == 3:
            # Only layouts with dates and times apart can leave a date out.
            yield replace(
                writer.line("MIL02", midnight - 33 * MINUTE, midnight + 12 * MINUTE, "130", "ends without a date"),
                written=(("end_date", None),),
            )


def _is_odd(midnight: int, zone: str) -> bool:
    """Whether the clock is changed close to a midnight."""
    return (wall_time(midnight + 6 * HOUR, zone) - wall_time(midnight - 6 * HOUR, zone)) != timedelta(hours=12)


def _text(day: date, hour_minute: str) -> str:
    return f"{day:%d.%m.%Y} {hour_minute}"
