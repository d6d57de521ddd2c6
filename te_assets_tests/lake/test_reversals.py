"""Reversals whose halves come in different files, on different days, in any order: neither counts."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake.current import restate_current
from te_assets.lake.history import type_history
from te_assets.lake.models import CONFIRMATIONS
from te_assets.lake.touched import contiguous_pieces, waiting_days
from te_assets.site.tables import apply_site
from te_assets_tests.lake.marts_workbench import site
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

CONTRACT = "sap_confirmations@1"
ORIGINAL, REVERSAL = "2026-03-02", "2026-04-14"


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

    def valid(self) -> list[tuple[str, str]]:
        """(day, counter) of what counts, once every waiting day is restated."""
        for piece in contiguous_pieces(waiting_days(self.client, "confirmations"), 31):
            restate_current(self.client, CONFIRMATIONS, piece, run_id=uuid4().hex)
        rows = self.client.query(
            "SELECT toString(production_day), counter FROM te_staging.confirmations "
            "WHERE NOT is_reversed AND cancelled_counter = '' ORDER BY ALL"
        ).result_rows
        return [(day, counter) for day, counter in rows]


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse)


def test_a_later_reversal_takes_its_original_out_and_touches_the_days_of_both(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"), confirmed(ORIGINAL, "2"))
    assert lake.valid() == [(ORIGINAL, "00000001"), (ORIGINAL, "00000002")]

    touched = lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))

    assert touched == [ORIGINAL, REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000002")]


def test_every_order_of_arrival_gives_the_same(lake: Lake) -> None:
    files = [
        ("march.xlsx", 1, confirmed(ORIGINAL, "1")),
        ("april.xlsx", 2, confirmed(REVERSAL, "2", cancelled_counter="1")),
        ("right.xlsx", 3, confirmed(REVERSAL, "3")),
    ]
    for order in itertools.permutations(files):
        for table in ("confirmations", "confirmations_history", "confirmations_keys"):
            lake.client.command(f"TRUNCATE TABLE te_staging.{table}")
        lake.client.command("TRUNCATE TABLE te_ops.touched_days")
        for file in order:
            lake.deliver(*file)
        assert lake.valid() == [(REVERSAL, "00000003")], [name for name, *_ in order]


def test_a_reversal_that_is_corrected_gives_its_original_back(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"), confirmed("2026-03-05", "2"))
    lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))
    assert lake.valid() == [("2026-03-05", "00000002")]

    touched = lake.deliver("corrected.xlsx", 3, confirmed(REVERSAL, "3", cancelled_counter="2"))

    assert touched == [ORIGINAL, "2026-03-05", REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000001")]


def test_an_older_export_of_a_reversal_changes_nothing(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"))
    lake.deliver("newer.xlsx", 3, confirmed(REVERSAL, "3"))
    lake.deliver("older.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))

    assert lake.valid() == [(ORIGINAL, "00000001"), (REVERSAL, "00000003")]


def test_a_reversal_names_a_counter_of_its_own_confirmation_alone(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1", confirmation="77"))

    assert lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "2", cancelled_counter="1")) == [REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000001")]
