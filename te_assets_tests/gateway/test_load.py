"""What the gateway bears, on the whole stack as `te-assets up` starts it: each event counts once, each file arrives."""

from __future__ import annotations

import random
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
import requests

from te_assets.delivery.topics import ROW_TOPICS
from te_assets.delivery.watch import lag
from te_assets.gateway.client import GatewayClient
from te_assets.gateway.tokens import SCOPES, create
from te_assets.lake.touched import waiting_days
from te_assets.lake.typing_ledger import next_unit
from te_assets.profile import Profile
from te_assets.settings import Settings, isolated
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config
from te_assets.stack.gateway import GatewayService
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.services import build, to_start
from te_assets.stack.supervisor import Supervisor
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.gateway.load import Load, percentile, run_load
from te_assets_tests.oracle import check
from te_assets_tests.stack.processes import wait_for

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(3600)]

RATE, SECONDS = 500.0, 300.0
SIZE = 20_000_000  # bytes
GOAL = 0.050  # seconds, of 95 of 100 answers
AWAY = 8.0  # seconds: longer than a request waits for Kafka, so that some are answered with 503 and sent again
CALM = 30.0  # seconds after a restart that still belong to it: what waited is sent at once


@dataclass(frozen=True)
class Plant:
    """A whole stack."""

    settings: Settings
    lake: Client
    kafka: KafkaServer
    gateway: GatewayService
    token: str

    def at_rest(self) -> bool:
        """Whether all that was sent stands in the marts."""
        kafka = kafka_config(endpoints(self.settings))
        return not any(
            any(shard.offsets for shard in lag(kafka, self.lake, topic))
            or next_unit(self.lake, topic, 1)
            or waiting_days(self.lake, model)
            for model, topic in ROW_TOPICS.items()
        )


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with isolated(tmp_path / "home", Settings().site_dir) as settings:
        home = Home.open(settings)
        services = build(to_start(settings), home, settings, lambda _: None)
        with Supervisor(home, services, progress=lambda _: None):
            found = {service.name: service for service in services}
            kafka, gateway = found["kafka"], found["gateway"]
            assert isinstance(kafka, KafkaServer)
            assert isinstance(gateway, GatewayService)
            lake = clickhouse_client(endpoints(settings))
            yield Plant(settings, lake, kafka, gateway, create(settings.gateway_tokens, "load", SCOPES))
            lake.close()


def counted(lake: Client) -> dict[str, int]:
    """Events in the current rows of staging, and in the marts."""
    pieces = lake.query("SELECT sum(confirmations), sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate").result_rows
    confirmations, good, scrap = (int(value) for value in pieces[0])
    keys = lake.query("SELECT count(), uniqExact(interaction_id) FROM te_staging.interactions").result_rows
    return {
        "confirmations": confirmations,
        "good": good,
        "scrap": scrap,
        "interactions": int(keys[0][0]),
        "different interactions": int(keys[0][1]),
    }


def test_five_hundred_events_a_second_for_five_minutes_while_kafka_is_killed(plant: Plant) -> None:
    restart: list[float] = []

    def kill_kafka() -> None:
        restart.append(time.time())
        plant.kafka.kill()
        threading.Event().wait(AWAY)
        plant.kafka.start()
        restart.append(time.time())

    later = threading.Timer(SECONDS / 2, kill_kafka)
    later.start()
    load = run_load(plant.gateway.url, plant.token, RATE, SECONDS)
    later.join()

    calm = [t.seconds for t in load.taken if not restart[0] - 1 <= t.due <= restart[1] + CALM]
    print(report(load, calm, restart))
    begun = time.monotonic()
    wait_for(plant.at_rest, 1200, "all events in the marts")
    print(f"all in the marts {time.monotonic() - begun:.0f} s after the last one")
    number = int(RATE * SECONDS)
    half = number // 2
    assert (len(load.taken), load.lost) == (number, 0)
    assert load.answers[503] > 0
    assert set(load.answers) == {202, 503}
    assert counted(plant.lake) == {
        "confirmations": half,
        "good": 9 * half,
        "scrap": half,
        "interactions": half,
        "different interactions": half,
    }
    check(kafka_config(endpoints(plant.settings)), plant.lake, profile=Profile.of(plant.settings))
    assert percentile(calm, 0.95) <= GOAL


def report(load: Load, calm: list[float], restart: list[float]) -> str:
    """Answers by status, and percentiles of those apart from the restart, in milliseconds."""
    shown = {share: round(1000 * percentile(calm, share), 1) for share in (0.5, 0.75, 0.9, 0.95, 0.99, 1.0)}
    again = sum(taken.tries > 1 for taken in load.taken)
    return (
        f"answers {dict(load.answers)}, lost {load.lost}, sent more than once {again}; Kafka was away for "
        f"{restart[1] - restart[0]:.1f} s; of {len(calm):,} others, milliseconds by share: {shown}"
    )


def workbook(path: Path, number: int) -> Path:
    """A workbook of about 20 MB that fits a contract: few rows, and a picture that does not shrink."""
    book = confirmation_book(path / f"Confirmations {number}.xlsx", [confirmation(number, date(2026, 3, 3))])
    with zipfile.ZipFile(book, "a") as package:
        package.writestr("xl/media/image1.bin", random.Random(number).randbytes(SIZE - book.stat().st_size))
    return book


def test_fifty_uploads_of_20_mb_at_once(plant: Plant, tmp_path: Path) -> None:
    books = [workbook(tmp_path, number) for number in range(1, 51)]
    assert all(abs(book.stat().st_size - SIZE) < 10_000 for book in books)
    port = plant.gateway.url.rpartition(":")[2]
    process = next(p for p in psutil.process_iter() if p.cmdline()[1:] == ["-m", "te_assets.gateway", port])
    before, memory, done = process.memory_info().rss, [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.05):
            memory.append(process.memory_info().rss + sum(c.memory_info().rss for c in process.children()))

    watching = threading.Thread(target=watch)
    watching.start()

    def post(book: Path) -> tuple[int, str]:
        with book.open("rb") as file:
            answer = requests.post(
                f"{plant.gateway.url}/v1/files",
                files={"file": (book.name, file)},
                headers={"Authorization": f"Bearer {plant.token}"},
                timeout=300,
            )
        return answer.status_code, answer.json().get("sha256", "")

    begun = time.monotonic()
    with ThreadPoolExecutor(len(books)) as pool:
        answers = list(pool.map(post, books))
    done.set()
    watching.join()
    print(
        f"{len(books)} uploads in {time.monotonic() - begun:.1f} s; memory of the gateway {before / 1e6:.0f} MB before "
        f"and {max(memory) / 1e6:.0f} MB at the most"
    )

    assert [status for status, _ in answers] == [202] * len(books)
    assert max(memory) < 500e6
    client = GatewayClient(plant.gateway.url, plant.token)
    stages = [client.wait(sha256, 600)["publications"][0]["stage"] for _, sha256 in answers]
    client.close()
    assert stages == ["in marts"] * len(books)
    assert counted(plant.lake)["confirmations"] == len(books)
