"""What the instance knows of ended runs, checks and freshness, as the alerts need it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import quote

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter
from dagster._core.definitions.assets.graph.asset_graph import AssetGraph, AssetNode
from dagster._core.definitions.freshness import (
    CronFreshnessPolicy,
    FreshnessState,
    FreshnessStateRecord,
    TimeWindowFreshnessPolicy,
)
from dagster._core.storage.asset_check_execution_record import (
    COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES as COMPLETED,
)
from dagster._core.storage.asset_check_execution_record import (
    AssetCheckExecutionRecord,
    AssetCheckExecutionRecordStatus,
)

from te_assets.automation.alert_conditions import Bad, Condition, ConditionsState
from te_assets.automation.alert_messages import Alert, shortened
from te_assets.automation.alert_runs import OVERLAP, RunEnd, RunsState
from te_assets.automation.alerting import run_link
from te_assets.automation.causes import cause_of_failure
from te_assets.automation.checks import newest_ended
from te_assets.automation.runs import REQUEST_TAG, partitions_of

MOST_RUNS: Final = 2000
"""Runs of one look; a longer outage is caught up tick by tick."""
MOST_EXECUTIONS: Final = 200
"""Executions of a failed check that are looked through for those that found its days good."""


def new_run_ends(instance: dg.DagsterInstance, state: RunsState) -> list[RunEnd]:
    """Runs that failed or succeeded since they were last looked at. What a person cancelled is no failure."""
    records = instance.get_run_records(
        RunsFilter(statuses=[DagsterRunStatus.FAILURE, DagsterRunStatus.SUCCESS], updated_after=state.until - OVERLAP),
        limit=MOST_RUNS,
        order_by="update_timestamp",
        ascending=True,
    )
    ends = []
    for record in records:
        run = record.dagster_run
        # Not the time of the last update: a tag that is added later would make an old failure a new one.
        at = datetime.fromtimestamp(record.end_time, UTC) if record.end_time else record.update_timestamp
        if state.is_new(run.run_id, at):
            failed = run.status is DagsterRunStatus.FAILURE
            ends.append(
                RunEnd(
                    run.run_id,
                    run.job_name,
                    at,
                    failed,
                    request=run.tags.get(REQUEST_TAG, ""),
                    days=partitions_of(run.tags),
                    assets=tuple(sorted(key.to_user_string() for key in run.asset_selection or ())),
                    cause=cause_of_failure(instance, run.run_id) if failed else "",
                )
            )
    return ends


def checks(
    instance: dg.DagsterInstance, graph: AssetGraph, state: ConditionsState, ui: str | None
) -> Iterator[Condition]:
    """Each check by its newest execution that has ended; one that is planned or crashed says nothing."""
    keys = sorted(graph.asset_check_keys, key=lambda key: key.to_user_string())
    for key, record in newest_ended(instance, keys).items():
        told_as = f"check:{key.to_user_string()}"
        yield Condition(
            told_as,
            is_bad=record.status is AssetCheckExecutionRecordStatus.FAILED,
            tell=partial(_check_alert, instance, told_as, record, ui),
            days=_named_days(record),
            found_good=_found_good(instance, key, state.bad.get(told_as)),
            execution=record.id,
        )


def freshness(instance: dg.DagsterInstance, graph: AssetGraph, ui: str | None) -> Iterator[Condition]:
    """Each asset with a freshness policy, as Dagster's daemon judged it last."""
    nodes = {node.key: node for node in graph.asset_nodes if node.freshness_policy is not None}
    records = instance.get_freshness_state_records(list(nodes)) if nodes else {}
    for key, node in sorted(nodes.items(), key=lambda item: item[0].to_user_string()):
        record = records.get(key)
        told_as = f"asset:{key.to_user_string()}"
        is_bad = {FreshnessState.PASS: False, FreshnessState.WARN: True, FreshnessState.FAIL: True}
        if record is not None:
            tell = partial(_stale_alert, instance, told_as, node, record, ui)
            yield Condition(told_as, is_bad.get(record.freshness_state), tell)


def _named_days(record: AssetCheckExecutionRecord) -> frozenset[str]:
    """Production days that a failed check gives as findings; empty where it speaks for the whole asset."""
    evaluation = record.evaluation
    if evaluation is None or evaluation.passed:
        return frozenset()
    findings = evaluation.metadata.get("findings")
    rows: Sequence[dg.TableRecord] = findings.records if isinstance(findings, dg.TableMetadataValue) else []
    return frozenset(str(row.data["day"]) for row in rows if "day" in row.data)


