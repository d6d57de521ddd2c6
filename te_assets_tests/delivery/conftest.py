"""Clients of the stack as delivery takes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from te_assets.stack.connect import clickhouse_client, kafka_config
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import Lake

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka.admin import KafkaAdminClient


@pytest.fixture
def kafka(stack: Stack) -> dict[str, Any]:
    """Keyword arguments of a Kafka client."""
    return kafka_config(stack.endpoints)


@pytest.fixture
def client(stack: Stack) -> Iterator[Client]:
    """A ClickHouse client with the server's own settings: nothing may depend on what a caller set."""
    with closing(clickhouse_client(stack.endpoints, settings={"async_insert": 1})) as client:
        yield client


@pytest.fixture
def lake(client: Client) -> Lake:
    """What tests ask of te_raw and the ledger."""
    return Lake(client)


@pytest.fixture
def admin(kafka: dict[str, Any]) -> Iterator[KafkaAdminClient]:
    """A Kafka admin client."""
    from kafka.admin import KafkaAdminClient

    with closing(KafkaAdminClient(**kafka)) as admin:
        yield admin
