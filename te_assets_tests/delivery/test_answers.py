"""Answers that are lost, servers that stay away: the read-back decides, not the acknowledgement."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from te_assets.delivery.errors import (
    KafkaFailed,
    KafkaSilent,
    LakeUnavailable,
    RawDiffers,
)
from te_assets.delivery.ledger import Plan
from te_assets.delivery.loaded import Step
from te_assets.delivery.patience import Patience
from te_assets.delivery.publisher import publish
from te_assets.delivery.reader import Bounds
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import (
    Crash,
    Lake,
    batches,
    crash_at,
    large_messages,
    load,
    messages,
    publication,
    send_raw,
)
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack
SMALL = Bounds(messages=10, patience=10)


class Meddled:
    """A ClickHouse client between which and the server something goes wrong; everything else is handed through."""

    def __init__(self, client: Client, meddle: Callable[[Callable[[], Any], str], Any]) -> None:
        self._client = client
        self._meddle = meddle

    def command(self, statement: str, **options: Any) -> Any:
        return self._meddle(lambda: self._client.command(statement, **options), statement)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def lost_answers(client: Client, table: str, times: int) -> Client:
    """The statement is applied, its answer never comes."""
    from clickhouse_connect.driver.exceptions import OperationalError

    left = times

    def meddle(call: Callable[[], Any], statement: str) -> Any:
        nonlocal left
        outcome = call()
        if f"INSERT INTO {table}" in statement and left:
            left -= 1
            raise OperationalError("Connection aborted")
        return outcome

    return Meddled(client, meddle)  # type: ignore[return-value]


def test_an_insert_whose_answer_is_lost_is_not_repeated(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    publish(kafka, publication(), batches(3_000))
    done = load(kafka, lost_answers(client, "te_raw", 3), bounds=SMALL)
    assert (done.lines, done.surplus) == (3_000, 0)
    assert lake.count() == (3_000, 3_000)
    check(kafka, client)


def test_a_ledger_line_whose_answer_is_lost_is_written_twice_and_counts_once(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    publish(kafka, publication(), batches(3_000))
    load(kafka, lost_answers(client, "te_ops.load_ledger", 4), bounds=SMALL)
    assert lake.count() == (3_000, 3_000)
    assert len(lake.ledger()) > len({plan.plan_id for plan in lake.ledger()}) * 2
    check(kafka, client)


def test_an_insert_that_still_runs_is_waited_for(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    """Its connection was cut; the server worked on. The plan's id is the query id, so a second one is refused."""
    publish(kafka, publication(), batches(300))
    with pytest.raises(Crash):
        load(kafka, client, on_step=crash_at("insert"))
    plan = lake.ledger("PLANNED")[0]
    running = threading.Thread(
        target=client.query,
        args=("SELECT sleepEachRow(1) FROM numbers(2) SETTINGS max_block_size = 1",),
        kwargs={"settings": {"query_id": str(plan.plan_id)}},
    )
    running.start()
    refused: list[Step] = []
    load(kafka, client, on_step=refused.append, patience=Patience(seconds=20))
    running.join(30)
    assert [step.name for step in refused].count("insert") > 1
    assert lake.count() == (300, 300)
    check(kafka, client)


def test_a_server_that_stays_away_is_said_and_the_plan_continued(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    from clickhouse_connect.driver.exceptions import OperationalError

    def down(call: Callable[[], Any], statement: str) -> Any:
        if "INSERT INTO te_raw" in statement:
            raise OperationalError("Connection refused")
        return call()

    publish(kafka, publication(), batches(300))
    with pytest.raises(LakeUnavailable, match="te_raw still lacks 300 of 300 lines at offsets 0 to"):
        load(kafka, Meddled(client, down), patience=Patience(seconds=0.5))  # type: ignore[arg-type]
    load(kafka, client)
    assert lake.count() == (300, 300)
    check(kafka, client)


def test_a_foreign_line_in_a_planned_range_is_refused(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    send_raw(kafka, messages(5))
    with pytest.raises(Crash):
        load(kafka, client, on_step=crash_at("insert"))
    plan: Plan = lake.ledger("PLANNED")[0]
    client.command(
        "INSERT INTO te_raw.confirmations (topic_id, partition, offset, line, payload) "
        "SELECT topic_id, partition, 2, 1, 'other' FROM te_ops.load_ledger LIMIT 1",
        settings={"async_insert": 0},
    )
    with pytest.raises(RawDiffers, match=f"planned were {plan.lines}"):
        load(kafka, client)


def test_a_raw_table_restored_from_an_older_backup_than_the_ledger_is_refused(
    kafka: dict[str, Any], client: Client
) -> None:
    """Loading went on behind a hole that nobody saw."""
    send_raw(kafka, messages(5))
    load(kafka, client)
    client.command("TRUNCATE TABLE te_raw.confirmations")
    send_raw(kafka, messages(5, first=5))
    with pytest.raises(RawDiffers, match="no line at offsets 0 to 4, which the ledger calls loaded"):
        load(kafka, client)


@pytest.mark.long
def test_a_broker_that_falls_silent_is_said(stack: Stack, kafka: dict[str, Any], client: Client) -> None:
    send_raw(kafka, large_messages(60))

    def broker_dies(step: Step) -> None:
        if step.name == "plan" and stack.kafka_server.is_running:
            stack.kafka_server.kill()

    with pytest.raises((KafkaSilent, KafkaFailed), match=r"then load again: it goes on where it stood"):
        load(kafka, client, bounds=Bounds(messages=2, patience=2), on_step=broker_dies)
    stack.kafka_server.start()
    load(kafka, client)
    check(kafka, client)
