"""Stops and confirmations of a fortnight as workbooks delivered them, with the marts computed from them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, get_args
from uuid import UUID, uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.days import drop_shadow
from te_assets.lake.files import FileState, record
from te_assets.lake.marts import Mart, compute, swap, table_of
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.conftest import Stack, empty_stack
from te_assets_tests.dashboard.serving import Dashboard, served
from te_assets_tests.lake.emptying import Emptying
from te_assets_tests.lake.marts_workbench import Row, Workbench, site, utc

FIRST, LAST = date(2026, 2, 23), date(2026, 3, 8)
DAYS: Final = {"from": FIRST.isoformat(), "to": LAST.isoformat()}
LOG, MATRIX, LIST = "a" * 64, "b" * 64, "c" * 64
TOPIC: Final = UUID("00000000-0000-0000-0000-0000000000aa")


@dataclass(frozen=True)
class Delivered:
    """Servers with the fortnight, and a dashboard on them."""

    stack: Stack
    dashboard: Dashboard


@pytest.fixture(scope="module")
def delivered(
    tmp_path_factory: pytest.TempPathFactory,
    kafka_server: KafkaServer,
    clickhouse_server: ClickHouseServer,
    emptying: Emptying,
) -> Iterator[Delivered]:
    """For tests that only ask: filled once per file."""
    home = tmp_path_factory.mktemp("delivered") / "home"
    with empty_stack(home, kafka_server, clickhouse_server, emptying) as stack:
        fill(stack.clickhouse)
        with served(stack.settings) as dashboard:
            yield Delivered(stack, dashboard)


def fill(client: Client) -> None:
    """Three machines in two shifts' worth of stops; pieces in three units, one of them converted; a reversal."""
    bench = Workbench(client)
    units = {"CAR": {"factor": {"to": "PC", "by": 12}}, "PC": {}, "KG": {}}
    bench.apply(site(["M1", "M2", "M3"], calendar="shifts", lines={"L1": ("series", ["M1", "M2"])}, units=units))
    for name in ("M1", "M2", "M3"):
        bench.cover(utc("2026-02-23 05:00"), utc("2026-03-09 05:00"), work_center=name, file=name)
    for number in range(24):
        begin = utc("2026-02-23 05:00") + timedelta(hours=13 * number, milliseconds=number)
        place = {"row": number + 2, "topic_id": TOPIC, "offset": 1, "line": number + 1, "contract": "log@1"}
        bench.stop(
            f"a{number}",
            begin,
            begin + timedelta(hours=9),
            "TOSXP?"[number % 6],
            file_sha256=LOG,
            sheet="Stops",
            **place,
        )
        bench.stop(
            f"b{number}",
            begin,
            begin + timedelta(minutes=47),
            "TO"[number % 2],
            work_center="M2",
            file_sha256=MATRIX,
            sheet="Downtimes",
            **{**place, "contract": "matrix@1", "offset": 2},
        )
    for number in range(40):
        order, operation = str(number // 4), f"00{number % 4 + 1}0"
        end = utc("2026-02-23 07:00") + timedelta(hours=8 * number)
        bench.confirm(
            str(number),
            order_id=order,
            operation=operation,
            work_center=f"M{number % 3 + 1}",
            material="AB"[number % 2],
            unit=("PC", "CAR", "KG")[number // 4 % 3],
            good_qty=Decimal(100 + number),
            scrap_qty=Decimal(number % 5),
            rework_qty=Decimal(number % 2),
            scrap_reason_code=("", "1", "2")[number % 3] if number % 5 else "",
            shift=("early", "late", None)[number % 3],
            started_at=end - timedelta(hours=1),
            finished_at=end,
            is_reversed=number == 17,
            cancelled_counter="1" if number == 18 else "",
            posted_at=(end + timedelta(days=number % 3)).date(),
            file_sha256=LIST,
            sheet="COOIS",
            row=number + 5,
            topic_id=TOPIC,
            offset=3,
            line=number + 1,
            contract="sap@1",
        )
    bench.store()
    for model in ("interactions", "confirmations"):
        client.command(
            f"INSERT INTO te_staging.{model}_keys (business_key, version, production_days, publication) "
            "SELECT business_key, version, [production_day], concat(file_sha256, '@', contract) "
            f"FROM te_staging.{model}_history"
        )
    _restate(client)
    _files(client)


def _restate(client: Client) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    run_id, marts = uuid4().hex, get_args(Mart)
    compute(client, marts, FIRST, LAST, run_id=run_id)
    for mart in marts:
        swap(client, mart, run_id, days)
        drop_shadow(client, table_of(mart), run_id)


def _files(client: Client) -> None:
    """What te_ops.files tells of the workbooks, and the lines of the matrix with the columns of their cells."""
    columns = {"started_at": "D", "ended_at": "E", "reason_code": "F"}
    pieces = {"order_id": "A", "good_qty": "H", "scrap_qty": "I"}
    record(
        client,
        [
            _published(LOG, "Log.xlsx", "log@1", "interactions", 24, {"sheet": "Stops", "header_map": columns}),
            _published(
                MATRIX,
                "Matrix.xlsx",
                "matrix@1",
                "interactions",
                24,
                {"header_maps": {"Downtimes": {"machine": "A", "reason@T": "C"}}},
            ),
            _published(
                LIST, "List.xlsx", "sap@1", "confirmations", 41, {"header_maps": {"COOIS": pieces}, "unmapped": []}
            ),
        ],
    )
    lines: list[Row] = [
        {
            "topic_id": TOPIC,
            "partition": 0,
            "offset": 2,
            "line": number + 1,
            "file_sha256": MATRIX,
            "sheet": "Downtimes",
            "row": number + 2,
            "payload": json.dumps({"_row": number + 2, "_column": "CD"[number % 2], "secret": "of te_raw"}),
        }
        for number in range(24)
    ]
    Workbench(client).insert("te_raw.interactions", lines)


def _published(sha256: str, name: str, contract: str, model: str, rows: int, manifest: Mapping[str, Any]) -> FileState:
    return FileState(
        sha256,
        "PUBLISHED",
        name,
        1,
        contract=contract,
        model=model,
        rows_read=rows,
        rows_published=rows,
        exported_at=utc("2026-03-09 05:00"),
        manifest=json.dumps(manifest),
    )
