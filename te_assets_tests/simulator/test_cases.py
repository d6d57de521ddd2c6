"""The logs and confirmations with all cases: what the truth relies on when it takes rows for granted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from te_assets.simulator.calendar import instant_of, wall_time
from te_assets.simulator.confirmation_cases import with_confirmation_cases
from te_assets.simulator.exports import day_of, periods_of
from te_assets.simulator.interaction_cases import with_interaction_cases
from te_assets.simulator.journal import confirmations_of, log_of
from te_assets.simulator.plant import Scene, run_plant, scene_of
from te_assets.simulator.records import Confirmation, Entry, Stop
from te_assets.simulator.world import demo_world

WORLD = demo_world(3, since=date(2025, 1, 1))


@dataclass(frozen=True)
class Records:
    scene: Scene
    log: list[Entry[Stop]]
    confirmations: list[Entry[Confirmation]]


def records_of(plant: int, first: date, days: int, seed: int = 1) -> Records:
    scene = scene_of(WORLD, WORLD.plants[plant], first, first + timedelta(days=days - 1))
    history = run_plant(WORLD, scene, seed)
    week = periods_of(scene)[0]
    return Records(
        scene,
        with_interaction_cases(scene, log_of(scene, history), week),
        with_confirmation_cases(scene, confirmations_of(scene, history), week),
    )


@pytest.fixture(scope="module")
def records() -> Records:
    return records_of(1, date(2026, 3, 2), 7)


def stops_named(records: Records, case: str) -> list[Stop]:
    return [entry.content for entry in records.log if entry.case == case]


def confirmed_as(records: Records, case: str) -> Confirmation:
    (found,) = [entry.content for entry in records.confirmations if entry.case == case]
    return found


def test_business_keys_are_unique(records: Records) -> None:
    assert max(Counter(entry.content.key for entry in records.log).values()) == 1
    assert max(Counter(entry.content.key for entry in records.confirmations).values()) == 1


def test_the_second_operator_logs_an_overlapping_stop_under_another_id(records: Records) -> None:
    twice = stops_named(records, "logged by two operators")
    others = [entry.content for entry in records.log if entry.case == ""]

    assert len(twice) > 5
    for stop in twice:
        assert any(
            other.work_center == stop.work_center
            and other.started < stop.started
            and (other.ended is None or other.ended > stop.started)
            for other in others
        )


def test_stops_lie_on_the_shift_change_to_the_millisecond(records: Records) -> None:
    changes = {window.start for window in records.scene.windows_at("PRS02")}
    (begins,), (ends,) = (
        stops_named(records, "starts on the shift change"),
        stops_named(records, "ends on the shift change"),
    )

    assert begins.started in changes
    assert ends.ended in changes


def test_only_the_stop_at_the_end_has_no_end(records: Records) -> None:
    assert [entry.case for entry in records.log if entry.content.ended is None] == ["open at the end of the period"]


def test_planned_stops_and_set_ups_are_never_short(records: Records) -> None:
    """Whether a short planned stop is a short stop is nobody's rule; the truth does without."""
    for entry in records.log:
        stop = entry.content
        if WORLD.reason_class(stop.reason_code) in ("planned", "setup"):
            assert stop.ended is not None
            assert stop.ended - stop.started >= 5 * 60_000


def test_a_reversal_has_three_rows_of_one_execution(records: Records) -> None:
    never_flagged = "reversed after the first export and never flagged"
    for case in ("reversed in the same export", "reversed after the first export", never_flagged):
        original = confirmed_as(records, f"original, {case}")
        cancelling = confirmed_as(records, f"cancelling row, {case}")
        again = confirmed_as(records, f"confirmed again, {case}")

        assert original.is_reversed == (case != never_flagged)
        assert cancelling.cancelled_counter == original.counter
        assert (cancelling.good, cancelling.scrap) == (original.good, original.scrap)
        assert (again.is_valid, again.good) == (True, original.good - 20_000)
        executions = {(row.started, row.finished) for row in (original, cancelling, again)}
        assert len(executions) == 1


def test_faulty_rows_have_keys_of_their_own_unless_repaired_later(records: Records) -> None:
    entries: list[Entry[Stop] | Entry[Confirmation]] = [*records.log, *records.confirmations]
    for entry in entries:
        if entry.faults and entry.repaired_at is None:
            assert entry.case
            assert entry.copies == 0
            assert entry.earlier is None


@pytest.mark.parametrize(
    ("plant", "first"),
    [
        (0, date(2025, 10, 25)),
        (1, date(2025, 11, 1)),
        (0, date(2025, 3, 29)),
        (1, date(2025, 3, 8)),
        (2, date(2025, 3, 29)),
    ],
)
def test_wall_times_mean_one_instant_also_when_the_clock_changes(plant: int, first: date) -> None:
    """What a workbook cannot say, the truth must not say either."""
    records = records_of(plant, first, 3)
    zone = records.scene.plant.zone
    instants = [
        instant
        for entry in records.log
        for instant in (entry.content.started, entry.content.ended)
        # Its end is told by lying before its start.
        if instant is not None and entry.case != "ends in the second pass"
    ] + [
        instant
        for row in records.confirmations
        for instant in (row.content.started, row.content.finished, row.content.entered)
        if instant is not None
    ]

    for instant in instants:
        local = wall_time(instant, zone)
        told = instant_of(local.date(), local.time().isoformat(), zone)
        assert told == instant
    for entry in records.log:
        assert entry.content.ended is None or entry.content.ended >= entry.content.started


@pytest.mark.parametrize("days", [1, 2, 4, 7, 10])
def test_everything_lies_in_the_period(days: int) -> None:
    """A day that no file covers would have a figure in the marts and none in the truth."""
    records = records_of(0, date(2026, 3, 2), days)
    scene = records.scene

    assert all(scene.bounds[0] <= entry.content.started < scene.bounds[1] for entry in records.log)
    assert all(scene.first <= day_of(scene, entry.content) <= scene.last for entry in records.confirmations)
