"""Current rows → marts: all marts of a model computed, checked and swapped in together, per production day."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg

from te_assets.assets.graph import MARTS, MODELS, OWNERS, RESTATE_POOL, production_day_partitions, table_metadata
from te_assets.assets.reporting import days_to_restate
from te_assets.assets.site_changes import apply_profile, site_check_spec
from te_assets.contracts.layout import Model
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.profile import ProfileResource

_DESCRIPTIONS = {
    "availability": (
        "Availability (ISO 22400-2) per plant, work center, production day and shift: APT / PBT with all its "
        "parts in seconds."
    ),
    "availability_line": (
        "Availability per line: of a series line the union of its stations' stops, of a parallel one the sums of its "
        "stations."
    ),
    "states": "What each machine did, as a gap-free sequence per production day.",
    "downtime_reasons": (
        "Seconds by reason; each instant counts for one stop, so that the reasons add up to the down time."
    ),
    "stops": "One line per stop, production day and shift, with the file, sheet and row that it comes from.",
    "scrap_rate": (
        "Scrap rate per plant, work center, production day, shift, material, operation and unit: SQ / PQ "
        "with its parts in pieces."
    ),
    "scrap_reasons": "Scrap by reason for variance.",
}
_CHECK = "figures_add_up"


def mart_assets(since: date, freshness: dg.FreshnessPolicy) -> list[dg.AssetsDefinition]:
    """The marts of each model."""
    partitions = production_day_partitions(since)
    return [_marts(model, partitions, freshness) for model in MODELS]


def _spec(
    model: Model, mart: str, partitions: dg.DailyPartitionsDefinition, freshness: dg.FreshnessPolicy
) -> dg.AssetSpec:
    # The executions of confirmations explain busy time without a stop.
    cross_check = [["staging", "confirmations"]] if mart in ("availability", "availability_line", "states") else []
    return dg.AssetSpec(
        key=["marts", mart],
        deps=[["staging", model], *cross_check],
        group_name="marts",
        kinds={"clickhouse"},
        owners=list(OWNERS),
        partitions_def=partitions,
        metadata=table_metadata(f"te_marts.{mart}"),
        freshness_policy=freshness,
        description=_DESCRIPTIONS[mart],
    )


def _marts(
    model: Model, partitions: dg.DailyPartitionsDefinition, freshness: dg.FreshnessPolicy
) -> dg.AssetsDefinition:
    @dg.multi_asset(
        name=f"{model}_marts",
        specs=[_spec(model, mart, partitions, freshness) for mart in MARTS[model]],
        check_specs=[
            dg.AssetCheckSpec(
                _CHECK,
                asset=["marts", mart],
                blocking=True,
                description="The parts of a figure add up; a day that fails keeps its old figures.",
            )
            for mart in MARTS[model]
        ]
        + [site_check_spec(mart) for mart in MARTS[model]],
        can_subset=True,
        pool=RESTATE_POOL,
        backfill_policy=dg.BackfillPolicy.multi_run(7),
    )
    def marts(
        context: dg.AssetExecutionContext, clickhouse: ClickHouseResource, profile: ProfileResource
    ) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
        from te_assets.assets.restating import report_untouched, restate_marts

        names = [mart for mart in MARTS[model] if dg.AssetKey(["marts", mart]) in context.selected_asset_keys]
        with clickhouse.steady_writer() as lake:
            apply_profile(context, lake, profile.profile())
            days = days_to_restate(context, lake, model)
            if days is None:
                yield from report_untouched(lake, names, check=_CHECK)
            else:
                yield from restate_marts(context, lake, model, names, days, check=_CHECK)

    return marts
