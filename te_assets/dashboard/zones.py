"""Clocks of plants: which zones there are, and how finely time must be cut so that an hour is one on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from te_assets.dashboard.known import Plant

HOUR: Final = 3_600
QUARTER: Final = 900
"""Seconds; every zone's difference from UTC is a multiple of it since 1972."""
_DAYS_BETWEEN_LOOKS: Final = 28  # no change of the clock is taken back sooner


def of(plants: Sequence[Plant]) -> list[str]:
    """Zones of some plants, each once."""
    return sorted({plant.time_zone for plant in plants})


def bound(plants: Sequence[Plant]) -> dict[str, Any]:
    """Values for `parts/local_hour.sql`: the zones and the plants in each."""
    values: dict[str, Any] = {}
    for number, zone in enumerate(of(plants)):
        values[f"zone_{number}"] = zone
        values[f"plants_{number}"] = [plant.plant for plant in plants if plant.time_zone == zone]
    return values


def step(plants: Sequence[Plant], first_day: date, last_day: date) -> int:
    """Seconds of the pieces of UTC that lie within one hour on every clock: an hour where all differ by whole hours."""
    return QUARTER if any(_is_off(zone, first_day, last_day) for zone in of(plants)) else HOUR


@cache
def _is_off(zone: str, first_day: date, last_day: date) -> bool:
    """Whether hours on the clock do not begin with those of UTC on some of the days."""
    clock, days = ZoneInfo(zone), (last_day - first_day).days + 2
    looks = [*range(-1, days, _DAYS_BETWEEN_LOOKS), days]
    noon = datetime(first_day.year, first_day.month, first_day.day, 12, tzinfo=UTC)
    offsets = [(noon + timedelta(days=look)).astimezone(clock).utcoffset() or timedelta() for look in looks]
    return any(offset.total_seconds() % HOUR for offset in offsets)
