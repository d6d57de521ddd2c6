"""Random files and events while daemon, webserver and workers are killed; `make soak` runs it for half an hour.

`SOAK_MINUTES` sets another time, `SOAK_SEED` repeats the choices of an earlier run.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dagster as dg
import pytest
from clickhouse_connect.driver.client import Client
from dagster import RunsFilter
from dagster_graphql import DagsterGraphQLClient, DagsterGraphQLClientError
from gql.transport.exceptions import TransportError

from te_assets.automation.jobs import job_name, range_tags
from te_assets.automation.launch import LOCATION, daemon_url
from te_assets.automation.runs import UNFINISHED
from te_assets.delivery.topics import ROW_TOPICS
from te_assets.delivery.watch import lag
from te_assets.lake.files import waiting_publications
from te_assets.lake.touched import DayRange, waiting_days
from te_assets.lake.typing_ledger import next_unit
from te_assets.profile import Profile
from te_assets.settings import Settings, export, isolated
from te_assets.stack import running
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config
from te_assets.stack.home import Home
from te_assets.stack.services import to_start
from te_assets.stack.supervisor import detach
from te_assets_tests.oracle import check
from te_assets_tests.soak.traffic import Traffic
from te_assets_tests.soak.victims import Killer

pytestmark = [pytest.mark.soak, pytest.mark.timeout(5400)]

CALM_LIMIT = 1200.0  # seconds for the rest after the last kill: what failed again and again pauses for minutes
LOOK_SECONDS = 2.0


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """A home whose services run in a process of their own."""
    with isolated(tmp_path / "home", Settings().site_dir) as own:
        export(own)
        home = Home.open(own)
        detach(home, to_start(own), say)
        try:
            yield own
        finally:
            running.stop(home)


def say(line: str) -> None:
    """A line with the time."""
    print(time.strftime("%H:%M:%S"), line, flush=True)


def test_nothing_is_lost_or_stuck(settings: Settings) -> None:
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    seed = int(os.environ.get("SOAK_SEED", "0")) or random.SystemRandom().getrandbits(32)
    say(f"{minutes:g} minutes with SOAK_SEED={seed}")
    chance = random.Random(seed)
    profile, kafka = Profile.of(settings), kafka_config(endpoints(settings))
    settings.inbox_dir.mkdir(parents=True, exist_ok=True)
    traffic = Traffic(profile.site(), settings.inbox_dir, kafka, random.Random(seed + 1))
    killer = Killer(settings, random.Random(seed + 2))
    client = clickhouse_client(endpoints(settings))

    end = time.monotonic() + 60 * minutes
    next_kill = time.monotonic() + 20
    next_backfill = time.monotonic() + 30
    backfills = 0
    while time.monotonic() < end:
        time.sleep(chance.uniform(0.2, 6.0))
        traffic.send()
        if time.monotonic() > next_kill and (kind := killer.kill()):
            say(f"killed a {kind}")
            next_kill = time.monotonic() + chance.uniform(3, 20)
        if time.monotonic() > next_backfill:
            backfills += ask_for_backfill(settings, chance)
            next_backfill = time.monotonic() + 60
    traffic.close_open_stops()
    say(f"sent {dict(traffic.sent)}; {backfills} backfills; killed {dict(killer.kills)}")

    begun = time.monotonic()
    while left := list(unfinished(settings, client, traffic)):
        if time.monotonic() - begun > CALM_LIMIT:
            raise AssertionError("\n".join([f"after {CALM_LIMIT:.0f} s of calm:", *left]))
        time.sleep(LOOK_SECONDS)
    say(f"calm after {time.monotonic() - begun:.0f} s; runs: {runs_by_status()}")

    assert list(traffic.missing(client)) == []
    check(kafka, client, profile=profile)
    assert set(killer.kills) >= {"run", "daemon", "webserver"}
    client.close()


def ask_for_backfill(settings: Settings, chance: random.Random) -> bool:
    """Restate the last three days beside what comes in; False where the webserver has just been killed."""
    url = daemon_url(settings)
    if url is None:
        return False
    address, today = urlsplit(url), datetime.now(UTC).date()
    job = job_name("restate", chance.choice(("interactions", "confirmations")))
    try:
        DagsterGraphQLClient(str(address.hostname), port_number=address.port).submit_job_execution(
            job, repository_location_name=LOCATION, tags=range_tags(DayRange(today - timedelta(days=2), today))
        )
    except (DagsterGraphQLClientError, OSError, TransportError):
        return False
    return True


def unfinished(settings: Settings, client: Client, traffic: Traffic) -> Iterator[str]:
    """What is still to be done, in words."""
    landed = client.query("SELECT uniqExact(sha256) FROM te_ops.files").result_rows[0][0]
    if landed != traffic.files:
        yield f"{landed} of {traffic.files} files are landed"
    with dg.DagsterInstance.get() as instance:
        for run in instance.get_runs(RunsFilter(statuses=UNFINISHED)):
            yield f"run {run.run_id[:8]} of {run.job_name} is {run.status.value}"
    kafka = kafka_config(endpoints(settings))
    for name, topic in ROW_TOPICS.items():
        if behind := sum(shard.offsets for shard in lag(kafka, client, topic)):
            yield f"{name}: {behind} offsets are not loaded"
        if next_unit(client, topic, 1):
            yield f"{name}: lines are not typed"
        if days := waiting_days(client, name):
            yield f"{name}: {len(days)} production days wait"
        if waiting := waiting_publications(client, name):
            yield f"{name}: {len(waiting)} publications wait"


def runs_by_status() -> dict[str, int]:
    with dg.DagsterInstance.get() as instance:
        return dict(Counter(run.status.value for run in instance.get_runs()))
