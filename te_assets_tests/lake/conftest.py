"""A lake without Kafka: empty, migrated databases for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import ClickHouseEndpoint, clickhouse_client
from te_assets_tests.lake.emptying import Emptying, Kept
from te_assets_tests.lake.worked_examples import examples


@pytest.fixture
def clickhouse(clickhouse_server: ClickHouseServer, emptying: Emptying) -> Iterator[Client]:
    """The writer's client."""
    where = ClickHouseEndpoint(
        clickhouse_server.url, "te_writer", SecretStr(clickhouse_server.writer_password), "te_reader", None
    )
    client = clickhouse_client(where)
    emptying(client)
    yield client
    client.close()


@pytest.fixture(scope="module")
def kept(clickhouse_server: ClickHouseServer) -> Iterator[list[Kept]]:
    """What the tests of a file find in the lake, once the first of them has computed it."""
    kept: list[Kept] = []
    yield kept
    clickhouse_server.query("DROP DATABASE IF EXISTS te_kept SYNC")


@pytest.fixture
def page_figure(request: pytest.FixtureRequest) -> str:
    """What docs/kpi.md says that the test computes."""
    test = f"{request.node.path.name}::{request.node.originalname}"
    (figure,) = [example.figure for example in examples() if example.test == test]
    return figure
