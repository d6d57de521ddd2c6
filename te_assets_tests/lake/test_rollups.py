"""Roll-ups add numerators and denominators up and divide last; units and bases are never mixed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, get_args
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.days import drop_shadow
from te_assets.lake.marts import Mart, compute, swap, table_of
from te_assets_tests.lake.marts_workbench import Row, Workbench, site, utc
from te_assets_tests.lake.worked_examples import percent

pytestmark = pytest.mark.stack

FIRST, LAST = date(2026, 2, 23), date(2026, 3, 8)
PARTS = ("planned_operation", "planned_down", "planned_busy", "unplanned_down", "setup", "short_stop", "production")


def restate(client: Client, *names: Mart, first: date = FIRST, last: date = LAST) -> None:
    """Compute and swap in, as a run does."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    run_id = uuid4().hex
    marts: tuple[Mart, ...] = names or get_args(Mart)
    compute(client, marts, first, last, run_id=run_id)
    for mart in marts:
        swap(client, mart, run_id, days)
        drop_shadow(client, table_of(mart), run_id)


def rows(client: Client, query: str, **parameters: Any) -> list[Row]:
    result = client.query(query, parameters=parameters)
    return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    """Two machines, three shifts, stops that cross shifts, days, the month and the clock change to come."""
    workbench = Workbench(clickhouse)
    workbench.apply(site(["M1", "M2"], calendar="shifts", units={"CAR": {"factor": {"to": "PC", "by": 12}}, "PC": {}}))
    for name in ("M1", "M2"):
        workbench.cover(utc("2026-02-23 05:00"), utc("2026-03-09 05:00"), work_center=name, file=name)
    for number in range(13):
        begin = utc("2026-02-23 05:00") + timedelta(hours=25 * number, milliseconds=number)
        workbench.stop(f"a{number}", begin, begin + timedelta(hours=10), "TOSX"[number % 4])
        workbench.stop(f"b{number}", begin, begin + timedelta(minutes=47), "PTO"[number % 3], work_center="M2")
    return workbench


def test_shifts_add_up_to_days_these_to_weeks_and_months_and_machines_to_plants(bench: Workbench) -> None:
    bench.store()
    restate(bench.client, "availability")
    sums = ", ".join(f"sum({part}_seconds) AS {part}" for part in PARTS)
    names = ("availability", *(f"availability_{g}" for g in ("day", "week", "month")))
    totals = {
        name: rows(bench.client, f"SELECT {sums}, sum(stops) AS stops FROM te_marts.{name}")[0]
        for name in (*names, *(f"availability_plant_{g}" for g in ("day", "week", "month")))
    }
    assert totals["availability"]["planned_operation"] == 2 * 14 * 24 * 3600
    assert totals["availability"]["unplanned_down"] > 0
    for name, total in totals.items():
        assert total == totals["availability"], name


def test_a_rolled_up_ratio_is_weighted_and_no_mean_of_percentages(bench: Workbench) -> None:
    bench.store()
    restate(bench.client, "availability")
    (month,) = rows(
        bench.client, "SELECT * FROM te_marts.availability_plant_month WHERE month = '2026-03-01' AND plant = '1000'"
    )
    (parts,) = rows(
        bench.client,
        "SELECT sum(production_seconds) AS apt, sum(planned_busy_seconds) AS pbt, "
        "sum(planned_operation_seconds) AS pot, "
        "sum(technical_down_seconds) AS technical, avg(availability) AS mean "
        "FROM te_marts.availability WHERE production_day >= '2026-03-01'",
    )
    assert month["availability"] == pytest.approx(float(parts["apt"] / parts["pbt"]), abs=1e-12)
    assert month["technical_availability"] == pytest.approx(
        float((parts["pbt"] - parts["technical"]) / parts["pbt"]), abs=1e-12
    )
    assert month["total_availability"] == pytest.approx(float(parts["apt"] / parts["pot"]), abs=1e-12)
    assert abs(month["availability"] - parts["mean"]) > 1e-4


