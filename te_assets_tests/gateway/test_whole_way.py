"""From a post to the figure, on the whole stack as `te-assets up` starts it; nothing but its sensors asks for runs."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from te_assets.automation.comparison import TABLES, differences
from te_assets.gateway.client import GatewayClient
from te_assets.gateway.routes.files import XLSX
from te_assets.gateway.tokens import SCOPES, create
from te_assets.settings import Settings, isolated
from te_assets.simulator.live import EventsDue, FileDue, live_company
from te_assets.simulator.pace import deliver
from te_assets.stack.connect import clickhouse_client, endpoints
from te_assets.stack.home import Home
from te_assets.stack.services import build, to_start
from te_assets.stack.supervisor import Supervisor
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.gateway.test_answers import problem
from te_assets_tests.gateway.test_schemathesis import INTERFACE

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)
SECONDS = 180.0


@dataclass(frozen=True)
class Everything:
    """Clients of a whole stack: of the lake, our own of the gateway, and one that shows its answers as they are."""

    lake: Client
    client: GatewayClient
    gateway: Gateway


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Everything]:
    with isolated(tmp_path_factory.mktemp("whole") / "home", Settings().site_dir) as settings:
        home = Home.open(settings)
        services = build(to_start(settings), home, settings, lambda _: None)
        with Supervisor(home, services, progress=lambda _: None):
            url = next(service for service in services if service.name == "gateway").describe()["url"]
            lake = clickhouse_client(endpoints(settings))
            token = create(settings.gateway_tokens, "tests", SCOPES)
            client = GatewayClient(url, token)
            yield Everything(lake, client, Gateway(url, settings, token))
            client.close()
            lake.close()


def shown(lake: Client, query: str) -> object:
    """The first row of a query, once there is one."""
    until = time.monotonic() + SECONDS
    while not (rows := lake.query(query).result_rows):
        assert time.monotonic() < until, f"not shown after {SECONDS:.0f} s: {query}"
        time.sleep(0.2)
    return tuple(rows[0])


def test_a_posted_workbook_comes_to_its_marts(everything: Everything, tmp_path: Path) -> None:
    lake, gateway = everything.lake, everything.client
    book = confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, DAY, 90, 10), confirmation(2, DAY, "x")])
    sent = gateway.send_file(book)
    status = gateway.wait(sent.sha256, SECONDS)

    (publication,) = status["publications"]
    assert (publication["stage"], publication["accepted"], publication["rejected"]) == ("in marts", 1, 1)
    assert publication["waiting_days"] == 0
    figure = "SELECT toFloat64(scrap_qty), scrap_rate FROM te_marts.scrap_rate WHERE production_day = '2026-03-03'"
    assert shown(lake, figure) == (10.0, 0.1)
    assert gateway.send_file(book).was_known

    # As a robot asks, and as the document of the interface says: of a file that nobody delivered it gets no further
    # than 404.
    path = f"/v1/files/{sent.sha256}"
    answered, rejected = everything.gateway.get(path), everything.gateway.get(path + "/rejects.xlsx")
    INTERFACE["/v1/files/{sha256}"]["GET"].validate_response(answered)
    INTERFACE["/v1/files/{sha256}/rejects.xlsx"]["GET"].validate_response(rejected)
    assert (answered.status_code, answered.json()["publications"]) == (200, [publication])
    assert (rejected.status_code, rejected.headers["content-type"]) == (200, XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(rejected.content)).worksheets[0]
    assert "x" in [cell.value for cell in sheet[2]]
    problem(everything.gateway.get(path + "/rejects.xlsx?number=2"), 404, "no-rejects")


def test_a_stop_is_shown_open_and_then_with_its_end(everything: Everything) -> None:
    lake, gateway = everything.lake, everything.client
    begun = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=30)
    stop = {"plant": "1000", "work_center": "PRS01", "interaction_id": "S-1", "started_at": begun.isoformat()}
    query = "SELECT toString(max(ended_at)) FROM te_marts.stops WHERE interaction_id = 'S-1' HAVING count() > 0 AND "

    gateway.send_events("interactions", stop)
    assert shown(lake, query + "max(is_open)")
    ended = begun + timedelta(minutes=20)
    gateway.send_events("interactions", {**stop, "ended_at": ended.isoformat()})
    assert shown(lake, query + "NOT max(is_open)") == (f"{ended:%Y-%m-%d %H:%M:%S}.000",)


def last_working_day() -> date:
    """The last one that is over in every plant."""
    day = datetime.now(UTC).date() - timedelta(days=2)
    return day - timedelta(days=max(day.weekday() - 4, 0))


def untimed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Without the instant until which data are known: an event says so of the moment at which it came."""
    return {name: value for name, value in row.items() if name != "data_until"}


@pytest.mark.long
def test_a_live_company_comes_to_its_truth(everything: Everything, tmp_path: Path) -> None:
    """Events of a day while it happens, then its workbooks: nothing counts twice, figures are to the millisecond."""
    lake, gateway = everything.lake, everything.client
    day = last_working_day()
    made = live_company(tmp_path, days=1, plants=2, seed=3, start=day, step=1_800_000)

    done = deliver(made.pieces, gateway, begins=made.begins, speed=28_800)

    for piece in made.pieces:
        if isinstance(piece, FileDue):
            sha256 = hashlib.sha256(piece.path.read_bytes()).hexdigest()
            assert gateway.wait(sha256, 2 * SECONDS)["is_settled"]
    assert done.files == 4
    assert done.events == sum(len(piece.events) for piece in made.pieces if isinstance(piece, EventsDue)) > 100
    # Stops that did not end within the day last into the next ones; the other tests have days of their own.
    of_days = {table.name for table in TABLES if "production_day" in table.keys}
    found = [d for d in differences(lake, made.truth.marts) if d.table in of_days and day in d.key]
    assert [str(d) for d in found if d.mart is None or d.truth is None or untimed(d.mart) != untimed(d.truth)] == []
    assert shown(lake, f"SELECT count() FROM te_marts.scrap_rate WHERE production_day = '{day}'") != (0,)
