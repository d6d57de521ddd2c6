"""ClickHouse's own Kafka engine on the topic that the chain has published: until every line is in a table."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from bench.files import BulkFile
from bench.measurement import Timed
from te_assets.delivery.topics import CONFIRMATIONS
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

LIMIT: Final = 600.0  # seconds
_PAUSE: Final = 0.05  # seconds between two looks
SETTINGS_TOLD: Final = (
    "one consumer (a workbook lies in one partition), messages as RawBLOB and lines split in the view, blocks of 50 "
    "messages of 1,000 lines, flush after 0.5 s, no wait before the first poll"
)


class EngineStuck(RuntimeError):
    """Not every line arrived in time."""


def run_kafka_engine(file: BulkFile) -> Timed:
    """Read the topic with a Kafka table and a materialized view into a MergeTree with the columns of te_raw.

    Raises:
        EngineStuck: Not every line arrived in time, or more than were published.
    """
    settings = Settings()
    where = endpoints(settings)
    client = clickhouse_client(where)
    try:
        for name in ("kafka_target", "kafka_queue"):
            client.command(_statement(name, brokers=where.kafka.bootstrap_servers, group=f"bench-{uuid4()}"))
        begin = time.perf_counter()
        client.command(_statement("kafka_view"))
        first = _await_rows(client, 1, begin)
        seconds = _await_rows(client, file.expected.rows, begin)
        for table in ("confirmations_view", "confirmations_queue"):
            client.command(f"DROP TABLE te_bench.{table} SYNC")
        lines = client.command("SELECT uniqExact(offset, line) FROM te_bench.confirmations")
        if lines != file.expected.rows:
            raise EngineStuck(f"te_bench.confirmations has {lines} lines, {file.expected.rows} were published")
    finally:
        client.close()
    return Timed(seconds, {"Kafka engine → table": seconds}, {"until the first lines": first})


def _statement(name: str, **values: str) -> str:
    """A file of bench/sql; settings of a Kafka table cannot be bound, so the benchmark's own values are rendered."""
    from jinja2 import Environment, StrictUndefined

    text = (Path(__file__).with_name("sql") / f"{name}.sql").read_text(encoding="utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    return environment.from_string(text).render(topic=CONFIRMATIONS, **values)


def _await_rows(client: Client, rows: int, begin: float) -> float:
    """Seconds since `begin` until the table has at least so many rows."""
    while True:
        found = int(str(client.command("SELECT count() FROM te_bench.confirmations")))
        waited = time.perf_counter() - begin
        if found >= rows:
            return waited
        if waited > LIMIT:
            raise EngineStuck(f"te_bench.confirmations has {found} of {rows} lines after {LIMIT:.0f} s")
        time.sleep(_PAUSE)
