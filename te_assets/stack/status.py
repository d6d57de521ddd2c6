"""What runs, where and in which version: the whole answer of `te-assets status`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from te_assets.errors import TeAssetsError
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint, kafka_admin, kafka_config, kafka_endpoint
from te_assets.stack.home import Home
from te_assets.stack.jars import Lock
from te_assets.stack.services import SERVICES, replaced

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Answer = TypeVar("Answer")


class KafkaStatus(BaseModel):
    """A Kafka that answers."""

    bootstrap_servers: str
    version: str


class ClickHouseStatus(BaseModel):
    """A ClickHouse that answers."""

    host: str
    port: int
    user: str
    password: str
    version: str


class UrlStatus(BaseModel):
    """A service with a user interface."""

    url: str


class Status(BaseModel):
    """The document of `te-assets status --json`; a service that is not up is null."""

    model_config = ConfigDict(frozen=True)

    home: str
    kafka: KafkaStatus | None = None
    clickhouse: ClickHouseStatus | None = None
    dagster: UrlStatus | None = None
    gateway: UrlStatus | None = None
    dashboard: UrlStatus | None = None
    lag: dict[str, int] = {}
    newest_data: dict[str, datetime] = {}
    """Per model, until when deliveries cover any work center, UTC."""
    stale_days: dict[str, int] = {}
    """Per model, production days with figures of an earlier site profile; they wait until someone restates them."""
    healthy: bool = False
    problems: list[str] = []
    """Why it is not healthy, each with what to do."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Ask every service now."""
        problems: list[str] = []
        kafka = _ask(_kafka, settings, problems)
        clickhouse = _ask(_clickhouse, settings, problems)
        behind = _ask(_lag, settings, problems) if kafka and clickhouse else None
        newest = _ask(_newest, settings, problems) if clickhouse else None
        stale = _ask(_stale, settings, problems) if clickhouse else None
        record = running.record(Home(settings.home_dir))
        urls = {
            name: UrlStatus(url=told["url"])
            for name, told in (record.services if record else {}).items()
            if "url" in told and name in SERVICES
        }
        return cls(
            home=str(settings.home_dir),
            kafka=kafka,
            clickhouse=clickhouse,
            lag=behind or {},
            newest_data=newest or {},
            stale_days=stale or {},
            healthy=not problems,
            problems=problems,
            **urls,
        )


def _ask(question: Callable[[Settings], Answer], settings: Settings, problems: list[str]) -> Answer | None:
    try:
        return question(settings)
    except TeAssetsError as error:
        problems.append(str(error))
        return None


def _kafka(settings: Settings) -> KafkaStatus:
    where = kafka_endpoint(settings)
    with kafka_admin(where) as admin:
        admin.describe_cluster()
        own = "kafka" in replaced(settings)
        version = ".".join(map(str, admin.config["api_version"] or ())) if own else Lock.read().kafka_version
    return KafkaStatus(bootstrap_servers=where.bootstrap_servers, version=version)


def _clickhouse(settings: Settings) -> ClickHouseStatus:
    where = clickhouse_endpoint(settings)
    client = clickhouse_client(where)
    try:
        version = str(client.command("SELECT version()"))
    finally:
        client.close()
    return ClickHouseStatus(
        host=where.host,
        port=where.port,
        user=where.user,
        password=where.password.get_secret_value(),
        version=version,
    )


def _lag(settings: Settings) -> dict[str, int]:
    from te_assets.delivery.topics import ROW_TOPICS
    from te_assets.delivery.watch import lag

    kafka = kafka_config(kafka_endpoint(settings))
    with _migrated(settings) as client:
        topics = ROW_TOPICS.values() if client else ()
        return {topic: sum(shard.offsets for shard in lag(kafka, client, topic)) for topic in topics if client}


def _newest(settings: Settings) -> dict[str, datetime]:
    with _migrated(settings) as client:
        if client is None:
            return {}
        rows = client.query("SELECT model, max(covers_until) FROM te_ops.coverage GROUP BY model").result_rows
        return {model: until.replace(tzinfo=UTC) for model, until in rows}


def _stale(settings: Settings) -> dict[str, int]:
    with _migrated(settings, "te_ops.stale") as client:
        if client is None:
            return {}
        rows = client.query("SELECT model, uniqExact(production_day) FROM te_ops.stale GROUP BY model").result_rows
        return {model: int(days) for model, days in rows}


@contextmanager
def _migrated(settings: Settings, table: str = "te_ops.load_ledger") -> Iterator[Client | None]:
    """A client, or None where the databases, or a table of a newer version, are not there yet."""
    client = clickhouse_client(clickhouse_endpoint(settings))
    try:
        yield client if client.command(f"EXISTS TABLE {table}") else None
    finally:
        client.close()
