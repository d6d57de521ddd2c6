"""What is restarted, killed or loses its power while workbooks are on their way: no row is lost or doubled.

The oracle looks at all that was ever delivered, so it is asked once, at the end.
"""

from __future__ import annotations

import os
import signal

import pytest

from te_assets_tests.docker.client import Client
from te_assets_tests.docker.composed import OURS, PAUSE, SERVERS, Composition, settled, sha256
from te_assets_tests.docker.conftest import Plant
from te_assets_tests.docker.engine import Engine
from te_assets_tests.docker.waiting import eventually

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]


def deliver(composed: Composition, plant: Plant) -> list[str]:
    """Post one workbook and drop another; what they are called."""
    posted, dropped = plant.take(2)
    sent = composed.gateway().send_file(posted)
    composed.drop(dropped)
    return [sent.sha256, sha256(dropped)]


def test_a_restart_amid_a_delivery(composed: Composition, plant: Plant) -> None:
    hashes = deliver(composed, plant)

    composed.compose("restart", timeout=240)

    composed.wait_healthy()
    settled(composed.gateway(), hashes)


def test_containers_that_are_killed_come_back_and_go_on(composed: Composition, plant: Plant, engine: Client) -> None:
    """As by the kernel that is short of memory: their first process is gone, and nobody asked for it."""
    if not isinstance(engine, Engine):
        pytest.skip("processes of this engine's containers are not ours to kill")
    hashes = deliver(composed, plant)
    eventually(lambda: at_work(composed), pause=PAUSE)
    before = composed.inspect_all(*OURS, *SERVERS)

    for found in before.values():
        os.kill(found["State"]["Pid"], signal.SIGKILL)

    def restarted() -> bool:
        return all(
            found["RestartCount"] > before[name]["RestartCount"]
            for name, found in composed.inspect_all(*before).items()
        )

    eventually(restarted, 60, PAUSE)
    composed.wait_healthy()
    settled(composed.gateway(), hashes)


def test_an_engine_that_loses_its_power_brings_all_back(composed: Composition, plant: Plant, engine: Client) -> None:
    if not isinstance(engine, Engine):
        pytest.skip("this engine is not ours to kill")
    hashes = deliver(composed, plant)
    eventually(lambda: at_work(composed), pause=PAUSE)

    engine.kill()
    engine.start()

    composed.wait_healthy()
    settled(composed.gateway(), hashes)


def test_after_all_of_these_no_row_is_lost_or_doubled(composed: Composition) -> None:
    composed.verify()


def at_work(composed: Composition) -> bool:
    """Whether a run has begun and not ended."""
    sql = "SELECT count() FROM runs WHERE status = 'STARTED'"
    counted = composed.run("postgres", "psql", "-U", "dagster", "-tA", "-c", sql.replace("count()", "count(*)"))
    return int(counted) > 0
