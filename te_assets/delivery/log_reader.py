"""Reads a whole topic as it is committed now, from the first offset to the last stable one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Protocol

from te_assets.delivery.errors import KafkaSilent, TopicMissing
from te_assets.delivery.messages import Record
from te_assets.delivery.reader import CONSUMER_SETTINGS

POLL_MS = 20


class PlacedRecord(Record, Protocol):
    """A record that knows its partition."""

    @property
    def partition(self) -> int:
        """Kafka partition."""


def committed_records(kafka: Mapping[str, Any], topic: str, patience: float = 60.0) -> Iterator[PlacedRecord]:
    """Every committed record of a topic, partition after partition, up to the end as it is now.

    Args:
        kafka: Keyword arguments of a kafka-python client.
        topic: Its name.
        patience: Seconds without any progress before the broker counts as silent.

    Raises:
        TopicMissing: There is no such topic.
        KafkaSilent: The broker stopped delivering.
    """
    from kafka import KafkaConsumer, TopicPartition

    with closing(KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})) as consumer:
        partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
        if not partitions:
            raise TopicMissing(f"topic {topic} does not exist. Create it with te-assets migrate.")
        begin, end = consumer.beginning_offsets(partitions), consumer.end_offsets(partitions)
        for where in partitions:
            consumer.assign([where])
            consumer.seek(where, begin[where])
            position, moved_at = begin[where], time.monotonic()
            while position < end[where]:
                records = consumer.poll(POLL_MS).get(where, [])
                yield from (record for record in records if record.offset < end[where])
                reached = consumer.position(where)
                if reached != position:
                    position, moved_at = reached, time.monotonic()
                elif time.monotonic() - moved_at > patience:
                    raise KafkaSilent(
                        f"topic {topic}, partition {where.partition}: nothing came after offset {position} for "
                        f"{patience:.0f} s although the log reaches {end[where]}. See whether the broker runs "
                        "(te-assets status)."
                    )
