"""Paretos of downtime and scrap: sums and shares beside plain SQL, and small ones worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import accumulate
from typing import Any, Final

import pytest
from clickhouse_connect.driver.client import Client

from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.figures import assert_alike, fill, said
from te_assets_tests.dashboard.serving import Dashboard
from te_assets_tests.dashboard.test_overview import NOW, PERIOD
from te_assets_tests.lake.marts_workbench import Row, Workbench, site, utc

pytestmark = pytest.mark.stack

LEVELS: Final = {"class": "reason_class", "reason": "reason_class, reason_code", "work_center": "plant, work_center"}
FILTERS: Final[Sequence[tuple[dict[str, Any], str]]] = (
    ({}, "reason_class != 'planned'"),
    ({"reason_class": ["planned", "other"], "material": "A"}, "reason_class IN ('planned', 'other')"),
    (
        {"line": "L1", "plant": "1000", "shift": "late"},
        "reason_class != 'planned' AND plant = '1000' AND work_center IN ('M1', 'M2') AND shift = 'late'",
    ),
    ({"work_center": ["M3", "M7"]}, "reason_class != 'planned' AND work_center IN ('M3', 'M7')"),
)


def with_shares(rows: list[dict[str, Any]], measure: str) -> tuple[list[dict[str, Any]], int]:
    """Shares, and how many rows make up 80 %, by hand: `rows` are the greatest first."""
    amounts = [Decimal(str(row[measure])) for row in rows]
    whole, running = sum(amounts), list(accumulate(amounts))
    shares = [
        {**row, "share": float(amount / whole), "cumulative_share": float(upto / whole)}
        for row, amount, upto in zip(rows, amounts, running, strict=True)
    ]
    return shares, next(n for n, upto in enumerate(running, 1) if upto >= whole * Decimal("0.8"))


def test_every_level_is_what_plain_sql_says(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client)
    for asked, where in FILTERS:
        for level, keys in LEVELS.items():
            for measure, column in (("seconds", "attributed_seconds"), ("stops", "stops")):
                told = dashboard.answer("downtime-pareto", {**PERIOD, **asked, "level": level, "measure": measure})
                rows = said(
                    client,
                    f"SELECT {keys}, sum(d.attributed_seconds) AS attributed_seconds, "
                    f"sum(d.logged_seconds) AS logged_seconds, sum(d.stops) AS stops FROM te_marts.downtime_reasons "
                    f"AS d WHERE {NOW} AND {where} GROUP BY ALL ORDER BY {column} DESC, {keys}",
                )
                expected, vital = with_shares(rows, column)
                assert_alike(told["rows"], expected)
                assert (told["vital"], told["total_stops"]) == (vital, sum(row["stops"] for row in rows))
                assert told["total_seconds"] == pytest.approx(sum(row["attributed_seconds"] for row in rows))


def test_reasons_have_the_sites_text_else_the_one_logged_last(stack: Stack, dashboard: Dashboard) -> None:
    fill(stack.clickhouse)
    bench = Workbench(stack.clickhouse)
    asked = {**PERIOD, "reason_class": ["planned", "technical", "unclassified"]}
    bench.client.command("INSERT INTO te_ops.reasons VALUES ('T9', 'Jam', 'technical', '')")
    bench.client.command("ALTER TABLE te_ops.reasons UPDATE reason_text = 'Jam' WHERE reason_code = 'T' "
                         "SETTINGS mutations_sync = 1")  # fmt: skip
    rows = dashboard.answer("downtime-pareto", asked, "de")["rows"]
    text = {row["reason_code"]: row["reason_text"] for row in rows}
    assert text == {
        "T": "Jam",
        "T2": None,  # neither the site nor the log names it
        "P": None,
        "(break)": "Pause laut Schichtplan",
        "?": "Said on 2026-03-15",
        "??": None,
    }
    told = dashboard.answer("downtime-pareto", {**PERIOD, "level": "work_center"})
    (first, *_) = told["rows"]
    labels = {column["name"]: (column["label"], column["kind"]) for column in told["columns"]}
    assert labels["attributed_seconds"] == ("Time (h)", "hours")
    assert first["name"] == first["work_center"]
    assert (first["reason_class"], first["reason_code"], first["reason_text"]) == (None, None, None)


def reason(code: str, seconds: int, stops: int) -> dict[str, Any]:
    return {
        "plant": "1000",
        "work_center": "M1",
        "production_day": utc("2026-03-09 00:00").date(),
        "shift": "early",
        "reason_class": "technical",
        "reason_code": code,
        "attributed_seconds": Decimal(seconds),
        "logged_seconds": Decimal(2 * seconds),
        "stops": stops,
        "refreshed_at": utc("2026-03-10 00:00"),
        "run_id": "run",
    }


def test_the_row_that_reaches_80_percent_is_vital_and_the_next_is_not(stack: Stack, dashboard: Dashboard) -> None:
    """50 + 30 of 100 s are 80 %: two rows. 7 + 2 of 10 stops are more: two as well. Without any, none."""
    bench = Workbench(stack.clickhouse)
    bench.apply(site())
    rows: list[Row] = [reason("T", 50, 1), reason("T2", 30, 2), reason("X1", 15, 7), reason("X2", 5, 0)]
    bench.insert("te_marts.downtime_reasons", rows)
    bench.insert("te_marts.availability", [availability()])
    told = dashboard.answer("downtime-pareto", PERIOD)
    assert [row["reason_code"] for row in told["rows"]] == ["T", "T2", "X1", "X2"]
    assert [row["cumulative_share"] for row in told["rows"]] == [0.5, 0.8, 0.95, 1]
    assert (told["vital"], told["total_seconds"], told["total_stops"]) == (2, 100, 10)
    told = dashboard.answer("downtime-pareto", {**PERIOD, "measure": "stops"})
    assert [(row["reason_code"], row["share"]) for row in told["rows"]] == [
        ("X1", 0.7),
        ("T2", 0.2),
        ("T", 0.1),
        ("X2", 0),
    ]
    assert told["vital"] == 2
    none = dashboard.answer("downtime-pareto", {**PERIOD, "reason_class": "other"})
    assert (none["rows"], none["vital"], none["total_seconds"]) == ([], 0, 0)
    assert [note["code"] for note in none["about"]["notes"]] == ["nothing_matches"]


def test_what_took_no_time_has_no_share(stack: Stack, dashboard: Dashboard) -> None:
    bench = Workbench(stack.clickhouse)
    bench.apply(site())
    bench.insert("te_marts.downtime_reasons", [reason("T", 0, 2)])
    told = dashboard.answer("downtime-pareto", PERIOD)
    assert [(row["share"], row["cumulative_share"]) for row in told["rows"]] == [(None, None)]
    assert told["vital"] == 0


def availability() -> dict[str, Any]:
    row = {name: value for name, value in reason("", 0, 0).items() if not name.startswith("reason")}
    seconds = ("planned_operation_seconds", "planned_busy_seconds", "production_seconds")
    return {
        **{name: value for name, value in row.items() if name not in ("attributed_seconds", "logged_seconds")},
        **dict.fromkeys(seconds, Decimal(28800)),
        "coverage": "full",
    }


SCRAP: Final = {
    "reason": ("te_marts.scrap_reasons", "scrap_reason_code"),
    "material": ("te_marts.scrap_reasons", "material"),
    "work_center": ("te_marts.scrap_reasons", "plant, work_center"),
    "operation": ("te_marts.scrap_rate", "operation"),
}


def scrap(client: Client, level: str, unit: str, where: str) -> list[dict[str, Any]]:
    """Scrap in PC or KG: CAR are 12 PC, of material B 7.3."""
    table, keys = SCRAP[level]
    quantity = "scrap_qty * multiIf(unit != 'CAR', 1, material = 'B', 7.3, 12)"
    units = "('PC', 'CAR')" if unit == "PC" else f"('{unit}')"
    return said(
        client,
        f"SELECT {keys}, sum(toFloat64({quantity})) AS scrap, sum(s.confirmations) AS confirmations FROM {table} AS s "
        f"WHERE {NOW} AND {where} AND unit IN {units} GROUP BY ALL HAVING scrap != 0 ORDER BY scrap DESC",
    )


def test_scrap_of_every_level_is_what_plain_sql_says(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client)
    for asked, where in (
        ({}, "true"),
        ({"plant": "2000", "shift": "night", "reason_class": "setup"}, "plant = '2000' AND shift = 'night'"),
        ({"line": "L2", "material": ["A", "B"]}, "work_center IN ('M3', 'M4') AND material IN ('A', 'B')"),
    ):
        for level, (_, keys) in SCRAP.items():
            for unit in ("PC", "KG"):
                told = dashboard.answer("scrap-pareto", {**PERIOD, **asked, "level": level, "unit": unit})
                expected, vital = with_shares(scrap(client, level, unit, where), "scrap")
                key = keys.split(", ")[-1]
                wanted = [
                    {
                        "key": row[key],
                        "plant": row.get("plant"),
                        "unit": unit,
                        "scrap_qty": row["scrap"],
                        "confirmations": row["confirmations"],
                        "cumulative_share": row["cumulative_share"],
                    }
                    for row in expected
                ]
                assert_alike(told["rows"], wanted)
                assert (told["unit"], told["vital"], sorted(told["units"])) == (unit, vital, ["KG", "PC"])
                assert told["total_qty"] == pytest.approx(sum(row["scrap"] for row in expected))
                assert [note["code"] for note in told["about"]["notes"]] == ["other_units"]


def test_the_unit_is_the_one_with_most_confirmations_that_have_scrap(stack: Stack, dashboard: Dashboard) -> None:
    """10 confirmations of 1 PC each come before one of 500 KG, on every level."""
    client = stack.clickhouse
    bench = Workbench(client)
    bench.apply(site())
    kept = ("plant", "work_center", "production_day", "shift", "refreshed_at", "run_id")
    place = {name: value for name, value in reason("", 0, 0).items() if name in kept} | {"material": "A"}
    scraps = (("PC", "", 10, 10), ("KG", "8", 500, 1), ("KG", "", 100, 2))
    for unit, code, quantity, confirmations in scraps:
        row = {**place, "unit": unit, "scrap_qty": Decimal(quantity)}
        bench.insert("te_marts.scrap_reasons", [{**row, "scrap_reason_code": code, "confirmations": confirmations}])
        # More confirmations of KG than of PC, but fewer that have scrap.
        counted = {"operation": "0010", "confirmations": 90 if unit == "KG" else 10}
        bench.insert("te_marts.scrap_rate", [{**row, **counted, "produced_qty": Decimal(1000)}])
    bench.confirm("1", scrap_reason_code="8", scrap_reason_text="As exported", production_day=place["production_day"])
    bench.store()
    for level in SCRAP:
        told = dashboard.answer("scrap-pareto", {**PERIOD, "level": level})
        assert (told["unit"], told["units"], told["total_qty"], told["vital"]) == ("PC", ["PC", "KG"], 10, 1)
    told = dashboard.answer("scrap-pareto", {**PERIOD, "unit": "KG"}, "fr")
    assert [(row["key"], row["text"]) for row in told["rows"]] == [
        ("8", "As exported"),
        ("", "(aucun motif indiqué)"),
    ]
    assert [column["label"] for column in told["columns"]][:2] == ["Motif de rebut", "Libellé"]
    none = dashboard.answer("scrap-pareto", {**PERIOD, "unit": "M"})
    assert (none["unit"], none["rows"], none["total_qty"], none["vital"]) == ("M", [], 0, 0)
    assert [note["code"] for note in none["about"]["notes"]] == ["nothing_matches", "other_units"]
    assert dashboard.answer("scrap-pareto", {**PERIOD, "material": "Z"})["unit"] is None
