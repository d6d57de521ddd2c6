"""Kafka and ClickHouse of the benchmark: a home of its own in a temporary folder, stopped and removed at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.files import bulk_site
from te_assets.settings import Settings, isolated
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_admin
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.provision import provision
from te_assets.stack.supervisor import Supervisor

PANDAS_TOPIC: Final = "te.bench-pandas"
DATABASES: Final = ("te_bench", "te_marts", "te_staging", "te_raw", "te_ops")
# ClickHouse's own Kafka engine is closed in the product, whose loader does not use it.
KAFKA_ENGINE_GRANTS: Final = ("TABLE ENGINE ON Kafka", "READ, WRITE ON KAFKA")


@dataclass(frozen=True)
class Servers:
    """Both servers, running."""

    settings: Settings
    clickhouse: ClickHouseServer

    @property
    def clickhouse_pid(self) -> int:
        """Process of the ClickHouse engine."""
        assert self.clickhouse.process is not None
        return self.clickhouse.process.pid

    def empty(self) -> None:
        """New topics, freshly migrated databases: what one peer wrote costs the next one nothing."""
        from te_assets.delivery.topics import TOPICS

        where = endpoints(self.settings)
        client = clickhouse_client(where, send_receive_timeout=600)
        try:
            for database in DATABASES:
                client.command(f"DROP DATABASE IF EXISTS {database} SYNC")
            client.command("CREATE DATABASE te_bench")
        finally:
            client.close()
        with kafka_admin(where) as admin:
            ours = {spec.name for spec in TOPICS} | {PANDAS_TOPIC}
            if existing := sorted(ours & set(admin.list_topics())):
                admin.delete_topics(existing)
        provision(where)


@contextmanager
def servers(say: Callable[[str], None]) -> Iterator[Servers]:
    """Both servers for as long as the block lasts; this process's environment names their home meanwhile.

    Raises:
        StackError: One of them could not be started.
    """
    with tempfile.TemporaryDirectory(prefix="te-bench-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        with isolated(root / "home", bulk_site(root / "site")) as settings:
            home = Home.open(settings)
            clickhouse = ClickHouseServer(home, extra_writer_grants=KAFKA_ENGINE_GRANTS, progress=say)
            with Supervisor(home, [KafkaServer(home, progress=say), clickhouse], progress=say):
                yield Servers(settings, clickhouse)
