from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from te_assets.simulator.calendar import milliseconds, wall_time
from te_assets.simulator.clock_cases import clock_cases, clock_changes, second_passes
from te_assets.simulator.plant import scene_of
from te_assets.simulator.records import Entry, Stop
from te_assets.simulator.world import demo_world
from te_assets.simulator.writer import Writer

WORLD = demo_world(2, since=date(2025, 1, 1))
HOUR = 3_600_000


def writer(plant: int, first: date, days: int) -> Writer:
    return Writer(scene_of(WORLD, WORLD.plants[plant], first, first + timedelta(days=days - 1)), 0)


def named(lines: list[Entry[Stop]], case: str) -> list[Entry[Stop]]:
    return [line for line in lines if line.case == case]


@pytest.mark.parametrize(
    ("plant", "first", "changed_at", "set_back"),
    [
        (0, date(2026, 3, 28), "2026-03-29T01:00", -HOUR),
        (1, date(2026, 3, 7), "2026-03-08T08:00", -HOUR),
        (0, date(2025, 10, 25), "2025-10-26T01:00", HOUR),
        (1, date(2025, 11, 1), "2025-11-02T07:00", HOUR),
    ],
)
def test_finds_the_clock_changes_of_a_zone(plant: int, first: date, changed_at: str, set_back: int) -> None:
    instant = milliseconds(datetime.fromisoformat(changed_at).replace(tzinfo=UTC))

    assert clock_changes(writer(plant, first, 2)) == [(instant, set_back)]


def test_a_stop_of_a_spring_night_is_an_hour_shorter_than_the_clock_says() -> None:
    (over,) = named(list(clock_cases(writer(0, date(2026, 3, 28), 2))), "over the clock change")
    started, ended = over.content.started, over.content.ended
    assert ended is not None

    on_the_wall = wall_time(ended, "Europe/Berlin") - wall_time(started, "Europe/Berlin")
    assert on_the_wall - timedelta(milliseconds=ended - started) == timedelta(hours=1)


def test_an_autumn_stop_ends_before_its_start_on_the_wall() -> None:
    (stop,) = second_passes(writer(0, date(2025, 10, 25), 2))

    assert stop.content.ended == stop.content.started + 30 * 60_000
    assert wall_time(stop.content.ended, "Europe/Berlin") < wall_time(stop.content.started, "Europe/Berlin")
    assert list(second_passes(writer(0, date(2026, 3, 28), 2))) == []


def test_midnight_is_written_in_every_way_in_the_first_week() -> None:
    lines = list(clock_cases(writer(0, date(2026, 3, 2), 7)))

    (until,) = named(lines, "23:59 means midnight")
    (since,) = named(lines, "from 23:59 means from midnight")
    assert until.content.ended == since.content.started
    assert dict(until.written)["ended_at"] == dict(since.written)["started_at"] == datetime(2026, 3, 3, 23, 59)
    (late,) = named(lines, "ends at 24:20")
    assert dict(late.written)["ended_at"] == "04.03.2026 24:20"
    assert late.content.ended == milliseconds(datetime(2026, 3, 4, 23, 20, tzinfo=UTC))
    assert len(named(lines, "23:59 means 23:59")) == len(named(lines, "ends without a date")) == 1
    (long,) = named(lines, "longer than 60 hours")
    assert long.content.ended == long.content.started + 61 * HOUR
