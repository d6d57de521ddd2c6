"""Two plants for tests of backups: the one that is backed up, and a new machine with a ClickHouse of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint
from te_assets.stack.home import Home

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

DATABASES = ["te_raw", "te_ops", "te_staging", "te_marts"]


@dataclass(frozen=True)
class Machine:
    """A home with a local ClickHouse that te-assets up started."""

    settings: Settings
    client: Client
    server: ClickHouseServer

    def enter(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """What a login on that machine sets."""
        monkeypatch.setenv("TE_HOME", str(self.settings.home_dir))
        monkeypatch.setenv("DAGSTER_HOME", str(self.settings.home_dir / "dagster"))


@contextmanager
def machine(root: Path, kafka: str) -> Iterator[Machine]:
    """A new machine whose supervisor runs ClickHouse alone; its Kafka is one that exists."""
    home = Home(root).create()
    server = ClickHouseServer(home)
    server.start()
    settings = Settings(home=root, kafka_bootstrap_servers=kafka)
    try:
        with running.hold(home):
            running.write(home, running.Record(pid=1, services={"clickhouse": server.describe()}))
            client = clickhouse_client(clickhouse_endpoint(settings))
            try:
                yield Machine(settings, client, server)
            finally:
                client.close()
    finally:
        server.stop()


def contents(client: Client) -> dict[str, tuple[int, int]]:
    """Each table of the lake that has rows: how many, and a sum of hashes over all their columns."""
    tables = client.query(
        "SELECT concat(database, '.', name) FROM system.tables "
        "WHERE database IN {databases:Array(String)} AND total_rows > 0 ORDER BY 1",
        parameters={"databases": DATABASES},
    ).result_rows
    return {
        table: tuple(
            client.query(
                f"SELECT count(), sum(cityHash64(j)) FROM (SELECT toJSONString(tuple(*)) AS j FROM {table})"
            ).result_rows[0]
        )
        for (table,) in tables
    }


def definitions(client: Client) -> dict[str, str]:
    """Each table and view of the lake as it is defined."""
    rows = client.query(
        "SELECT concat(database, '.', name), create_table_query FROM system.tables "
        "WHERE database IN {databases:Array(String)} ORDER BY 1",
        parameters={"databases": DATABASES},
    ).result_rows
    return {name: text for name, text in rows}
