"""A loader that is stopped at a step, wakes up after another did its work, and goes on as if nothing had been."""

from __future__ import annotations

import pytest

from te_assets.delivery.publisher import publish
from te_assets.stack.connect import kafka_config
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import Lake, batches, load, publication
from te_assets_tests.faults.processes import loader_process
from te_assets_tests.oracle import check

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
ROWS = 40_000


@pytest.mark.parametrize("step", ["plan", "insert", "read_back", "loaded"])
def test_a_loader_that_wakes_up_late_changes_nothing(stack: Stack, step: str) -> None:
    kafka = kafka_config(stack.endpoints)
    publish(kafka, publication(), batches(ROWS, per_message=1_000))
    loader = loader_process(stack, lines=10_000)
    try:
        loader.wait_ready()
        loader.go()
        assert loader.wait_for_step(step, 2)
        loader.freeze()
        load(kafka, stack.clickhouse)
        loader.thaw()
        assert "done" in loader.wait_for_outcome()
    finally:
        loader.close()
    assert Lake(stack.clickhouse).count()[1] == ROWS
    check(kafka, stack.clickhouse)