def test_windows_that_nobody_delivered_for_are_in_no_figure_and_told_apart(clickhouse: Client) -> None:
    bench = Workbench(clickhouse)
    bench.apply(site(["M1", "M2"]))
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-02 13:00"))
    bench.cover(utc("2026-03-04 05:00"), utc("2026-03-04 13:00"), file="f2")
    restate(clickhouse, "availability")
    (day, gap) = rows(
        clickhouse,
        "SELECT * FROM te_marts.availability_plant_day WHERE production_day IN ('2026-03-02', '2026-03-03') "
        "ORDER BY ALL",
    )
    assert (int(day["planned_operation_seconds"]), day["coverage"], day["availability"]) == (28800, "partial", 1)
    assert (int(gap["planned_operation_seconds"]), gap["coverage"], gap["availability"]) == (0, "none", None)
    assert int(gap["uncovered_seconds"]) == 28800  # M1 has data up to later, M2 has none at all


def confirm(bench: Workbench, *lines: tuple[str, str, int, int, str]) -> None:
    """Confirmations: order, operation, good, scrap, unit."""
    for number, (order, operation, good, scrap, unit) in enumerate(lines):
        bench.confirm(
            str(number),
            order_id=order,
            operation=operation,
            good_qty=Decimal(good),
            scrap_qty=Decimal(scrap),
            unit=unit,
        )


def scrap(client: Client, view: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    found = rows(client, f"SELECT * FROM te_marts.{view}")
    return {
        (row["basis"], row["unit"]): (row["good_qty"], row["scrap_qty"], row["produced_qty"], row["scrap_rate"])
        for row in found
    }


def test_a_thousand_pieces_through_four_operations_with_twenty_scrapped_once(
    bench: Workbench, page_figure: str
) -> None:
    """The example of kpi.md: 0.5 % by operation, 2 % by order, and nothing at the last operation."""
    confirm(
        bench,
        ("1", "0010", 1000, 0, "PC"),
        ("1", "0020", 980, 20, "PC"),
        ("1", "0030", 980, 0, "PC"),
        ("1", "0040", 980, 0, "PC"),
    )
    bench.store()
    restate(bench.client, "scrap_rate")
    found = scrap(bench.client, "scrap_rate_plant_month")
    assert found["operation", "PC"] == (None, 20, 3960, pytest.approx(20 / 3960))
    assert found["last_operation", "PC"] == (980, 0, 980, 0)
    assert found["order", "PC"] == (980, 20, 1000, 0.02)
    bases = ("operation", "last_operation", "order")
    assert page_figure == ", ".join(f"{basis} {percent(found[basis, 'PC'][3])}" for basis in bases)
    assert {basis for basis, _ in scrap(bench.client, "scrap_rate_day")} == {"operation", "last_operation"}
    (order,) = rows(bench.client, "SELECT * FROM te_marts.order_yield")
    assert (order["first_operation_produced_qty"], order["last_operation_good_qty"], order["scrap_qty"]) == (
        Decimal(1000),
        Decimal(980),
        Decimal(20),
    )
    assert (order["fall_off_ratio"], order["rolled_yield"]) == (0.02, 0.98)


def test_units_are_converted_by_the_sites_factor_and_else_kept_apart(bench: Workbench) -> None:
    confirm(bench, ("1", "0010", 10, 2, "CAR"), ("2", "0010", 100, 4, "PC"), ("3", "0010", 7, 1, "KG"))
    bench.store()
    restate(bench.client, "scrap_rate")
    found = scrap(bench.client, "scrap_rate_plant_week")
    assert found["last_operation", "PC"] == (220, 28, 248, pytest.approx(28 / 248))
    assert found["last_operation", "KG"] == (7, 1, 8, 0.125)
    assert {unit for _, unit in found} == {"PC", "KG"}
    assert {row["unit"] for row in rows(bench.client, "SELECT unit FROM te_marts.scrap_rate")} == {"CAR", "PC", "KG"}


def test_late_postings_keep_their_delay(bench: Workbench) -> None:
    bench.confirm("1", posted_at=date(2026, 3, 12), good_qty=Decimal(5))
    bench.confirm("2", posted_at=date(2026, 3, 2), good_qty=Decimal(5))
    bench.store()
    (late,) = rows(bench.client, "SELECT confirmation, delay_days FROM te_marts.late_postings")
    assert late == {"confirmation": "1", "delay_days": 10}


@pytest.mark.parametrize("mart", get_args(Mart))
def test_every_mart_is_swapped_in_by_swap(bench: Workbench, mart: Mart) -> None:
    confirm(bench, ("1", "0010", 10, 2, "PC"))
    bench.store()
    restate(bench.client, mart)
    (found,) = rows(bench.client, "SELECT count() AS swaps, uniqExact(swap_id) AS ids FROM te_ops.swaps")
    assert found == {"swaps": 14, "ids": 1}
