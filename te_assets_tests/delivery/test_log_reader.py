"""Reading what is committed, and waiting until it can be read."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaProducer

from te_assets.delivery.errors import KafkaSilent, TopicMissing
from te_assets.delivery.log_reader import committed_records, wait_until_readable
from te_assets.delivery.topics import CONFIRMATIONS

pytestmark = pytest.mark.stack

WHERE = (CONFIRMATIONS, 1)


@pytest.fixture
def open_transaction(kafka: dict[str, Any]) -> Iterator[KafkaProducer]:
    """One message in the log, its transaction not ended."""
    with closing(KafkaProducer(**kafka, transactional_id="held-open")) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(CONFIRMATIONS, b'{"_row":2}', key=b"a", partition=WHERE[1]).get(10)
        yield producer


def test_an_offset_behind_an_open_transaction_is_said_to_be_held_back(
    kafka: dict[str, Any], open_transaction: KafkaProducer
) -> None:
    with pytest.raises(KafkaSilent, match=r"te\.confirmations\.v1, partition 1: readers are held back before offset 0"):
        wait_until_readable(kafka, {WHERE: 0}, patience=0.2)
    open_transaction.abort_transaction()


def test_the_wait_ends_when_readers_get_the_message(kafka: dict[str, Any], open_transaction: KafkaProducer) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait_until_readable, kafka, {WHERE: 0}, 30)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        open_transaction.commit_transaction()
        waiting.result(timeout=30)
    assert [(record.partition, record.offset) for record in committed_records(kafka, CONFIRMATIONS)] == [(1, 0)]


def test_a_topic_that_does_not_exist_is_named(kafka: dict[str, Any]) -> None:
    with pytest.raises(TopicMissing, match="te-assets migrate"):
        list(committed_records(kafka, "te.nobody.v1"))
