from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from te_assets.simulator.plant import History, Scene, run_plant, scene_of
from te_assets.simulator.world import demo_world

WORLD = demo_world(2)


@pytest.fixture(scope="module")
def scene() -> Scene:
    return scene_of(WORLD, WORLD.plants[1], date(2026, 3, 2), date(2026, 3, 8))


@pytest.fixture(scope="module")
def history(scene: Scene) -> History:
    return run_plant(WORLD, scene, seed=7)


def test_a_machine_is_in_one_state_at_a_time(scene: Scene, history: History) -> None:
    for center in scene.plant.work_centers:
        stops = [stop for stop in history.stops if stop.work_center == center.id]
        executions = [execution for execution in history.executions if execution.work_center == center.id]
        assert len(stops) > 50
        assert len(executions) > 10
        assert all(earlier.ended <= later.started for earlier, later in pairwise(stops))
        assert all(earlier.finished <= later.started for earlier, later in pairwise(executions))


def test_pieces_are_confirmed_at_the_latest_when_the_shift_ends(scene: Scene, history: History) -> None:
    for execution in history.executions:
        windows = scene.windows_at(execution.work_center)
        assert any(window.start <= execution.started < execution.finished <= window.end for window in windows)


def test_orders_pass_through_three_operations(history: History) -> None:
    stages: dict[str, set[int]] = {}
    for execution in history.executions:
        stages.setdefault(execution.order.order_id, set()).add(execution.stage)

    assert sum(found == {1, 2, 3} for found in stages.values()) > 10


def test_every_class_of_stop_occurs_with_short_and_long_ones(history: History) -> None:
    classes = {WORLD.reason_class(stop.reason_code) for stop in history.stops}
    lengths = [stop.ended - stop.started for stop in history.stops]

    assert classes == {"planned", "setup", "technical", "organisational", "other", "unclassified"}
    assert min(lengths) < 5 * 60_000 < max(lengths)
    assert any(length % 1000 for length in lengths), "some machines report milliseconds"


def test_equal_seeds_give_equal_histories_and_others_do_not(scene: Scene, history: History) -> None:
    assert run_plant(WORLD, scene, seed=7) == history
    assert run_plant(WORLD, scene, seed=8) != history
