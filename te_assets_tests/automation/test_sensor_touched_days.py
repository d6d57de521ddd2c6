"""What the sensor of the touched production days asks for, tick by tick."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
from dagster import DagsterRunStatus

from te_assets.automation.jobs import range_tags
from te_assets.automation.runs import REQUEST_TAG
from te_assets.lake.touched import DayRange
from te_assets_tests.automation.watching import DAY, SINCE, URGENT, Watch, end_pauses

pytestmark = pytest.mark.stack


def test_marts_wait_while_a_check_that_stops_them_fails_and_the_reason_says_what_to_do(watch: Watch) -> None:
    watch.touch("interactions", DAY)
    watch.touch("confirmations", DAY)
    watch.report_check("ledger_contiguous", passed=False, why="te_ops.load_ledger: 1 holes. Restore them together.")

    result = watch.tick("touched_days")
    assert [request.job_name for request in result.run_requests or ()] == ["restate_confirmations"]

    watch.touch("confirmations", DAY, sequence=1)
    watch.report_check("ledger_contiguous", passed=True, why="all is well")
    assert [request.job_name for request in watch.requests("touched_days")] == [
        "restate_interactions",
        "restate_confirmations",
    ]


@pytest.mark.parametrize("passed", [True, False])
def test_while_a_check_is_asked_anew_its_last_answer_counts(passed: bool, watch: Watch) -> None:
    watch.touch("interactions", DAY)
    watch.plan_check("ledger_contiguous")
    assert [request.job_name for request in watch.requests("touched_days")] == ["restate_interactions"]

    watch.touch("interactions", DAY, sequence=1)
    watch.report_check("ledger_contiguous", passed=passed, why="te_ops.load_ledger: 1 holes. Restore them together.")
    watch.plan_check("ledger_contiguous")

    asked = [request.job_name for request in watch.tick("touched_days").run_requests or ()]
    assert asked == (["restate_interactions"] if passed else [])


def test_no_touched_day_asks_for_nothing_and_says_so_in_numbers(watch: Watch) -> None:
    assert watch.reason("touched_days") == "interactions: 0 production days wait; confirmations: 0 production days wait"


def test_two_far_apart_days_are_two_requests_newest_first(watch: Watch) -> None:
    early, late = date(2026, 1, 3), date(2026, 6, 20)
    watch.touch("interactions", early, sequence=7)
    watch.touch("interactions", late, sequence=8)
    asked = watch.requests("touched_days")

    assert [request.job_name for request in asked] == ["restate_interactions"] * 2
    assert [request.run_key for request in asked] == [
        "restate_interactions:2026-06-20/2026-06-20@8",
        "restate_interactions:2026-01-03/2026-01-03@7",
    ]
    assert [dict(request.tags) for request in asked] == [
        {REQUEST_TAG: f"{day}/{day}@{sequence}", **URGENT, **range_tags(DayRange(day, day))}
        for day, sequence in ((late, 8), (early, 7))
    ]
    assert [r.run_key for r in watch.requests("touched_days", "thrown away")] == [r.run_key for r in asked]


def test_a_range_is_one_request_of_at_most_31_days_per_model(watch: Watch) -> None:
    days = [DAY + timedelta(days=n) for n in range(40)]
    watch.touch("interactions", *days)
    watch.touch("confirmations", *days[:3])

    assert [request.tags[REQUEST_TAG] for request in watch.requests("touched_days")] == [
        "2026-03-12/2026-04-11@1",
        "2026-03-03/2026-03-11@1",
        "2026-03-03/2026-03-05@1",
    ]


def test_a_day_that_is_no_partition_yet_waits(watch: Watch) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    watch.touch("interactions", tomorrow + timedelta(days=1), SINCE - timedelta(days=1))

    assert watch.reason("touched_days") == "interactions: 2 production days wait; confirmations: 0 production days wait"

    watch.touch("interactions", tomorrow)
    assert [r.tags[REQUEST_TAG] for r in watch.requests("touched_days")] == [f"{tomorrow}/{tomorrow}@1"]


def test_days_that_a_queued_run_restates_are_left_to_it(watch: Watch) -> None:
    days = [DAY + timedelta(days=n) for n in range(3)]
    watch.touch("interactions", *days)
    watch.queue("restate_interactions", range_tags(DayRange(days[1], days[1])))

    assert [request.tags[REQUEST_TAG] for request in watch.requests("touched_days")] == [
        f"{day}/{day}@1" for day in (days[2], days[0])
    ]


def test_a_failed_restatement_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.touch("interactions", DAY)
    (request,) = watch.requests("touched_days")
    watch.fail(request)

    assert watch.reason("touched_days").startswith("interactions: 1 production days wait")

    end_pauses(monkeypatch)
    (again,) = watch.requests("touched_days")
    assert again.run_key == f"{request.run_key}#1"

    watch.touch("interactions", DAY, sequence=2)
    (changed,) = watch.requests("touched_days")
    assert changed.run_key == "restate_interactions:2026-03-03/2026-03-03@2"


def test_a_request_that_failed_all_weekend_is_still_asked_for(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run key that was used before is dropped by Dagster without a word."""
    watch.touch("interactions", DAY)
    (request,) = watch.requests("touched_days")
    end_pauses(monkeypatch)
    keys = set()
    for _ in range(25):
        (again,) = watch.requests("touched_days")
        keys.add(again.run_key)
        watch.instance.add_run(
            dg.DagsterRun(
                "restate_interactions",
                run_id=str(uuid.uuid4()),
                status=DagsterRunStatus.FAILURE,
                tags=dict(request.tags),
            )
        )

    assert len(keys) == 25
