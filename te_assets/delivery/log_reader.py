"""Reads a whole topic as it is committed now, from the first offset to the last stable one; waits until that moves."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import TYPE_CHECKING, Any, Protocol

from te_assets.delivery.errors import KafkaSilent, TopicMissing
from te_assets.delivery.messages import Record
from te_assets.delivery.reader import CONSUMER_SETTINGS

if TYPE_CHECKING:
    from kafka import KafkaConsumer, TopicPartition

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
    from kafka import KafkaConsumer

    with closing(KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})) as consumer:
        partitions = _partitions(consumer, topic)
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


def wait_until_readable(kafka: Mapping[str, Any], offsets: Mapping[tuple[str, int], int], patience: float) -> None:
    """Wait until readers of committed messages get these offsets.

    A broker answers a commit when it is decided; the marks that let readers pass reach each partition a little later.
    Who loads "up to the end" in between would find nothing.

    Args:
        kafka: Keyword arguments of a kafka-python client.
        offsets: Offset per topic and partition.
        patience: Seconds to wait.

    Raises:
        KafkaSilent: A partition's readers still stand before its offset.
    """
    from kafka import KafkaConsumer, TopicPartition

    waiting = {TopicPartition(topic, partition): offset for (topic, partition), offset in offsets.items()}
    if not waiting:
        return
    with closing(KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})) as consumer:
        consumer.assign(list(waiting))
        give_up_at = time.monotonic() + patience
        while waiting:
            ends = consumer.end_offsets(list(waiting))
            waiting = {where: offset for where, offset in waiting.items() if ends[where] <= offset}
            if waiting and time.monotonic() > give_up_at:
                where, offset = next(iter(waiting.items()))
                raise KafkaSilent(
                    f"topic {where.topic}, partition {where.partition}: readers are held back before offset "
                    f"{offset} since {patience:.0f} s. Another publisher has a transaction open (the broker ends it "
                    "after ten minutes at most), or the broker is in trouble: see te-assets status. Nothing is lost; "
                    "try again later."
                )


def wait_until_settled(kafka: Mapping[str, Any], topic: str, patience: float) -> None:
    """Wait until readers of committed messages get all that the log has now: no transaction in it is undecided.

    Only then does "it is not in the topic" mean that it will not appear.

    Args:
        kafka: Keyword arguments of a kafka-python client.
        topic: Its name.
        patience: Seconds to wait.

    Raises:
        TopicMissing: There is no such topic.
        KafkaSilent: A transaction stays open.
    """
    from kafka import KafkaConsumer

    with closing(KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS, "isolation_level": "read_uncommitted"})) as consumer:
        ends = consumer.end_offsets(_partitions(consumer, topic))
    wait_until_readable(
        kafka, {(where.topic, where.partition): end - 1 for where, end in ends.items() if end}, patience
    )


def _partitions(consumer: KafkaConsumer, topic: str) -> list[TopicPartition]:
    from kafka import TopicPartition

    partitions = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
    if not partitions:
        raise TopicMissing(f"topic {topic} does not exist. Create it with te-assets migrate.")
    return partitions
