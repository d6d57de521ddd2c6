"""Shift calendars of the simulated plant: when a work center is scheduled, in UTC milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ALWAYS = "always"

Interval = tuple[int, int]
"""Half-open, milliseconds since 1970-01-01 UTC."""


@dataclass(frozen=True)
class Break:
    """A paid pause inside a shift, plant-local wall time `HH:MM`."""

    starts: str
    ends: str


@dataclass(frozen=True)
class Shift:
    """A shift of the weekly pattern, plant-local wall time `HH:MM`; it may end after midnight."""

    name: str
    starts: str
    ends: str
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """A weekly pattern that holds from `valid_from` on; `week` lists the shift names of Monday to Sunday."""

    valid_from: date
    shifts: tuple[Shift, ...]
    week: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Calendar:
    """Patterns by date, with days off and single days that differ. `always` means around the clock."""

    name: str
    patterns: tuple[Pattern, ...] = ()
    holidays: tuple[date, ...] = ()
    exceptions: tuple[tuple[date, tuple[str, ...]], ...] = ()
    always: bool = False


@dataclass(frozen=True)
class Window:
    """One scheduled shift of a work center, half-open, milliseconds since 1970 UTC."""

    production_day: date
    shift: str
    start: int
    end: int
    breaks: tuple[Interval, ...] = ()


def milliseconds(instant: datetime) -> int:
    """Milliseconds since 1970-01-01 UTC of an aware instant."""
    since_1970 = instant.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since_1970.days * 86_400 + since_1970.seconds) * 1000 + since_1970.microseconds // 1000


def wall_time(instant: int, zone: str) -> datetime:
    """Naive plant-local wall time of an instant in milliseconds UTC."""
    utc = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
    return utc.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def instant_of(day: date, hour_minute: str, zone: str) -> int:
    """Milliseconds UTC of a wall time `HH:MM` on a local day; a repeated hour means its first pass."""
    return milliseconds(datetime.combine(day, time.fromisoformat(hour_minute), tzinfo=ZoneInfo(zone)))


def without_second_pass(instant: int, zone: str) -> int:
    """Move an instant out of the hour that a clock shows for the second time in autumn, to the end of that hour.

    A workbook holds wall times, so an instant of the second pass cannot be told from the first one.
    """
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)).astimezone(ZoneInfo(zone))
    if local.fold == 0:
        return instant
    first_pass = local.replace(fold=0).utcoffset()
    second_pass = local.utcoffset()
    assert first_pass is not None
    assert second_pass is not None
    repeated = int((first_pass - second_pass).total_seconds() * 1000)
    hour_began = instant - instant % repeated
    return hour_began + repeated


def day_bounds(day: date, day_starts: str, zone: str) -> Interval:
    """Begin and end of a production day, milliseconds UTC; 23 or 25 hours where the clock changes."""
    return instant_of(day, day_starts, zone), instant_of(day + timedelta(days=1), day_starts, zone)


def production_day_of(instant: int, day_starts: str, zone: str) -> date:
    """Production day that holds an instant, named by the local date of its start."""
    local = wall_time(instant, zone)
    return local.date() if local.time() >= time.fromisoformat(day_starts) else local.date() - timedelta(days=1)


def windows_of(calendar: Calendar, first: date, last: date, day_starts: str, zone: str) -> Iterator[Window]:
    """Yield the scheduled windows of the production days `first` to `last`, both inclusive, in order of time."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if calendar.always:
            start, end = day_bounds(day, day_starts, zone)
            yield Window(day, ALWAYS, start, end)
            continue
        for shift in sorted(_shifts_on(calendar, day), key=lambda shift: (shift.starts < day_starts, shift.starts)):
            start, end = _interval(day, shift.starts, shift.ends, day_starts, zone)
            breaks = tuple(_interval(day, pause.starts, pause.ends, day_starts, zone) for pause in shift.breaks)
            yield Window(day, shift.name, start, end, breaks)


def _shifts_on(calendar: Calendar, day: date) -> list[Shift]:
    in_force = [pattern for pattern in calendar.patterns if pattern.valid_from <= day]
    if not in_force:
        return []
    pattern = max(in_force, key=lambda pattern: pattern.valid_from)
    names: tuple[str, ...] = () if day in calendar.holidays else pattern.week[day.weekday()]
    for exceptional_day, shifts in calendar.exceptions:
        if exceptional_day == day:
            names = shifts
    return [shift for shift in pattern.shifts if shift.name in names]


def _interval(day: date, starts: str, ends: str, day_starts: str, zone: str) -> Interval:
    """Wall times of a production day: what is earlier than its start stands on the next calendar day."""
    start_day = day if starts >= day_starts else day + timedelta(days=1)
    end_day = start_day if ends > starts else start_day + timedelta(days=1)
    return instant_of(start_day, starts, zone), instant_of(end_day, ends, zone)
