"""Roll-ups by hand: ratios of sums, which are not means of ratios."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from te_assets.simulator.rollups import availability_over, scrap_over
from te_assets.simulator.truth import AvailabilityTruth, Coverage
from te_assets.simulator.truth_scrap import ScrapTruth
from te_assets.simulator.world import demo_world

MARCH, APRIL = date(2026, 3, 31), date(2026, 4, 1)


def window(day: date, shift: str, busy: int, made: int, coverage: Coverage = "full") -> AvailabilityTruth:
    zero = {"setup_ms": 0, "short_stop_ms": 0, "unexplained_ms": 0, "short_stops": 0, "open_stops": 0, "failures": 0}
    return AvailabilityTruth(
        plant="1000",
        work_center="PRS01",
        production_day=day,
        shift=shift,
        planned_operation_ms=busy + 100,
        planned_down_ms=100,
        planned_busy_ms=busy,
        unplanned_down_ms=busy - made,
        production_ms=made,
        technical_down_ms=busy - made,
        stops=1,
        data_until_ms=5000,
        coverage=coverage,
        **zero,
    )


def test_months_are_sums_and_shares_of_sums() -> None:
    rows = [window(MARCH, "early", 1000, 500), window(MARCH, "late", 3000, 3000), window(APRIL, "early", 10, 5)]

    march, april = availability_over(rows, "month", None)

    assert (march["month"], march["production_ms"], march["planned_busy_ms"]) == (date(2026, 3, 1), 3500, 4000)
    assert march["availability"] == 0.875
    assert march["total_availability"] == pytest.approx(3500 / 4200)
    assert (april["month"], april["stops"]) == (date(2026, 4, 1), 1)
    (week,) = availability_over(rows, "week", "work_center")
    assert (week["week"], week["work_center"], week["production_ms"]) == (date(2026, 3, 30), "PRS01", 3505)


def test_windows_that_nobody_delivered_for_are_in_no_sum() -> None:
    rows = [window(MARCH, "early", 1000, 500), window(MARCH, "late", 3000, 3000, "none")]

    (day,) = availability_over(rows, "production_day", "work_center")
    (nothing,) = availability_over(rows[1:], "production_day", "work_center")

    assert (day["production_ms"], day["uncovered_ms"], day["coverage"]) == (500, 3100, "partial")
    assert (nothing["coverage"], nothing["availability"], nothing["stops"]) == ("none", None, 0)


def grain(operation: str, unit: str, good: int, scrap: int, *, first: bool = False, last: bool = False) -> ScrapTruth:
    key = ScrapTruth("1000", "PRS01", MARCH, "early", "FG-1002", operation, unit, last, first)
    return replace(key, good=good, scrap=scrap, produced=good + scrap, confirmations=1)


def test_each_basis_has_its_own_denominator_and_cartons_become_pieces() -> None:
    rows = [
        grain("0010", "ST", 980_000, 20_000, first=True),
        grain("0020", "ST", 480_000, 0),
        grain("0030", "KAR", 39_000, 1000, last=True),
        replace(grain("0010", "KG", 1000, 0, first=True), material="GR-2001"),
    ]

    found = {(row["unit"], row["basis"]): row for row in scrap_over(demo_world(1), rows, "production_day", None)}

    assert {key for key in found if key[0] == "KG"} == {("KG", "operation"), ("KG", "order")}
    operation, last, order = (found["ST", basis] for basis in ("operation", "last_operation", "order"))
    assert (operation["scrap_qty"], operation["produced_qty"], operation["good_qty"]) == (
        Decimal(44),
        Decimal(1000 + 480 + 40 * 24),
        None,
    )
    assert (last["scrap_qty"], last["good_qty"], last["scrap_rate"]) == (Decimal(24), Decimal(39 * 24), 24 / 960)
    assert (order["scrap_qty"], order["produced_qty"], order["scrap_rate"]) == (Decimal(44), Decimal(1000), 0.044)
