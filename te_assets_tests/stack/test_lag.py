from __future__ import annotations

import pytest

from te_assets.delivery.topics import INTERACTIONS, topic_ids
from te_assets.stack.connect import kafka_admin, kafka_config
from te_assets.stack.lag import lag
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack


def produce(stack: Stack, partition: int, messages: int) -> None:
    from kafka import KafkaProducer

    producer = KafkaProducer(acks="all", **kafka_config(stack.endpoints))
    for _ in range(messages):
        producer.send(INTERACTIONS, b"{}", partition=partition).get(10)
    producer.close()


def measured(stack: Stack) -> dict[str, int]:
    with kafka_admin(stack.endpoints) as admin:
        return lag(admin, stack.clickhouse)


def test_nothing_sent_is_no_lag(stack: Stack) -> None:
    assert measured(stack) == {"te.interactions.v1": 0, "te.confirmations.v1": 0}


def test_what_is_sent_and_not_in_the_ledger_is_behind(stack: Stack) -> None:
    produce(stack, 0, 5)
    produce(stack, 2, 3)

    assert measured(stack) == {"te.interactions.v1": 8, "te.confirmations.v1": 0}


def test_what_the_ledger_says_is_loaded_is_not_behind_and_a_plan_is(stack: Stack) -> None:
    produce(stack, 0, 5)
    with kafka_admin(stack.endpoints) as admin:
        topic_id = topic_ids(admin)[INTERACTIONS]
    columns = ["topic", "topic_id", "partition", "lo", "hi", "next", "state"]
    rows = [
        [INTERACTIONS, topic_id, 0, 0, 2, 3, "LOADED"],
        [INTERACTIONS, topic_id, 0, 3, 4, 5, "PLANNED"],
    ]
    stack.clickhouse.insert("te_ops.load_ledger", rows, column_names=columns)

    assert measured(stack)[INTERACTIONS] == 2


def test_a_topic_that_was_made_anew_counts_from_its_own_beginning(stack: Stack) -> None:
    from uuid import uuid4

    produce(stack, 1, 4)
    columns = ["topic", "topic_id", "partition", "lo", "hi", "next", "state"]
    row = [INTERACTIONS, uuid4(), 1, 0, 99, 100, "LOADED"]
    stack.clickhouse.insert("te_ops.load_ledger", [row], column_names=columns)

    assert measured(stack)[INTERACTIONS] == 4


def test_databases_that_are_not_migrated_yet_count_as_nothing_loaded(stack: Stack) -> None:
    produce(stack, 0, 2)
    stack.clickhouse.command("DROP DATABASE te_ops SYNC")

    assert measured(stack)[INTERACTIONS] == 2
