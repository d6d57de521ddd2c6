"""Asset checks that look at the whole of a model's tables; those of a single run are in the assets."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import dagster as dg
from dagster._core.storage.asset_check_execution_record import (
    COMPLETED_ASSET_CHECK_EXECUTION_RECORD_STATUSES as COMPLETED,
)
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecord

from te_assets.assets.graph import MODELS
from te_assets.automation.jobs import IN_TURN, Job
from te_assets.contracts.layout import Model
from te_assets.lake.health import QUESTIONS, Table
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.profile import ProfileResource

HEALTH_JOB = "health"


def asset_of(table: Table, model: Model) -> dg.AssetKey:
    """The asset that a question is about."""
    keys = {"raw": ["raw", model], "history": ["staging", f"{model}_history"], "current": ["staging", model]}
    return dg.AssetKey(keys[table])


def health_checks() -> list[dg.AssetChecksDefinition]:
    """All questions of `te_assets.lake.health`, one definition per model."""
    return [_of_model(model) for model in MODELS]


def health_job(checks: Sequence[dg.AssetChecksDefinition]) -> Job:
    """Asks every question about both models."""
    return dg.define_asset_job(
        HEALTH_JOB,
        selection=dg.AssetSelection.checks(*checks),
        executor_def=dg.in_process_executor,
        tags=IN_TURN,
        description="Look at all of the lake: ledger, conservation, shares, drift, age of the data. Changes nothing.",
    )


def stopping_keys(model: Model) -> list[dg.AssetCheckKey]:
    """Checks of a model that stop its marts while they fail: a wrong figure would be published."""
    return [
        dg.AssetCheckKey(asset_of(question.table, model), name)
        for name, question in QUESTIONS.items()
        if question.stops_marts and model in question.models
    ]


def stopped_by(instance: dg.DagsterInstance, model: Model) -> str | None:
    """Why the marts of a model are not restated, for a person; None: they may be."""
    for key, record in newest_ended(instance, stopping_keys(model)).items():
        evaluation = record.evaluation
        if evaluation is not None and not evaluation.passed:
            asset = key.asset_key.to_user_string()
            return f"{model}: marts wait, as check {key.name} of {asset} failed: {evaluation.description}"
    return None


def newest_ended(
    instance: dg.DagsterInstance, keys: Sequence[dg.AssetCheckKey]
) -> dict[dg.AssetCheckKey, AssetCheckExecutionRecord]:
    """Of each check that ever was, its newest execution that has ended; one that is planned or crashed says nothing."""
    storage = instance.event_log_storage
    newest = storage.get_latest_asset_check_execution_by_key(keys)
    found = {}
    for key in keys:
        record = newest.get(key)
        if record is not None and record.status not in COMPLETED:
            record = next(iter(storage.get_asset_check_execution_history(key, limit=1, status=COMPLETED)), None)
        if record is not None:
            found[key] = record
    return found


def _of_model(model: Model) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"{HEALTH_JOB}_of_{model}",
        specs=[
            dg.AssetCheckSpec(
                name,
                asset=asset_of(question.table, model),
                blocking=question.stops_marts,
                description=question.title,
            )
            for name, question in QUESTIONS.items()
            if model in question.models
        ],
        can_subset=True,
    )
    def health(
        context: dg.AssetCheckExecutionContext, clickhouse: ClickHouseResource, profile: ProfileResource
    ) -> Iterator[dg.AssetCheckResult]:
        from te_assets.automation.freshness import fresh_within
        from te_assets.lake.health import look
        from te_assets.lake.models import MODELS as LAKE_MODELS

        wanted = {key.name for key in context.selected_asset_check_keys}
        with clickhouse.writer() as lake:
            for found in look(lake, LAKE_MODELS[model], fresh_within=fresh_within(profile.profile().site())):
                if found.check not in wanted:
                    continue
                question = QUESTIONS[found.check]
                yield dg.AssetCheckResult(
                    passed=found.passed,
                    asset_key=asset_of(question.table, model),
                    check_name=found.check,
                    severity=dg.AssetCheckSeverity.ERROR if question.stops_marts else dg.AssetCheckSeverity.WARN,
                    description=found.what,
                    metadata={"rows": dg.MetadataValue.table([_record(row) for row in found.rows])}
                    if found.rows
                    else {},
                )

    return health


def _record(row: Mapping[str, Any]) -> dg.TableRecord:
    return dg.TableRecord(
        {name: value if isinstance(value, int | float) else str(value) for name, value in row.items()}
    )
