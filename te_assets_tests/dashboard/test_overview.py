"""The overview: every number beside plain SQL on the marts, and a small one beside numbers worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.months import gather
from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.figures import assert_alike, fill, said
from te_assets_tests.dashboard.serving import Dashboard, served
from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.test_as_of import MONDAY, TUESDAY, now
from te_assets_tests.lake.test_rollups import restate

pytestmark = pytest.mark.stack

NOW: Final = "production_day BETWEEN '2026-03-09' AND '2026-03-15'"
BEFORE: Final = "production_day BETWEEN '2026-03-02' AND '2026-03-08'"
PERIOD: Final = {"from": "2026-03-09", "to": "2026-03-15"}
DAYS: Final = {"day": "production_day", "week": "toMonday(production_day)", "month": "toStartOfMonth(production_day)"}
SECONDS: Final = (
    *("planned_operation_seconds", "planned_down_seconds", "planned_busy_seconds", "unplanned_down_seconds"),
    *("setup_seconds", "short_stop_seconds", "production_seconds", "technical_down_seconds", "unexplained_seconds"),
)
COUNTS: Final = ("stops", "short_stops", "open_stops", "failures")


@dataclass(frozen=True)
class Case:
    """Filters, and what they mean as conditions of SQL on machines, on pieces and on reasons."""

    asked: Mapping[str, str]
    machines: str = "true"
    pieces: str | None = None
    reasons: str | None = None
    basis: str = "operation"
    has_order: bool = True
    target: float | None = 0.8
    scrap_target: float | None = None


CASES: Final = (
    Case({}),
    Case(
        {"plant": "1000", "shift": "early", "basis": "last_operation", "grain": "shift"},
        machines="plant = '1000' AND shift = 'early'",
        basis="last_operation",
        has_order=False,
        scrap_target=0.03,
    ),
    Case(
        {"line": "L1", "basis": "order"},
        machines="work_center IN ('M1', 'M2')",
        basis="order",
        has_order=False,
        target=None,
    ),
    Case(
        {"work_center": "M3", "plant": "2000", "material": "A", "reason_class": "technical", "grain": "week"},
        machines="plant = '2000' AND work_center = 'M3'",
        pieces="plant = '2000' AND work_center = 'M3' AND material = 'A'",
        reasons="plant = '2000' AND work_center = 'M3' AND reason_class = 'technical'",
        has_order=False,
        scrap_target=0.02,
    ),
    Case(
        {"plant": "2000", "material": "B", "basis": "order", "grain": "month"},
        machines="plant = '2000'",
        pieces="plant = '2000' AND material = 'B'",
        basis="order",
        scrap_target=0.02,
    ),
)


def times(where: str, keys: str = "", order: str = "1") -> str:
    """Availability of groups, as kpi.md says it."""
    sums = ", ".join(f"sumIf(a.{name}, a.coverage != 'none') AS {name}" for name in (*SECONDS, *COUNTS))
    return f"""
        SELECT {keys} {sums}, sumIf(a.planned_operation_seconds, a.coverage = 'none') AS uncovered_seconds,
            production_seconds::Float64 / nullIf(planned_busy_seconds, 0)::Float64 AS availability,
            (planned_busy_seconds - technical_down_seconds)::Float64 / planned_busy_seconds::Float64
                AS technical_availability,
            production_seconds::Float64 / planned_operation_seconds::Float64 AS total_availability,
            (planned_busy_seconds - technical_down_seconds) AS available_seconds,
            unexplained_seconds::Float64 / planned_busy_seconds::Float64 AS unexplained
        FROM te_marts.availability AS a WHERE {where}
        GROUP BY {"ALL" if keys else "()"} ORDER BY {order}"""


BASES: Final = {
    "operation": ("true", "true"),
    "last_operation": ("is_last_operation", "is_last_operation"),
    "order": ("true", "is_first_operation"),
}


def pieces(where: str, basis: str, keys: str = "", order: str = "1") -> str:
    """Pieces of groups by unit on a basis, as kpi.md says it."""
    counted, produced = BASES[basis]
    good = "NULL" if basis == "operation" else "sumIf(c.good_qty, is_last_operation)"
    return f"""
        SELECT {keys} unit, '{basis}' AS basis, {good} AS good_qty, sumIf(c.scrap_qty, {counted}) AS scrap_qty,
            sumIf(c.rework_qty, {counted}) AS rework_qty, sumIf(c.outside_calendar_qty, {counted})
                AS outside_calendar_qty,
            sumIf(c.produced_qty, {produced}) AS produced_qty, sumIf(c.confirmations, {counted}) AS confirmations,
            if(produced_qty > 0, scrap_qty::Float64 / produced_qty::Float64, NULL) AS scrap_rate
        FROM te_marts.scrap_rate_converted AS c WHERE {where}
        GROUP BY ALL HAVING confirmations > 0 ORDER BY {order}"""


def one(rows: list[dict[str, Any]]) -> dict[str, Any]:
    (row,) = rows or [{}]
    return row


def ratio(name: str, parts: tuple[str, str], now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    numerator, denominator = parts
    return {
        "value": now.get(name),
        "numerator": now.get(numerator),
        "denominator": now.get(denominator),
        "previous": before.get(name),
        "previous_numerator": before.get(numerator),
        "previous_denominator": before.get(denominator),
        "kind": "rate" if name == "scrap_rate" else "percent",
    }


def figure(kind: str, name: str, now: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "value": now.get(name), "previous": before.get(name), "numerator": None, "denominator": None}


def cards_of_machines(client: Client, case: Case) -> list[dict[str, Any]]:
    now, before = (one(said(client, times(f"{period} AND {case.machines}"))) for period in (NOW, BEFORE))
    unclassified = """
        SELECT sum(attributed_seconds) AS whole, sumIf(attributed_seconds, reason_class = 'unclassified') AS part,
            part::Float64 / whole::Float64 AS unclassified
        FROM te_marts.downtime_reasons
        WHERE {} AND {} AND reason_class IN ('technical', 'organisational', 'other', 'unclassified')"""
    reasons = [one(said(client, unclassified.format(period, case.machines))) for period in (NOW, BEFORE)]
    of_time = {
        "availability": ("production_seconds", "planned_busy_seconds"),
        "technical_availability": ("available_seconds", "planned_busy_seconds"),
        "total_availability": ("production_seconds", "planned_operation_seconds"),
    }
    return [
        *({"name": name, "better": "higher", **ratio(name, parts, now, before)} for name, parts in of_time.items()),
        {"name": "unplanned_down", "better": "lower", **figure("hours", "unplanned_down_seconds", now, before)},
        {"name": "setup", "better": "lower", **figure("hours", "setup_seconds", now, before)},
        {"name": "stops", "better": "lower", **figure("integer", "stops", now, before)},
        {"name": "unexplained", **ratio("unexplained", ("unexplained_seconds", "planned_busy_seconds"), now, before)},
        {"name": "unclassified", **ratio("unclassified", ("part", "whole"), reasons[0], reasons[1])},
    ]


def cards_of_pieces(client: Client, case: Case) -> list[dict[str, Any]]:
    where = case.pieces or case.machines
    cards: list[dict[str, Any]] = []
    bases = [case.basis, *(basis for basis in BASES if basis != case.basis)]
    units = said(client, f"SELECT unit FROM te_marts.scrap_rate_converted WHERE {NOW} AND {where} "
                         "GROUP BY unit ORDER BY sum(confirmations) DESC")  # fmt: skip
    for unit in [row["unit"] for row in units]:
        for basis in bases if case.has_order else [basis for basis in bases if basis != "order"]:
            now, before = (
                one(said(client, pieces(f"{period} AND {where} AND unit = '{unit}'", basis)))
                for period in (NOW, BEFORE)
            )
            of = {"unit": unit, "basis": basis}
            parts = ("scrap_qty", "produced_qty")
            rate = {"name": "scrap_rate", "better": "lower", **of, **ratio("scrap_rate", parts, now, before)}
            rate |= {"target": case.scrap_target if basis == "operation" else None}  # what this site counts by
            rate |= {"is_headline": basis == case.basis and not cards}
            cards.append(rate)
            if basis == case.basis:
                amounts = [
                    {"name": "produced", "better": "higher", **of, **figure("quantity", "produced_qty", now, before)},
                    {"name": "scrap", "better": "lower", **of, **figure("quantity", "scrap_qty", now, before)},
                ]
        cards += amounts if case.has_order or case.basis != "order" else []
    return cards


def test_every_number_is_what_plain_sql_on_the_marts_says(stack: Stack, dashboard: Dashboard) -> None:
    client = stack.clickhouse
    fill(client)
    for case in CASES:
        told = dashboard.answer("overview", {**PERIOD, **case.asked})
        assert (told["previous_first_day"], told["previous_last_day"]) == ("2026-03-02", "2026-03-08")
        expected = [*cards_of_machines(client, case), *cards_of_pieces(client, case)]
        assert [(card["name"], card["unit"], card["basis"]) for card in told["cards"]] == [
            (card["name"], card.get("unit"), card.get("basis")) for card in expected
        ]
        assert_alike(told["cards"], expected)
        assert [card["target"] for card in told["cards"][:3]] == [case.target, None, None], case
        codes = {note["code"] for note in told["about"]["notes"]}
        assert codes == {"partly_covered"} | ({"order_basis_needs_plants"} if case.basis == "order" else set()) - (
            {"order_basis_needs_plants"} if case.has_order else set()
        )
        compare_trends(client, case, told)
        compare_worst(client, case, told)


def compare_trends(client: Client, case: Case, told: Mapping[str, Any]) -> None:
    grain = case.asked.get("grain", "day")
    keys = f"{DAYS.get(grain, 'production_day')} AS period, " + ("shift, " if grain == "shift" else "")
    order = "period, shift" if grain == "shift" else "period"
    assert_alike(
        [{**row, "available_seconds": 0, "unexplained": 0} for row in told["availability_trend"]],
        [
            {**row, "available_seconds": 0, "unexplained": 0}
            for row in said(client, times(f"{NOW} AND {case.machines}", keys, order))
        ],
    )
    where = f"{NOW} AND {case.pieces or case.machines}"
    rows = said(client, pieces(where, case.basis, keys, f"{order}, unit"))
    shown = sorted(told["scrap_trend"], key=lambda row: (row["period"], row["shift"] or "", row["unit"]))
    assert_alike(shown, rows if case.has_order or case.basis != "order" else [])


def compare_worst(client: Client, case: Case, told: Mapping[str, Any]) -> None:
    machines = said(
        client,
        f"""
        SELECT plant, work_center, sum(unplanned_down_seconds) AS unplanned_down_seconds,
            sum(setup_seconds) AS setup_seconds
        FROM te_marts.availability WHERE {NOW} AND {case.machines} AND coverage != 'none'
        GROUP BY ALL ORDER BY unplanned_down_seconds + setup_seconds DESC LIMIT 5""",
    )
    assert_alike(told["worst_work_centers"], machines)
    wanted = case.reasons or f"{case.machines} AND reason_class != 'planned'"
    reasons = said(
        client,
        f"""
        SELECT reason_class, reason_code, sum(d.attributed_seconds) AS attributed_seconds,
            sum(d.logged_seconds) AS logged_seconds, sum(d.stops) AS stops,
            attributed_seconds::Float64 / (SELECT sum(attributed_seconds)::Float64 FROM te_marts.downtime_reasons
                WHERE {NOW} AND {wanted}) AS share
        FROM te_marts.downtime_reasons AS d WHERE {NOW} AND {wanted}
        GROUP BY ALL ORDER BY attributed_seconds DESC LIMIT 5""",
    )
    assert_alike(told["worst_reasons"], reasons)
    basis = "operation" if case.basis == "order" else case.basis
    where = f"{NOW} AND {case.pieces or case.machines}"
    of_scrap = said(client, pieces(where, basis, "plant, work_center, ", "unit, scrap_rate DESC LIMIT 5 BY unit"))
    assert_alike(told["worst_scrap"], [row for row in of_scrap if row["scrap_rate"]])


def test_without_filters_cards_are_the_sums_of_the_rollups_of_plants(stack: Stack, dashboard: Dashboard) -> None:
    fill(stack.clickhouse, seed=8)
    cards = dashboard.answer("overview", PERIOD)["cards"]
    for basis in BASES:
        (rolled,) = said(
            stack.clickhouse,
            f"SELECT sum(scrap_qty) AS numerator, sum(produced_qty) AS denominator FROM te_marts.scrap_rate_plant_day "
            f"WHERE {NOW} AND unit = 'PC' AND basis = '{basis}'",
        )
        mine = [card for card in cards if (card["name"], card["unit"], card["basis"]) == ("scrap_rate", "PC", basis)]
        assert_alike(mine, [rolled])
    (rolled,) = said(
        stack.clickhouse,
        f"SELECT sum(production_seconds) AS numerator, sum(planned_busy_seconds) AS denominator "
        f"FROM te_marts.availability_plant_day WHERE {NOW}",
    )
    assert_alike(cards[:1], [rolled])


def test_two_days_worked_by_hand(stack: Stack, dashboard: Dashboard) -> None:
    """M1 early has 420 min without its break: on Monday 42 min jam and 21 min set-up, on Tuesday 84 min unknown."""
    bench = Workbench(stack.clickhouse)
    bench.apply(site(headline_availability="total"))
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-04 05:00"))
    bench.stop("1", utc("2026-03-02 06:00"), utc("2026-03-02 06:42"), "T")
    bench.stop("2", utc("2026-03-02 07:00"), utc("2026-03-02 07:21"), "S")
    bench.stop("3", utc("2026-03-03 06:00"), utc("2026-03-03 07:24"), "new", reason_text="Something new")
    bench.stops[:] = [{"reason_text": "", **stop} for stop in bench.stops]
    for day, good, scrap in ((MONDAY, 95, 5), (TUESDAY, 40, 10)):
        bench.confirm(f"{day}", good_qty=Decimal(good), scrap_qty=Decimal(scrap), production_day=day, order_id=f"{day}")
    bench.store()
    restate(bench.client)

    told = dashboard.answer("overview", {"from": "2026-03-03", "to": "2026-03-03"})
    cards = {(card["name"], card["basis"]): card for card in told["cards"]}
    assert [card["name"] for card in told["cards"] if card["is_headline"]] == ["total_availability", "scrap_rate"]
    assert told["cards"][0]["name"] == "total_availability"

    def values(name: str, basis: str | None = None) -> tuple[Any, Any]:
        card = cards[name, basis]
        return card["value"], card["previous"]

    assert values("availability") == (pytest.approx(336 / 420), pytest.approx(357 / 420))
    assert values("technical_availability") == (1, pytest.approx(378 / 420))
    assert values("total_availability") == (pytest.approx(336 / 480), pytest.approx(357 / 480))
    assert cards["availability", None]["numerator"] == 336 * 60
    assert cards["availability", None]["previous_denominator"] == 420 * 60
    assert values("unplanned_down") == (84 * 60, 42 * 60)
    assert values("setup") == (0, 21 * 60)
    assert values("stops") == (1, 1)
    assert values("unclassified") == (1, 0)
    assert values("scrap_rate", "operation") == (0.2, 0.05)
    assert values("scrap_rate", "order") == (0.2, 0.05)
    assert values("produced", "operation") == (50, 100)
    assert values("scrap", "operation") == (10, 5)
    (reason,) = told["worst_reasons"]
    assert (reason["reason_code"], reason["reason_text"]) == ("new", "Something new")
    assert (reason["attributed_seconds"], reason["share"], reason["cumulative_share"]) == (84 * 60, 1, 1)


def test_figures_of_an_earlier_instant_are_those_that_were_shown_then(stack: Stack, dashboard: Dashboard) -> None:
    bench = Workbench(stack.clickhouse)
    bench.apply(site())
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-04 05:00"))
    bench.stop("1", utc("2026-03-02 05:00"), utc("2026-03-02 06:00"), "T")
    bench.confirm("1", good_qty=Decimal(9), scrap_qty=Decimal(1), scrap_reason_code="7")
    bench.store()
    before = now(stack.clickhouse)
    restate(bench.client, first=MONDAY, last=TUESDAY)
    then = now(stack.clickhouse)
    bench.stop("2", utc("2026-03-02 07:00"), utc("2026-03-02 08:00"), "O")
    bench.confirm("2", good_qty=Decimal(5), scrap_qty=Decimal(5), scrap_reason_code="8")
    bench.store()
    restate(bench.client, first=MONDAY, last=TUESDAY)

    day = {"from": "2026-03-02", "to": "2026-03-02"}
    earlier = {**day, "as_of": f"{then.isoformat()}Z"}
    cards = {
        name: {(card["name"], card["basis"]): card["value"] for card in dashboard.answer("overview", asked)["cards"]}
        for name, asked in {"is": day, "was": earlier}.items()
    }
    assert (cards["was"]["unplanned_down", None], cards["is"]["unplanned_down", None]) == (3600, 7200)
    assert (cards["was"]["scrap_rate", "operation"], cards["is"]["scrap_rate", "operation"]) == (0.1, 0.3)
    for view, was, present in (("downtime-pareto", ["T"], ["O", "T"]), ("scrap-pareto", ["7"], ["7", "8"])):
        key = "key" if view == "scrap-pareto" else "reason_code"
        assert sorted(row[key] for row in dashboard.answer(view, earlier)["rows"]) == was
        assert sorted(row[key] for row in dashboard.answer(view, day)["rows"]) == present
    (unit,) = dashboard.answer("scrap-rate", {**earlier, "group": "operation"})["rows"]
    assert (unit["scrap_qty"], unit["produced_qty"]) == (1, 10)

    never = dashboard.answer("overview", {**day, "as_of": f"{(before - timedelta(hours=1)).isoformat()}Z"})
    assert [note["code"] for note in never["about"]["notes"]] == ["not_before"]
    assert {card["value"] for card in never["cards"]} == {None}


def test_a_long_range_says_the_same_from_days_and_from_months(stack: Stack) -> None:
    bench = Workbench(stack.clickhouse)
    bench.apply(site(units={"PC": {"factor": {"to": "BOX", "by": 0.5}}, "BOX": {}}))
    bench.cover(utc("2026-02-23 05:00"), utc("2026-03-04 05:00"))
    for day in ("2026-02-25", "2026-03-03"):
        bench.stop(day, utc(f"{day} 06:00"), utc(f"{day} 07:00"), "T")
        quantities = {"good_qty": Decimal(8), "scrap_qty": Decimal(2)}
        bench.confirm(day, scrap_reason_code="7", production_day=utc(f"{day} 06:00").date(), **quantities)
    bench.store()
    restate(bench.client)
    views = ("overview", "scrap-rate", "downtime-pareto", "scrap-pareto")
    asked = {"from": "2026-02-20", "to": "2026-03-08"}
    told: list[dict[str, Any]] = []
    for copies in (False, True):
        if copies:
            assert gather(bench.client, datetime.now(UTC) + timedelta(hours=1)).rows > 0
        with served(stack.settings) as dashboard:
            told.append({view: dashboard.answer(view, asked) for view in views})
    days, months = told
    for view in views:
        for answer in (days[view], months[view]):
            answer["about"].pop("version")
        assert months[view] == days[view]
    (rate,) = [card for card in days["overview"]["cards"] if (card["name"], card["basis"]) == ("scrap_rate", "order")]
    assert (rate["numerator"], rate["denominator"], rate["unit"]) == (2, 10, "BOX")
    assert days["downtime-pareto"]["total_seconds"] == 7200
    assert [row["scrap_qty"] for row in days["scrap-pareto"]["rows"]] == [2]


def test_without_data_all_says_why(stack: Stack, dashboard: Dashboard) -> None:
    fill(stack.clickhouse, seed=9)
    told = dashboard.answer("overview", {"from": "2025-03-09", "to": "2025-03-15"}, "de")
    assert [note["code"] for note in told["about"]["notes"]] == ["no_data_in_period"]
    assert "vom 01.03.2026 bis zum 15.03.2026" in told["about"]["notes"][0]["text"]
    assert {card["value"] for card in told["cards"]} == {None}
    assert told["availability_trend"] == told["scrap_trend"] == told["worst_reasons"] == told["worst_scrap"] == []
