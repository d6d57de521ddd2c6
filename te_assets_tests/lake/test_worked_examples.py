"""Examples of docs/kpi.md that need several marts or deliveries; the others stand where they belong."""

from __future__ import annotations

from datetime import UTC, date
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.site.profile import parse_site
from te_assets_tests.lake.confirmations import Lake, confirmed
from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.test_history import SITE, at, stop
from te_assets_tests.lake.test_history import Lake as Log
from te_assets_tests.lake.test_rollups import restate, rows
from te_assets_tests.lake.worked_examples import minutes, percent

pytestmark = pytest.mark.stack

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


def test_technical_availability_leaves_out_what_machines_are_not_to_blame_for(
    clickhouse: Client, page_figure: str
) -> None:
    bench = Workbench(clickhouse)
    bench.apply(site())
    bench.stop("meeting", utc("2026-03-02 05:00"), utc("2026-03-02 05:20"), "P")
    bench.stop("jam", utc("2026-03-02 06:00"), utc("2026-03-02 06:40"), "T")
    bench.stop("no material", utc("2026-03-02 07:00"), utc("2026-03-02 07:20"), "O")
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-02 13:00"))
    bench.store()
    restate(clickhouse, "availability", first=MONDAY, last=MONDAY)

    (day,) = rows(clickhouse, "SELECT * FROM te_marts.availability_day")

    names = ("availability", "technical_availability", "total_availability")
    assert page_figure == ", ".join(f"{name} {percent(day[name])}" for name in names)


def test_a_reversal_in_another_month_restates_the_month_of_its_original(clickhouse: Client, page_figure: str) -> None:
    lake = Lake(clickhouse)
    lake.deliver(
        "march.xlsx",
        1,
        confirmed(str(MONDAY), "1", good_qty=96, scrap_qty=4),
        confirmed(str(MONDAY), "2", good_qty=90, scrap_qty=10),
    )
    before = scrap_by_month(lake)
    touched = lake.deliver(
        "april.xlsx", 2, confirmed("2026-04-14", "3", good_qty=90, scrap_qty=10, cancelled_counter="2")
    )
    after = scrap_by_month(lake)

    assert touched == [str(MONDAY), "2026-04-14"]
    assert (set(before), set(after)) == ({"March"}, {"March"})  # the reversal is no scrap of April
    assert page_figure == f"March {before['March']}, then {after['March']}"


def scrap_by_month(lake: Lake) -> dict[str, str]:
    """Month → scrap rate, once what waits is restated."""
    lake.valid()
    restate(lake.client, "scrap_rate", first=MONDAY, last=date(2026, 4, 30))
    found = rows(lake.client, "SELECT * FROM te_marts.scrap_rate_plant_month WHERE basis = 'operation'")
    return {f"{row['month']:%B}": percent(row["scrap_rate"]) for row in found}


@pytest.fixture
def log(clickhouse: Client) -> Log:
    """A plant on UTC with three shifts from 06:00 on, and its operator log."""
    return Log(clickhouse, parse_site(SITE))


def down(log: Log, day: date) -> str:
    """What the machine stood on a production day, over its shifts, and the stops that began there."""
    found = [row for row in availability(log, day) if row["work_center"] == "W1"]
    seconds = sum(row["unplanned_down_seconds"] for row in found)
    return f"{minutes(seconds)} (stops {sum(row['stops'] for row in found)})"


def availability(log: Log, day: date) -> list[Any]:
    log.current()
    return Workbench(log.client).mart("availability", str(day), order="work_center, shift")


def test_an_open_stop_grows_with_each_delivery_and_over_the_boundary_of_the_day(log: Log, page_figure: str) -> None:
    """It was open as long as nobody wrote an end: the horizon is what deliveries cover, never the clock."""
    evening, morning = ("2026-03-02", "2026-03-02"), ("2026-03-02", "2026-03-03")
    log.deliver("evening.xlsx", at(2, 20), stop(1, "2026-03-02T19:00:00"), period=evening)
    first = down(log, MONDAY)
    assert down(log, TUESDAY) == "0 min (stops 0)"
    log.deliver("morning.xlsx", at(3, 8), stop(1, "2026-03-02T19:00:00"), period=morning)
    second = down(log, MONDAY), down(log, TUESDAY)
    log.deliver("noon.xlsx", at(3, 12), stop(1, "2026-03-02T19:00:00", "2026-03-03T09:30:00"), period=morning)
    third = down(log, MONDAY), down(log, TUESDAY)

    assert page_figure == f"{first}; {' + '.join(second)}; {' + '.join(third)}"


def test_a_mistyped_year_is_rejected_and_covers_nothing(log: Log, page_figure: str) -> None:
    """One stop of 2062 declared decades without stops: every day of them had an availability of 100 %."""
    typed = log.deliver(
        "a.xlsx",
        at(4),
        stop(1, "2026-03-02T07:00:00", "2026-03-02T08:00:00"),
        stop(2, "2062-03-02T09:00:00", "2062-03-02T10:00:00"),
        stop(3, "2026-03-02T09:00:00", "2062-03-02T10:00:00"),
    )
    (early, *_), (next_day, *_) = availability(log, MONDAY), availability(log, TUESDAY)

    assert (typed.verdicts.accepted, typed.verdicts.rejected) == (1, 2)
    assert (early["shift"], early["coverage"], next_day["availability"]) == ("early", "partial", None)
    until = early["data_until"].replace(tzinfo=UTC)
    assert (
        page_figure == f"covered until {until:%Y-%m-%d %H:%M} UTC; {next_day['production_day']} {next_day['coverage']}"
    )
