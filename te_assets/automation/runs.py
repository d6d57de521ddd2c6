"""What the instance knows of earlier and present runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from te_assets.automation.decisions import Failures, attempt_number
from te_assets.lake.touched import DayRange

REQUEST_TAG = "te/request"
UNFINISHED = [
    DagsterRunStatus.QUEUED,
    DagsterRunStatus.NOT_STARTED,
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]
_FAILED = [DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED]


def in_flight(instance: dg.DagsterInstance, job_names: Sequence[str]) -> list[dg.DagsterRun]:
    """Runs of these jobs that have not ended: queued ones count, or one would be asked for at every tick."""
    return [run for name in job_names for run in instance.get_runs(RunsFilter(job_name=name, statuses=UNFINISHED))]


def ranges_in_flight(instance: dg.DagsterInstance, job_names: Sequence[str]) -> list[DayRange]:
    """Production days that unfinished runs of these jobs work on."""
    ranges = []
    for run in in_flight(instance, job_names):
        if partitions := partitions_of(run.tags):
            ranges.append(DayRange(*map(date.fromisoformat, partitions)))
    return ranges


def partitions_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """First and last partition that a run with these tags covers; None where it covers none."""
    first = tags.get("dagster/asset_partition_range_start") or tags.get("dagster/partition")
    last = tags.get("dagster/asset_partition_range_end") or first
    return (first, last) if first and last else None


def failures(instance: dg.DagsterInstance, job_name: str, request: str) -> Failures:
    """Failed runs of the same request."""
    failed = RunsFilter(job_name=job_name, statuses=_FAILED, tags={REQUEST_TAG: request})
    records = instance.get_run_records(failed, limit=20)
    ended = [datetime.fromtimestamp(record.end_time, UTC) for record in records if record.end_time]
    # The number makes the next run key, and one that was used before is dropped by Dagster: all are counted, also
    # those before the newest one that upkeep has deleted.
    used = [attempt_number(record.dagster_run.tags.get("dagster/run_key", "")) for record in records]
    number = max(instance.get_runs_count(failed), *(each + 1 for each in used)) if used else 0
    return Failures(number, max(ended) if ended else None)
