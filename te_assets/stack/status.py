"""What runs, where and in which version: the whole answer of `te-assets status`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, TypeVar

from pydantic import BaseModel, ConfigDict

from te_assets.errors import TeAssetsError
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint, kafka_admin, kafka_endpoint
from te_assets.stack.home import Home
from te_assets.stack.jars import Lock
from te_assets.stack.lag import lag
from te_assets.stack.services import SERVICES, replaced

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
    client = clickhouse_client(clickhouse_endpoint(settings))
    try:
        with kafka_admin(kafka_endpoint(settings)) as admin:
            return lag(admin, client)
    finally:
        client.close()
