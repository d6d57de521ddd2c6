"""Empty topics for each test: made anew, but where nobody wrote to them since they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from te_assets.delivery.topics import TOPICS, create_topics

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient


def empty_topics(admin: KafkaAdminClient) -> None:
    """Leave the topics of te_assets as they are created, without a message."""
    existing = sorted({spec.name for spec in TOPICS} & set(admin.list_topics()))
    if len(existing) == len(TOPICS) and _is_untouched(admin):
        return
    if existing:
        admin.delete_topics(existing)
    create_topics(admin)


def _is_untouched(admin: KafkaAdminClient) -> bool:
    """Whether the topics have the partitions that they are created with, and none of these had a message."""
    from kafka import TopicPartition
    from kafka.admin import OffsetSpec

    found = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics([spec.name for spec in TOPICS])}
    if found != {spec.name: spec.partitions for spec in TOPICS}:
        return False
    places = [TopicPartition(spec.name, number) for spec in TOPICS for number in range(spec.partitions)]
    ends = admin.list_partition_offsets(dict.fromkeys(places, OffsetSpec.LATEST))
    return all(end.offset == 0 for end in ends.values())
