"""kill -9 and a long sleep of the publisher at each of its steps: a file is there whole and once, or not at all."""

from __future__ import annotations

import random
import time

import pytest

from te_assets.delivery.publisher import publish
from te_assets.delivery.topics import CONFIRMATIONS
from te_assets.stack.connect import kafka_config
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import batches, load, publication
from te_assets_tests.faults.processes import publisher_process
from te_assets_tests.oracle import check

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
ROWS = 50_000


@pytest.mark.parametrize(
    "step",
    ["sent", "commit", *(pytest.param(n, marks=pytest.mark.long) for n in ("init", "begin", "flushed", "committed"))],
)
def test_a_killed_publishers_file_is_published_whole_by_the_next(stack: Stack, step: str) -> None:
    kafka = kafka_config(stack.endpoints)
    seed = random.SystemRandom().randrange(10_000)
    print(f"seed {seed}")
    dice = random.Random(seed)
    for number in range(2):
        name = f"{step}-{number}.xlsx"
        publisher = publisher_process(stack, name=name, rows=ROWS)
        try:
            publisher.wait_ready()
            publisher.go()
            assert publisher.wait_for_step(step, 1)
            time.sleep(dice.uniform(0, 0.02))  # the moment of the kill, not a wait for anything
        finally:
            publisher.close()
        manifest = publish(kafka, publication(name), batches(ROWS, per_message=1_000, salt=name))
        assert manifest.rows == ROWS
    load(kafka, stack.clickhouse, CONFIRMATIONS)
    check(kafka, stack.clickhouse)


def test_a_publisher_that_slept_through_its_successors_work_is_refused(stack: Stack) -> None:
    """A laptop was closed in the middle of a file and opened again after somebody else had delivered it."""
    kafka = kafka_config(stack.endpoints)
    publisher = publisher_process(stack, name="a.xlsx", rows=ROWS)
    try:
        publisher.wait_ready()
        publisher.go()
        assert publisher.wait_for_step("sent", 1)
        publisher.freeze()
        publish(kafka, publication("a.xlsx"), batches(ROWS, per_message=1_000, salt="a.xlsx"))
        publisher.thaw()
        outcome = publisher.wait_for_outcome()
    finally:
        publisher.close()
    assert "another publisher of confirmations took over" in outcome.get("failed", "") or outcome.get("done") == ROWS
    load(kafka, stack.clickhouse, CONFIRMATIONS)
    check(kafka, stack.clickhouse)
