"""What makes a container unhealthy, and what its check says."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psycopg2
import pytest

from te_assets.settings import Settings
from te_assets.stack import health
from te_assets.stack.health import DAEMONS, LATE, ailment, missed_heartbeats
from te_assets.stack.home import free_port
from te_assets_tests.stack.instances import enter, prepare, settings_of
from te_assets_tests.stack.postgres import Postgres

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)


class Answers(BaseHTTPRequestHandler):
    """Healthy at /healthz, else broken."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 503)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as its base calls it)
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_that_answers_is_well_and_one_that_says_no_is_not(port: int) -> None:
    assert ailment("gateway", "127.0.0.1", port) is None
    assert ailment("dashboard", "127.0.0.1", port) is None
    assert "503" in (ailment("webserver", "127.0.0.1", port) or "")


def test_nobody_there_is_an_ailment_with_a_reason() -> None:
    assert "refused" in (ailment("gateway", "127.0.0.1", free_port(avoid=set())) or "")


def beat(settings: Settings, at: datetime, *without: str) -> None:
    """Heartbeats of all daemons at an instant, but for some."""
    assert settings.dagster_postgres_password
    connection = psycopg2.connect(
        host=settings.dagster_postgres_host,
        port=settings.dagster_postgres_port,
        dbname=settings.dagster_postgres_db,
        user=settings.dagster_postgres_user,
        password=settings.dagster_postgres_password.get_secret_value(),
    )
    with connection, connection.cursor() as cursor:
        cursor.execute("DELETE FROM daemon_heartbeats")
        for name in DAEMONS - set(without):
            cursor.execute(
                "INSERT INTO daemon_heartbeats (daemon_type, timestamp) VALUES (%s, %s)",
                (name, at.replace(tzinfo=None)),
            )
    connection.close()


def test_heartbeats_of_this_process_that_are_not_late_are_well(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = enter(settings_of(tmp_path, postgres.database()), monkeypatch)
    prepare(settings)
    began = NOW - timedelta(hours=1)

    beat(settings, NOW - timedelta(seconds=LATE - 1))
    assert missed_heartbeats(began, NOW) is None

    beat(settings, NOW - timedelta(seconds=LATE + 1))
    assert missed_heartbeats(began, NOW) == f"no heartbeat of {', '.join(sorted(DAEMONS))}"

    beat(settings, NOW, "SENSOR")
    assert missed_heartbeats(began, NOW) == "no heartbeat of SENSOR"

    beat(settings, began - timedelta(seconds=1))  # of the process before this one
    assert missed_heartbeats(began, began) == f"no heartbeat of {', '.join(sorted(DAEMONS))}"


def test_a_database_that_is_away_is_an_ailment_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_DAGSTER_POSTGRES_HOST", "127.0.0.1")
    monkeypatch.setenv("TE_DAGSTER_POSTGRES_PORT", str(free_port(avoid=set())))
    monkeypatch.setenv("TE_DAGSTER_POSTGRES_PASSWORD", "s3cret")

    said = missed_heartbeats(NOW, NOW) or ""

    assert "refused" in said
    assert "s3cret" not in said


def test_the_check_exits_1_with_its_reason_and_0_without(
    port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(health, "REMEMBERED", tmp_path / "part")
    assert health.main() == 1
    assert capsys.readouterr().err == "no service was started here\n"

    health.remember("gateway", "127.0.0.1", port)
    assert health.main() == 0
    assert capsys.readouterr().err == ""


def test_the_check_imports_little() -> None:
    """It runs every few seconds."""
    heavy = ("dagster", "polars", "kafka", "pydantic", "grpc")
    asks = f"import sys, te_assets.stack.health; print([m for m in {heavy} if m in sys.modules])"

    done = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"
