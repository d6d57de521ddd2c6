"""Looking at a topic: what ends the wait, and which production days the waiting messages name."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from te_assets.delivery import watch as module
from te_assets.delivery.envelope import Message
from te_assets.delivery.loader import load_topic
from te_assets.delivery.publisher import publish_events
from te_assets.delivery.topics import CONFIRMATIONS, INTERACTIONS
from te_assets.delivery.watch import TopicWatch
from te_assets_tests.delivery.builders import Lake

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack


@pytest.fixture
def watch(kafka: dict[str, Any], client: Client, lake: Lake) -> Iterator[TopicWatch]:
    """Over the topic of the interactions."""
    with TopicWatch(kafka, client, INTERACTIONS) as watch:
        yield watch


def event(number: int, days: bytes | None, topic: str = INTERACTIONS) -> Message:
    headers = [("ce_id", str(number).encode()), ("te_rows", b"1")]
    return Message(
        topic, str(number).encode(), b'{"_row":0}', headers + ([("te_days", days)] if days is not None else [])
    )


def named(watch: TopicWatch) -> frozenset[date] | None:
    return watch.days(watch.lags())


def test_lag_of_the_topic_by_the_ledger(watch: TopicWatch, kafka: dict[str, Any], client: Client) -> None:
    publish_events(kafka, [event(1, b""), event(2, b""), event(3, b"", CONFIRMATIONS)])
    assert sum(lag.offsets for lag in watch.lags()) == 2

    load_topic(kafka, client, INTERACTIONS, run_id="test")
    publish_events(kafka, [event(4, b"")])
    assert sum(lag.offsets for lag in watch.lags()) == 1


def test_days_of_all_waiting_messages_and_of_none_that_is_loaded(
    watch: TopicWatch, kafka: dict[str, Any], client: Client
) -> None:
    publish_events(kafka, [event(n, b"2026-03-01") for n in range(5)])
    load_topic(kafka, client, INTERACTIONS, run_id="test")
    assert named(watch) == frozenset()

    publish_events(kafka, [event(6, b"2026-03-03,2026-03-04"), event(7, b"2026-03-06")])
    assert named(watch) == frozenset({date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6)})
    assert named(watch) == frozenset({date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 6)})


@pytest.mark.parametrize("days", [None, b"", b"2026-02-30", b"2026-03-03,soon", b"\xff"])
def test_a_message_that_names_no_days_leaves_all_unknown(
    watch: TopicWatch, kafka: dict[str, Any], days: bytes | None
) -> None:
    publish_events(kafka, [event(1, b"2026-03-03"), event(2, days), event(3, b"2026-03-03")])

    assert named(watch) is None


def test_nobody_looks_into_a_backlog(watch: TopicWatch, kafka: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    publish_events(kafka, [event(n, b"2026-03-03") for n in range(3)])
    monkeypatch.setattr(module, "MOST_PEEKED", 2)
    assert named(watch) is None

    monkeypatch.setattr(module, "MOST_PEEKED", 3)
    assert named(watch) == frozenset({date(2026, 3, 3)})


def test_a_committed_message_ends_the_wait(watch: TopicWatch, kafka: dict[str, Any]) -> None:
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(watch.wait, watch.lags(), 60.0)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.3)
        publish_events(kafka, [event(1, b"")])
        waiting.result(timeout=30)


def test_messages_that_were_there_before_do_not_end_it(watch: TopicWatch, kafka: dict[str, Any]) -> None:
    publish_events(kafka, [event(1, b"")])
    ends, begin = watch.lags(), time.monotonic()
    watch.wait(ends, 1.0)

    assert time.monotonic() - begin >= 1.0


@pytest.mark.parametrize("all_ends", [True, False], ids=["with ends", "without"])
def test_something_else_ends_it(watch: TopicWatch, all_ends: bool) -> None:
    ends = watch.lags() if all_ends else ()
    asked = iter([False, True])
    begin = time.monotonic()
    watch.wait(ends, 60.0, until=lambda: next(asked))

    assert time.monotonic() - begin < 30
    assert next(asked, None) is None
