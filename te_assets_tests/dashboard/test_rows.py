"""Stops, confirmations and orders, a page at a time, on the real engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from te_assets_tests.dashboard.marts import apply_plants, confirmation, insert
from te_assets_tests.lake.marts_workbench import utc

if TYPE_CHECKING:
    from te_assets_tests.conftest import Stack
    from te_assets_tests.dashboard.serving import Dashboard

pytestmark = pytest.mark.stack
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
MANY_STOPS = """
INSERT INTO te_marts.stops
(
    plant, work_center, production_day, shift, interaction_id, reason_class, reason_code, reason_text,
    started_at, ended_at, attributed_seconds, starts_here, is_open, is_short, business_key,
    file_sha256, sheet, row, refreshed_at, run_id
)
SELECT
    '1000', if(number % 3 = 0, 'M1', 'M2'), toDate('2026-03-02') + intDiv(number, 2000),
    if(number % 5 = 0, NULL, if(number % 2 = 0, 'early', 'late')), concat('I', toString(intDiv(number, 2))),
    ['technical', 'planned'][1 + number % 2], 'R', 'jam',
    toDateTime64('2026-03-02 06:00:00', 3, 'UTC') + number % 7 AS begins, begins + 60,
    number % 4, number % 2 = 0, false, true, concat('log|', toString(number)), 'f', 'S', number, now64(3), 'run'
FROM numbers({rows:UInt32})
"""
MANY_CONFIRMATIONS = """
INSERT INTO te_staging.confirmations
(
    plant, work_center, order_id, operation, confirmation, counter, is_reversed, material, unit, good_qty, scrap_qty,
    finished_at, production_day, row, business_key
)
SELECT
    '1000', 'M1', toString(number % 900), '0010', toString(number), '1', false, ['A', 'B', 'C'][1 + number % 3], 'PC',
    5, number % 2, if(number % 4 = 0, NULL, toDateTime64('2026-03-02 06:00:00', 3, 'UTC') + number % 7),
    toDate('2026-03-02') + intDiv(number, 2000), number, concat('sap|', toString(number))
