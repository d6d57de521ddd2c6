"""Landed workbooks → topics: one Kafka transaction per publication."""

from typing import Any

import dagster as dg

from te_assets.assets.graph import MODELS, OWNERS, load_pool
from te_assets.contracts.layout import Model
from te_assets.delivery.positions import topic_version
from te_assets.delivery.topics import ROW_TOPICS
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource


def topic_assets() -> list[dg.AssetsDefinition]:
    """The topic of each model."""
    return [_topic(model) for model in MODELS]


def _topic(model: Model) -> dg.AssetsDefinition:
    @dg.asset(
        key=["kafka", model],
        deps=[["excel", model]],
        group_name="topics",
        kinds={"kafka"},
        owners=OWNERS,
        pool=load_pool(model),
        description=(
            f"Topic te.{model}.v1: the rows of each workbook as JSON lines, in one transaction with its manifest on "
            "te.files.v1. Materializing publishes the landed workbooks that wait."
        ),
    )
    def topic(
        context: dg.AssetExecutionContext,
        clickhouse: ClickHouseResource,
        kafka: KafkaResource,
        landing: LandingResource,
        profile: ProfileResource,
    ) -> dg.MaterializeResult[Any]:
        from te_assets.assets.publishing import publish_waiting
        from te_assets.assets.reporting import published_metadata
        from te_assets.delivery.watch import lag

        with clickhouse.steady_writer() as lake:
            contracts, operator = profile.profile().contracts(), profile.operator_policy()
            published = publish_waiting(
                lake,
                kafka.config(),
                landing.store(),
                contracts,
                operator,
                model=model,
                run_id=context.run.run_id,
                say=context.log.info,
            )
            version = topic_version(lag(kafka.config(), lake, ROW_TOPICS[model]))
        return dg.MaterializeResult(data_version=dg.DataVersion(version), metadata=published_metadata(published))

    return topic
