"""How finely time must be cut so that a piece lies within one hour on every clock."""

from __future__ import annotations

from datetime import date

import pytest

from te_assets.dashboard import zones
from te_assets.dashboard.known import Plant

MARCH = (date(2026, 3, 1), date(2026, 3, 31))


def plant(name: str, zone: str) -> Plant:
    return Plant(name, name, zone, 360, (), None, None, None)


@pytest.mark.parametrize(
    ("names", "seconds"),
    [
        (["UTC"], 3600),
        (["Europe/Berlin", "America/Chicago"], 3600),
        (["Europe/Berlin", "Asia/Kolkata"], 900),
        (["Asia/Kathmandu"], 900),
        ([], 3600),
    ],
)
def test_an_hour_unless_a_clock_differs_by_a_part_of_one(names: list[str], seconds: int) -> None:
    plants = [plant(str(number), zone) for number, zone in enumerate(names)]

    assert zones.step(plants, *MARCH) == seconds


def test_a_clock_that_is_off_in_a_part_of_the_period_is_off() -> None:
    lord_howe = [plant("1", "Australia/Lord_Howe")]

    assert zones.step(lord_howe, date(2026, 6, 1), date(2026, 6, 30)) == 900  # +10:30 in winter
    assert zones.step(lord_howe, date(2026, 1, 1), date(2026, 1, 31)) == 3600  # +11 in summer
    assert zones.step(lord_howe, date(2026, 1, 1), date(2026, 12, 31)) == 900


def test_each_plant_stands_with_its_zone() -> None:
    plants = [plant("1", "Europe/Berlin"), plant("2", "America/Chicago"), plant("3", "Europe/Berlin")]

    assert zones.bound(plants) == {
        "zone_0": "America/Chicago",
        "plants_0": ["2"],
        "zone_1": "Europe/Berlin",
        "plants_1": ["1", "3"],
    }
