from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from pydantic import SecretStr

from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets.stack.orchestrator import DagsterService, ask
from te_assets.stack.process import ServiceFailed
from te_assets.stack.supervisor import detach
from te_assets_tests.conftest import Stack
from te_assets_tests.stack.postgres import Postgres
from te_assets_tests.stack.processes import nothing_left, processes_naming

pytestmark = [pytest.mark.stack, pytest.mark.long]


@pytest.fixture
def settings(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of the session's servers, in the environment too: Dagster's processes read them there."""
    for name in ("kafka_bootstrap_servers", "clickhouse_url"):
        monkeypatch.setenv(f"TE_{name.upper()}", str(getattr(stack.settings, name)))
    clickhouse = stack.endpoints.clickhouse
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD", clickhouse.password.get_secret_value())
    return stack.settings


def test_webserver_and_daemon_are_up_with_the_location_and_the_pool(settings: Settings, tmp_path: Path) -> None:
    service = DagsterService(Home.open(settings), settings)
    service.start()
    try:
        port = int(service.url.rpartition(":")[2])
        answer = ask(port, "{ workspaceOrError { ... on Workspace { locationEntries { name } } } }")
        assert answer["workspaceOrError"]["locationEntries"] == [{"name": "te_assets"}]
        limits = ask(port, '{ instance { concurrencyLimit(concurrencyKey: "restate") { slotCount } } }')
        assert limits["instance"]["concurrencyLimit"]["slotCount"] == 4
    finally:
        service.stop()
    nothing_left(str(settings.home_dir))
    assert "Daemon threads shut down" in service.log.read_text(encoding="utf-8"), "it was killed, amid a tick"


def test_both_keep_their_history_in_postgresql_where_it_is_named(settings: Settings, postgres: Postgres) -> None:
    database = postgres.database()
    theirs = {"host": database.host, "port": database.port, "db": database.name, "user": database.user}
    own = settings.model_copy(
        update={
            **{f"dagster_postgres_{name}": value for name, value in theirs.items()},
            "dagster_postgres_password": SecretStr(database.password),
        }
    )
    service = DagsterService(Home.open(own), own)
    service.start()
    try:
        port = int(service.url.rpartition(":")[2])
        limits = ask(port, '{ instance { concurrencyLimit(concurrencyKey: "restate") { slotCount } } }')
        assert limits["instance"]["concurrencyLimit"]["slotCount"] == 4
        # Only the homes stand in command lines, which anyone reads.
        assert not processes_naming(database.password)
    finally:
        service.stop()
    nothing_left(str(own.home_dir))
    assert not list(own.dagster_home.rglob("*.db"))


def test_a_location_that_does_not_load_is_shown(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_SITE", "/nowhere")
    service = DagsterService(Home.open(settings), settings)
    with pytest.raises(ServiceFailed, match="Dagster cannot load te_assets: "):
        service.start()
    nothing_left(str(settings.home_dir))


def test_nothing_of_dagster_is_left_when_the_supervisor_is_killed(settings: Settings) -> None:
    home = Home.open(settings)
    detach(home, ["dagster"], lambda _: None)
    pid = running.pid(home)
    assert pid is not None
    assert len(processes_naming(str(home.root))) >= 5
    os.kill(pid, signal.SIGKILL)

    nothing_left(str(home.root), 40)
