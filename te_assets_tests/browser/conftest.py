"""A whole stack with a week of deliveries, and Debian's Chromium that looks at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.orchestrator import DagsterService
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, enter, log_book, stop, wall
from te_assets_tests.browser.windows import window
from te_assets_tests.conftest import Stack, empty_stack
from te_assets_tests.lake.emptying import Emptying
from te_assets_tests.stack.processes import wait_for

DAYS = [date(2026, 3, day) for day in range(2, 7)]
WIDTH, HEIGHT = 1600, 1000
PATIENCE_MS = 60_000.0
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def plant(
    tmp_path_factory: pytest.TempPathFactory,
    kafka_server: KafkaServer,
    clickhouse_server: ClickHouseServer,
    emptying: Emptying,
) -> Iterator[Stack]:
    """Servers with empty topics and databases; their addresses in the environment, which Dagster's processes read."""
    home = tmp_path_factory.mktemp("plant") / "home"
    with pytest.MonkeyPatch.context() as patch, empty_stack(home, kafka_server, clickhouse_server, emptying) as stack:
        yield enter(stack, patch)


@pytest.fixture(scope="module")
def dagster_ui(plant: Stack) -> Iterator[str]:
    """Address of the Dagster UI; webserver and daemon run as `te-assets up` runs them."""
    service = DagsterService(Home.open(plant.settings), plant.settings)
    service.start()
    try:
        deliver(plant)
        yield service.url
    finally:
        service.stop()


def deliver(plant: Stack) -> None:
    """A week of both models through the inbox to the marts; the total of the confirmations is wrong by 549."""
    inbox = plant.settings.inbox_dir
    inbox.mkdir(parents=True, exist_ok=True)
    log_book(inbox / "log.xlsx", [stop(n, wall(day, 8), wall(day, 9)) for n, day in enumerate(DAYS)])
    total = ("Total", *[None] * 6, 999, 50)
    confirmation_book(inbox / "confirmations.xlsx", [*(confirmation(n, day) for n, day in enumerate(DAYS)), total])

    def shown() -> bool:
        return all(days(plant, mart) == len(DAYS) for mart in ("stops", "scrap_rate"))

    wait_for(shown, 240, "both marts show the delivered days")


def days(plant: Stack, mart: str) -> int:
    rows = plant.clickhouse.query(f"SELECT uniqExact(production_day) FROM te_marts.{mart}").result_rows
    return int(rows[0][0])


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; without one the test is skipped, but not in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        wanting = "no chromium on the path; on Debian: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(wanting)
        pytest.skip(wanting)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, dagster_ui: str) -> Iterator[Page]:
    """A window on the Dagster UI that reaches nothing else."""
    with window(chromium, dagster_ui, viewport={"width": WIDTH, "height": HEIGHT}) as context:
        context.set_default_timeout(PATIENCE_MS)
        yield context.new_page()
