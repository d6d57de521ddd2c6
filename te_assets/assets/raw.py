"""Topics → raw: every line as it came, exactly once."""

from typing import Any

import dagster as dg

from te_assets.assets.graph import APPEND_ONLY, MODELS, OWNERS, load_pool, table_metadata
from te_assets.assets.reporting import loaded_metadata
from te_assets.contracts.layout import Model
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.settings import Settings


def raw_assets(freshness: dg.FreshnessPolicy) -> list[dg.AssetsDefinition]:
    """The raw table of each model."""
    return [_raw(model, freshness) for model in MODELS]


def _raw(model: Model, freshness: dg.FreshnessPolicy) -> dg.AssetsDefinition:
    @dg.asset(
        key=["raw", model],
        deps=[["kafka", model]],
        group_name="raw",
        kinds={"kafka", "clickhouse"},
        owners=OWNERS,
        pool=load_pool(model),
        metadata=table_metadata(f"te_raw.{model}"),
        freshness_policy=freshness,
        description=(
            f"Every line of topic te.{model}.v1, exactly once, nothing parsed, nothing dropped: the system of record. "
            "One materialization loads no more lines than TE_LINES_PER_RUN; the next one goes on."
        ),
    )
    def raw(
        context: dg.AssetExecutionContext, clickhouse: ClickHouseResource, kafka: KafkaResource
    ) -> dg.MaterializeResult[Any]:
        from te_assets.delivery.loader import load_topic

        with clickhouse.steady_writer() as lake:
            bound = Settings().lines_per_run
            loaded = load_topic(kafka.config(), lake, f"te.{model}.v1", run_id=context.run.run_id, max_lines=bound)
            return dg.MaterializeResult(data_version=APPEND_ONLY, metadata=loaded_metadata(lake, model, loaded))

    return raw
