"""Figures by two things at once, on the real engine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from te_assets_tests.dashboard.marts import REFRESHED, apply_plants, confirmation, insert
from te_assets_tests.lake.marts_workbench import utc

if TYPE_CHECKING:
    from te_assets_tests.conftest import Stack
    from te_assets_tests.dashboard.serving import Dashboard

pytestmark = pytest.mark.stack
MONDAY = date(2026, 3, 2)
PERIOD = {"from": "2026-03-02", "to": "2026-03-31"}


def window(day: date, busy: int, down: int, work_center: str = "M1", **more: Any) -> dict[str, Any]:
    return {
        "plant": "1000",
        "work_center": work_center,
        "production_day": day,
        "shift": "early",
        "planned_operation_seconds": busy,
        "planned_busy_seconds": busy,
        "unplanned_down_seconds": down,
        "production_seconds": busy - down,
        "coverage": "full",
        **REFRESHED,
        **more,
    }


def state(name: str, first: datetime, until: datetime, plant: str = "1000", **more: Any) -> dict[str, Any]:
    day = more.pop("production_day", first.date())
    return {
        "plant": plant,
        "work_center": "M1",
        "production_day": day,
        "shift": "early",
        "started_at": first,
        "ended_at": until,
        "state": name,
        "reason_code": "",
        "interaction_id": "",
        **REFRESHED,
        **more,
    }


def pieces(day: date, scrap: str, produced: str, unit: str = "PC", **more: Any) -> dict[str, Any]:
    return {
        "plant": "1000",
        "work_center": "M1",
        "production_day": day,
        "shift": "early",
        "material": "A",
        "operation": "0010",
        "unit": unit,
        "is_last_operation": True,
        "is_first_operation": True,
        "good_qty": Decimal(produced) - Decimal(scrap),
        "scrap_qty": Decimal(scrap),
        "rework_qty": 0,
        "produced_qty": Decimal(produced),
        "outside_calendar_qty": 0,
        "confirmations": 1,
        **REFRESHED,
        **more,
    }


def cells(answer: Mapping[str, Any]) -> dict[tuple[str, str], tuple[float, float | None, float | None]]:
    return {(row["y"], row["x"]): (row["value"], row["numerator"], row["denominator"]) for row in answer["rows"]}


def codes(answer: Mapping[str, Any]) -> list[str]:
    return [note["code"] for note in answer["about"]["notes"]]


def test_machines_and_days_have_a_cell_only_where_there_is_a_figure(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1", "M2", "M3"], calendar="shifts")
    tuesday = MONDAY + timedelta(days=1)
    insert(
        stack.clickhouse,
        "te_marts.availability",
        [
            window(MONDAY, 3_600, 900),
            window(MONDAY, 7_200, 0, shift="late"),
            window(tuesday, 3_600, 0, coverage="none"),  # nobody delivered
            window(tuesday, 0, 0, "M2"),  # no time to be available in
            window(tuesday, 3_600, 1_800, "GONE"),  # the site has it no longer
        ],
    )
    insert(
        stack.clickhouse,
        "te_marts.downtime_reasons",
        [
            {
                "plant": "1000",
                "work_center": "M1",
                "production_day": MONDAY,
                "shift": "early",
                "reason_class": name,
                "reason_code": name,
                "attributed_seconds": seconds,
                "logged_seconds": seconds,
                "stops": 1,
                **REFRESHED,
            }
            for name, seconds in (("technical", 600), ("other", 300), ("planned", 50))
        ],
    )

    availability = dashboard.answer("heatmap", PERIOD)
    down = dashboard.answer("heatmap", {**PERIOD, "measure": "unplanned_down"})
    technical = dashboard.answer("heatmap", {**PERIOD, "measure": "unplanned_down", "reason_class": "technical"})
    planned = dashboard.answer("heatmap", {**PERIOD, "measure": "unplanned_down", "reason_class": "planned"})
    late = dashboard.answer("heatmap", {**PERIOD, "measure": "unplanned_down", "shift": "late"})
    monthly = dashboard.answer("heatmap", {"from": "2024-01-01", "to": "2026-12-31"}, language="de")

    assert cells(availability) == {
        ("1000/M1", "2026-03-02"): (pytest.approx(9_900 / 10_800), 9_900, 10_800),
        ("1000/GONE", "2026-03-03"): (0.5, 1_800, 3_600),
    }
    assert [axis["key"] for axis in availability["y"]] == ["1000/M1", "1000/M2", "1000/M3", "1000/GONE"]
    assert [axis["key"] for axis in availability["x"]] == ["2026-03-02", "2026-03-03"]
    assert availability["grain"] == "day"
    assert cells(down) == {
        ("1000/M1", "2026-03-02"): (900, None, None),
        ("1000/M2", "2026-03-03"): (0, None, None),
        ("1000/GONE", "2026-03-03"): (1_800, None, None),
    }
    assert {key: value for key, (value, *_) in cells(technical).items()} == {
        ("1000/M1", "2026-03-02"): 600,
        ("1000/M2", "2026-03-03"): 0,
        ("1000/GONE", "2026-03-03"): 0,
    }
    assert planned["rows"] == []
    assert codes(planned) == ["nothing_matches"]
    assert cells(late) == {("1000/M1", "2026-03-02"): (0, None, None)}
    assert (monthly["grain"], {row["x"] for row in monthly["rows"]}) == ("month", {"2026-03-01"})
    assert [column["label"] for column in monthly["columns"]][:3] == ["Arbeitsplatz", "Produktionstag", "Verfügbarkeit"]


def test_hours_are_those_of_each_plants_clock_and_states_are_cut_at_them(stack: Stack, dashboard: Dashboard) -> None:
    """On the night of 29 March 2026 no clock in Berlin shows an hour from two to three."""
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin", "2000": "America/Chicago", "3000": "Asia/Kolkata"}, ["M1"])
    insert(
        stack.clickhouse,
        "te_marts.states",
        [
            # Sunday in Berlin: 01:30 to 04:15 on the clock, an hour and three quarters
            state("production", utc("2026-03-29 00:30"), utc("2026-03-29 01:20")),
            state("technical", utc("2026-03-29 01:20"), utc("2026-03-29 01:30")),
            state("planned", utc("2026-03-29 01:30"), utc("2026-03-29 02:00")),
            state("unexplained", utc("2026-03-29 02:00"), utc("2026-03-29 02:15")),
            state("no_data", utc("2026-03-29 02:15"), utc("2026-03-29 09:15")),
            # Monday 2026-03-30 23:50 to Tuesday 02:10 in Chicago (UTC-5)
            state("short_stop", utc("2026-03-31 04:50"), utc("2026-03-31 07:10"), "2000"),
            # Tuesday 10:40 to 11:20 in Kolkata (UTC+5:30)
            state("setup", utc("2026-03-31 05:10"), utc("2026-03-31 05:50"), "3000"),
        ],
    )

    availability = dashboard.answer("heatmap", {**PERIOD, "kind": "weekday_hour"})
    down = dashboard.answer("heatmap", {**PERIOD, "kind": "weekday_hour", "measure": "unplanned_down"})
    none = dashboard.answer(
        "heatmap", {**PERIOD, "kind": "weekday_hour", "measure": "unplanned_down", "reason_class": "other"}
    )

    assert {key: parts for key, (_, *parts) in cells(availability).items()} == {
        ("7", "1"): [1_800, 1_800],
        ("7", "3"): [1_200, 1_800],
        ("7", "4"): [900, 900],
        ("1", "23"): [600, 600],
        ("2", "0"): [3_600, 3_600],
        ("2", "1"): [3_600, 3_600],
        ("2", "2"): [600, 600],
        ("2", "10"): [0, 1_200],
        ("2", "11"): [0, 1_200],
    }
    assert {key: value for key, (value, *_) in cells(down).items() if value} == {("7", "3"): 600}
    assert all(value == 0 for value, *_ in cells(none).values())
    assert [axis["key"] for axis in availability["x"]] == [str(hour) for hour in range(24)]
    assert [axis["label"] for axis in availability["y"]][::6] == ["Monday", "Sunday"]
    assert availability["grain"] is None


def test_scrap_is_of_one_unit_as_the_site_shows_it_on_the_basis_asked_for(stack: Stack, dashboard: Dashboard) -> None:
    units = {"BOX": {"factor": {"to": "PC", "by": 10}}, "PC": {}}
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1", "M2"], units=units)
    insert(
        stack.clickhouse,
        "te_marts.scrap_rate",
        [
            pieces(MONDAY, "2", "100", confirmations=5),
            pieces(MONDAY, "1", "10", "BOX", is_last_operation=False, operation="0005"),
            pieces(MONDAY, "0.5", "8", "KG", work_center="M2"),
            pieces(MONDAY, "0", "0", work_center="M2"),  # no figure
        ],
    )

    usual = dashboard.answer("heatmap", {**PERIOD, "measure": "scrap_rate"})
    last = dashboard.answer("heatmap", {**PERIOD, "measure": "scrap_rate", "basis": "last_operation"})
    weight = dashboard.answer("heatmap", {**PERIOD, "measure": "scrap_rate", "unit": "KG"})
    other = dashboard.answer("heatmap", {**PERIOD, "measure": "scrap_rate", "unit": "TON"})
    order = dashboard.answer("heatmap", {**PERIOD, "measure": "scrap_rate", "basis": "order"})

    assert (usual["unit"], usual["units"], codes(usual)) == ("PC", ["PC", "KG"], ["other_units"])
    assert cells(usual) == {("1000/M1", "2026-03-02"): (0.06, 12, 200)}
    assert cells(last) == {("1000/M1", "2026-03-02"): (0.02, 2, 100)}
    assert cells(weight) == {("1000/M2", "2026-03-02"): (0.0625, 0.5, 8)}
    assert (other["rows"], codes(other)) == ([], ["nothing_matches"])
    assert (order["rows"], codes(order)) == ([], ["order_basis_needs_plants"])


def test_scrap_by_hour_counts_valid_confirmations_at_the_hour_in_which_they_end(
    stack: Stack, dashboard: Dashboard
) -> None:
    """A batch confirmed at 14:00:00 belongs to the shift, and to the hour, that ends there."""
    apply_plants(
        stack.clickhouse, {"1000": "Europe/Berlin"}, ["M1"], units={"BOX": {"factor": {"to": "PC", "by": 10}}, "PC": {}}
    )
    at = utc("2026-03-02 13:00")  # 14:00 in Berlin
    insert(
        stack.clickhouse,
        "te_staging.confirmations",
        [
            confirmation(1, finished_at=at, good_qty=8, scrap_qty=1, rework_qty=1),
            confirmation(2, finished_at=at + timedelta(seconds=1), good_qty=9, scrap_qty=1, operation="0020"),
            confirmation(3, finished_at=at, is_reversed=True, scrap_qty=90),
            confirmation(4, finished_at=at, cancelled_counter="1", scrap_qty=90),
            confirmation(5, finished_at=None, scrap_qty=90),
            confirmation(6, finished_at=at, unit="BOX", good_qty=1, order_id="2", operation="9"),
            confirmation(7, finished_at=at, is_reversed=True, order_id="2", operation="0010"),
            confirmation(8, production_day=date(2026, 4, 9), order_id="1", operation="0015"),
        ],
    )
    asked = {**PERIOD, "measure": "scrap_rate", "kind": "weekday_hour"}

    assert cells(dashboard.answer("heatmap", asked)) == {("1", "13"): (0.05, 1, 20), ("1", "14"): (0.1, 1, 10)}
    # Operation 0020 is the last of order 1. That of order 2 is one whose confirmation was reversed, so 9 is not.
    assert cells(dashboard.answer("heatmap", {**asked, "basis": "last_operation"})) == {("1", "14"): (0.1, 1, 10)}
    as_of = dashboard.answer("heatmap", {**asked, "as_of": "2026-04-01T00:00:00Z"})
    assert "rows_as_of_now" in codes(as_of)
