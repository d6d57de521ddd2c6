from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from te_assets.simulator.exports import interactions_export, periods_apart, periods_of
from te_assets.simulator.plant import Scene, scene_of
from te_assets.simulator.records import Entry, Stop
from te_assets.simulator.truth_coverage import Covered, covered_by
from te_assets.simulator.world import demo_world

HOUR = 3_600_000
WORLD = demo_world(1)


@pytest.fixture
def scene() -> Scene:
    return scene_of(WORLD, WORLD.plants[0], date(2026, 3, 2), date(2026, 3, 8))


def entry(work_center: str, started: int, ended: int | None) -> Entry[Stop]:
    return Entry(Stop("1000", work_center, f"M{started}", started, ended, "110", "Anna"))


@pytest.mark.parametrize(
    ("periods", "coverage"),
    [
        (((0, 1000),), "full"),
        (((0, 99), (50, 990)), "full"),
        (((0, 989),), "partial"),
        (((0, 500), (600, 1000)), "partial"),
        (((1000, 2000),), "none"),
        ((), "none"),
    ],
)
def test_full_from_99_per_cent_on(periods: tuple[tuple[int, int], ...], coverage: str) -> None:
    assert Covered(periods).of(0, 1000) == coverage


def test_a_declared_period_covers_all_machines(scene: Scene) -> None:
    week = periods_of(scene)[0][-1]
    export = interactions_export(scene, week, [entry("PRS01", scene.bounds[0] + HOUR, scene.bounds[0] + 2 * HOUR)])

    covered = covered_by(scene, [export])

    assert {center: known.periods for center, known in covered.items()} == {
        center.id: (scene.bounds,) for center in scene.plant.work_centers
    }


def test_without_a_declared_period_the_rows_of_each_machine_count(scene: Scene) -> None:
    begin = scene.bounds[0]
    log = [entry("PRS01", begin + HOUR, begin + 2 * HOUR), entry("PRS01", begin + 5 * HOUR, begin + 6 * HOUR)]
    log.append(replace(entry("MIL01", begin + 3 * HOUR, None)))
    exports = [interactions_export(scene, period, log) for period in periods_apart(scene, 0)]

    covered = covered_by(scene, exports)

    assert covered["PRS01"].periods == ((begin + HOUR, begin + 6 * HOUR),)
    # The second export shows the open stop again: it is known to have begun, not for how long.
    assert covered["MIL01"].periods == ((begin + 3 * HOUR, begin + 3 * HOUR),) * 2
    assert "ASM01" not in covered
