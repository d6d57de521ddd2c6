"""Kafka as a Dagster resource: where it is and how to enter; delivery makes its own producers and consumers."""

from __future__ import annotations

from typing import Any

import dagster as dg
from pydantic import Field

from te_assets.settings import Settings


class KafkaResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The log. Without bootstrap servers it is the cluster that the environment names, else the home's own."""

    bootstrap_servers: str = Field(default="", description="host:port, …; empty: from the environment or the home")

    def config(self) -> dict[str, Any]:
        """Keyword arguments of every kafka-python client.

        Raises:
            StackError: There is no cluster to talk to.
        """
        from te_assets.stack.connect import KafkaEndpoint, kafka_config, kafka_endpoint, kafka_security

        settings = Settings()
        where = (
            KafkaEndpoint(self.bootstrap_servers, kafka_security(settings))
            if self.bootstrap_servers
            else kafka_endpoint(settings)
        )
        return kafka_config(where)
