from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from te_assets.site.calendar import breaks, production_days, shift_windows, wall_to_utc
from te_assets.site.model import Calendar, Plant
from te_assets.site.profile import parse_site

ZONES = ("Europe/Berlin", "America/Chicago", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tokyo")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(length: timedelta) -> float:
    return length.total_seconds() / 3600


@pytest.fixture
def berlin(profile: str) -> Plant:
    return parse_site(profile).plants[0]


@pytest.fixture
def calendar(profile: str) -> Calendar:
    return parse_site(profile).calendars["three_shifts"]


def test_a_day_s_shifts_in_utc(berlin: Plant, calendar: Calendar) -> None:
    monday = date(2026, 3, 2)

    assert [(w.shift, w.starts_at, w.ends_at) for w in shift_windows(berlin, calendar, monday, monday)] == [
        ("early", utc("2026-03-02 05:00"), utc("2026-03-02 13:00")),
        ("late", utc("2026-03-02 13:00"), utc("2026-03-02 21:00")),
        ("night", utc("2026-03-02 21:00"), utc("2026-03-03 05:00")),
    ]
    assert [(b.shift, b.starts_at, b.ends_at) for b in breaks(berlin, calendar, monday, monday)] == [
        ("early", utc("2026-03-02 09:00"), utc("2026-03-02 09:30")),
        ("night", utc("2026-03-03 01:00"), utc("2026-03-03 01:30")),
    ]


def test_patterns_holidays_and_exceptions_each_have_their_day(berlin: Plant, calendar: Calendar) -> None:
    worked = [
        (w.day, w.shift, hours(w.ends_at - w.starts_at))
        for w in shift_windows(berlin, calendar, date(2026, 3, 3), date(2026, 3, 16))
    ]

    assert worked == [
        (date(2026, 3, 3), "early", 8),
        (date(2026, 3, 3), "late", 8),
        (date(2026, 3, 7), "night", 8),
        (date(2026, 3, 9), "early", 6),  # the new pattern
        (date(2026, 3, 11), "early", 6),  # an exception, the 10th being a holiday
        (date(2026, 3, 16), "early", 6),
    ]


def test_nothing_is_scheduled_before_the_first_pattern(berlin: Plant, calendar: Calendar) -> None:
    assert list(shift_windows(berlin, calendar, date(2025, 12, 1), date(2025, 12, 31))) == []


@pytest.mark.parametrize(
    ("day", "length", "pause"),
    [
        # the clock goes from 02:00 to 03:00: the break that would begin then lasts half an hour from 03:00 on
        (date(2026, 3, 28), 7, (utc("2026-03-29 01:00"), utc("2026-03-29 01:30"))),
        # 02:00 to 02:30 comes twice: the first counts
        (date(2026, 10, 24), 9, (utc("2026-10-25 00:00"), utc("2026-10-25 00:30"))),
    ],
)
def test_night_in_which_clocks_change(
    berlin: Plant, profile: str, day: date, length: int, pause: tuple[datetime, datetime]
) -> None:
    calendar = parse_site(
        profile.replace("valid_from: 2026-03-09", "valid_from: 2027-03-09").replace("2026-03-11: [early]", "")
    ).calendars["three_shifts"]

    (night,) = shift_windows(berlin, calendar, day, day)
    (rest,) = breaks(berlin, calendar, day, day)
    (whole,) = production_days(berlin, day, day)

    assert hours(night.ends_at - night.starts_at) == length
    assert hours(whole.ends_at - whole.starts_at) == 16 + length
    assert (rest.starts_at, rest.ends_at) == pause


def test_always_is_one_window_per_production_day(berlin: Plant, profile: str) -> None:
    always = parse_site(profile).calendars["around_the_clock"]
    span = (date(2026, 3, 27), date(2026, 3, 30))

    windows = list(shift_windows(berlin, always, *span))

    assert [hours(w.ends_at - w.starts_at) for w in windows] == [24, 23, 24, 24]
    assert {w.shift for w in windows} == {"always"}
    assert list(breaks(berlin, always, *span)) == []


def test_shift_that_ends_in_the_skipped_hour_does_not_reach_into_the_next(berlin: Plant) -> None:
    """Wall times of the skipped hour move forward, past the start of a shift at its end."""
    night = {"early": {"starts": "22:00", "ends": "02:30"}, "late": {"starts": "03:00", "ends": "06:00"}}
    week = {"saturday": list(night)}
    calendar = Calendar.model_validate({"periods": [{"valid_from": "2026-01-01", "shifts": night, "week": week}]})

    first, second = shift_windows(berlin, calendar, date(2026, 3, 28), date(2026, 3, 28))

    assert first.ends_at == second.starts_at == utc("2026-03-29 01:00")


@settings(deadline=None)
@given(
    st.sampled_from(ZONES),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 23),
    st.lists(st.integers(1, 47), unique=True, max_size=5).map(sorted),
)
def test_windows_lie_in_their_production_day_in_order_and_apart(
    zone: str, first: date, starts: int, cuts: list[int]
) -> None:
    """Shifts that fill the wall clock's day from end to end, cut at half hours."""
    clock = [(starts * 60 + half * 30) % 1440 for half in [0, *cuts, 48]]
    times = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in clock]
    shifts = {f"s{n}": {"starts": a, "ends": b} for n, (a, b) in enumerate(pairwise(times))}
    week = {day: list(shifts) for day in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")}
    plant = Plant.model_validate(
        {"id": "1", "time_zone": zone, "production_day_starts": times[0], "work_centers": [{"id": "1"}]}
    )
    calendar = Calendar.model_validate({"periods": [{"valid_from": "2000-01-01", "shifts": shifts, "week": week}]})
    last = first + timedelta(days=120)

    days = {day.day: day for day in production_days(plant, first, last)}
    windows = list(shift_windows(plant, calendar, first, last))

    assert all(one.ends_at == two.starts_at for one, two in pairwise(days.values()))
    assert all(days[w.day].starts_at <= w.starts_at < w.ends_at <= days[w.day].ends_at for w in windows)
    assert all(one.ends_at <= two.starts_at for one, two in pairwise(windows))


@given(st.sampled_from(ZONES), st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)))
def test_wall_time_that_exists_comes_back(zone: str, wall: datetime) -> None:
    wall = wall.replace(second=0, microsecond=0)
    instant = wall_to_utc(wall.date(), wall.hour * 60 + wall.minute, ZoneInfo(zone))
    shown = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None)

    if shown != wall:  # it was skipped, and moved forward by the hour that is missing
        assert timedelta(0) < shown - wall <= timedelta(hours=2)
