"""Periods follow the clock in the plant, and leave no gap where it changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from te_assets.robot.periods import last_ended, of_days, period_of

BERLIN = "Europe/Berlin"
NO_TIME = timedelta(0)


@pytest.mark.parametrize("hours", [1, 2, 3, 4, 6, 8, 12, 24])
@pytest.mark.parametrize("zone", [BERLIN, "America/Chicago", "Australia/Lord_Howe", "Asia/Tokyo"])
def test_periods_of_a_year_follow_each_other_without_a_gap(hours: int, zone: str) -> None:
    periods = list(of_days(date(2026, 1, 1), date(2026, 12, 31), hours, zone))

    assert [a.key[1] for a in periods[:-1]] == [b.key[0] for b in periods[1:]]
    assert (f"{periods[0].starts:%m-%d %H:%M}", f"{periods[-1].ends:%m-%d %H:%M}") == ("01-01 00:00", "01-01 00:00")


@pytest.mark.parametrize(("day", "length"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 3, 2), 24)])
def test_a_day_with_a_clock_change_is_shorter_or_longer(day: date, length: int) -> None:
    (whole,) = of_days(day, day, 24, BERLIN)
    starts, ends = (datetime.fromisoformat(text) for text in whole.key)

    assert ends - starts == timedelta(hours=length)
    assert f"{whole.starts:%H:%M} {whole.ends:%H:%M}" == "00:00 00:00"
    assert whole.last.date() == day


def test_an_hour_that_the_clock_leaves_out_is_no_period_and_one_shown_twice_is_one() -> None:
    spring = list(of_days(date(2026, 3, 29), date(2026, 3, 29), 1, BERLIN))
    autumn = list(of_days(date(2026, 10, 25), date(2026, 10, 25), 1, BERLIN))

    assert [f"{each.starts:%H}" for each in spring[:4]] == ["00", "01", "03", "04"]
    assert (len(spring), len(autumn)) == (23, 24)
    starts, ends = (datetime.fromisoformat(text) for text in autumn[2].key)
    assert ends - starts == timedelta(hours=2)


@pytest.mark.parametrize(
    ("now", "settled", "expected"),
    [
        ("2026-03-05T00:00+01:00", 0, ["02", "03", "04"]),  # the last one has ended at this moment
        ("2026-03-04T22:59:59+00:00", 0, ["01", "02", "03"]),
        ("2026-03-05T00:29+01:00", 30, ["01", "02", "03"]),
        ("2026-03-05T00:30+01:00", 30, ["02", "03", "04"]),
    ],
)
def test_a_period_is_fetched_when_it_has_ended_and_settled(now: str, settled: int, expected: list[str]) -> None:
    found = last_ended(datetime.fromisoformat(now), timedelta(minutes=settled), 3, 24, BERLIN)

    assert [f"{each.starts:%d}" for each in found] == expected


def test_shorter_periods_reach_back_as_many() -> None:
    found = last_ended(datetime(2026, 3, 5, 12, tzinfo=UTC), NO_TIME, 50, 1, BERLIN)

    assert len(found) == 50
    assert f"{found[-1]}" == "2026-03-05 12:00 … 2026-03-05 13:00"


def test_a_period_is_known_by_its_key() -> None:
    for period in of_days(date(2026, 10, 25), date(2026, 10, 25), 1, BERLIN):
        assert period_of(period.key, BERLIN).key == period.key
