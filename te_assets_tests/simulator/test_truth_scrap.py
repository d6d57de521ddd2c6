from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from te_assets.simulator.calendar import instant_of
from te_assets.simulator.plant import Scene, scene_of
from te_assets.simulator.records import Confirmation
from te_assets.simulator.truth_scrap import ScrapTruth, count_pieces
from te_assets.simulator.world import demo_world

DAY = date(2026, 3, 3)
ZONE = "Europe/Berlin"


@pytest.fixture
def scene() -> Scene:
    world = demo_world(1)
    return scene_of(world, world.plants[0], date(2026, 3, 2), date(2026, 3, 8))


@pytest.fixture
def confirmed() -> Confirmation:
    return Confirmation(
        plant="1000",
        work_center="PRS01",
        order_id="000000000001",
        operation="0010",
        confirmation="0000000001",
        counter="00000001",
        material="FG-1001",
        unit="ST",
        good=100_000,
        scrap=3000,
        rework=1000,
        order_unit="ST",
        order_unit_good=100_000,
        order_unit_scrap=3000,
        scrap_reason="0001",
        started=instant_of(DAY, "12:00", ZONE),
        finished=instant_of(DAY, "13:00", ZONE),
        entered=instant_of(DAY, "13:10", ZONE),
        posted=DAY,
    )


def grain(shift: str | None, **quantities: Any) -> ScrapTruth:
    key = ScrapTruth("1000", "PRS01", DAY, shift, "FG-1001", "0010", "ST")
    return replace(key, **quantities)


def test_pieces_of_one_grain_add_up(scene: Scene, confirmed: Confirmation) -> None:
    more = replace(confirmed, counter="00000002", good=0, scrap=5000, rework=0)

    rows = count_pieces(scene, [confirmed, more])

    assert rows == (grain("early", good=100_000, scrap=8000, rework=1000, produced=109_000, confirmations=2),)


def test_an_end_on_the_shift_change_belongs_to_the_shift_it_closes(scene: Scene, confirmed: Confirmation) -> None:
    on_the_change = replace(confirmed, finished=instant_of(DAY, "14:00", ZONE))
    at_day_change = replace(confirmed, finished=instant_of(date(2026, 3, 4), "06:00", ZONE))

    assert [(row.production_day, row.shift) for row in count_pieces(scene, [on_the_change])] == [(DAY, "early")]
    assert [(row.production_day, row.shift) for row in count_pieces(scene, [at_day_change])] == [(DAY, "night")]


def test_neither_half_of_a_reversal_counts(scene: Scene, confirmed: Confirmation) -> None:
    original = replace(confirmed, is_reversed=True)
    cancelling = replace(confirmed, counter="00000002", cancelled_counter="00000001")

    assert count_pieces(scene, [original, cancelling]) == ()
    assert count_pieces(scene, [cancelling, replace(original, is_reversed=False)]) == ()


def test_without_execution_the_entry_decides_and_without_entry_the_posting(
    scene: Scene, confirmed: Confirmation
) -> None:
    entered = replace(confirmed, started=None, finished=None, entered=instant_of(DAY, "22:30", ZONE))
    posted = replace(entered, entered=None)

    rows = {row.shift: row for row in count_pieces(scene, [entered, posted])}

    assert rows["night"].production_day == DAY
    assert (rows[None].production_day, rows[None].outside_calendar) == (DAY, 0)


def test_outside_the_calendar_counts_and_is_shown_apart(scene: Scene, confirmed: Confirmation) -> None:
    sunday = replace(confirmed, finished=instant_of(date(2026, 3, 8), "10:00", ZONE))

    (row,) = count_pieces(scene, [sunday])

    assert (row.shift, row.produced, row.outside_calendar) == (None, 104_000, 104_000)


def test_units_are_never_added(scene: Scene, confirmed: Confirmation) -> None:
    rows = count_pieces(scene, [confirmed, replace(confirmed, counter="00000002", unit="KG")])

    assert sorted((row.unit, row.good) for row in rows) == [("KG", 100_000), ("ST", 100_000)]
