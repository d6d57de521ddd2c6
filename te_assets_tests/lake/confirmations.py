"""Confirmations delivered file by file, typed, and restated where they touched a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake.current import restate_current
from te_assets.lake.history import type_history
from te_assets.lake.marts import compute
from te_assets.lake.models import CONFIRMATIONS
from te_assets.lake.touched import contiguous_pieces, waiting_days
from te_assets.site.tables import apply_site
from te_assets_tests.lake.marts_workbench import site
from te_assets_tests.lake.raw_rows import RawLog

CONTRACT = "sap_confirmations@2"


def confirmed(day: str, counter: str, **more: Any) -> dict[str, Any]:
    return {
        "plant": "1000",
        "work_center": "W1",
        "order_id": "4711",
        "operation": "0010",
        "confirmation": "88",
        "counter": counter,
        "unit": "ST",
        "good_qty": 100,
        "scrap_qty": 4,
        "finish_date": f"{day}T00:00:00",
        "finish_time": "10:00:00",
        "posted_at": f"{day}T00:00:00",
        **more,
    }


class Lake:
    """Delivers confirmations, types them and restates what waits."""

    def __init__(self, client: Client) -> None:
        self.client, self.log = client, RawLog(client, CONFIRMATIONS, CONTRACT)
        plant = site()
        apply_site(client, plant, today=date(2026, 4, 30))
        self.typing = {CONTRACT: compile_typing(load_contracts(None).get(CONTRACT), plant.places())}

    def deliver(self, name: str, day: int, *rows: dict[str, Any]) -> list[str]:
        """Days touched by a file that was exported on a day of May."""
        self.log.file(name, datetime(2026, 5, day, tzinfo=UTC), rows)
        typed = type_history(self.client, CONFIRMATIONS, self.typing, run_id="test")
        assert (typed.verdicts.rejected, typed.verdicts.skipped) == (0, 0)
        return sorted(day for _, day in typed.touched)

    def forget(self) -> None:
        """What was typed and touched so far."""
        for table in ("confirmations", "confirmations_history", "confirmations_keys"):
            self.client.command(f"TRUNCATE TABLE te_staging.{table}")
        self.client.command("TRUNCATE TABLE te_ops.touched_days")

    def last_operations(self, *days: str) -> dict[tuple[str, str], bool]:
        """(day, operation) → whether the mart takes it for the last of its orders."""
        found: dict[tuple[str, str], bool] = {}
        for day in days:
            on = date.fromisoformat(day)
            shadow = compute(self.client, ["scrap_rate"], on, on, run_id=uuid4().hex)["scrap_rate"]
            rows = self.client.query(f"SELECT operation, is_last_operation FROM {shadow}").result_rows
            found |= {(day, operation): is_last for operation, is_last in rows}
        return found

    def valid(self) -> list[tuple[str, str]]:
        """(day, counter) of what counts, once every waiting day is restated."""
        for piece in contiguous_pieces(waiting_days(self.client, "confirmations"), 31):
            restate_current(self.client, CONFIRMATIONS, piece, run_id=uuid4().hex)
        rows = self.client.query(
            "SELECT toString(production_day), counter FROM te_staging.confirmations "
            "WHERE NOT is_reversed AND cancelled_counter = '' ORDER BY ALL"
        ).result_rows
        return [(day, counter) for day, counter in rows]
