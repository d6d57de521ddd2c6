"""Publications, batches and a stack's clients for the tests of delivery."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from te_assets.contracts.layout import Model
from te_assets.delivery.envelope import Publication, RowBatch
from te_assets.delivery.ledger import Plan
from te_assets.delivery.loaded import Loaded, Step
from te_assets.delivery.loader import load_topic
from te_assets.delivery.patience import Patience
from te_assets.delivery.topics import CONFIRMATIONS

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka.admin import KafkaAdminClient

EXPORTED_AT = datetime(2026, 3, 9, 6, 15, tzinfo=UTC)
IMPATIENT = Patience(seconds=3.0)


def publication(name: str = "a.xlsx", *, model: Model = "confirmations", version: int = 1) -> Publication:
    """A publication whose SHA-256 follows from its name."""
    return Publication(
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        name=name,
        size=4_711,
        contract=f"sap_confirmations@{version}",
        model=model,
        sheet="Rückmeldungen",
        exported_at=EXPORTED_AT,
        exported_at_origin="file_name",
        first_seen=datetime(2026, 3, 9, 7, tzinfo=UTC),
        header_map={"order_id": "A", "good_qty": "B"},
    )


def batches(rows: int, *, per_message: int = 100, salt: str = "") -> list[RowBatch]:
    """Batches of short lines, numbered like Excel rows below a header."""
    result = []
    for first in range(2, rows + 2, per_message):
        numbers = range(first, min(first + per_message, rows + 2))
        lines = [f'{{"_row":{number},"order_id":"{salt}{number % 997}","good_qty":{number}}}' for number in numbers]
        result.append(RowBatch(first, len(lines), "\n".join(lines).encode(), ("2026-03-06",)))
    return result


def payload(row: int, **fields: object) -> bytes:
    """One line."""
    return json.dumps({"_row": row, **fields}, separators=(",", ":")).encode()


class Crash(Exception):
    """Stands for the loader's process ending at a step."""


def crash_at(name: str, occurrence: int = 1) -> Callable[[Step], None]:
    """An `on_step` that ends the load when a step begins for the n-th time."""
    seen = 0

    def on_step(step: Step) -> None:
        nonlocal seen
        seen += step.name == name
        if step.name == name and seen == occurrence:
            raise Crash(name)

    return on_step


@dataclass(frozen=True)
class Lake:
    """What the tests ask of te_raw and the ledger."""

    client: Client

    def ledger(self, state: str | None = None) -> list[Plan]:
        """Plans in the order of the ledger."""
        rows = self.client.query(
            "SELECT lo, hi, next, messages, lines, hash, plan_id FROM te_ops.load_ledger "
            "WHERE {state:String} IN ('', toString(state)) ORDER BY at",
            parameters={"state": state or ""},
        ).result_rows
        return [Plan(*row) for row in rows]

    def count(self, table: str = "te_raw.confirmations") -> tuple[int, int]:
        """Lines, and distinct (topic_id, partition, offset, line)."""
        lines, distinct = self.client.query(
            f"SELECT count(), uniqExact(topic_id, partition, offset, line) FROM {table}"
        ).result_rows[0]
        return lines, distinct

    def payloads(self, table: str = "te_raw.confirmations") -> list[bytes]:
        """Payloads in the order of their positions, byte for byte."""
        rows = self.client.query(
            f"SELECT hex(payload) FROM {table} ORDER BY topic_id, partition, offset, line"
        ).result_rows
        return [bytes.fromhex(row[0]) for row in rows]


def load(kafka: Mapping[str, Any], client: Client, topic: str = CONFIRMATIONS, **options: Any) -> Loaded:
    """`load_topic` with a run id and little patience."""
    return load_topic(kafka, client, topic, **{"run_id": "test", "patience": IMPATIENT, **options})


def send_raw(
    kafka: Mapping[str, Any],
    values: list[tuple[bytes | None, bytes | None]],
    *,
    topic: str = CONFIRMATIONS,
    headers: list[tuple[str, bytes]] | None = None,
    partition: int = 0,
) -> None:
    """Send keys and values as they are, in one partition."""
    from kafka import KafkaProducer

    with closing(KafkaProducer(**kafka, max_request_size=4_000_000)) as producer:
        futures = [
            producer.send(topic, value=value, key=key, headers=headers or [], partition=partition)
            for key, value in values
        ]
        producer.flush()
        for future in futures:
            future.get(10)


def messages(count: int, first: int = 0) -> list[tuple[bytes | None, bytes | None]]:
    """Keys and values of one line each."""
    return [(b"k", payload(number)) for number in range(first, first + count)]


def large_messages(count: int) -> list[tuple[bytes | None, bytes | None]]:
    """Together more than a consumer fetches ahead."""
    return [(b"k", payload(number, x="x" * 500_000)) for number in range(count)]


def delete_before(admin: KafkaAdminClient, offset: int, partition: int = 0) -> None:
    """What retention does."""
    from kafka import TopicPartition

    admin.delete_records({TopicPartition(CONFIRMATIONS, partition): offset})


def topic_id(kafka: Mapping[str, Any], topic: str = CONFIRMATIONS) -> UUID:
    """Its id now."""
    from kafka.admin import KafkaAdminClient

    from te_assets.delivery.topics import topic_ids

    with closing(KafkaAdminClient(**kafka)) as admin:
        return topic_ids(admin)[topic]
