"""Totals that stand in a sheet, beside what its rows add up to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.history import type_history
from te_assets.lake.models import CONFIRMATIONS, INTERACTIONS
from te_assets.site.profile import parse_site
from te_assets_tests.lake.confirmations import Lake, confirmed
from te_assets_tests.lake.raw_rows import RawLog
from te_assets_tests.lake.test_history import SITE, stop
from te_assets_tests.lake.test_history import Lake as Log

pytestmark = pytest.mark.stack

DAY = "2026-03-02"
EXPORTED = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse)


def total(text: str = "Total", **quantities: Any) -> dict[str, Any]:
    return {"order_id": text, **quantities}


def compared(lake: Lake, *rows: dict[str, Any], **options: Any) -> list[tuple[Any, ...]]:
    """(row, column, says, counted, exported, left out, agrees) of each total of a file with these rows."""
    lake.log.file("a.xlsx", EXPORTED, rows)
    type_history(lake.client, CONFIRMATIONS, lake.typing, run_id="test", **options)
    return stored(lake.client)


def stored(client: Client) -> list[tuple[Any, ...]]:
    found = client.query(
        "SELECT row, column, toFloat64(says), toFloat64(counted), toFloat64(exported), left_out, agrees "
        "FROM te_staging.sheet_totals FINAL ORDER BY row, column"
    ).result_rows
    return [tuple(row) for row in found]


def test_subtotals_and_the_grand_total_agree(lake: Lake) -> None:
    rows = [confirmed(DAY, str(n), good_qty=100 * n, scrap_qty=n) for n in (1, 2, 3)]

    found = compared(
        lake,
        *rows[:2],
        total("Zwischensumme", good_qty=300, scrap_qty=3),
        rows[2],
        total("Zwischensumme", good_qty=300, scrap_qty=3),
        total("Gesamtsumme", good_qty=600, scrap_qty=6),
    )

    assert found == [
        (4, "good_qty", 300, 300, 300, 0, True),
        (4, "scrap_qty", 3, 3, 3, 0, True),
        (6, "good_qty", 300, 300, 300, 0, True),
        (6, "scrap_qty", 3, 3, 3, 0, True),
        (7, "good_qty", 600, 600, 600, 0, True),
        (7, "scrap_qty", 6, 6, 6, 0, True),
    ]


def test_a_total_that_the_rows_do_not_add_up_to_is_told_with_the_nearest_sum(lake: Lake) -> None:
    found = compared(lake, confirmed(DAY, "1"), confirmed(DAY, "2"), total(good_qty=210, scrap_qty=8))

    assert found == [(4, "good_qty", 210, 200, 200, 0, False), (4, "scrap_qty", 8, 8, 8, 0, True)]


def test_rejected_rows_and_duplicates_explain_a_difference(lake: Lake) -> None:
    twice = confirmed(DAY, "1", scrap_qty=0)

    found = compared(lake, twice, twice, confirmed(DAY, "2", scrap_qty=0, plant=None), total(good_qty=300))

    assert found == [(5, "good_qty", 300, 100, 300, 2, False)]


def test_a_total_with_a_unit_is_of_the_rows_in_that_unit(lake: Lake) -> None:
    found = compared(
        lake,
        confirmed(DAY, "1", scrap_qty=0),
        confirmed(DAY, "2", unit="KG", good_qty=7.5, scrap_qty=0),
        total(unit="ST", good_qty=100),
        total(unit="KG", good_qty=7.5),
    )

    assert found == [(4, "good_qty", 100, 100, 100, 0, True), (5, "good_qty", 7.5, 7.5, 7.5, 0, True)]


def test_a_repeated_header_and_a_ruled_line_are_no_totals(lake: Lake) -> None:
    header = {"order_id": "Order", "good_qty": "Yield", "scrap_qty": "Scrap"}

    assert compared(lake, confirmed(DAY, "1"), header, {"order_id": "-----"}, total(scrap_qty=4)) == [
        (5, "scrap_qty", 4, 4, 4, 0, True)
    ]


def test_a_sheet_that_is_typed_in_pieces_is_not_compared(lake: Lake) -> None:
    lake.log.file("a.xlsx", EXPORTED, [confirmed(DAY, "1"), total(good_qty=100)])
    lake.client.command("ALTER TABLE te_ops.files UPDATE rows_published = 3 WHERE true", settings={"mutations_sync": 2})

    type_history(lake.client, CONFIRMATIONS, lake.typing, run_id="test")

    assert stored(lake.client) == []


def test_durations_agree_but_for_what_rounding_to_minutes_leaves(clickhouse: Client) -> None:
    log = Log(clickhouse, parse_site(SITE))
    stops = [
        stop(1, f"{DAY}T07:00:00", f"{DAY}T07:04:40", duration=5),
        stop(2, f"{DAY}T08:00:00", f"{DAY}T08:09:40", duration=10),
    ]
    sheets = RawLog(clickhouse, INTERACTIONS, "operator_log@2")
    for name, minutes in (("a.xlsx", 15), ("b.xlsx", 17)):
        sheets.file(name, EXPORTED, [*stops, {"interaction_id": "Sum", "duration": minutes}])
    log.type()

    assert stored(clickhouse) == [
        (4, "exported_duration_seconds", 900, 900, 900, 0, True),
        (4, "exported_duration_seconds", 1020, 900, 900, 0, False),
    ]
