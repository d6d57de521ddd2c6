"""Lines typed by the real engine: payloads in, rows out, no table needed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client
from pydantic import SecretStr

from te_assets.contracts.catalog import Catalog, load_contracts
from te_assets.contracts.compilation import TYPING_SETTINGS, compile_typing
from te_assets.contracts.escaping import literal
from te_assets.contracts.model import Contract
from te_assets.contracts.places import Places
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.connect import ClickHouseEndpoint, clickhouse_client

PLACES = Places(
    zones={"1000": "Europe/Berlin", "2000": "America/Chicago", "3000": "Asia/Tokyo"},
    day_start_minutes={"1000": 360, "2000": 360, "3000": 0},
    since={"1000": date(2026, 1, 1), "2000": date(2026, 1, 1), "3000": date(2026, 1, 1)},
    plant_of_work_center={"PRS01": "1000", "Presse 1": "1000"},
    work_center_ids={
        **{(plant, name): "PRS01" for plant in ("1000", "2000", "3000") for name in ("PRS01", "Presse 1")},
        ("1000", "CUT|1"): "CUT|1",
    },
)
DELIVERED = "2027-01-15 00:00:00"

_LINES = """
    SELECT
        'te' AS topic, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0') AS topic_id, toUInt32(0) AS partition,
        toUInt64(7) AS offset,
        toUInt32(number) AS line, toDateTime64('{delivered}', 3, 'UTC') AS kafka_time, '' AS key,
        toLowCardinality('{sha256}') AS file_sha256, toLowCardinality('COOIS') AS sheet, toUInt32(number + 1) AS row,
        toLowCardinality('x@1') AS contract, kafka_time AS exported_at, '' AS event_id, unhex(hexed) AS payload,
        now64(3, 'UTC') AS loaded_at
    FROM values('number UInt32, hexed String', {values})
"""

Row = dict[str, Any]


@dataclass(frozen=True)
class Typist:
    """Types payloads with the compiled SQL of a contract.

    Planning that SQL takes half a second, typing a hundred lines next to nothing: cases of one contract go together.
    """

    client: Client

    def __call__(
        self,
        contract: Contract,
        payloads: Sequence[dict[str, Any] | str | bytes],
        *,
        places: Places = PLACES,
        sha256: str = "ab",
    ) -> list[Row]:
        """One row per payload, in their order; instants are aware, dates are dates."""
        result = self.client.query(self.sql(contract, payloads, places, sha256), settings={**TYPING_SETTINGS})
        return [dict(zip(result.column_names, map(_aware, row), strict=True)) for row in result.result_rows]

    def sql(
        self,
        contract: Contract,
        payloads: Sequence[dict[str, Any] | str | bytes],
        places: Places = PLACES,
        sha256: str = "ab",
    ) -> str:
        raw = [json.dumps(each, ensure_ascii=False) if isinstance(each, dict) else each for each in payloads]
        lines = [each.encode() if isinstance(each, str) else each for each in raw]
        values = ", ".join(f"({number}, {literal(line.hex())})" for number, line in enumerate(lines, 1))
        return (
            f"WITH lines AS ({_LINES.format(values=values, delivered=DELIVERED, sha256=sha256)})\n"
            f"SELECT * FROM ({compile_typing(contract, places)}) ORDER BY line"
        )


@pytest.fixture(scope="session")
def typist(clickhouse_server: ClickHouseServer) -> Iterator[Typist]:
    """The writer of a real engine; nothing is stored."""
    password = SecretStr(clickhouse_server.writer_password)
    where = ClickHouseEndpoint(clickhouse_server.url, "te_writer", password, "te_reader", None)
    client = clickhouse_client(where, settings={"max_query_size": 100_000_000})
    yield Typist(client)
    client.close()


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return load_contracts(None)


@pytest.fixture(scope="session")
def log(catalog: Catalog) -> Contract:
    return catalog.of_source("operator_log")


@pytest.fixture(scope="session")
def sap(catalog: Catalog) -> Contract:
    return catalog.of_source("sap_confirmations")


def stop(**values: Any) -> dict[str, Any]:
    """A sound row of the operator log, changed by `values`; None leaves a field out."""
    row = {
        "_row": 5,
        "plant": "1000",
        "work_center": "PRS01",
        "interaction_id": "S1",
        "started_at": "2026-03-06T18:00:00",
        "ended_at": "2026-03-06T18:30:00",
        "reason_code": "110",
    }
    return {name: value for name, value in (row | values).items() if value is not None}


def confirmation(**values: Any) -> dict[str, Any]:
    """A sound SAP confirmation, changed by `values`; None leaves a field out."""
    row = {
        "_row": 5,
        "plant": "1000",
        "work_center": "PRS01",
        "order_id": "4711",
        "operation": "0010",
        "confirmation": "123",
        "counter": "1",
        "material": "M-1",
        "unit": "PC",
        "good_qty": 100,
        "scrap_qty": 2,
        "start_date": "2026-03-06T00:00:00",
        "start_time": "08:00:00",
        "finish_date": "2026-03-06T00:00:00",
        "finish_time": "14:00:00",
        "posted_at": "2026-03-06T00:00:00",
    }
    return {name: value for name, value in (row | values).items() if value is not None}


def rules(row: Row, kind: str = "faults") -> list[tuple[str, str]]:
    """(column, rule) of the faults or notes of a row."""
    return [(found["column"], found["rule"]) for found in row[kind]]


def _aware(value: Any) -> Any:
    """The driver hands out UTC as naive."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
