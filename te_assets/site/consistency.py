"""Checks across the parts of a site profile: what one part names must exist in another, and times must fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from te_assets.site.faults import Fault
from te_assets.site.units import unit_faults

if TYPE_CHECKING:
    from te_assets.site.model import Calendar, CalendarPeriod, Plant, Shift, Site, Target

MINUTES_PER_DAY = 24 * 60
BREAK_REASON = "(break)"
"""Reason of scheduled breaks in te_marts.downtime_reasons; no code of a log may be called so."""
_EARLIEST = date(2000, 1, 1)
_LONGEST_WAIT = timedelta(days=366)


class Inconsistent(ValueError):
    """Parts of the profile contradict each other."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{'.'.join(map(str, fault.path))}: {fault.message}" for fault in faults))
        self.faults = faults


def ensure(site: Site) -> None:
    """Check a whole profile.

    Raises:
        Inconsistent: with every fault found.
    """
    faults = tuple(_site_faults(site))
    if faults:
        raise Inconsistent(faults)


def offset_in_day(time: str, day_start_minute: int) -> int:
    """Minutes of wall time from the start of the production day to a time of day, 0 … 1439."""
    hours, minutes = time.split(":")
    return (int(hours) * 60 + int(minutes) - day_start_minute) % MINUTES_PER_DAY


def span_in_day(starts: str, ends: str, day_start_minute: int) -> tuple[int, int]:
    """A span as minutes of wall time from the start of the production day; one that ends with the day ends at 1440."""
    return offset_in_day(starts, day_start_minute), offset_in_day(ends, day_start_minute) or MINUTES_PER_DAY


def _site_faults(site: Site) -> Iterator[Fault]:
    yield from _since_faults(site.since)
    yield from _repeated(("plants",), (plant.id for plant in site.plants))
    for name, calendar in site.calendars.items():
        yield from _calendar_faults(("calendars", name), calendar)
    for index, plant in enumerate(site.plants):
        yield from _plant_faults(("plants", index), plant, site)
    yield from _shift_time_faults(site)
    if BREAK_REASON in site.reasons:
        yield Fault(("reasons", BREAK_REASON), "is what scheduled breaks are called in the figures; remove it")
    yield from unit_faults(site.units, site.material_units)
    yield from _target_faults(site)


def _since_faults(since: date) -> Iterator[Fault]:
    """A mistyped year: every row would be rejected, or calendars be expanded over a century."""
    if since < _EARLIEST:
        yield Fault(("since",), f"{since} is too early; write the first production day to count, from {_EARLIEST} on")
    elif since > datetime.now(UTC).date() + _LONGEST_WAIT:
        yield Fault(("since",), f"{since} is more than a year ahead and every row would be rejected; mend the year")


def _repeated(path: tuple[str | int, ...], names: Iterable[str]) -> Iterator[Fault]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Fault(path, f"{name!r} stands here {times} times; each may stand once")


def _calendar_faults(path: tuple[str | int, ...], calendar: Calendar) -> Iterator[Fault]:
    if calendar.always and (calendar.periods or calendar.holidays or calendar.exceptions):
        yield Fault(path, "always means every hour of every day; remove periods, holidays and exceptions, or always")
    if not calendar.always and not calendar.periods:
        yield Fault(path, "the calendar has neither periods nor always; add one of them")
    yield from _repeated((*path, "periods"), (period.valid_from.isoformat() for period in calendar.periods))
    yield from _repeated((*path, "holidays"), (day.isoformat() for day in calendar.holidays))
    for index, period in enumerate(calendar.periods):
        for weekday, names in period.week:
            yield from _shift_name_faults((*path, "periods", index, "week", weekday), names, period)
    for day, names in calendar.exceptions.items():
        place = (*path, "exceptions", day.isoformat())
        valid = calendar.period_of(day)
        if valid is None:
            yield Fault(place, f"no period is valid on {day}; the first begins later")
        else:
            yield from _shift_name_faults(place, names, valid)


def _shift_name_faults(path: tuple[str | int, ...], names: tuple[str, ...], period: CalendarPeriod) -> Iterator[Fault]:
    yield from _repeated(path, names)
    for name in names:
        if name not in period.shifts:
            yield Fault(path, f"no shift {name!r} in the period; it has {', '.join(period.shifts)}")


