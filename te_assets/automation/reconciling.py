"""Nightly: the figures of the last days computed once more and compared; days that deviate are restated."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import dagster as dg

from te_assets.assets.graph import MARTS, MODELS
from te_assets.automation.jobs import IN_TURN, Job
from te_assets.contracts.layout import Model
from te_assets.lake.touched import DayRange
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.profile import ProfileResource

if TYPE_CHECKING:
    from te_assets.lake.reconciliation import Deviation

RECONCILE_JOB: Final = "reconcile"
CHECK: Final = "figures_reproducible"
_WHY: Final = "reconciliation"


def reconciliation_checks() -> list[dg.AssetChecksDefinition]:
    """One definition per model: its current rows and each of its marts."""
    return [_of_model(model) for model in MODELS]


def reconcile_job(checks: Sequence[dg.AssetChecksDefinition]) -> Job:
    """Both models."""
    return dg.define_asset_job(
        RECONCILE_JOB,
        selection=dg.AssetSelection.checks(*checks),
        executor_def=dg.in_process_executor,
        tags=IN_TURN,
        description="Compute the last days once more beside the figures and compare; deviating days are restated.",
    )


def _tables(model: Model) -> dict[str, dg.AssetKey]:
    marts = {f"te_marts.{mart}": dg.AssetKey(["marts", mart]) for mart in MARTS[model]}
    return {f"te_staging.{model}": dg.AssetKey(["staging", model]), **marts}


def _of_model(model: Model) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"reconciliation_of_{model}",
        specs=[
            dg.AssetCheckSpec(CHECK, asset=key, description="The rows give the figures shown, row by row.")
            for key in _tables(model).values()
        ],
        can_subset=True,
    )
    def reconciliation(
        context: dg.AssetCheckExecutionContext, clickhouse: ClickHouseResource, profile: ProfileResource
    ) -> Iterator[dg.AssetCheckResult]:
        from te_assets.lake.models import MODELS as LAKE_MODELS
        from te_assets.lake.reconciliation import deviations
        from te_assets.lake.touched import touch

        site = profile.profile().site()
        today = datetime.now(UTC).date()
        days = DayRange(max(site.since, today - timedelta(days=site.policies.reconciled_days)), today)
        with clickhouse.steady_writer() as lake:
            found = deviations(lake, LAKE_MODELS[model], MARTS[model], days, run_id=context.run.run_id)
            if found:
                sequence = int(datetime.now(UTC).timestamp() * 1e9)
                touch(lake, model, "", sorted({one.production_day for one in found}), sequence, _WHY)
        for table, key in _tables(model).items():
            if dg.AssetCheckKey(key, CHECK) in context.selected_asset_check_keys:
                yield _result(key, table, days, [one for one in found if one.table == table])

    return reconciliation


def _result(key: dg.AssetKey, table: str, days: DayRange, found: Sequence["Deviation"]) -> dg.AssetCheckResult:
    records = [dg.TableRecord({"day": str(one.production_day), "rows": one.rows}) for one in found]
    return dg.AssetCheckResult(
        passed=not found,
        asset_key=key,
        check_name=CHECK,
        description=(
            f"{table}, {found[0].production_day}: {found[0].rows} rows are not what history gives, though nothing "
            "waited to be restated; the day is restated now. If it comes again, somebody else writes to the table."
            if found
            else f"{table}: {days} as computed once more"
        ),
        metadata={"findings": dg.MetadataValue.table(records)} if records else {},
    )
