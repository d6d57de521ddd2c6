"""Raw → typed history → touched production days → current rows."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg

from te_assets.assets.graph import (
    APPEND_ONLY,
    MODELS,
    OWNERS,
    RESTATE_POOL,
    load_pool,
    production_day_partitions,
    table_metadata,
)
from te_assets.assets.reporting import (
    current_metadata,
    days_to_restate,
    partition_range,
    report_touched_days,
    totals_check,
    totals_check_spec,
    typed_metadata,
)
from te_assets.assets.site_changes import apply_profile
from te_assets.contracts.layout import Model
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.profile import ProfileResource


def staging_assets(since: date) -> list[dg.AssetsDefinition]:
    """History, touched days and current rows of each model."""
    partitions = production_day_partitions(since)
    return [
        asset for model in MODELS for asset in (_history(model), _days(model, partitions), _current(model, partitions))
    ]


def _history(model: Model) -> dg.AssetsDefinition:
    @dg.asset(
        key=["staging", f"{model}_history"],
        deps=[["raw", model]],
        group_name="staging",
        kinds={"clickhouse"},
        owners=OWNERS,
        pool=load_pool(model),
        metadata=table_metadata(f"te_staging.{model}_history"),
        check_specs=[totals_check_spec(model)],
        description=(
            "Every typed version of every accepted row, by business key; rows that break a rule are in "
            "te_staging.rejected_rows. "
            "Materializing types what is loaded and reports the production days that it touches."
        ),
    )
    def history(
        context: dg.AssetExecutionContext, clickhouse: ClickHouseResource, profile: ProfileResource
    ) -> Iterator[dg.MaterializeResult[Any]]:
        from te_assets.lake.corrections import correct, replacements, unfinished
        from te_assets.lake.history import type_history
        from te_assets.lake.leftovers import sweep
        from te_assets.lake.models import MODELS as LAKE_MODELS
        from te_assets.lake.snapshots import settle_snapshots

        with clickhouse.steady_writer() as lake:
            site = profile.profile()
            apply_profile(context, lake, site)
            sweep(lake)
            for left in unfinished(lake):
                correct(lake, left, run_id=context.run.run_id)
            typed = type_history(lake, LAKE_MODELS[model], site.typing(model), run_id=context.run.run_id)
            days = {date.fromisoformat(day) for _, day in typed.touched}
            left_rows = settle_snapshots(
                lake, LAKE_MODELS[model], site.snapshots(model), days, run_id=context.run.run_id
            )
            typed.add_touched(left_rows, model)
            for replaced in replacements(lake):
                typed.add_touched(correct(lake, replaced, run_id=context.run.run_id).touched, model)
            report_touched_days(context, model, typed, site.site().since)
            yield dg.MaterializeResult(
                data_version=APPEND_ONLY,
                metadata=typed_metadata(lake, model, typed, context.run.run_id),
                check_results=[totals_check(lake, model)],
            )

    return history


def _days(model: Model, partitions: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    @dg.asset(
        key=["staging", f"{model}_days"],
        deps=[["staging", f"{model}_history"]],
        group_name="staging",
        kinds={"clickhouse"},
        owners=OWNERS,
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.multi_run(7),
        metadata={"dagster/table_name": "te_ops.touched_days"},
        description=(
            "Production days whose rows changed: a load gives each day that it touches a new data version, "
            "and what lies below that day turns stale."
        ),
    )
    def days(context: dg.AssetExecutionContext, clickhouse: ClickHouseResource) -> dg.MaterializeResult[Any]:
        from te_assets.lake.touched import waiting_days

        wanted = partition_range(context)
        with clickhouse.steady_writer() as lake:
            waiting = {
                day: sequence
                for day, sequence in waiting_days(lake, model).items()
                if wanted.first <= day <= wanted.last
            }
        version = str(max(waiting.values())) if waiting else context.run.run_id
        return dg.MaterializeResult(
            data_version=dg.DataVersion(version), metadata={"days": len(wanted.days), "touched": len(waiting)}
        )

    return days


def _current(model: Model, partitions: dg.DailyPartitionsDefinition) -> dg.AssetsDefinition:
    @dg.asset(
        key=["staging", model],
        deps=[["staging", f"{model}_days"]],
        group_name="staging",
        kinds={"clickhouse"},
        owners=OWNERS,
        partitions_def=partitions,
        backfill_policy=dg.BackfillPolicy.multi_run(7),
        pool=RESTATE_POOL,
        metadata=table_metadata(f"te_staging.{model}"),
        description="The newest version per business key, per production day, swapped in whole.",
    )
    def current(
        context: dg.AssetExecutionContext, clickhouse: ClickHouseResource, profile: ProfileResource
    ) -> dg.MaterializeResult[Any]:
        from te_assets.lake.current import restate_current
        from te_assets.lake.models import MODELS as LAKE_MODELS

        with clickhouse.steady_writer() as lake:
            apply_profile(context, lake, profile.profile())
            days = days_to_restate(context, lake, model)
            rows = restate_current(lake, LAKE_MODELS[model], days, run_id=context.run.run_id) if days else {}
            return dg.MaterializeResult(metadata=current_metadata(context, lake, f"te_staging.{model}", rows))

    return current
