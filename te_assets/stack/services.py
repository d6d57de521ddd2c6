"""The list of services that a home can run, in the order of their start."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Final

from te_assets.settings import Settings
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.dashboard import DashboardService
from te_assets.stack.gateway import GatewayService
from te_assets.stack.home import Home
from te_assets.stack.jars import Progress
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.orchestrator import DagsterService
from te_assets.stack.service import Service

Build = Callable[[Home, Settings, Progress], Service]

SERVICES: Final[Mapping[str, Build]] = {
    "kafka": lambda home, _, progress: KafkaServer(home, progress=progress),
    "clickhouse": lambda home, _, progress: ClickHouseServer(home, progress=progress),
    "dagster": lambda home, settings, progress: DagsterService(home, settings, progress=progress),
    "gateway": lambda home, settings, _: GatewayService(home, settings),
    "dashboard": lambda home, settings, progress: DashboardService(home, settings, progress=progress),
}
"""A further service is one more line here."""


def replaced(settings: Settings) -> dict[str, str]:
    """Services that the user's own servers stand in for, each with the variable that says so."""
    own = {}
    if settings.kafka_bootstrap_servers:
        own["kafka"] = "TE_KAFKA_BOOTSTRAP_SERVERS"
    if settings.clickhouse_url:
        own["clickhouse"] = "TE_CLICKHOUSE_URL"
    return own


def to_start(settings: Settings, only: Collection[str] = ()) -> list[str]:
    """Names of the services to start, in order: all or `only` these, without those that are replaced."""
    return [name for name in SERVICES if (not only or name in only) and name not in replaced(settings)]


def build(names: Sequence[str], home: Home, settings: Settings, progress: Progress) -> list[Service]:
    """The services of these names, not started."""
    return [SERVICES[name](home, settings, progress) for name in names]
