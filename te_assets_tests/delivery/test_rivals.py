"""Two loaders on one partition: it costs work, not truth."""

from __future__ import annotations

import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from te_assets.delivery.ledger import Ledger, Plan, Shard, Standing, standing
from te_assets.delivery.loaded import Step
from te_assets.delivery.publisher import publish
from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS
from te_assets.stack.connect import clickhouse_client
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import (
    Lake,
    batches,
    load,
    publication,
)
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack
SMALL = Bounds(messages=10, patience=10)


def test_two_loaders_at_once_lose_and_double_nothing(
    stack: Stack, kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    publish(kafka, publication(), batches(20_000))
    failures: list[BaseException] = []
    start = threading.Barrier(3)

    def run(bounds: Bounds) -> None:
        with closing(clickhouse_client(stack.endpoints)) as own:
            start.wait(30)
            try:
                load(kafka, own, bounds=bounds)
            except BaseException as error:  # noqa: BLE001 - shown by the test
                failures.append(error)

    threads = [threading.Thread(target=run, args=(Bounds(messages=count),)) for count in (7, 10, 13)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    assert lake.count()[1] == 20_000
    check(kafka, client)


def test_a_rivals_range_that_begins_before_the_position_counts(client: Client) -> None:
    """Both had planned from offset 0 on; the one with the shorter range saw a hole where the longer one lay."""
    ledger, shard = Ledger(client, "test"), Shard(CONFIRMATIONS, uuid4(), 0)
    mine, rivals, following = (
        Plan.of(lo, end, messages=1, lines=1, line_hash=1) for lo, end in ((0, 7), (0, 13), (13, 26))
    )
    ledger.append(shard, "PLANNED", mine)
    ledger.append(shard, "LOADED", rivals)
    ledger.append(shard, "LOADED", mine)
    ledger.append(shard, "PLANNED", following)
    assert standing(ledger.tail(shard, 7), 7) == Standing(13, following)


def test_a_loader_that_slept_while_another_did_its_work_changes_nothing(
    stack: Stack, kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    """A stopped process woke up after an hour with a plan in its hands."""
    publish(kafka, publication(), batches(3_000))

    def rival_does_everything(step: Step) -> None:
        if step.name == "insert" and step.lo == 10:
            with closing(clickhouse_client(stack.endpoints)) as own:
                load(kafka, own, bounds=Bounds(messages=4))

    load(kafka, client, bounds=SMALL, on_step=rival_does_everything)
    assert lake.count() == (3_000, 3_000)
    check(kafka, client)


def test_a_surplus_is_recorded_and_counts_once(stack: Stack, kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    """Two inserts of one range that did not see each other: raw merges them, the ledger tells."""
    client.command("SYSTEM STOP MERGES te_raw.confirmations")
    publish(kafka, publication(), batches(300))

    def written_by_a_zombie(step: Step) -> None:
        if step.name == "read_back":
            client.command(
                "INSERT INTO te_raw.confirmations SELECT * FROM te_raw.confirmations WHERE offset < 2",
                settings={"async_insert": 0},
            )

    done = load(kafka, client, on_step=written_by_a_zombie)
    assert (done.lines, done.surplus) == (300, 200)
    assert lake.count() == (500, 300)
    check(kafka, client)
