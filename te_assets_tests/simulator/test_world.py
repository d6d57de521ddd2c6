from __future__ import annotations

import pytest

from te_assets.simulator.world import demo_world


def test_six_work_centers_are_a_series_and_a_parallel_line() -> None:
    (plant,) = demo_world(1).plants

    assert [(line.id, line.topology) for line in plant.lines] == [("L1", "series"), ("L2", "parallel")]
    assert [center.id for center in plant.work_centers] == ["PRS01", "PRS02", "MIL01", "MIL02", "ASM01", "PCK01"]


def test_more_work_centers_are_like_the_first_six_on_further_lines() -> None:
    (plant,) = demo_world(1, work_centers=20).plants

    assert len({center.id for center in plant.work_centers}) == len(plant.work_centers) == 20
    assert [center.id for center in plant.work_centers[6:12]] == ["PRS03", "PRS04", "MIL03", "MIL04", "ASM02", "PCK02"]
    assert [line.topology for line in plant.lines] == ["series", "parallel"] * 4
    assert {center.line for center in plant.work_centers} == {line.id for line in plant.lines}
    eighth = plant.work_centers[8]
    assert (eighth.id, eighth.name, eighth.alias, eighth.line) == ("MIL03", "Mill 3", "Fräse 3", "L3")
    assert (eighth.calendar, eighth.stage) == (plant.work_centers[2].calendar, plant.work_centers[2].stage)


def test_too_few_work_centers_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 6 work centers, not 5"):
        demo_world(1, work_centers=5)
