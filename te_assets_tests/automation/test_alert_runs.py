"""Which ends of runs are told, decided with plain times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from te_assets.automation.alert_runs import FORGOTTEN, OVERLAP, QUIET, RunEnd, RunsState, follow

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FAILED = RunEnd("r1", "load_interactions", NOW, failed=True, request="topic/0:5-9", cause="load: the disk is full")


def told(state: RunsState, *ends: RunEnd, now: datetime = NOW) -> tuple[RunsState, list[tuple[str, str | None]]]:
    """The state afterwards, and kind and run of what is told."""
    steps = list(follow(state, ends, now, None))
    return steps[-1].state, [(step.alert.kind, step.alert.run_id) for step in steps if step.alert]


def again(run_id: str, after: timedelta, end: RunEnd = FAILED) -> RunEnd:
    return replace(end, run_id=run_id, at=end.at + after)


def test_a_request_that_fails_for_a_day_is_told_every_six_hours() -> None:
    """After the first message of Friday evening nobody heard of it again."""
    state, first = told(RunsState.at_first(NOW), FAILED)
    repeats = []
    for hour in range(1, 25):
        at = timedelta(hours=hour)
        state, more = told(state, again(f"r{hour + 1}", at), now=NOW + at)
        repeats += more

    assert first == [("run_failed", "r1")]
    assert [run for _, run in repeats] == ["r7", "r13", "r19", "r25"]
    assert len(state.told) == 1


def test_the_quiet_hours_begin_when_it_is_told() -> None:
    state, _ = told(RunsState.at_first(NOW), FAILED)

    assert told(state, again("r2", QUIET - MINUTE), now=NOW + QUIET - MINUTE)[1] == []
    assert told(state, again("r3", QUIET), now=NOW + QUIET)[1] == [("run_failed", "r3")]


def test_ends_are_told_in_the_order_in_which_they_came() -> None:
    """Success and failure of one request in one look: what came last must be what is on record."""
    good = replace(again("r2", MINUTE), failed=False)

    state, kinds = told(RunsState.at_first(NOW), good, FAILED)
    assert kinds == [("run_failed", "r1"), ("resolved", "r2")]
    assert state.told == ()

    state, kinds = told(state, again("r4", 3 * MINUTE), replace(again("r3", 2 * MINUTE), failed=False))
    assert kinds == [("run_failed", "r4")]


def test_a_run_whose_end_is_seen_late_is_told_and_one_that_was_looked_at_is_not() -> None:
    """Ends are written by the runs' own processes: one that came first may be seen second."""
    state, _ = told(RunsState.at_first(NOW), FAILED)

    assert not state.is_new("r1", NOW)
    assert state.is_new("late", NOW - OVERLAP + MINUTE)
    assert not state.is_new("old", NOW - OVERLAP)


def test_a_run_on_a_machine_whose_clock_is_ahead_hides_no_other() -> None:
    """One host was a day ahead; what failed until the next morning was taken for old."""
    ahead = again("ahead", timedelta(days=1))
    state, kinds = told(RunsState.at_first(NOW), ahead)

    assert kinds == [("run_failed", "ahead")]
    assert state.is_new("r2", NOW + MINUTE)
    assert not state.is_new("ahead", ahead.at)


def test_nothing_before_the_first_look_is_ever_new() -> None:
    begun = RunsState.at_first(NOW)
    state, _ = told(begun, again("r1", MINUTE - timedelta(hours=1)))

    assert not state.is_new("before", begun.begun)
    assert state.is_new("since", begun.begun + timedelta(seconds=1))


def test_the_record_of_looked_at_runs_does_not_grow() -> None:
    state = RunsState.at_first(NOW)
    for minute in range(200):
        state, _ = told(state, again(f"r{minute}", minute * MINUTE), now=NOW + minute * MINUTE)

    assert len(state.seen) == OVERLAP // MINUTE
    assert RunsState.model_validate_json(state.model_dump_json()) == state


def test_a_failure_without_an_end_is_forgotten_after_a_week() -> None:
    state, _ = told(RunsState.at_first(NOW), FAILED)

    assert state.aged(NOW + FORGOTTEN - MINUTE) == state
    assert state.aged(NOW + FORGOTTEN).told == ()
    assert state.aged(NOW + 2 * FORGOTTEN).until == NOW + FORGOTTEN


DAYS = replace(FAILED, job="restate_interactions", request="a", days=("2026-03-03", "2026-03-09"))


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (("2026-03-03", "2026-03-09"), True),
        (("2026-03-01", "2026-03-31"), True),
        (("2026-03-03", "2026-03-08"), False),
        (("2026-03-04", "2026-03-09"), False),
        (("2026-03-10", "2026-03-12"), False),
        (None, False),
    ],
)
def test_a_success_ends_a_failure_whose_days_it_covers(days: tuple[str, str] | None, ends: bool) -> None:
    state, _ = told(RunsState.at_first(NOW), DAYS)
    good = replace(again("r2", MINUTE, DAYS), request="b", days=days, failed=False)

    assert told(state, good)[1] == ([("resolved", "r2")] if ends else [])


@pytest.mark.parametrize(
    ("days", "is_told"),
    [
        (("2026-03-03", "2026-03-09"), False),
        (("2026-03-05", "2026-03-05"), False),
        (("2026-03-05", "2026-03-10"), True),
        (("2026-03-10", "2026-03-10"), True),
    ],
)
def test_a_failure_of_days_within_a_failed_range_is_the_same(days: tuple[str, str], is_told: bool) -> None:
    """The days of a failed range are asked for again one by one: 31 messages of what was told."""
    state, _ = told(RunsState.at_first(NOW), DAYS)
    other = replace(again("r2", MINUTE, DAYS), request="b", days=days, cause="another")

    assert told(state, other)[1] == ([("run_failed", "r2")] if is_told else [])


def test_a_success_before_the_failure_or_of_another_job_or_selection_ends_nothing() -> None:
    state, _ = told(RunsState.at_first(NOW), FAILED)
    good = replace(FAILED, run_id="r2", failed=False)

    for other in (
        replace(good, at=NOW - MINUTE),
        replace(good, at=NOW + MINUTE, job="load_confirmations"),
        replace(good, at=NOW + MINUTE, assets=("raw/interactions",)),
    ):
        assert told(state, other)[1] == []


def test_runs_without_a_job_are_named_by_their_assets() -> None:
    end = replace(FAILED, job="__ASSET_JOB", request="", assets=("marts/stops", "marts/states"))
    (step,) = follow(RunsState.at_first(NOW), [end], NOW, None)

    assert step.alert is not None
    assert step.alert.subject == "Run failed: marts/stops, marts/states"
    assert step.alert.id == "run:__ASSET_JOB:marts/stops:marts/states"
    assert step.alert.link is None


def test_an_id_stays_short_and_is_the_same_for_the_end() -> None:
    long = replace(FAILED, request=",".join(f"topic/{n}:0-{n}" for n in range(100)))
    (failed,) = follow(RunsState.at_first(NOW), [long], NOW, None)
    resolved, _ = follow(failed.state, [replace(again("r2", MINUTE, long), failed=False)], NOW, None)

    assert failed.alert is not None
    assert resolved.alert is not None
    assert failed.alert.id == resolved.alert.id
    assert len(failed.alert.id) <= 120
