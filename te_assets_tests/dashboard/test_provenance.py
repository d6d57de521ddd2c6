"""From figures to cells: what stands behind a figure adds up to it, and each row says where it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from clickhouse_connect.driver.exceptions import DatabaseError

from te_assets.stack.connect import clickhouse_client
from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.delivered import DAYS, LIST, LOG, MATRIX, TOPIC, Delivered
from te_assets_tests.dashboard.delivered import delivered as delivered
from te_assets_tests.dashboard.serving import Dashboard

pytestmark = pytest.mark.stack

_STOPS: Sequence[tuple[dict[str, Any], str]] = (
    ({}, "true"),
    ({"work_center": "M1", "shift": "early"}, "work_center = 'M1' AND shift = 'early'"),
    (
        {"line": "L1", "reason_class": ["technical", "setup"]},
        "work_center IN ('M1', 'M2') AND reason_class IN ('technical', 'setup')",
    ),
    (
        {"reason_code": "O", "from": "2026-02-28", "to": "2026-03-02"},
        "reason_code = 'O' AND production_day BETWEEN '2026-02-28' AND '2026-03-02'",
    ),
    ({"reason_class": "unclassified"}, "reason_class = 'unclassified'"),
)
_PIECES = (
    ({"unit": "PC"}, "unit = 'PC'", "scrap_rate_converted"),
    ({"unit": "KG", "shift": "late"}, "unit = 'KG' AND shift = 'late'", "scrap_rate_converted"),
    (
        {"unit": "PC", "material": "A", "work_center": "M2"},
        "unit = 'PC' AND material = 'A' AND work_center = 'M2'",
        "scrap_rate_converted",
    ),
    ({"unit": "PC", "operation": "0030"}, "unit = 'PC' AND operation = '0030'", "scrap_rate_converted"),
    ({"unit": "PC", "basis": "last_operation"}, "unit = 'PC' AND is_last_operation", "scrap_rate_converted"),
    ({"unit": "CAR"}, "unit = 'CAR'", "scrap_rate"),
)


def sums(stack: Stack, query: str) -> tuple[float | None, ...]:
    (row,) = stack.clickhouse.query(query).result_rows
    return tuple(None if value is None else float(value) for value in row)


def pages(dashboard: Dashboard, **asked: Any) -> list[dict[str, Any]]:
    """Rows of all pages."""
    rows: list[dict[str, Any]] = []
    while True:
        page = dashboard.answer("provenance", {**DAYS, "limit": 7, **asked, "offset": len(rows)})
        rows += page["rows"]
        if len(rows) == page["total"]:
            return rows
        assert page["rows"], "a page is empty before the last one"


def test_rows_of_all_pages_add_up_to_the_figures(delivered: Delivered) -> None:
    """Somebody who adds the rows up by hand must get what the card says."""
    stack, dashboard = delivered.stack, delivered.dashboard

    for asked, condition in _STOPS:
        asked = {**DAYS, "mart": "downtime_reasons", **asked}
        (figure,) = sums(
            stack,
            "SELECT sum(attributed_seconds) FROM te_marts.downtime_reasons "
            f"WHERE reason_code != '(break)' AND {condition}",
        )
        total = dashboard.answer("provenance", {**asked, "limit": 1})
        rows = pages(dashboard, **asked)
        assert figure
        assert total["total_seconds"] == figure, asked
        assert sum(Decimal(str(row["attributed_seconds"])) for row in rows) == Decimal(str(figure)), asked
        assert len({(row["raw"], row["production_day"], row["shift"], row["started_at"]) for row in rows}) == len(rows)

    down = ["technical", "organisational", "other", "unclassified"]
    (figure,) = sums(stack, "SELECT sum(unplanned_down_seconds) FROM te_marts.availability")
    assert dashboard.answer("provenance", {**DAYS, "reason_class": down})["total_seconds"] == figure

    quantities = ("good_qty", "scrap_qty", "rework_qty")
    for asked, condition, mart in _PIECES:
        parts = ", ".join(f"sum({name})" for name in quantities)
        figures = sums(stack, f"SELECT {parts} FROM te_marts.{mart} WHERE {condition}")
        answer = dashboard.answer("provenance", {**DAYS, "mart": "scrap_rate", **asked})
        assert figures[0]
        assert tuple(answer[f"total_{name}"] for name in quantities) == figures, asked
        assert answer["total_unit"] == asked["unit"]
        assert len(pages(dashboard, mart="scrap_rate", **asked)) == answer["total"]

    for code in ("", "1"):
        (figure,) = sums(
            stack,
            f"SELECT sum(scrap_qty) FROM te_marts.scrap_reasons WHERE unit = 'KG' AND scrap_reason_code = '{code}'",
        )
        answer = dashboard.answer(
            "provenance", {**DAYS, "mart": "scrap_reasons", "unit": "KG", "scrap_reason_code": code}
        )
        assert figure
        assert answer["total_scrap_qty"] == figure
        assert all(row["scrap_qty"] for row in answer["rows"])

    mixed = dashboard.answer("provenance", {**DAYS, "mart": "scrap_rate"})
    assert (mixed["total_good_qty"], mixed["total_unit"]) == (None, None)
    assert [note["code"] for note in mixed["about"]["notes"]] == ["other_units"]

    nothing = dashboard.answer("provenance", {**DAYS, "mart": "scrap_rate", "order_id": "no such"})
    assert (nothing["total"], nothing["total_scrap_qty"]) == (0, None)
    assert [note["code"] for note in nothing["about"]["notes"]] == ["nothing_matches"]


def test_each_row_says_file_sheet_and_cell(delivered: Delivered) -> None:
    dashboard = delivered.dashboard

    (stop, *_) = dashboard.answer("provenance", {**DAYS, "interaction_id": "a3"})["rows"]
    cell = dashboard.answer("provenance", {**DAYS, "interaction_id": "b3"})["rows"][0]
    (pieces,) = dashboard.answer("provenance", {**DAYS, "mart": "scrap_rate", "order_id": "2", "operation": "0010"})[
        "rows"
    ]

    assert (stop["file_name"], stop["file_sha256"], stop["contract"]) == ("Log.xlsx", LOG, "log@1")
    assert stop["cells"] == "Stops!D5, Stops!E5, Stops!F5"
    assert stop["raw"] == f"{TOPIC}/0/1/4"
    assert (cell["file_sha256"], cell["cells"], cell["contract"]) == (MATRIX, "Downtimes!D5", "matrix@1")
    assert (pieces["file_sha256"], pieces["cells"], pieces["contract"]) == (LIST, "COOIS!H13, COOIS!I13", "sap@1")
    assert pieces["what"] == "A · 0010 · 2"
    assert (pieces["good_qty"], pieces["unit"], pieces["attributed_seconds"]) == (108, "KG", None)

    past = dashboard.answer("provenance", {**DAYS, "interaction_id": "a3", "as_of": "2027-01-01T00:00:00Z"})
    assert [note["code"] for note in past["about"]["notes"]] == ["rows_as_of_now"]


def test_readers_learn_the_column_of_a_matrix_cell_and_nothing_else_of_raw_lines(delivered: Delivered) -> None:
    reader = clickhouse_client(delivered.stack.endpoints, reader=True)
    try:
        found = reader.query("SELECT * FROM te_ops.matrix_cells ORDER BY line LIMIT 2")
        assert found.column_names == ("topic_id", "partition", "offset", "line", "letter")
        assert [row[-1] for row in found.result_rows] == ["C", "D"]
        with pytest.raises(DatabaseError, match="Not enough privileges"):
            reader.query("SELECT payload FROM te_raw.interactions")
    finally:
        reader.close()
