"""ClickHouse as a Dagster resource; its fields have the names of the dagster-clickhouse library: people can switch."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import Field

from te_assets.settings import Settings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


URGENT_PRIORITY, YIELDING_PRIORITY = 1, 2


class ClickHouseResource(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The lake. Without a host it is the server that the environment names, else the home's own."""

    host: str = Field(default="", description="Host of the HTTP interface; empty: from the environment or the home")
    port: int = Field(default=8123, description="Port of the HTTP interface")
    user: str = Field(default="te_writer", description="User that may write te_*.*")
    password: str = Field(default="", description="Its password")
    database: str = Field(default="default", description="Database of unqualified names; te_assets qualifies all")
    secure: bool = Field(default=False, description="TLS")
    settings: dict[str, Any] = Field(default={}, description="ClickHouse settings of every query")

    @contextmanager
    def writer(self) -> Iterator[Client]:
        """A client that may write; closed at the end.

        Raises:
            StackError: The server does not answer, or refuses the login.
        """
        from pydantic import SecretStr

        from te_assets.stack.connect import ClickHouseEndpoint, clickhouse_client, clickhouse_endpoint
        from te_assets.stack.process import LAST

        if self.host:
            url = f"{'https' if self.secure else 'http'}://{self.host}:{self.port}"
            where = ClickHouseEndpoint(url, self.user, SecretStr(self.password), "te_reader", None)
        else:
            where = clickhouse_endpoint(Settings())
        # A process that gives way to others on the processors does so in ClickHouse: its queries, of a lower priority,
        # wait, a second at the most, while one of a higher runs; their threads are as nice as it is, where the server
        # has CAP_SYS_NICE.
        nice = max(os.nice(0), 0)
        settings = {
            "priority": YIELDING_PRIORITY if nice > LAST else URGENT_PRIORITY,
            "os_thread_priority": nice,
            **self.settings,
        }
        client = clickhouse_client(where, settings=settings, send_receive_timeout=600, database=self.database)
        try:
            yield client
        finally:
            client.close()

    @contextmanager
    def steady_writer(self) -> Iterator[Client]:
        """A client for work of which a backup must see all or nothing: it waits while a backup is taken.

        Raises:
            StackError: The server does not answer, or refuses the login.
        """
        from te_assets.stack.standstill import steady

        with steady(Settings()), self.writer() as client:
            yield client
