"""Expand calendars into instants: production days, shift windows and breaks in UTC. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from te_assets.site.consistency import MINUTES_PER_DAY, span_in_day
from te_assets.site.model import Calendar, Plant

ALWAYS = "always"
"""Name of the one shift of a calendar that is always worked."""


@dataclass(frozen=True)
class ProductionDay:
    """A plant's production day, `[starts_at, ends_at)` in UTC; it has 23 or 25 hours where clocks change."""

    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class ShiftSpan:
    """A shift window or one of its breaks, `[starts_at, ends_at)` in UTC."""

    day: date
    shift: str
    starts_at: datetime
    ends_at: datetime


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both inclusive."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def wall_to_utc(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which the clock on the wall shows `minute` minutes after midnight of `day`.

    Args:
        day: Local calendar day.
        minute: Minutes of wall time since its midnight; 1440 and more lie on the following days.
        zone: Time zone of the clock.

    Returns:
        The instant in UTC. Where clocks go back, the first of the two; a time that is skipped moves forward by the
        hour that is missing.
    """
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def production_days(plant: Plant, first: date, last: date) -> Iterator[ProductionDay]:
    """Production days of a plant from `first` to `last`, both inclusive."""
    zone = ZoneInfo(plant.time_zone)
    starts_at = wall_to_utc(first, plant.day_start_minute, zone)
    for day in days_between(first, last):
        ends_at = wall_to_utc(day + timedelta(days=1), plant.day_start_minute, zone)
        yield ProductionDay(day, starts_at, ends_at)
        starts_at = ends_at


def production_day_at(plant: Plant, instant: datetime) -> date:
    """The production day of a plant in which an instant (aware) lies."""
    near = instant.astimezone(ZoneInfo(plant.time_zone)).date()
    days = production_days(plant, near - timedelta(days=1), near + timedelta(days=1))
    return next(whole.day for whole in days if whole.starts_at <= instant < whole.ends_at)


def shift_windows(plant: Plant, calendar: Calendar, first: date, last: date) -> Iterator[ShiftSpan]:
    """Scheduled shift windows in order of time; they never overlap, and holidays have none."""
    if calendar.always:
        for whole in production_days(plant, first, last):
            yield ShiftSpan(whole.day, ALWAYS, whole.starts_at, whole.ends_at)
        return
    zone = ZoneInfo(plant.time_zone)
    for day in days_between(first, last):
        shifts = _shifts(plant, calendar, day)
        for index, (start, end, name) in enumerate(shifts):
            # Where clocks go forward, wall times of the skipped hour are later instants than the wall times after it: a
            # shift that ends there gives way to those that follow.
            later = [following for following, _, _ in shifts[index + 1 :]]
            begins = max(_instant(plant, day, start, zone), _instant(plant, day, 0, zone))
            ends = min(_instant(plant, day, limit, zone) for limit in (end, *later, MINUTES_PER_DAY))
            if begins < ends:
                yield ShiftSpan(day, name, begins, ends)


def breaks(plant: Plant, calendar: Calendar, first: date, last: date) -> Iterator[ShiftSpan]:
    """Scheduled breaks in order of time, each within the window of its shift."""
    zone = ZoneInfo(plant.time_zone)
    for window in shift_windows(plant, calendar, first, last):
        period = calendar.period_of(window.day)
        for pause in period.shifts[window.shift].breaks if period is not None else ():
            start, end = span_in_day(pause.starts, pause.ends, plant.day_start_minute)
            begins = max(_instant(plant, window.day, start, zone), window.starts_at)
            ends = min(_instant(plant, window.day, end, zone), window.ends_at)
            if begins < ends:
                yield ShiftSpan(window.day, window.shift, begins, ends)


def _shifts(plant: Plant, calendar: Calendar, day: date) -> list[tuple[int, int, str]]:
    """Start, end and name of the day's shifts in minutes of wall time from the start of the production day."""
    period = calendar.period_of(day)
    if period is None:
        return []
    named = ((period.shifts[name], name) for name in calendar.shifts_of(day))
    return sorted((*span_in_day(shift.starts, shift.ends, plant.day_start_minute), name) for shift, name in named)


def _instant(plant: Plant, day: date, offset: int, zone: ZoneInfo) -> datetime:
    return wall_to_utc(day, plant.day_start_minute + offset, zone)
