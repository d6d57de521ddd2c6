"""How far te_raw is behind the topics; for sensors and status."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from te_assets.delivery.errors import KafkaFailed
from te_assets.delivery.ledger import Position, Shard, read_positions
from te_assets.delivery.reader import Bounds, TopicReader
from te_assets.delivery.topics import describe

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class ShardLag:
    """Distance between a log and the ledger.

    Attributes:
        position: Where the next load begins.
        earliest: First offset that the log still has; beyond `position` it is a gap.
        end: Last stable offset, exclusive.
    """

    shard: Shard
    position: int
    earliest: int
    end: int

    @property
    def offsets(self) -> int:
        """Offsets that wait to be loaded; control records count."""
        return max(self.end - self.position, 0)


def lag(kafka: Mapping[str, Any], client: Client, topic: str) -> tuple[ShardLag, ...]:
    """What waits to be loaded, per partition of the topic as it exists now.

    Raises:
        TopicMissing: There is no such topic.
        KafkaFailed: The broker refused or could not be reached.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    try:
        with closing(KafkaAdminClient(**{**kafka, "reconnect_backoff_max_ms": 500})) as admin:
            now = describe(admin, topic)
        shards = [Shard(topic, now.topic_id, partition) for partition in now.partitions]
        with TopicReader(kafka, Bounds()) as reader:
            extents = {shard: reader.extent(shard) for shard in shards}
    except KafkaError as error:
        raise KafkaFailed(
            f"topic {topic}: Kafka failed with {type(error).__name__} ({error}). See whether it "
            "runs (te-assets status)."
        ) from error
    known = read_positions(client, topic)
    return tuple(
        ShardLag(shard, known.get(shard, Position()).offset, extents[shard].earliest, extents[shard].end)
        for shard in shards
    )


def ledger_positions(client: Client) -> dict[Shard, int]:
    """Where the next load begins, for each partition that has any ledger line, of all topics and their incarnations."""
    return {shard: position.offset for shard, position in read_positions(client).items()}
