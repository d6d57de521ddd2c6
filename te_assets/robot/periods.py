"""Which periods of a portal are exported: equal pieces of the plant's days, on the clock in the plant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, order=True)
class Period:
    """A piece of time that one export covers, half-open.

    Attributes:
        starts: Aware, in the plant's zone.
        ends: Aware, in the plant's zone; not part of it.
    """

    starts: datetime
    ends: datetime

    @property
    def last(self) -> datetime:
        """The last moment of it; its date is the last day, inclusive."""
        return (self.ends.astimezone(UTC) - _TICK).astimezone(self.ends.tzinfo)

    @property
    def key(self) -> tuple[str, str]:
        """Begin and end in UTC: the same however the zone writes its clock."""
        return _utc(self.starts), _utc(self.ends)

    def __str__(self) -> str:
        """Wall times, as `2026-03-02 00:00 … 2026-03-03 00:00`."""
        return f"{self.starts:%Y-%m-%d %H:%M} … {self.ends:%Y-%m-%d %H:%M}"


def period_of(key: tuple[str, str], zone: str) -> Period:
    """The period with this `key`, in a zone."""
    starts, ends = (datetime.fromisoformat(text).astimezone(ZoneInfo(zone)) for text in key)
    return Period(starts, ends)


def of_days(first: date, last: date, hours: int, zone: str) -> Iterator[Period]:
    """Periods that start on the local days `first` to `last`, both inclusive, oldest first.

    A day has 24 hours on its clock; where the clock changes, it and the period with the change last 23 or 25. A period
    that the clock leaves out is none.
    """
    for day in range((last - first).days + 1):
        for hour in range(0, 24, hours):
            starts = _instant(first + timedelta(days=day), hour, zone)
            ends = _instant(first + timedelta(days=day), hour + hours, zone)
            if starts < ends:
                yield Period(starts.astimezone(ZoneInfo(zone)), ends.astimezone(ZoneInfo(zone)))


def last_ended(now: datetime, settled: timedelta, number: int, hours: int, zone: str) -> list[Period]:
    """The last `number` periods that ended at least `settled` before `now`, oldest first."""
    today = now.astimezone(ZoneInfo(zone)).date()
    earliest = today - timedelta(days=number * hours // 24 + settled.days + 3)
    ended = [period for period in of_days(earliest, today, hours, zone) if has_ended(period, now, settled)]
    return ended[-number:]


def has_ended(period: Period, now: datetime, settled: timedelta) -> bool:
    """Whether a period ended at least `settled` before `now`."""
    return period.ends.astimezone(UTC) + settled <= now.astimezone(UTC)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _instant(day: date, hour: int, zone: str) -> datetime:
    """UTC instant of a full hour on the plant's clock; 24 is the next midnight. Of a repeated hour its first pass."""
    local = datetime.combine(day + timedelta(days=hour // 24), time(hour % 24), ZoneInfo(zone))
    return local.astimezone(UTC)
