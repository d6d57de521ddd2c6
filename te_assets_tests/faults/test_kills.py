"""kill -9 of the loader, of ClickHouse and of the broker at every step of a load: 0 lost, 0 doubled."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest

from te_assets.delivery.publisher import publish
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import kafka_config
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import Lake, batches, publication
from te_assets_tests.faults.processes import loader_process
from te_assets_tests.oracle import check

ROWS: Final = 300_000
STEPS: Final = ("plan", "insert", "read_back", "loaded")
VICTIMS: Final = ("loader", "clickhouse", "kafka")
ROUNDS: Final = 3  # of each victim at each step
# Longest pause between the begin of a step and the kill, in seconds: about as long as the step takes.
LONGEST_PAUSE: Final = {"plan": 0.008, "insert": 0.12, "read_back": 0.02, "loaded": 0.008}


@dataclass
class Kills:
    """What was killed, and at which step."""

    hits: Counter[tuple[str, str]]

    def by(self, place: int) -> Counter[str]:
        """Kills by victim (0) or by step (1)."""
        result: Counter[str] = Counter()
        for names, count in self.hits.items():
            result[names[place]] += count
        return result

    def table(self) -> str:
        """For a person."""
        columns = ("read", *STEPS)
        rows = [f"{victim:>12}" + "".join(f"{self.hits[victim, step]:>10}" for step in columns) for victim in VICTIMS]
        return "\n".join(["kills of    " + "".join(f"{step:>10}" for step in columns), *rows])


def kill_during_a_load(stack: Stack, victim: str, step: str, dice: random.Random) -> str | None:
    """Kill at a step, bring the victim back, let the load end; the step that was hit, None if there was none."""
    servers: dict[str, ClickHouseServer | KafkaServer] = {
        "clickhouse": stack.clickhouse_server,
        "kafka": stack.kafka_server,
    }
    loader = loader_process(stack)
    try:
        loader.wait_ready()
        loader.go()
        if not loader.wait_for_step(step, dice.randint(1, 4)):
            return None
        time.sleep(dice.uniform(0, LONGEST_PAUSE[step]))  # the moment of the kill, not a wait for anything
        before = loader.last_step
        if victim == "loader":
            loader.kill()
            hit = loader.last_step
        else:
            servers[victim].kill()
            hit = before
            servers[victim].start()
        outcome = loader.wait_for_outcome()
    finally:
        loader.close()
    if "done" not in outcome:
        finish_the_load(stack)
    return hit


def finish_the_load(stack: Stack) -> None:
    """Load again in a new process, as the next run does."""
    loader = loader_process(stack)
    try:
        loader.wait_ready()
        loader.go()
        outcome = loader.wait_for_outcome()
    finally:
        loader.close()
    assert "done" in outcome, outcome


def schedule(dice: random.Random) -> Iterator[tuple[str, str]]:
    """Each victim at each step, in any order; then more of the same for kills that came too late."""
    cases = list(itertools.product(VICTIMS, STEPS)) * ROUNDS
    dice.shuffle(cases)
    yield from cases
    while True:
        yield from dice.sample(cases, len(cases))


@pytest.mark.stack
@pytest.mark.long
@pytest.mark.timeout(1_800)
def test_nothing_is_lost_or_doubled_by_thirty_kills_at_every_step(stack: Stack) -> None:
    seed = random.SystemRandom().randrange(10_000)
    print(f"\nseed {seed}")
    dice = random.Random(seed)
    kafka = kafka_config(stack.endpoints)
    kills = Kills(Counter())
    rows, wanted = 0, len(VICTIMS) * len(STEPS) * ROUNDS
    for number, (victim, step) in enumerate(schedule(dice)):
        if sum(kills.hits.values()) >= wanted or number >= 2 * wanted:
            break
        publish(kafka, publication(f"{number}.xlsx"), batches(ROWS, per_message=1_000, salt=f"{number}-"))
        rows += ROWS
        if hit := kill_during_a_load(stack, victim, step, dice):
            kills.hits[victim, hit] += 1
            print(f"{number:>3} killed {victim:<10} aimed at {step:<9} hit {hit}")
    print(kills.table())

    assert min(kills.by(0)[victim] for victim in VICTIMS) >= 10, kills.table()
    assert min(kills.by(1)[step] for step in STEPS) >= 2, kills.table()
    assert sum(kills.hits.values()) >= 30
    assert Lake(stack.clickhouse).count() == (rows, rows)
    check(kafka, stack.clickhouse)
