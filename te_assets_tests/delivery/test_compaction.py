"""Holes that compaction makes, although row topics should not be compacted."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kafka.admin import KafkaAdminClient

from te_assets.delivery.log_reader import committed_records
from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS, create_topics
from te_assets.errors import OffsetGap
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import (
    Crash,
    Lake,
    crash_at,
    load,
    messages,
    payload,
    send_raw,
)

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack
SMALL = Bounds(messages=10, patience=10)


@pytest.fixture
def compacting(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A broker that compacts at once, and a row topic that somebody set to be compacted."""
    server = KafkaServer(Home(tmp_path / "compacting").create(), overrides={"log.cleaner.backoff.ms": "100"})
    server.start()
    kafka = {"bootstrap_servers": server.bootstrap_servers}
    with closing(KafkaAdminClient(**kafka)) as admin:
        create_topics(admin)
        admin.delete_topics([CONFIRMATIONS])
        configs = {
            "cleanup.policy": "compact",
            "segment.ms": "1000",
            "min.cleanable.dirty.ratio": "0.001",
            "max.compaction.lag.ms": "1000",
        }
        wanted = {"num_partitions": 1, "replication_factor": 1, "configs": configs}
        created = admin.create_topics({CONFIRMATIONS: wanted})["topics"][0]["topic_id"]
        wait_until(lambda: admin.describe_topics([CONFIRMATIONS])[0]["topic_id"] == created)
        admin.wait_for_topics([CONFIRMATIONS])
    yield kafka
    server.stop()


def wait_until(reached: Callable[[], bool], limit: float = 60.0) -> None:
    """Ask until it is so."""
    deadline = time.monotonic() + limit
    while not reached():
        assert time.monotonic() < deadline, f"not so within {limit:.0f} s"
        time.sleep(0.1)


def compact(kafka: dict[str, Any], at_most: int) -> list[int]:
    """Let newer segments close the old one, until so few messages are left; their offsets."""

    def is_compacted() -> bool:
        send_raw(kafka, [(b"roll", payload(1))])
        return len(list(committed_records(kafka, CONFIRMATIONS))) <= at_most

    wait_until(is_compacted)
    return [record.offset for record in committed_records(kafka, CONFIRMATIONS)]


@pytest.mark.long
def test_holes_of_compaction_before_planning_are_no_gaps(
    stack: Stack, compacting: dict[str, Any], client: Client, lake: Lake
) -> None:
    send_raw(compacting, messages(20))
    left = compact(compacting, at_most=6)
    assert left[0] >= 19
    done = load(compacting, client)
    assert done.lines == len(left)
    assert lake.ledger("GAP") == []


@pytest.mark.long
def test_holes_of_compaction_in_a_planned_range_are_a_gap_and_what_is_left_is_loaded(
    stack: Stack, compacting: dict[str, Any], client: Client, lake: Lake
) -> None:
    send_raw(compacting, messages(20))
    with pytest.raises(Crash):
        load(compacting, client, on_step=crash_at("insert"))
    compact(compacting, at_most=6)
    with pytest.raises(OffsetGap, match="19 messages between offsets 0 and 19 went from the topic"):
        load(compacting, client)
    assert lake.payloads() == [payload(19)]
    load(compacting, client)
    assert [(gap.lo, gap.next, gap.messages) for gap in lake.ledger("GAP")] == [(0, 20, 19)]
