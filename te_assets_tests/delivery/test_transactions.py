"""Offsets that hold no message: end marks, aborted transactions, what lies behind an open one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer

from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS
from te_assets_tests.delivery.builders import (
    Lake,
    load,
    messages,
    payload,
    send_raw,
)
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack


def transaction(kafka: dict[str, Any], count: int, *, commit: bool) -> None:
    """Messages of one transaction in partition 0."""
    with closing(KafkaProducer(**kafka, transactional_id="other")) as producer:
        producer.init_transactions()
        producer.begin_transaction()
        for key, value in messages(count):
            producer.send(CONFIRMATIONS, value, key=key, partition=0).get(10)
        producer.commit_transaction() if commit else producer.abort_transaction()


def test_a_range_of_control_records_only_is_loaded_as_an_empty_one(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    transaction(kafka, 3, commit=False)
    assert load(kafka, client).lines == 0
    assert [(plan.lo, plan.next, plan.messages) for plan in lake.ledger("LOADED")] == [(0, 4, 0)]
    check(kafka, client)


def test_aborted_transactions_at_the_edges_of_ranges_are_no_gaps(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    for _ in range(3):
        transaction(kafka, 2, commit=False)
        transaction(kafka, 2, commit=True)
        send_raw(kafka, messages(1))
    load(kafka, client, bounds=Bounds(messages=2))
    assert lake.count() == (9, 9)
    transaction(kafka, 1, commit=False)
    load(kafka, client, bounds=Bounds(messages=2))
    assert [plan.messages for plan in lake.ledger("LOADED")] == [2, 2, 2, 2, 1, 0]
    check(kafka, client)


def test_an_open_transaction_holds_the_stable_end_back(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    """What comes behind it waits, and nothing of it is passed over when it commits."""
    send_raw(kafka, messages(2))
    with closing(KafkaProducer(**kafka, transactional_id="slow")) as slow:
        slow.init_transactions()
        slow.begin_transaction()
        slow.send(CONFIRMATIONS, payload(100), key=b"k", partition=0).get(10)
        send_raw(kafka, messages(2, first=2))
        assert (load(kafka, client).lines, lake.count()) == (2, (2, 2))
        slow.commit_transaction()
    assert load(kafka, client).lines == 3
    assert lake.payloads() == [payload(0), payload(1), payload(100), payload(2), payload(3)]
    check(kafka, client)
