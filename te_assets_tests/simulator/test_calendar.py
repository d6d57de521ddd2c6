from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from te_assets.simulator.calendar import (
    Calendar,
    Pattern,
    Shift,
    day_bounds,
    instant_of,
    milliseconds,
    production_day_of,
    wall_time,
    windows_of,
    without_second_pass,
)
from te_assets.simulator.world import demo_world

BERLIN, CHICAGO = "Europe/Berlin", "America/Chicago"
HOUR = 3_600_000


def utc(text: str) -> int:
    return milliseconds(datetime.fromisoformat(text).replace(tzinfo=UTC))


def spans(name: str, day: date, zone: str = BERLIN) -> list[tuple[str, int, int]]:
    windows = windows_of(demo_world().calendar(name), day, day, "06:00", zone)
    return [(window.shift, window.start, window.end) for window in windows]


def test_a_weekday_has_three_shifts_that_meet() -> None:
    assert spans("three_shifts", date(2026, 3, 3)) == [
        ("early", utc("2026-03-03T05:00"), utc("2026-03-03T13:00")),
        ("late", utc("2026-03-03T13:00"), utc("2026-03-03T21:00")),
        ("night", utc("2026-03-03T21:00"), utc("2026-03-04T05:00")),
    ]


def test_the_break_of_the_night_shift_lies_on_the_next_calendar_day() -> None:
    *_, night = windows_of(demo_world().calendar("three_shifts"), date(2026, 3, 3), date(2026, 3, 3), "06:00", BERLIN)

    assert night.breaks == ((utc("2026-03-04T02:30"), utc("2026-03-04T03:00")),)


@pytest.mark.parametrize(
    ("day", "shifts"),
    [
        (date(2026, 3, 14), ["early"]),  # an ordinary Saturday
        (date(2026, 3, 7), ["early", "late"]),  # the exception wins over the week
        (date(2026, 5, 1), []),  # holiday
        (date(2026, 3, 8), []),  # Sunday
        (date(2025, 12, 31), []),  # before any pattern is in force
    ],
)
def test_exceptions_holidays_and_validity(day: date, shifts: list[str]) -> None:
    assert [shift for shift, _, _ in spans("three_shifts", day)] == shifts


def test_the_later_pattern_moves_the_break() -> None:
    calendar = demo_world().calendar("two_shifts")
    before, after = (
        next(window for window in windows_of(calendar, day, day, "06:00", BERLIN) if window.shift == "late")
        for day in (date(2026, 3, 4), date(2026, 3, 5))
    )

    assert before.breaks == ((utc("2026-03-04T17:00"), utc("2026-03-04T17:30")),)
    assert after.breaks == ((utc("2026-03-05T17:15"), utc("2026-03-05T17:45")),)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (CHICAGO, date(2026, 3, 7), 7),
        (CHICAGO, date(2026, 10, 31), 9),
        (BERLIN, date(2026, 3, 28), 7),
        (BERLIN, date(2026, 10, 24), 9),
        ("Asia/Tokyo", date(2026, 3, 28), 8),
    ],
)
def test_the_night_of_a_clock_change_has_seven_or_nine_hours(zone: str, day: date, hours: int) -> None:
    shift, start, end = spans("seven_days", day, zone)[-1]

    assert (shift, (end - start) // HOUR) == ("night", hours)
    assert sum(end - start for _, start, end in spans("seven_days", day, zone)) == (16 + hours) * HOUR


def test_around_the_clock_is_one_window_per_production_day() -> None:
    bounds = day_bounds(date(2026, 3, 29), "06:00", BERLIN)

    assert spans("around_the_clock", date(2026, 3, 29)) == [("always", *bounds)]
    assert day_bounds(date(2026, 3, 28), "06:00", BERLIN)[1] == bounds[0]


def test_a_production_day_bears_the_date_of_its_start() -> None:
    start = instant_of(date(2026, 3, 3), "06:00", BERLIN)

    assert production_day_of(start, "06:00", BERLIN) == date(2026, 3, 3)
    assert production_day_of(start - 1, "06:00", BERLIN) == date(2026, 3, 2)


def test_stamps_of_the_repeated_hour_move_to_its_end() -> None:
    first_pass, second_pass = utc("2026-10-25T00:30"), utc("2026-10-25T01:30")
    assert wall_time(first_pass, BERLIN) == wall_time(second_pass, BERLIN)

    assert without_second_pass(first_pass, BERLIN) == first_pass
    assert without_second_pass(second_pass, BERLIN) == utc("2026-10-25T02:00")
    assert without_second_pass(utc("2026-11-01T07:59:59"), CHICAGO) == utc("2026-11-01T08:00")


def test_shifts_are_ordered_from_the_start_of_the_production_day() -> None:
    shifts = (Shift("night", "00:00", "06:00"), Shift("day", "08:00", "16:00"))
    calendar = Calendar("odd", (Pattern(date(2026, 1, 1), shifts, (("night", "day"),) * 7),))
    day = date(2026, 3, 3)

    names = [window.shift for window in windows_of(calendar, day, day + timedelta(days=1), "06:00", BERLIN)]

    assert names == ["day", "night", "day", "night"]
