"""The gateway of the home."""

from __future__ import annotations

from te_assets.stack.connect import endpoints
from te_assets.stack.http_service import HttpService
from te_assets.stack.provision import provision
from te_assets.stack.standstill import steady


class GatewayService(HttpService):
    """HTTP way in of one home."""

    name = "gateway"
    needs = frozenset({"kafka", "clickhouse"})
    grace = 20.0  # what was accepted is finished

    def prepare(self) -> None:
        """Make topics and tables: Dagster has done so, but it need not be started too."""
        with steady(self._settings):
            provision(endpoints(self._settings), self._settings.kafka_replication_factor)