def _found_good(instance: dg.DagsterInstance, key: dg.AssetCheckKey, told: Bad | None) -> frozenset[str]:
    """Which of the days that a check failed for were found good since: by a run that covers them, or one of all.

    Without this the run of any other day would end the alert of a day that is still wrong.
    """
    if told is None or not told.days:
        return frozenset()
    history = instance.event_log_storage.get_asset_check_execution_history(key, MOST_EXECUTIONS, status=COMPLETED)
    since = [record for record in history if record.id > told.execution]
    ids = [record.run_id for record in since if record.run_id]
    covered = {run.run_id: partitions_of(run.tags) for run in instance.get_runs(RunsFilter(run_ids=ids))} if ids else {}
    good: set[str] = set()
    for record in since:
        named = _named_days(record)
        if named or record.status is AssetCheckExecutionRecordStatus.SUCCEEDED:
            first, last = covered.get(record.run_id) or (told.days[0], told.days[-1])
            good |= {day for day in told.days if first <= day <= last} - named
    return frozenset(good)


def _check_alert(
    instance: dg.DagsterInstance, told_as: str, record: AssetCheckExecutionRecord, ui: str | None
) -> Alert:
    evaluation = record.evaluation
    assert evaluation is not None
    asset, check = record.key.asset_key, record.key.name
    days = sorted(_named_days(record))
    span = (days[0], days[-1]) if days else _partitions(instance, record.run_id)
    shared: dict[str, Any] = {
        "id": told_as,
        "since": datetime.fromtimestamp(record.event.timestamp if record.event else record.create_timestamp, UTC),
        "link": run_link(ui, record.run_id) or _asset_link(ui, asset, f"?view=checks&checkDetail={quote(check)}"),
        "run_id": record.run_id or None,
        "asset": asset.to_user_string(),
        "partitions": None if span is None else span[0] if span[0] == span[1] else f"{span[0]}…{span[1]}",
        "check": check,
    }
    name = f"{check} of {asset.to_user_string()}"
    if evaluation.passed:
        return Alert(kind="resolved", subject=f"Check passes again: {name}", what="Nothing to do.", **shared)
    said = evaluation.description or "The check says no more; look at its metadata in Dagster."
    kept = "\nWhat it blocks keeps its old figures." if evaluation.blocking else ""
    return Alert(
        kind="check_failed",
        subject=f"Check failed ({evaluation.severity.value}): {name}",
        what=f"{shortened(said, 1500)}{kept}",
        severity=evaluation.severity.value,
        **shared,
    )


def _stale_alert(
    instance: dg.DagsterInstance, told_as: str, node: AssetNode, record: FreshnessStateRecord, ui: str | None
) -> Alert:
    name = node.key.to_user_string()
    shared: dict[str, Any] = {
        "id": told_as,
        "since": record.updated_at,
        "link": _asset_link(ui, node.key),
        "asset": name,
    }
    last = instance.get_latest_materialization_event(node.key)
    when = f"{datetime.fromtimestamp(last.timestamp, UTC):%Y-%m-%d %H:%M} UTC" if last else "never"
    if record.freshness_state is FreshnessState.PASS:
        what = f"It was materialized at {when}. Nothing to do."
        return Alert(kind="resolved", subject=f"Fresh again: {name}", what=what, **shared)
    late = "Late" if record.freshness_state is FreshnessState.FAIL else "Soon late"
    return Alert(
        kind="asset_stale",
        subject=f"{late}: {name}",
        what=(
            f"It was last materialized at {when}; {_promise(node)}. See whether deliveries have stopped (inbox, "
            "topics) or runs fail."
        ),
        severity=record.freshness_state.value,
        **shared,
    )


def _promise(node: AssetNode) -> str:
    """What the freshness policy asks for."""
    policy = node.freshness_policy
    if isinstance(policy, TimeWindowFreshnessPolicy):
        return f"it should be at least every {_length(policy.fail_window.to_timedelta())}"
    if isinstance(policy, CronFreshnessPolicy):
        return (
            f'it should be in the {_length(policy.lower_bound_delta)} before each "{policy.deadline_cron}" '
            f"({policy.timezone})"
        )
    return "its freshness policy asks for more"


def _length(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"


def _partitions(instance: dg.DagsterInstance, run_id: str) -> tuple[str, str] | None:
    run = instance.get_run_by_id(run_id) if run_id else None
    return partitions_of(run.tags) if run else None


def _asset_link(ui: str | None, key: dg.AssetKey, view: str = "") -> str | None:
    return f"{ui}/assets/{'/'.join(quote(part, safe='') for part in key.path)}{view}" if ui else None
