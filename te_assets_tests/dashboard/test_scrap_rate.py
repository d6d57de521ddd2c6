"""Scrap rate: each group, unit and basis beside plain SQL on the marts, and kpi.md's own example."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import pytest

from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.figures import WORK_CENTERS, assert_alike, fill, said, two_plants
from te_assets_tests.dashboard.serving import Dashboard
from te_assets_tests.dashboard.test_overview import NOW, PERIOD, pieces
from te_assets_tests.lake.marts_workbench import Workbench, site
from te_assets_tests.lake.test_rollups import restate

pytestmark = pytest.mark.stack

LINES: Final = "transform(work_center, ['M1', 'M2', 'M3', 'M4'], ['L1', 'L1', 'L2', 'L2'], '') AS line"
GROUPS: Final = {
    "plant": ("plant, ", "plant"),
    "line": (f"plant, {LINES}, ", "plant, line"),
    "work_center": ("plant, work_center, ", "plant, work_center"),
    "shift": ("plant, shift, ", "plant, shift"),
    "material": ("material, ", "material"),
    "operation": ("operation, ", "operation"),
    "period": ("production_day AS period, ", "period"),
}


def by_unit(rows: list[dict[str, Any]], keys: str) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: [str(row[key]) for key in (*keys.split(", "), "unit")])


def test_every_group_is_what_plain_sql_on_the_marts_says(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client)
    for group, (columns, keys) in GROUPS.items():
        for basis in ("operation", "last_operation"):
            told = dashboard.answer("scrap-rate", {**PERIOD, "group": group, "basis": basis})
            expected = said(client, pieces(NOW, basis, columns))
            assert len(expected) >= 4, "the figures are too few to tell anything"
            assert_alike(by_unit(told["rows"], keys), by_unit(expected, keys))
            assert {row["basis"] for row in told["rows"] + told["trend"]} == {basis}
    for basis in ("operation", "last_operation", "order"):
        rows = said(client, pieces(NOW, basis))
        assert_alike(by_unit([row for row in told["total"] if row["basis"] == basis], "basis"), by_unit(rows, "basis"))


def test_pieces_are_those_of_the_filters(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client, seed=3)
    for asked, where in (
        ({"shift": ["early", "night"]}, "shift IN ('early', 'night')"),
        ({"line": "L2", "material": "A"}, "work_center IN ('M3', 'M4') AND material = 'A'"),
        ({"plant": "2000", "work_center": ["M1", "M7"]}, "plant = '2000' AND work_center IN ('M1', 'M7')"),
        ({"reason_class": "technical"}, "true"),
    ):
        told = dashboard.answer("scrap-rate", {**PERIOD, **asked, "group": "shift", "grain": "week"})
        expected = said(client, pieces(f"{NOW} AND {where}", "operation", "plant, shift, "))
        assert_alike(by_unit(told["rows"], "plant, shift"), by_unit(expected, "plant, shift"))
        week = said(client, pieces(f"{NOW} AND {where}", "operation", "toMonday(production_day) AS period, "))
        assert_alike(by_unit(told["trend"], "period"), by_unit(week, "period"))
        assert (None in {row["shift"] for row in told["rows"]}) == ("shift" not in asked)


def test_an_order_is_no_figure_of_machines_and_shifts(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client, seed=4)
    order = {**PERIOD, "basis": "order"}
    for group in ("plant", "material", "period"):
        told = dashboard.answer("scrap-rate", {**order, "group": group})
        columns, keys = GROUPS[group]
        assert_alike(by_unit(told["rows"], keys), by_unit(said(client, pieces(NOW, "order", columns)), keys))
        assert told["about"]["notes"] == []
    for group in ("work_center", "line", "shift", "operation"):
        told = dashboard.answer("scrap-rate", {**order, "group": group})
        assert [note["code"] for note in told["about"]["notes"]] == ["order_basis_needs_plants"]
        assert told["rows"] == []
        assert {row["basis"] for row in told["trend"]} == {"order"}
        assert {row["basis"] for row in told["total"]} == {"operation", "last_operation", "order"}
    for narrowed in ({"work_center": "M1"}, {"line": "L1"}, {"shift": "early"}):
        told = dashboard.answer("scrap-rate", {**order, **narrowed, "group": "plant"})
        assert [note["code"] for note in told["about"]["notes"]] == ["order_basis_needs_plants"]
        assert told["rows"] == told["trend"] == []
        assert {row["basis"] for row in told["total"]} == {"operation", "last_operation"}
        without = dashboard.answer("scrap-rate", {**PERIOD, **narrowed})
        assert without["about"]["notes"] == []
    told = dashboard.answer("scrap-rate", {**order, "group": "plant", "grain": "shift"})
    assert told["rows"]
    assert told["trend"] == []


def test_names_targets_and_units_of_rows(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client, seed=5)
    told = dashboard.answer("scrap-rate", {**PERIOD, "group": "line"}, "de")
    names = {(row["plant"], row["line"]): (row["name"], row["target"]) for row in told["rows"]}
    assert names["1000", "L1"] == ("L1", 0.03)
    assert names["2000", ""] == ("(ohne Linie)", 0.02)
    assert {row["target"] for row in told["total"]} == {None}  # the plants aim at different rates
    mine = dashboard.answer("scrap-rate", {**PERIOD, "plant": "1000", "group": "material"})
    aims = {(row["basis"], row["target"]) for row in mine["rows"] + mine["trend"] + mine["total"]}
    assert aims == {("operation", 0.03), ("last_operation", None), ("order", None)}, (
        "a target is of the basis that the site counts by"
    )
    assert told["units"] == [
        row["unit"]
        for row in said(
            client,
            f"SELECT unit FROM te_marts.scrap_rate_converted WHERE {NOW} GROUP BY 1 ORDER BY sum(confirmations) DESC",
        )
    ]
    assert [(row["unit"], row["basis"]) for row in told["total"]] == [
        (unit, basis) for unit in told["units"] for basis in ("operation", "last_operation", "order")
    ]
    labels = {column["name"]: column["label"] for column in told["columns"]}
    assert (labels["scrap_rate"], labels["produced_qty"]) == ("Ausschussquote", "Produziert")


def test_a_site_that_converts_nothing_shows_units_as_exported(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client, seed=6, profile=two_plants(units={}, material_units={}))
    told = dashboard.answer("scrap-rate", {**PERIOD, "group": "work_center"})
    assert sorted(told["units"]) == ["CAR", "KG", "PC"]
    expected = said(client, pieces(NOW, "operation", "plant, work_center, "))
    assert_alike(by_unit(told["rows"], "plant, work_center"), by_unit(expected, "plant, work_center"))
    assert {row["work_center"] for row in told["rows"]} == set(WORK_CENTERS)


def test_a_thousand_pieces_through_four_operations_with_twenty_scrapped_once(
    stack: Stack, dashboard: Dashboard
) -> None:
    """The example of kpi.md: 0.5 % by operation, 2 % by order, and nothing at the last operation."""
    bench = Workbench(stack.clickhouse)
    bench.apply(site())
    for number, (good, scrap) in enumerate(((1000, 0), (980, 20), (980, 0), (980, 0))):
        quantities = {"good_qty": Decimal(good), "scrap_qty": Decimal(scrap)}
        bench.confirm(str(number), operation=f"00{number + 1}0", **quantities)
    bench.store()
    restate(bench.client, "scrap_rate")
    told = dashboard.answer("scrap-rate", {"period": "latest", "group": "operation"})
    assert {row["basis"]: (row["good_qty"], row["produced_qty"], row["scrap_rate"]) for row in told["total"]} == {
        "operation": (None, 3960, pytest.approx(20 / 3960)),
        "last_operation": (980, 980, 0),
        "order": (980, 1000, 0.02),
    }
    assert [(row["operation"], row["scrap_rate"]) for row in told["rows"]] == [
        ("0010", 0),
        ("0020", 0.02),
        ("0030", 0),
        ("0040", 0),
    ]


def test_without_pieces_the_answer_says_why(stack: Stack, dashboard: Dashboard) -> None:
    bench = Workbench(stack.clickhouse)
    bench.apply(site())
    told = dashboard.answer("scrap-rate", PERIOD, "fr")
    assert (told["total"], told["trend"], told["rows"], told["units"]) == ([], [], [], [])
    assert [note["code"] for note in told["about"]["notes"]] == ["no_data_at_all"]
    assert told["about"]["notes"][0]["text"].startswith("Rien")
