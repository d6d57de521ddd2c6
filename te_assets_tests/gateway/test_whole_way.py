"""From a post to the figure, on the whole stack as `te-assets up` starts it; nothing but its sensors asks for runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from te_assets.gateway.client import GatewayClient
from te_assets.gateway.tokens import SCOPES, create
from te_assets.settings import Settings, isolated
from te_assets.stack.connect import clickhouse_client, endpoints
from te_assets.stack.home import Home
from te_assets.stack.services import build, to_start
from te_assets.stack.supervisor import Supervisor
from te_assets_tests.assets.deliveries import confirmation, confirmation_book

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)
SECONDS = 90.0


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, GatewayClient]]:
    """A ClickHouse client and a gateway client of a whole stack."""
    with isolated(tmp_path_factory.mktemp("whole") / "home", Settings().site_dir) as settings:
        home = Home.open(settings)
        services = build(to_start(settings), home, settings, lambda _: None)
        with Supervisor(home, services, progress=lambda _: None):
            url = next(service for service in services if service.name == "gateway").describe()["url"]
            lake = clickhouse_client(endpoints(settings))
            gateway = GatewayClient(url, create(settings.gateway_tokens, "tests", SCOPES))
            yield lake, gateway
            gateway.close()
            lake.close()


def shown(lake: Client, query: str) -> object:
    """The first row of a query, once there is one."""
    until = time.monotonic() + SECONDS
    while not (rows := lake.query(query).result_rows):
        assert time.monotonic() < until, f"not shown after {SECONDS:.0f} s: {query}"
        time.sleep(0.2)
    return tuple(rows[0])


def test_a_posted_workbook_comes_to_its_marts(everything: tuple[Client, GatewayClient], tmp_path: Path) -> None:
    lake, gateway = everything
    book = confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, DAY, 90, 10), confirmation(2, DAY, "x")])
    sent = gateway.send_file(book)
    status = gateway.wait(sent.sha256, SECONDS)

    (publication,) = status["publications"]
    assert (publication["stage"], publication["accepted"], publication["rejected"]) == ("in marts", 1, 1)
    assert publication["waiting_days"] == 0
    figure = "SELECT toFloat64(scrap_qty), scrap_rate FROM te_marts.scrap_rate WHERE production_day = '2026-03-03'"
    assert shown(lake, figure) == (10.0, 0.1)
    assert gateway.send_file(book).was_known


def test_a_stop_is_shown_open_and_then_with_its_end(everything: tuple[Client, GatewayClient]) -> None:
    lake, gateway = everything
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    stop = {"plant": "1000", "work_center": "PRS01", "interaction_id": "S-1", "started_at": begun.isoformat()}
    query = "SELECT toString(max(ended_at)) FROM te_marts.stops WHERE interaction_id = 'S-1' HAVING count() > 0 AND "

    gateway.send_events("interactions", stop)
    assert shown(lake, query + "max(is_open)")
    ended = begun + timedelta(minutes=20)
    gateway.send_events("interactions", {**stop, "ended_at": ended.isoformat()})
    assert shown(lake, query + "NOT max(is_open)") == (f"{ended:%Y-%m-%d %H:%M:%S}.000",)