FROM numbers({rows:UInt32})
"""
HOSTILE = (
    "'; DROP TABLE te_marts.stops; --",
    "') OR 1=1 --",
    "\\",
    "\\N",
    "a\tb\nc",
    "\x00",
    "{plant:String}",
    "%(x)s",
    "\N{SNOWMAN}",
)


def all_pages(dashboard: Dashboard, path: str, limit: int, **asked: Any) -> list[dict[str, Any]]:
    """Rows of all pages, one after the other, as somebody sees who turns them."""
    rows: list[dict[str, Any]] = []
    while True:
        page = dashboard.answer(path, {**MARCH, **asked, "limit": limit, "offset": len(rows)})
        rows += page["rows"]
        if not page["rows"] or len(rows) >= page["total"]:
            return rows


def codes(answer: Mapping[str, Any]) -> list[str]:
    return [note["code"] for note in answer["about"]["notes"]]


def days(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    return [row["production_day"] for row in rows]


def test_pages_hold_each_row_once_however_many_rows_are_equal(stack: Stack, dashboard: Dashboard) -> None:
    count = 22_000
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1", "M2"])
    stack.clickhouse.command(MANY_STOPS, parameters={"rows": count})
    stack.clickhouse.command(MANY_CONFIRMATIONS, parameters={"rows": count})

    for sort in ("-shift", "-production_day"):
        rows = all_pages(dashboard, "stops", 1_000, sort=sort)
        assert len(rows) == count
        assert {row["row"] for row in rows} == set(range(count))
        values = [row[sort.removeprefix("-")] for row in rows]
        given = [value for value in values if value is not None]
        assert given == sorted(given, reverse=sort.startswith("-"))
        assert values[len(given) :] == [None] * (count - len(given))  # what has no shift is last either way
    for sort in ("material", "-finished_at"):
        rows = all_pages(dashboard, "confirmations", 1_000, sort=sort)
        assert len(rows) == count
        assert {row["row"] for row in rows} == set(range(count))
    orders = all_pages(dashboard, "orders", 110, sort="-fall_off_ratio")
    assert len(orders) == 900
    assert {row["order_id"] for row in orders} == {str(number) for number in range(900)}

    page = dashboard.answer("stops", MARCH)
    assert (page["total"], page["sort"], page["limit"], len(page["rows"])) == (count, "-production_day", 50, 50)
    assert days(page["rows"]) == ["2026-03-12"] * 50
    assert page["total_seconds"] == sum(number % 4 for number in range(count))
    # Counted where they start, and within a window of a shift.
    assert page["total_stops"] == sum(number % 2 == 0 and number % 5 != 0 for number in range(count))
    beyond = dashboard.answer("stops", {**MARCH, "offset": count})
    assert (beyond["total"], beyond["rows"], codes(beyond)) == (count, [], [])
    late = dashboard.answer("orders", {**MARCH, "offset": 5_000})
    assert (late["total"], late["rows"], codes(late)) == (900, [], [])


def test_stops_are_filtered_and_bear_the_name_their_file_came_under_last(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1", "M2"])
    common = {
        "plant": "1000",
        "production_day": date(2026, 3, 2),
        "shift": "early",
        "reason_text": "jam",
        "started_at": utc("2026-03-02 06:00"),
        "ended_at": utc("2026-03-02 06:10"),
        "starts_here": True,
        "refreshed_at": utc("2026-03-03 00:00"),
        "run_id": "run",
        "sheet": "Log",
    }
    insert(
        stack.clickhouse,
        "te_marts.stops",
        [
            {
                **common,
                "work_center": place,
                "interaction_id": name,
                "reason_class": of,
                "reason_code": code,
                "attributed_seconds": seconds,
                "business_key": name,
                "file_sha256": file,
                "row": number,
            }
            for number, (place, name, of, code, seconds, file) in enumerate(
                [
                    ("M1", "I1", "technical", "T", 600, "a" * 64),
                    ("M1", "I2", "planned", "P", 60, "b" * 64),
                    ("M2", "I3", "technical", "T2", 6.5, ""),
                ]
            )
        ],
    )
    insert(
        stack.clickhouse,
        "te_ops.files",
        [
            {"sha256": "a" * 64, "name": name, "state": state, "at": utc(f"2026-03-03 0{hour}:00")}
            for hour, (name, state) in enumerate([("old.xlsx", "SEEN"), ("new.xlsx", "PUBLISHED"), ("", "RETRACTED")])
        ],
    )

    def ids(**asked: Any) -> list[str]:
        return [
            row["interaction_id"]
            for row in dashboard.answer("stops", {**MARCH, "sort": "interaction_id", **asked})["rows"]
        ]

    assert ids() == ["I1", "I2", "I3"]
    assert ids(sort="-attributed_seconds") == ["I1", "I2", "I3"]
    assert ids(sort="attributed_seconds") == ["I3", "I2", "I1"]
    assert ids(work_center="M2") == ["I3"]
    assert ids(reason_class="technical") == ["I1", "I3"]
    assert ids(reason_code=["T2", "P"]) == ["I2", "I3"]
    assert ids(interaction_id="I2") == ["I2"]
    assert ids(material="A") == ["I1", "I2", "I3"]  # stops are of no material
    assert ids(shift="early", plant="1000") == ["I1", "I2", "I3"]
    page = dashboard.answer("stops", {**MARCH, "sort": "interaction_id", "as_of": "2026-03-09T00:00:00Z"})
    assert [row["file_name"] for row in page["rows"]] == ["new.xlsx", "", ""]
    assert page["rows"][0]["started_at"] == "2026-03-02T06:00:00.000Z"
    assert (page["total_seconds"], page["total_stops"], codes(page)) == (666.5, 3, ["rows_as_of_now"])
    refused = dashboard.get("stops", {"sort": "file_name"})
    assert refused.status_code == 422
    assert "attributed_seconds" in refused.json()["detail"]
    assert codes(dashboard.answer("stops", {"from": "2025-01-01", "to": "2025-01-02"})) == ["no_data_at_all"]


def test_confirmations_are_those_that_count_have_scrap_or_came_late(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1"])
    insert(
        stack.clickhouse,
        "te_staging.confirmations",
        [
            confirmation(1, finished_at=utc("2026-03-02 08:00"), posted_at=date(2026, 3, 5)),
            confirmation(2, finished_at=utc("2026-03-02 09:00"), scrap_qty=3, scrap_reason_code="7", shift="early"),
            confirmation(3, is_reversed=True, scrap_qty=4, posted_at=date(2026, 3, 2)),
            confirmation(4, cancelled_counter="1", scrap_qty=-4, unit="KG"),
            confirmation(5, production_day=date(2026, 3, 3), operation="0020", order_id="2", scrap_qty=1, material="B"),
        ],
    )

    def shown(**asked: Any) -> list[str]:
        return [row["confirmation"] for row in dashboard.answer("confirmations", {**MARCH, **asked})["rows"]]

    assert shown() == ["5", "2", "1", "3", "4"]  # newest first; without an end after those with one
    assert shown(only="counting") == ["5", "2", "1"]
    assert shown(only="scrap") == ["5", "2"]
    assert shown(only="late") == ["1"]
    assert shown(order_id="2") == ["5"]
    assert shown(operation="0010", only="counting") == ["2", "1"]
    assert shown(unit="KG") == ["4"]
    assert shown(material="B") == ["5"]
    assert shown(scrap_reason_code="7") == ["2"]
    assert shown(scrap_reason_code="", only="scrap") == ["5"]
    assert shown(scrap_reason_code=["", "7"], only="scrap") == ["5", "2"]
    assert shown(shift="early") == ["2"]
    assert shown(sort="-delay_days") == ["1", "3", "5", "2", "4"]
    first = dashboard.answer("confirmations", {**MARCH, "only": "late"})["rows"][0]
    assert (first["delay_days"], first["counts"], first["posted_at"]) == (3, True, "2026-03-05")
    assert dashboard.get("confirmations", {"sort": "-name"}).status_code == 422


def test_an_orders_yield_is_that_of_all_its_days_and_units(stack: Stack, dashboard: Dashboard) -> None:
    """The first operation ran before the period; one of another unit, or a reversed one, tells what is last."""
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin", "2000": "Europe/Berlin"}, ["M1", "M2"])
    february, april = date(2026, 2, 20), date(2026, 4, 2)
    insert(
        stack.clickhouse,
        "te_staging.confirmations",
        [
            confirmation(1, production_day=february, good_qty=95, scrap_qty=4, rework_qty=1),
            confirmation(2, operation="0020", good_qty=93, scrap_qty=2),
            confirmation(3, operation="0100", production_day=april, good_qty=90, scrap_qty=3, work_center="M2"),
            confirmation(4, order_id="2", operation="5", unit="KG", good_qty=7),
            confirmation(5, order_id="2", operation="0010", good_qty=50, scrap_qty=5),
            confirmation(6, order_id="2", operation="0020", is_reversed=True, good_qty=50),
            confirmation(7, order_id="3", is_reversed=True),  # nothing that counts
            confirmation(8, order_id="4", production_day=february),  # not in the period
            confirmation(9, order_id="1", plant="2000", production_day=february, good_qty=1),  # of another plant
            confirmation(10, order_id="5", material="B", good_qty=0),
        ],
    )

    page = dashboard.answer("orders", {**MARCH, "sort": "order_id"})

    found = {(row["plant"], row["order_id"], row["unit"]): row for row in page["rows"]}
    assert list(found) == [("1000", "1", "PC"), ("1000", "2", "KG"), ("1000", "2", "PC"), ("1000", "5", "PC")]
    one = found["1000", "1", "PC"]
    assert (one["first_operation_produced_qty"], one["last_operation_good_qty"], one["scrap_qty"]) == (100, 90, 9)
    assert (one["fall_off_ratio"], one["rolled_yield"], one["last_confirmed_day"]) == (0.09, 0.9, "2026-04-02")
    assert (found["1000", "5", "PC"]["fall_off_ratio"], found["1000", "5", "PC"]["rolled_yield"]) == (None, None)
    names = ["first_operation_produced_qty", "last_operation_good_qty", "scrap_qty", "fall_off_ratio", "rolled_yield"]
    result = stack.clickhouse.query(f"SELECT plant, order_id, unit, {', '.join(names)} FROM te_marts.order_yield")
    view = {
        tuple(row[:3]): [None if value is None else float(value) for value in row[3:]] for row in result.result_rows
    }
    assert {key: [row[name] for name in names] for key, row in found.items()} == {key: view[key] for key in found}

    assert dashboard.answer("orders", {**MARCH, "work_center": "M2"})["total"] == 0
    assert dashboard.answer("orders", {"from": "2026-04-01", "to": "2026-04-30", "work_center": "M2"})["total"] == 1
    assert [row["order_id"] for row in dashboard.answer("orders", {**MARCH, "material": "B"})["rows"]] == ["5"]
    assert codes(dashboard.answer("orders", {**MARCH, "material": "none"})) == ["no_data_at_all"]
    best = dashboard.answer("orders", {**MARCH, "sort": "-rolled_yield", "limit": 1})
    assert (best["total"], best["rows"][0]["order_id"]) == (4, "1")


def test_rework_is_no_production_where_the_site_says_so(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1"], rework_in_produced=False)
    insert(stack.clickhouse, "te_staging.confirmations", [confirmation(1, good_qty=8, scrap_qty=2, rework_qty=5)])

    (row,) = dashboard.answer("orders", MARCH)["rows"]

    assert (row["first_operation_produced_qty"], row["fall_off_ratio"]) == (10, 0.2)


def test_hostile_texts_are_refused_or_match_nothing(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1"])
    insert(stack.clickhouse, "te_staging.confirmations", [confirmation(1)])
    stack.clickhouse.command(MANY_STOPS, parameters={"rows": 10})
    filters = (
        "from",
        "to",
        "period",
        "grain",
        "basis",
        "plant",
        "line",
        "work_center",
        "shift",
        "material",
        "reason_class",
        "as_of",
    )
    paged = (*filters, "offset", "limit", "sort")
    asked = {
        "heatmap": (*filters, "kind", "measure", "unit"),
        "timeline": (*filters, "width"),
        "stops": (*paged, "reason_code", "interaction_id"),
        "confirmations": (*paged, "order_id", "operation", "unit", "scrap_reason_code", "only"),
        "orders": paged,
    }
    text = {"material", "reason_code", "interaction_id", "order_id", "operation", "unit", "scrap_reason_code"}

    for path, names in asked.items():
        for name in names:
            for value in HOSTILE:
                more = {"measure": "scrap_rate"} if (path, name) == ("heatmap", "unit") else {}
                response = dashboard.get(path, {**MARCH, **more, name: value})
                assert response.status_code == (200 if name in text else 422), (path, name, value, response.text)
                if response.status_code == 200 and (path, name) not in {
                    ("heatmap", "material"), ("timeline", "material"), ("stops", "material")
                }:  # fmt: skip
                    assert response.json()["rows"] == []
                    assert response.json()["about"]["notes"]
    assert dashboard.answer("stops", MARCH)["total"] == 10


def test_orders_of_more_confirmations_than_can_be_added_up_are_refused_at_once(
    stack: Stack, dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A year of a big plant was 504 after ten seconds."""
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1"])
    stack.clickhouse.command(
        "INSERT INTO te_staging.confirmations (plant, work_center, order_id, production_day) SETTINGS async_insert = 0 "
        "VALUES ('1000', 'M1', '1', '2026-03-02'), ('1000', 'M1', '2', '2026-03-03')"
    )
    monkeypatch.setattr("te_assets.dashboard.views.orders.MOST_CONFIRMATIONS", 1)

    whole = dashboard.get("orders", {"from": "2026-03-02", "to": "2026-03-03"})

    assert whole.status_code == 422
    assert "there are 2 confirmations; orders of at most 1 can be shown" in whole.json()["detail"]
    assert dashboard.answer("orders", {"from": "2026-03-02", "to": "2026-03-02"})["total"] == 1
