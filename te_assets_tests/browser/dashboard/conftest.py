"""A week of two plants from workbooks to the marts, the dashboard on it, and windows that look at it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from te_assets.dashboard.bundle import Bundle
from te_assets.simulator.run import Simulated, simulate
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.assets.deliveries import enter
from te_assets_tests.browser.windows import Watched, Windows
from te_assets_tests.conftest import Stack, empty_stack
from te_assets_tests.dashboard.serving import Dashboard, served
from te_assets_tests.lake.emptying import Emptying

# Pictures of the documentation are taken when they are asked for.
collect_ignore = [] if "SCREENSHOTS" in os.environ else ["test_pictures.py"]
FIRST, DAYS = date(2026, 3, 2), 7
PATIENCE_MS = 20_000.0


@dataclass(frozen=True)
class Plant:
    """Servers with the marts of a week, and the workbooks that they were made from."""

    stack: Stack
    workbooks: Sequence[Path]

    def deliver(self, *paths: Path) -> None:
        """Workbooks from their folder to the marts, as on the command line; returns when the marts show them."""
        with entered(self.stack):
            command = [sys.executable, "-m", "te_assets.cli", "ingest", *map(str, paths)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def entered(stack: Stack) -> Iterator[None]:
    """The stack's servers in the environment, for commands."""
    with pytest.MonkeyPatch.context() as patch:
        enter(stack, patch)
        yield


@pytest.fixture(scope="package")
def company(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Workbooks of two plants, at the site that te_assets comes with."""
    return simulate(tmp_path_factory.mktemp("company"), days=DAYS, plants=2, seed=11, start=FIRST)


@pytest.fixture(scope="package")
def plant(
    tmp_path_factory: pytest.TempPathFactory,
    kafka_server: KafkaServer,
    clickhouse_server: ClickHouseServer,
    emptying: Emptying,
    company: Simulated,
) -> Iterator[Plant]:
    """Filled once: tests that deliver more ask the marts for what they then show."""
    home = tmp_path_factory.mktemp("plant") / "home"
    with empty_stack(home, kafka_server, clickhouse_server, emptying) as stack:
        plant = Plant(stack, company.workbooks)
        plant.deliver(*company.workbooks)
        yield plant


@pytest.fixture(scope="package")
def dashboard(plant: Plant) -> Iterator[Dashboard]:
    """The dashboard with the pages that were built."""
    if not Bundle().is_built:
        pytest.fail("the dashboard has no pages to look at: make frontend")
    with served(plant.stack.settings) as dashboard:
        yield dashboard


@pytest.fixture
def windows(chromium: Browser, dashboard: Dashboard) -> Iterator[Windows]:
    """Windows in which nothing may go wrong, but for what a test allows because it causes it."""
    windows = Windows(chromium, dashboard.url, PATIENCE_MS)
    yield windows
    windows.close()
    assert windows.watched.faults == []


@pytest.fixture
def watched(windows: Windows) -> Watched:
    """What went wrong in the windows of the test."""
    return windows.watched


@pytest.fixture
def page(windows: Windows) -> Page:
    """An English window on a desk."""
    return windows.open()
