"""Real servers for the tests marked `stack`: started once, with a clean state for each test that asks for one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from te_assets.settings import Settings
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import Endpoints, clickhouse_client, endpoints, kafka_admin
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.delivery.emptying import empty_topics
from te_assets_tests.lake.emptying import Emptying
from te_assets_tests.stack.postgres import Postgres, postgres_server

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Stack:
    """The servers of the session and a home of this test alone."""

    settings: Settings
    endpoints: Endpoints
    clickhouse: Client
    kafka_server: KafkaServer
    clickhouse_server: ClickHouseServer


# Files are handed to whichever process is free: what takes minutes must not be the last that anyone begins.
_LONGEST_FIRST = ("test_whole_way", "commands", "test_numbers", "automation", "stack", "delivery", "faults", "lake")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest; the order within a file stays."""

    def rank(item: pytest.Item) -> int:
        names = {item.path.stem, item.path.parent.name}
        return next((n for n, name in enumerate(_LONGEST_FIRST) if name in names), len(_LONGEST_FIRST))

    items.sort(key=rank)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A developer's own TE_… variables must not reach a test, nor a test a developer's home."""
    import os

    for name in [name for name in os.environ if name.startswith("TE_")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setenv("TE_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="session")
def session_home() -> Iterator[Home]:
    """The home of the session's servers."""
    root = Path(tempfile.mkdtemp(prefix="te-assets-"))
    yield Home(root).create()
    shutil.rmtree(root)


@pytest.fixture(scope="session")
def kafka_server(session_home: Home) -> Iterator[KafkaServer]:
    """A real broker. A test that kills it starts it again."""
    server = KafkaServer(session_home)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def clickhouse_server(session_home: Home) -> Iterator[ClickHouseServer]:
    """A real engine. A test that kills it starts it again."""
    server = ClickHouseServer(session_home)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL; without one the test is skipped, but not in CI."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def emptying() -> Emptying:
    """Empties the lake of the session's engine."""
    return Emptying()


@pytest.fixture
def stack(
    tmp_path: Path, kafka_server: KafkaServer, clickhouse_server: ClickHouseServer, emptying: Emptying
) -> Iterator[Stack]:
    """Empty topics and migrated, empty databases."""
    with empty_stack(tmp_path / "home", kafka_server, clickhouse_server, emptying) as stack:
        yield stack


@contextmanager
def empty_stack(
    home: Path, kafka_server: KafkaServer, clickhouse_server: ClickHouseServer, emptying: Emptying
) -> Iterator[Stack]:
    """The session's servers with empty topics and databases."""
    for server in (kafka_server, clickhouse_server):
        if not server.is_running:  # an earlier test left it dead
            server.start()
    settings = Settings(
        home=home,
        kafka_bootstrap_servers=kafka_server.bootstrap_servers,
        clickhouse_url=clickhouse_server.url,
        clickhouse_password=SecretStr(clickhouse_server.writer_password),
        clickhouse_reader_password=SecretStr(clickhouse_server.reader_password),
    )
    Home.open(settings)
    where = endpoints(settings)
    with kafka_admin(where) as admin:
        empty_topics(admin)
    client = clickhouse_client(where)
    emptying(client)
    yield Stack(settings, where, client, kafka_server, clickhouse_server)
    client.close()
