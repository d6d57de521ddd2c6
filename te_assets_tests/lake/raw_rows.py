"""Puts raw lines and their ledger lines straight into ClickHouse, for tests of what lies above raw."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from clickhouse_connect.driver.client import Client

from te_assets.lake.models import LakeModel

_RAW = (
    "topic",
    "topic_id",
    "partition",
    "offset",
    "line",
    "kafka_time",
    "key",
    "file_sha256",
    "sheet",
    "row",
    "contract",
    "exported_at",
    "event_id",
    "payload",
)
_LEDGER = ("topic", "topic_id", "partition", "lo", "hi", "next", "messages", "lines", "hash", "state", "plan_id")
_FILES = ("sha256", "contract", "model", "name", "state", "rows_read", "rows_published", "manifest")


class RawLog:
    """A topic as te_raw shows it; every call is one message and one loaded range."""

    def __init__(self, client: Client, model: LakeModel, contract: str) -> None:
        self.client, self.model, self.contract = client, model, contract
        self.topic_id, self.next = uuid.uuid4(), 0

    def file(
        self,
        name: str,
        exported_at: datetime,
        rows: Sequence[Mapping[str, Any] | str],
        *,
        period: tuple[str, str] | None = None,
        first_row: int = 2,
    ) -> str:
        """Rows of a workbook; returns its sha256. Rows given as text are payloads as they stand."""
        sha256 = name.encode().hex().rjust(64, "0")[-64:]
        self._load(sha256, "Log", exported_at, "", rows, first_row)
        manifest = json.dumps({"period": list(period)}) if period else "{}"
        published = [[sha256, self.contract, self.model.name, name, "PUBLISHED", len(rows), len(rows), manifest]]
        self.client.insert("te_ops.files", published, column_names=_FILES)
        return sha256

    def event(self, event_id: str, time: datetime, row: Mapping[str, Any], contract: str | None = None) -> None:
        """A single event."""
        self._load("", "", time, event_id, [row], 0, contract)

    def _load(
        self,
        sha256: str,
        sheet: str,
        exported_at: datetime,
        event_id: str,
        rows: Sequence[Mapping[str, Any] | str],
        first_row: int,
        contract: str | None = None,
    ) -> None:
        lo = self.next
        now = datetime.now(UTC)
        lines = []
        for number, row in enumerate(rows):
            payload = row if isinstance(row, str) else json.dumps({"_row": first_row + number, **row})
            place = [self.model.topic, self.topic_id, 0, lo, number + 1, now, "key", sha256, sheet, first_row + number]
            lines.append([*place, contract or self.contract, exported_at, event_id, payload])
        self.client.insert(f"te_raw.{self.model.name}", lines, column_names=_RAW)
        loaded = [[self.model.topic, self.topic_id, 0, lo, lo, lo + 1, 1, len(rows), 0, "LOADED", uuid.uuid4()]]
        self.client.insert("te_ops.load_ledger", loaded, column_names=_LEDGER)
        self.next += 1
