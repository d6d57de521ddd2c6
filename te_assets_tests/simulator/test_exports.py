from __future__ import annotations

from datetime import date, timedelta

import pytest

from te_assets.simulator.exports import interactions_export, periods_of
from te_assets.simulator.plant import Scene, scene_of
from te_assets.simulator.records import Entry, SheetRow, Stop, Verdict
from te_assets.simulator.results import newest_accepted
from te_assets.simulator.world import demo_world

HOUR = 3_600_000
WORLD = demo_world(2)


def scene_for(days: int) -> Scene:
    first = date(2026, 3, 2)
    return scene_of(WORLD, WORLD.plants[1], first, first + timedelta(days=days - 1))


@pytest.fixture
def scene() -> Scene:
    return scene_for(7)


def stop(started: int, ended: int | None, reason: str = "110") -> Stop:
    return Stop("2000", "PRS01", "M1", started, ended, reason, "Alice Brown")


def shown(scene: Scene, entry: Entry[Stop]) -> list[list[SheetRow[Stop]]]:
    """Rows of the first and of the second export of the first week."""
    exports = [interactions_export(scene, period, [entry]) for period in periods_of(scene)[0]]
    return [[row for row in export.rows if row.verdict is not None] for export in exports]


@pytest.mark.parametrize(
    ("days", "lengths"), [(1, [[1]]), (2, [[1, 2]]), (7, [[4, 7]]), (9, [[4, 7], [1, 2]]), (15, [[4, 7], [4, 7], [1]])]
)
def test_each_week_is_exported_by_half_and_whole(days: int, lengths: list[list[int]]) -> None:
    weeks = periods_of(scene_for(days))

    assert [[(period.last - period.first).days + 1 for period in week] for week in weeks] == lengths
    assert weeks[-1][-1].ends == scene_for(days).bounds[1]


def test_a_stop_that_runs_when_the_export_is_made_is_open_in_it(scene: Scene) -> None:
    half = periods_of(scene)[0][0].ends
    running = stop(half - HOUR, half + HOUR)

    (first,), (second,) = shown(scene, Entry(running))

    assert first.content is not None
    assert first.content.ended is None
    assert second.content == running


def test_a_stop_is_in_every_export_that_it_reaches_into() -> None:
    scene = scene_for(9)
    (_, whole), (next_half, _) = periods_of(scene)
    over_the_week = Entry(stop(whole.ends - HOUR, whole.ends + HOUR))

    exports = [interactions_export(scene, period, [over_the_week]) for period in (whole, next_half)]

    assert [export.rows[-1].content for export in exports] == [
        stop(whole.ends - HOUR, None),
        stop(whole.ends - HOUR, whole.ends + HOUR),
    ]


def test_late_rows_and_corrections_show_from_their_time_on(scene: Scene) -> None:
    start, half = scene.bounds[0] + HOUR, periods_of(scene)[0][0].ends
    right, wrong = stop(start, start + HOUR, "310"), stop(start, start + HOUR, "110")

    assert [len(rows) for rows in shown(scene, Entry(right, known_from=half + 1))] == [0, 1]
    corrected = shown(scene, Entry(right, earlier=wrong, changed_at=half + 1))
    assert [rows[0].content for rows in corrected] == [wrong, right]


def test_faulty_rows_are_rejected_until_repaired_and_copies_are_duplicates(scene: Scene) -> None:
    start, half = scene.bounds[0] + HOUR, periods_of(scene)[0][0].ends
    faulty = Entry(stop(start, start + HOUR), faults=(("work_center", None),), repaired_at=half + 1)

    verdicts = [[row.verdict for row in rows] for rows in shown(scene, faulty)]
    doubled = [[row.verdict for row in rows] for rows in shown(scene, Entry(stop(start, start), copies=1))]

    assert verdicts == [[Verdict.REJECTED], [Verdict.ACCEPTED]]
    assert doubled == [[Verdict.ACCEPTED, Verdict.DUPLICATE]] * 2


def test_the_newest_export_counts_whatever_arrived_when(scene: Scene) -> None:
    start, half = scene.bounds[0] + HOUR, periods_of(scene)[0][0].ends
    right, wrong = stop(start, start + HOUR, "310"), stop(start, start + HOUR, "110")
    entry = Entry(right, earlier=wrong, changed_at=half + 1)
    older, newer = (interactions_export(scene, period, [entry]) for period in periods_of(scene)[0])

    assert newest_accepted([older, newer]) == newest_accepted([newer, older]) == [right]