def _plant_faults(path: tuple[str | int, ...], plant: Plant, site: Site) -> Iterator[Fault]:
    yield from _repeated((*path, "lines"), (line.id for line in plant.lines))
    yield from _repeated(
        (*path, "work_centers"), (name for work_center in plant.work_centers for name in work_center.names)
    )
    lines = {line.id for line in plant.lines}
    for index, work_center in enumerate(plant.work_centers):
        place = (*path, "work_centers", index)
        if work_center.line is not None and work_center.line not in lines:
            yield Fault((*place, "line"), f"plant {plant.id!r} has no line {work_center.line!r}; add it to its lines")
        if work_center.calendar is not None and work_center.calendar not in site.calendars:
            known = ", ".join(site.calendars) or "none"
            yield Fault((*place, "calendar"), f"no calendar {work_center.calendar!r}; calendars: {known}")


def _target_faults(site: Site) -> Iterator[Fault]:
    plants = {plant.id: plant for plant in site.plants}
    seen: set[tuple[str, str | None, str | None, date | None]] = set()
    for index, target in enumerate(site.targets):
        place = ("targets", index)
        if target.plant not in plants:
            yield Fault((*place, "plant"), f"no plant {target.plant!r}; plants: {', '.join(plants)}")
        else:
            yield from _target_place_faults(place, target, plants[target.plant])
        if target.line is not None and target.work_center is not None:
            yield Fault(place, "is of a line and of a work center; name one of them")
        if target.availability is None and target.scrap_rate is None:
            yield Fault(place, "sets nothing; add availability or scrap_rate, in per cent")
        if target.availability is not None and 0 < target.availability <= 1:
            message = f"{target.availability} looks like a ratio; write per cent: {100 * target.availability:f}"
            yield Fault((*place, "availability"), message)
        key = (target.plant, target.line, target.work_center, target.valid_from)
        if key in seen:
            yield Fault(place, "the same place has another target from the same day on; remove one, or set valid_from")
        seen.add(key)


def _target_place_faults(path: tuple[str | int, ...], target: Target, plant: Plant) -> Iterator[Fault]:
    lines = [line.id for line in plant.lines]
    machines = [work_center.id for work_center in plant.work_centers]
    if target.line is not None and target.line not in lines:
        yield Fault(
            (*path, "line"), f"plant {plant.id!r} has no line {target.line!r}; it has {', '.join(lines) or 'none'}"
        )
    if target.work_center is not None and target.work_center not in machines:
        message = f"plant {plant.id!r} has no work center {target.work_center!r}; it has {', '.join(machines)}"
        yield Fault((*path, "work_center"), message)


def _shift_time_faults(site: Site) -> Iterator[Fault]:
    """Shift times against the production day of every plant that uses the calendar."""
    seen: set[Fault] = set()
    for plant in site.plants:
        for name in dict.fromkeys(work_center.calendar for work_center in plant.work_centers):
            if name is None or name not in site.calendars:
                continue
            for fault in _times_of_calendar(("calendars", name), site.calendars[name], plant):
                if fault not in seen:
                    seen.add(fault)
                    yield fault


def _times_of_calendar(path: tuple[str | int, ...], calendar: Calendar, plant: Plant) -> Iterator[Fault]:
    for index, period in enumerate(calendar.periods):
        for name, shift in period.shifts.items():
            yield from _times_of_shift((*path, "periods", index, "shifts", name), shift, plant)
        worked = {names for _, names in period.week} | {
            names for day, names in calendar.exceptions.items() if calendar.period_of(day) is period
        }
        for names in sorted(worked):
            spans = sorted(
                (*span_in_day(period.shifts[n].starts, period.shifts[n].ends, plant.day_start_minute), n)
                for n in set(names)
                if n in period.shifts
            )
            for (_, end, left), (start, _, right) in pairwise(spans):
                if start < end:
                    message = f"shifts {left!r} and {right!r} are worked on one day and overlap; mend their times"
                    yield Fault((*path, "periods", index, "shifts", right), message)


def _times_of_shift(path: tuple[str | int, ...], shift: Shift, plant: Plant) -> Iterator[Fault]:
    start, end = span_in_day(shift.starts, shift.ends, plant.day_start_minute)
    if start >= end:
        yield Fault(
            path,
            f"{shift.starts} to {shift.ends} reaches over {plant.production_day_starts}, where the production day of "
            f"plant {plant.id!r} starts; let the day start with a shift, or split the shift",
        )
        return
    last = start
    for index, pause in enumerate(shift.breaks):
        begins, ends = span_in_day(pause.starts, pause.ends, plant.day_start_minute)
        place = (*path, "breaks", index)
        if not start <= begins < ends <= end:
            yield Fault(
                place, f"{pause.starts} to {pause.ends} is not within the shift {shift.starts} to {shift.ends}; move it"
            )
        elif begins < last:
            yield Fault(place, f"{pause.starts} to {pause.ends} overlaps the break before it, or is out of order")
        last = max(last, ends)
