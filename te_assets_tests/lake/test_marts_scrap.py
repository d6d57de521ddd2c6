from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from clickhouse_connect.driver.client import Client

from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.worked_examples import percent

pytestmark = pytest.mark.stack

DAY = "2026-03-02"
NOON = {"started_at": utc("2026-03-02 10:00"), "finished_at": utc("2026-03-02 11:00"), "shift": "early"}


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    """A plant with one machine and an early shift."""
    workbench = Workbench(clickhouse)
    workbench.apply(site())
    return workbench


def test_worked_example_of_oee_com(bench: Workbench, page_figure: str) -> None:
    bench.confirm("1", good_qty=Decimal(18000), scrap_qty=Decimal(400), **NOON)
    bench.confirm("2", good_qty=Decimal(848), scrap_qty=Decimal(23), **NOON)

    (row,) = bench.mart("scrap_rate", DAY)

    assert (row["produced_qty"], row["scrap_qty"], row["confirmations"]) == (19271, 423, 2)
    assert row["scrap_rate"] == pytest.approx(0.021950, abs=1e-6)
    assert page_figure == f"scrap rate {percent(row['scrap_rate'])}"


def test_neither_half_of_a_reversal_counts(bench: Workbench) -> None:
    bench.confirm("1", good_qty=Decimal(100), **NOON)
    bench.confirm("2", good_qty=Decimal(7), scrap_qty=Decimal(3), is_reversed=True, **NOON)
    bench.confirm("2", counter="2", good_qty=Decimal(7), scrap_qty=Decimal(3), cancelled_counter="1", **NOON)

    (row,) = bench.mart("scrap_rate", DAY)

    assert (row["good_qty"], row["scrap_qty"], row["confirmations"]) == (100, 0, 1)
    assert bench.mart("scrap_reasons", DAY) == []


def test_nothing_produced_is_no_rate(bench: Workbench) -> None:
    bench.confirm("1", **NOON)

    (row,) = bench.mart("scrap_rate", DAY)

    assert (row["produced_qty"], row["scrap_rate"]) == (0, None)


@pytest.mark.parametrize(("counts", "produced", "rate"), [(True, 100, 0.1), (False, 80, 0.125)])
def test_site_says_whether_rework_is_produced(bench: Workbench, counts: bool, produced: int, rate: float) -> None:
    bench.apply(site(rework_in_produced=counts))
    bench.confirm("1", good_qty=Decimal(70), scrap_qty=Decimal(10), rework_qty=Decimal(20), **NOON)

    (row,) = bench.mart("scrap_rate", DAY)

    assert (row["produced_qty"], row["rework_qty"], row["scrap_rate"]) == (produced, 20, rate)


def test_units_stay_apart(bench: Workbench) -> None:
    bench.confirm("1", good_qty=Decimal(10), unit="PC", **NOON)
    bench.confirm("2", good_qty=Decimal("2.5"), unit="KG", **NOON)

    rows = bench.mart("scrap_rate", DAY)

    assert {row["unit"]: row["good_qty"] for row in rows} == {"PC": 10, "KG": Decimal("2.5")}


def test_last_operation_is_known_from_all_days_of_the_order(bench: Workbench) -> None:
    """Operation 9 comes before 10 although it is the greater text."""
    bench.confirm("1", order_id="A", operation="9", good_qty=Decimal(1), **NOON)
    bench.confirm("2", order_id="A", operation="10", good_qty=Decimal(2), **NOON)
    bench.confirm("3", order_id="B", operation="10", good_qty=Decimal(4), **NOON)
    bench.confirm("4", order_id="B", operation="20", good_qty=Decimal(8), production_day=date(2026, 3, 5))

    rows = bench.mart("scrap_rate", DAY)

    assert {(row["operation"], row["is_last_operation"]): row["good_qty"] for row in rows} == {
        ("9", False): 1,
        ("10", True): 2,
        ("10", False): 4,
    }


def test_outside_the_calendar_counts_and_is_shown(bench: Workbench) -> None:
    bench.confirm("1", good_qty=Decimal(5), finished_at=utc("2026-03-02 20:00"), shift=None)
    bench.confirm("2", good_qty=Decimal(7), shift=None, posted_at=date(2026, 3, 2))
    bench.confirm("3", good_qty=Decimal(9), **NOON)

    rows = bench.mart("scrap_rate", DAY)

    assert {row["shift"]: (row["produced_qty"], row["outside_calendar_qty"]) for row in rows} == {
        None: (12, 5),
        "early": (9, 0),
    }


def test_scrap_by_reason_leaves_out_confirmations_without_scrap(bench: Workbench) -> None:
    for number, (scrap, reason) in enumerate([(3, "0001"), (4, "0001"), (2, ""), (0, "0002")]):
        bench.confirm(str(number), good_qty=Decimal(10), scrap_qty=Decimal(scrap), scrap_reason_code=reason, **NOON)

    rows = bench.mart("scrap_reasons", DAY)

    assert {row["scrap_reason_code"]: (row["scrap_qty"], row["confirmations"]) for row in rows} == {
        "0001": (7, 2),
        "": (2, 1),
    }
