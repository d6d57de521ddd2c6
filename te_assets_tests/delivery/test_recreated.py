"""Topics that are recreated, brokers that lose their log: other messages at offsets that were loaded."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from kafka.admin import KafkaAdminClient

from te_assets.delivery.errors import (
    KafkaFailed,
    LogReplaced,
    LogShrunk,
    TopicRecreated,
)
from te_assets.delivery.loaded import Step
from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS, create_topics
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
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("again", [3, 5, 9])
def test_a_recreated_topic_is_loaded_from_its_begin(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient, again: int
) -> None:
    """By name alone it would have been read on from the old offset: shorter, equal or longer than before."""
    send_raw(kafka, messages(5))
    assert not load(kafka, client).recreated
    admin.delete_topics([CONFIRMATIONS])
    create_topics(admin)
    send_raw(kafka, messages(again, first=100))
    done = load(kafka, client)
    assert (done.lines, done.recreated) == (again, True)
    assert lake.count() == (5 + again, 5 + again)
    check(kafka, client)


def test_a_topic_recreated_while_it_is_loaded_is_not_taken_for_the_old_one(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    """Messages are read by name: those of the new topic would have been filed under the old topic's id."""
    send_raw(kafka, messages(20))

    def recreate(step: Step) -> None:
        if step.name == "loaded" and step.lo == 0:
            admin.delete_topics([CONFIRMATIONS])
            create_topics(admin)
            send_raw(kafka, messages(20, first=100))

    with pytest.raises((TopicRecreated, KafkaFailed, LogShrunk)):
        load(kafka, client, bounds=Bounds(messages=2, patience=5), on_step=recreate)
    load(kafka, client)
    held = lake.payloads()
    assert sorted(held) == sorted(set(held))
    assert set(held) >= {payload(number) for number in (0, 1, *range(100, 120))}
    check(kafka, client)


def lose_the_log(stack: Stack, partition: int = 0) -> None:
    """The broker comes back without a partition's segments, and with the same topic id."""
    stack.kafka_server.stop()
    for folder in stack.kafka_server._home.kafka.glob(f"data/{CONFIRMATIONS}-{partition}"):
        for file in folder.iterdir():
            if file.name != "partition.metadata":
                shutil.rmtree(file) if file.is_dir() else file.unlink()
    stack.kafka_server.start()


@pytest.mark.parametrize(
    ("again", "error"),
    [
        (3, LogShrunk),
        pytest.param(5, None, marks=pytest.mark.long),
        pytest.param(9, LogReplaced, marks=pytest.mark.long),
    ],
)
def test_a_broker_that_lost_its_log_is_refused(
    stack: Stack, kafka: dict[str, Any], client: Client, lake: Lake, again: int, error: type[Exception] | None
) -> None:
    """Same topic, same id, same offsets, other messages: nothing may go on as if they were loaded."""
    send_raw(kafka, messages(5))
    load(kafka, client)
    lose_the_log(stack)
    send_raw(kafka, messages(again, first=100))
    if error is not None:
        for _ in range(2):  # it does not heal by trying
            with pytest.raises(error, match=r"The broker lost data .* Delete the topic and create it"):
                load(kafka, client)
    else:
        assert load(kafka, client).lines == 0  # as long as before: told when the next message comes
        send_raw(kafka, messages(1, first=200))
        with pytest.raises(LogReplaced):
            load(kafka, client)
    assert lake.count() == (5, 5)


def test_a_planned_range_that_holds_other_messages_is_refused(
    stack: Stack, kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    send_raw(kafka, messages(5))
    with pytest.raises(Crash):
        load(kafka, client, on_step=crash_at("insert"))
    lose_the_log(stack)
    send_raw(kafka, messages(5, first=100))
    with pytest.raises(LogReplaced, match="offsets 0 to 4 held 5 messages"):
        load(kafka, client)
    assert lake.count() == (0, 0)
