"""How many offsets of the row topics are not in ClickHouse yet, by the ledger."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka import KafkaAdminClient

ROW_TOPICS: Final = ("te.interactions.v1", "te.confirmations.v1")


def lag(admin: KafkaAdminClient, lake: Client) -> dict[str, int]:
    """Offsets between the log's end (read committed) and the ledger, per row topic that exists."""
    from kafka import IsolationLevel, TopicPartition
    from kafka.admin import OffsetSpec

    existing = set(admin.list_topics())
    described: list[dict[str, Any]] = admin.describe_topics([topic for topic in ROW_TOPICS if topic in existing])
    if not described:
        return {}
    partitions = {
        TopicPartition(topic["name"], partition["partition_index"])
        for topic in described
        for partition in topic["partitions"]
    }

    def offsets(spec: OffsetSpec) -> dict[TopicPartition, int]:
        found = admin.list_partition_offsets(
            dict.fromkeys(partitions, spec), isolation_level=IsolationLevel.READ_COMMITTED
        )
        return {partition: int(at.offset) for partition, at in found.items()}

    ends, begins = offsets(OffsetSpec.LATEST), offsets(OffsetSpec.EARLIEST)
    loaded = _loaded(lake, [str(topic["topic_id"]) for topic in described])
    totals = dict.fromkeys((topic["name"] for topic in described), 0)
    for partition in partitions:
        position = loaded.get((partition.topic, partition.partition), begins[partition])
        totals[partition.topic] += max(0, ends[partition] - position)
    return totals


def _loaded(lake: Client, topic_ids: list[str]) -> dict[tuple[str, int], int]:
    if not lake.command("EXISTS TABLE te_ops.load_ledger"):
        return {}
    sql = resources.files("te_assets.stack").joinpath("lag.sql").read_text(encoding="utf-8")
    rows = lake.query(sql, parameters={"topic_ids": topic_ids}).result_rows
    return {(topic, partition): following for topic, _, partition, following in rows}
