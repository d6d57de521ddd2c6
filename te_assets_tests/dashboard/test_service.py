"""The dashboard as a process of the home: started, asked, stopped; without Kafka, without pages."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from te_assets.commands.stack import down, status, up
from te_assets.dashboard.bundle import Bundle
from te_assets.settings import Settings
from te_assets.stack.dashboard import DashboardService
from te_assets.stack.home import Home
from te_assets.stack.process import ServiceFailed
from te_assets_tests.assets.deliveries import enter
from te_assets_tests.conftest import Stack
from te_assets_tests.stack.processes import nothing_left

pytestmark = pytest.mark.stack


@pytest.fixture
def service(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[DashboardService]:
    """On the session's ClickHouse, in a home of its own, where no Kafka is known."""
    enter(stack, monkeypatch)
    monkeypatch.delenv("TE_KAFKA_BOOTSTRAP_SERVERS")
    service = DashboardService(Home(stack.settings.home_dir), Settings())
    yield service
    service.stop()


def test_it_answers_without_kafka_and_a_stop_does_not_wait_for_those_who_listen(service: DashboardService) -> None:
    service.start()
    assert service.describe() == {"url": service.url}
    assert requests.get(f"{service.url}/readyz", timeout=30).json() == {"status": "ready", "clickhouse": True}
    with requests.get(f"{service.url}/api/v1/events", stream=True, timeout=30) as listening:
        lines = listening.iter_lines(chunk_size=1)
        while not next(lines).startswith(b"data: "):
            pass
        begun = time.monotonic()
        service.stop()
        took = time.monotonic() - begun
        assert list(lines) == [b""]  # ended, not cut

    assert took < 5
    assert not service.answers()
    assert "GET /readyz 200" in service.log.read_text(encoding="utf-8")


def test_without_pages_it_starts_and_says_how_to_build_them(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(stack, monkeypatch)
    said: list[str] = []
    service = DashboardService(Home(stack.settings.home_dir), Settings(), progress=said.append)
    for built in (True, False):
        monkeypatch.setattr(Bundle, "is_built", built)
        service.prepare()
        assert said == ([] if built else ["dashboard has no pages: make frontend"])


def test_its_address_has_the_path_of_the_proxy(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    plain, below = (DashboardService(home, Settings(dashboard_mount_path=path)).url for path in ("/", "/te/"))

    assert plain == f"http://127.0.0.1:{home.port('dashboard')}"
    assert below == f"{plain}/te"


def test_a_dashboard_that_cannot_start_says_why(service: DashboardService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_DASHBOARD_MOUNT_PATH", "elsewhere")

    with pytest.raises(ServiceFailed, match="The dashboard ended before it answered") as caught:
        service.start()
    assert "TE_DASHBOARD_MOUNT_PATH" in str(caught.value)


def test_up_starts_it_with_clickhouse_alone_and_status_tells_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new home: the dashboard makes the tables that it reads."""
    monkeypatch.setenv("TE_HOME", str(tmp_path / "home"))
    started = CliRunner().invoke(up, ["--detach", "--only", "clickhouse,dashboard"])
    try:
        assert started.exit_code == 0, started.stderr
        document = json.loads(CliRunner().invoke(status, ["--json"]).stdout)
        url = document["dashboard"]["url"]
        assert f"dashboard   {url}" in started.stderr
        assert f"dashboard   {url}" in CliRunner().invoke(status, []).stdout
        notes = requests.get(f"{url}/api/v1/availability", timeout=30).json()["about"]["notes"]
        assert [note["code"] for note in notes] == ["no_data_at_all"]
    finally:
        CliRunner().invoke(down, [])
    nothing_left(str(tmp_path))
