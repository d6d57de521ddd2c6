"""The topics of a test are empty and as they are created, whatever the test before did; and that is quick."""

from __future__ import annotations

from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from te_assets.delivery.topics import CONFIRMATIONS, TOPICS, topic_ids
from te_assets_tests.delivery.emptying import empty_topics

pytestmark = pytest.mark.stack


def test_topics_that_nobody_wrote_to_stay(admin: KafkaAdminClient) -> None:
    before = topic_ids(admin)

    empty_topics(admin)

    assert topic_ids(admin) == before


@pytest.mark.parametrize("change", ["a message", "a partition", "a topic that is gone"])
def test_topics_that_a_test_changed_are_made_anew(admin: KafkaAdminClient, kafka: dict[str, Any], change: str) -> None:
    before = topic_ids(admin)
    if change == "a message":
        with KafkaProducer(**kafka) as producer:
            producer.send(CONFIRMATIONS, b"something")
    elif change == "a partition":
        admin.create_partitions({CONFIRMATIONS: 5})
    else:
        admin.delete_topics([CONFIRMATIONS])

    empty_topics(admin)

    now = topic_ids(admin)
    assert [spec.name for spec in TOPICS if now[spec.name] == before.get(spec.name)] == []
    partitions = {topic["name"]: len(topic["partitions"]) for topic in admin.describe_topics([CONFIRMATIONS])}
    assert partitions == {CONFIRMATIONS: 3}
