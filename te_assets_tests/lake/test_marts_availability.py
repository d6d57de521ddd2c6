from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from clickhouse_connect.driver.client import Client

from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.worked_examples import minutes as told
from te_assets_tests.lake.worked_examples import percent

pytestmark = pytest.mark.stack

# Monday; Berlin is one hour ahead of UTC, so the early shift is 05:00 to 13:00 UTC.
DAY = "2026-03-02"
SHIFT = (utc("2026-03-02 05:00"), utc("2026-03-02 13:00"))


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    """A plant with one machine, an early shift of eight hours, and a break from 10:00 to 11:00."""
    workbench = Workbench(clickhouse)
    workbench.apply(site())
    return workbench


def minutes(row_value: Decimal) -> float:
    return float(row_value) / 60


def test_worked_example_of_oee_com(bench: Workbench, page_figure: str) -> None:
    bench.stop("1", utc("2026-03-02 06:00"), utc("2026-03-02 06:47"), "T")
    bench.cover(*SHIFT)

    row = bench.window(DAY)

    assert minutes(row["planned_operation_seconds"]) == 480
    assert minutes(row["planned_down_seconds"]) == 60
    assert minutes(row["planned_busy_seconds"]) == 420
    assert minutes(row["unplanned_down_seconds"]) == 47
    assert minutes(row["production_seconds"]) == 373
    assert row["availability"] == pytest.approx(0.888095, abs=1e-6)
    assert page_figure == (
        f"PBT {told(row['planned_busy_seconds'])}, APT {told(row['production_seconds'])}, "
        f"availability {percent(row['availability'])}"
    )
    assert (row["coverage"], row["stops"], row["failures"], row["short_stops"]) == ("full", 1, 1, 0)


def test_a_stop_logged_by_two_operators_counts_its_time_once(bench: Workbench, page_figure: str) -> None:
    """The best-known open OEE tool adds the durations and shows negative availability."""
    for name in ("1", "2"):
        bench.stop(name, utc("2026-03-02 05:00"), utc("2026-03-02 09:00"), "T")
    bench.cover(*SHIFT)

    row = bench.window(DAY)

    assert minutes(row["unplanned_down_seconds"]) == 240
    assert row["stops"] == 2
    assert page_figure == f"DOWN {told(row['unplanned_down_seconds'])}, {row['stops']} stops"
    assert bench.attributed(DAY) == {("1", "early"): 4 * 3600, ("2", "early"): 0}


def test_overlaps_count_by_class_then_by_earlier_start(bench: Workbench, page_figure: str) -> None:
    bench.stop("other", utc("2026-03-02 05:00"), utc("2026-03-02 08:00"), "X")
    bench.stop("technical", utc("2026-03-02 06:00"), utc("2026-03-02 07:00"), "T")
    bench.stop("later technical", utc("2026-03-02 06:30"), utc("2026-03-02 07:30"), "T2")
    bench.stop("setup", utc("2026-03-02 07:00"), utc("2026-03-02 08:30"), "S")
    bench.stop("unknown", utc("2026-03-02 08:15"), utc("2026-03-02 08:45"), "never heard of")
    bench.cover(*SHIFT)

    attributed = bench.attributed(DAY)
    assert page_figure == ", ".join(f"{name} {seconds // 60} min" for (name, _), seconds in sorted(attributed.items()))
    assert attributed == {
        ("other", "early"): (60 + 30) * 60,
        ("technical", "early"): 60 * 60,
        ("later technical", "early"): 30 * 60,
        ("setup", "early"): 15 * 60,
        ("unknown", "early"): 30 * 60,
    }
    reasons = {
        (row["reason_class"], row["reason_code"]): (
            int(row["attributed_seconds"]),
            int(row["logged_seconds"]),
            row["stops"],
        )
        for row in bench.mart("downtime_reasons", DAY)
    }
    assert reasons == {
        ("other", "X"): (5400, 10800, 1),
        ("technical", "T"): (3600, 3600, 1),
        ("technical", "T2"): (1800, 3600, 1),
        ("setup", "S"): (900, 5400, 1),
        ("unclassified", "never heard of"): (1800, 1800, 1),
        ("planned", "(break)"): (3600, 0, 0),
    }


def test_planned_stop_within_an_unplanned_one_wins(bench: Workbench, page_figure: str) -> None:
    bench.stop("repair", utc("2026-03-02 05:00"), utc("2026-03-02 08:00"), "T")
    bench.stop("maintenance", utc("2026-03-02 06:00"), utc("2026-03-02 07:00"), "P")
    bench.cover(*SHIFT)

    row = bench.window(DAY)

    assert minutes(row["planned_down_seconds"]) == 60 + 60
    assert minutes(row["unplanned_down_seconds"]) == 120
    assert row["stops"] == 1
    assert page_figure == (
        f"PLAN {told(row['planned_down_seconds'])}, DOWN {told(row['unplanned_down_seconds'])}, "
        f"availability {percent(row['availability'])}"
    )


def test_planned_stop_takes_its_time_before_the_break_does(bench: Workbench) -> None:
    bench.stop("meeting", utc("2026-03-02 09:30"), utc("2026-03-02 10:30"), "P")
    bench.cover(*SHIFT)

    reasons = {row["reason_code"]: int(row["attributed_seconds"]) for row in bench.mart("downtime_reasons", DAY)}

    assert reasons == {"P": 3600, "(break)": 1800}
    assert minutes(bench.window(DAY)["planned_down_seconds"]) == 90


def test_stop_over_the_shift_change_is_split_and_counted_where_it_starts(bench: Workbench, page_figure: str) -> None:
    """The break ends the early shift and another begins the late one: only what lies outside of them is down."""
    bench.apply(site(calendar="shifts"))
    bench.stop("1", utc("2026-03-02 12:00"), utc("2026-03-02 14:00"), "T")
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-03 05:00"))

    early, late = bench.window(DAY, "early"), bench.window(DAY, "late")

    assert (minutes(early["unplanned_down_seconds"]), early["stops"]) == (30, 1)
    assert (minutes(late["unplanned_down_seconds"]), late["stops"]) == (30, 0)
    assert page_figure == "; ".join(
        f"{row['shift']} DOWN {told(row['unplanned_down_seconds'])}, stops {row['stops']}" for row in (early, late)
    )
    assert [
        (row["shift"], row["started_at"], row["starts_here"]) for row in bench.mart("stops", DAY, order="started_at")
    ] == [
        ("early", utc("2026-03-02 12:00").replace(tzinfo=None), True),
        ("late", utc("2026-03-02 13:00").replace(tzinfo=None), False),
    ]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 7), ("2026-03-27", 8), ("2026-10-24", 9)])
def test_night_shift_has_the_hours_that_the_clock_leaves_it(
    bench: Workbench, page_figure: str, day: str, hours: int
) -> None:
    bench.apply(site(calendar="shifts"))
    start = utc(f"{day} 12:00")
    bench.cover(start - timedelta(days=1), start + timedelta(days=2))
    bench.stop("1", start + timedelta(hours=11), start + timedelta(hours=12), "T")

    row = bench.window(day, "night")

    assert float(row["planned_operation_seconds"]) == hours * 3600
    assert row["availability"] == pytest.approx((hours - 1) / hours)
    shown = f"{day} POT {told(row['planned_operation_seconds'])}, availability {percent(row['availability'])}"
    assert shown in page_figure.split("; ")
    assert len(page_figure.split("; ")) == 3


def test_availability_rolls_up_by_seconds_not_by_percentages(bench: Workbench, page_figure: str) -> None:
    """A mean of 0 % on a short planned time and 100 % on a long one says 50 %."""
    bench.apply(site(["M1", "M2"]))
    bench.stop("planned", utc("2026-03-02 05:00"), utc("2026-03-02 12:00"), "P")
    bench.stop("broken", utc("2026-03-02 12:00"), utc("2026-03-02 13:00"), "T")
    bench.cover(*SHIFT, work_center="")

    one, two = bench.mart("availability", DAY, order="work_center")

    assert (one["availability"], two["availability"]) == (0.0, 1.0)
    production = one["production_seconds"] + two["production_seconds"]
    busy = one["planned_busy_seconds"] + two["planned_busy_seconds"]
    assert float(production / busy) == 0.875
    mean = (one["availability"] + two["availability"]) / 2
    assert page_figure == f"availability {percent(float(production / busy))}, and not {percent(mean)}"


def test_stops_without_length_count_and_add_nothing(bench: Workbench) -> None:
    for name in ("1", "2", "3", "4", "5"):
        bench.stop(name, utc("2026-03-02 06:00"), utc("2026-03-02 06:00"), "T")
    bench.stop("6", utc("2026-03-02 06:00"), utc("2026-03-02 06:30"), "O")
    bench.cover(*SHIFT)

    row = bench.window(DAY)

    assert (row["stops"], row["failures"], row["short_stops"]) == (6, 5, 5)
    assert minutes(row["unplanned_down_seconds"]) == 30
    assert bench.attributed(DAY)["6", "early"] == 1800


def test_boundary_stamps_belong_to_the_window_they_open(bench: Workbench) -> None:
    bench.apply(site(calendar="shifts"))
    bench.stop("opens late", utc("2026-03-02 13:00"), utc("2026-03-02 13:00"), "T")
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-03 05:00"))

    assert (bench.window(DAY, "early")["stops"], bench.window(DAY, "late")["stops"]) == (0, 1)


def test_open_stop_ends_at_the_data_horizon(bench: Workbench) -> None:
    bench.stop("1", utc("2026-03-02 06:00"), None, "T")
    bench.cover(SHIFT[0], utc("2026-03-02 07:00"))

    row = bench.window(DAY)
    (stop,) = bench.mart("stops", DAY)

    assert minutes(row["planned_operation_seconds"]) == 120
    assert minutes(row["unplanned_down_seconds"]) == 60
    assert (row["stops"], row["open_stops"]) == (1, 1)
    assert stop["ended_at"] == utc("2026-03-02 07:00").replace(tzinfo=None)
    assert stop["is_open"]


def test_running_shift_ends_at_the_data_horizon(bench: Workbench, page_figure: str) -> None:
    """At 07:00 a shift that began at 06:00 has one hour, not eight."""
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-02 06:00"))

    row = bench.window(DAY)

    assert minutes(row["planned_operation_seconds"]) == 60
    assert minutes(row["planned_down_seconds"]) == 0
    assert row["data_until"] == utc("2026-03-02 06:00").replace(tzinfo=None)
    assert (row["availability"], row["coverage"]) == (1.0, "full")
    assert page_figure == f"POT {told(row['planned_operation_seconds'])}, until {row['data_until']:%H:%M} UTC"


def test_stop_over_the_weekend_counts_on_each_day_whichever_is_restated_first(bench: Workbench) -> None:
    bench.apply(site(calendar="shifts"))
    friday_night, monday_morning = utc("2026-03-06 21:00"), utc("2026-03-09 05:00")
    bench.stop("1", friday_night, monday_morning + timedelta(hours=1), "T")
    bench.cover(friday_night - timedelta(hours=16), monday_morning + timedelta(days=1))
    days = ("2026-03-06", "2026-03-07", "2026-03-08", "2026-03-09")

    whole = bench.mart("availability", days[0], days[-1])
    each = [row for day in days for row in bench.mart("availability", day)]
    bench.client.command("TRUNCATE TABLE te_staging.interactions")  # Friday's current rows are not there yet
    monday = bench.mart("availability", "2026-03-09")

    assert {(str(row["production_day"]), row["shift"]): minutes(row["unplanned_down_seconds"]) for row in whole} == {
        **{(day, shift): down for day in days[1:3] for shift, down in (("early", 450), ("late", 450), ("night", 480))},
        ("2026-03-06", "early"): 0,
        ("2026-03-06", "late"): 0,
        ("2026-03-06", "night"): 480,
        ("2026-03-09", "early"): 60,
        ("2026-03-09", "late"): 0,
        ("2026-03-09", "night"): 0,
    }
    assert sum(row["stops"] for row in whole) == 1
    key = lambda row: (row["production_day"], row["shift"])  # noqa: E731
    assert sorted(each, key=key) == sorted(whole, key=key)
    assert monday == [row for row in whole if str(row["production_day"]) == "2026-03-09"]


def test_superseded_and_withdrawn_versions_do_not_reach_in_from_earlier_days(bench: Workbench) -> None:
    start, end = utc("2026-03-02 04:00"), utc("2026-03-02 06:00")
    newer = {
        "version": (utc("2026-03-11 00:00"), utc("2026-03-11 00:00"), "b", "", 0),
        "production_day": date(2026, 3, 1),
    }
    for name in ("moved", "withdrawn", "shortened", "stays"):
        bench.stop(name, start, end, "T", is_superseded=False, is_tombstone=False)
    bench.insert("te_staging.interactions_history", bench.stops)
    bench.stops.clear()
    bench.stop("moved", start, end, "T", is_superseded=True, is_tombstone=False, **newer)
    bench.stop("withdrawn", start, end, "T", is_superseded=False, is_tombstone=True, **newer)
    bench.stop("shortened", start, start + timedelta(minutes=1), "T", is_superseded=False, is_tombstone=False, **newer)
    bench.insert("te_staging.interactions_history", bench.stops)
    bench.stops.clear()
    bench.cover(utc("2026-03-01 05:00"), utc("2026-03-03 05:00"))

    assert bench.attributed(DAY) == {("stays", "early"): 3600}


def test_scheduled_window_has_a_row_though_nobody_delivered(bench: Workbench) -> None:
    row = bench.window(DAY)

    assert (row["coverage"], row["availability"], row["data_until"]) == ("none", None, None)
    assert float(row["planned_operation_seconds"]) == 0


def test_day_without_schedule_has_no_row(bench: Workbench) -> None:
    bench.cover(utc("2026-03-01 05:00"), utc("2026-03-02 05:00"))

    assert bench.mart("availability", "2026-03-01") == []


@pytest.mark.parametrize(
    ("missing", "coverage"), [(timedelta(seconds=288), "full"), (timedelta(seconds=288, milliseconds=1), "partial")]
)
def test_coverage_is_full_from_99_percent_on(bench: Workbench, missing: timedelta, coverage: str) -> None:
    bench.cover(SHIFT[0] - timedelta(days=3), utc("2026-03-02 08:00"), file="one")
    bench.cover(utc("2026-03-02 07:00"), utc("2026-03-02 09:00"), file="two")
    bench.cover(utc("2026-03-02 09:00") + missing, SHIFT[1] + timedelta(days=2), file="three")

    assert bench.window(DAY)["coverage"] == coverage


def test_hole_between_deliveries_is_no_availability(bench: Workbench) -> None:
    bench.cover(utc("2026-03-01 05:00"), utc("2026-03-02 05:00"), file="sunday")
    bench.cover(utc("2026-03-03 05:00"), utc("2026-03-04 05:00"), file="tuesday")

    row = bench.window(DAY)

    assert (row["coverage"], row["availability"]) == ("none", None)
    assert bench.window("2026-03-03")["availability"] == 1.0


def test_short_stops_are_performance_loss_where_the_site_says_so(bench: Workbench) -> None:
    bench.stop("short", utc("2026-03-02 05:00"), utc("2026-03-02 05:04"), "T")
    bench.stop("five minutes", utc("2026-03-02 06:00"), utc("2026-03-02 06:05"), "T")
    bench.stop("short within long", utc("2026-03-02 06:01"), utc("2026-03-02 06:02"), "X")
    bench.cover(*SHIFT)

    as_availability = bench.window(DAY)
    bench.apply(site(short_stops="performance"))
    as_performance = bench.window(DAY)

    parts = ("unplanned_down_seconds", "short_stop_seconds", "technical_down_seconds", "unexplained_seconds")
    assert [int(as_availability[part]) for part in parts] == [540, 240, 540, 7 * 3600 - 540]
    assert [int(as_performance[part]) for part in parts] == [300, 240, 300, 7 * 3600 - 540]
    assert as_performance["production_seconds"] == as_availability["production_seconds"] + 240
    assert (as_performance["stops"], as_performance["short_stops"], as_performance["failures"]) == (3, 2, 2)
    reasons = {
        row["reason_code"]: (int(row["attributed_seconds"]), row["stops"])
        for row in bench.mart("downtime_reasons", DAY)
    }
    assert reasons == {"T": (300, 2), "X": (0, 1), "(break)": (3600, 0)}


def test_unexplained_is_busy_time_with_neither_stop_nor_execution(bench: Workbench) -> None:
    bench.stop("1", utc("2026-03-02 05:00"), utc("2026-03-02 06:00"), "T")
    bench.confirm("1", started_at=utc("2026-03-02 05:30"), finished_at=utc("2026-03-02 08:00"))
    bench.confirm("2", started_at=utc("2026-03-02 07:00"), finished_at=utc("2026-03-02 08:30"))
    bench.confirm("3", started_at=utc("2026-03-02 11:00"), finished_at=utc("2026-03-02 12:00"), is_reversed=True)
    bench.confirm("over night", started_at=utc("2026-03-02 12:30"), finished_at=utc("2026-03-03 06:00"))
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-03 13:00"))

    monday, tuesday = bench.window(DAY), bench.window("2026-03-03")

    assert minutes(monday["unexplained_seconds"]) == 420 - 60 - 150 - 30
    assert minutes(tuesday["unexplained_seconds"]) == 420 - 60


def test_stop_outside_every_window_is_listed_and_counts_nowhere(bench: Workbench) -> None:
    bench.stop("evening", utc("2026-03-02 20:00"), utc("2026-03-02 21:00"), "T")
    bench.stop("over the end", utc("2026-03-02 12:00"), utc("2026-03-02 15:00"), "T")
    bench.stop("elsewhere", utc("2026-03-02 06:00"), utc("2026-03-02 07:00"), "T", work_center="not in the site")
    bench.cover(utc("2026-03-02 05:00"), utc("2026-03-03 05:00"))

    row = bench.window(DAY)
    listed = {
        (r["interaction_id"], r["shift"], int(r["attributed_seconds"]), r["starts_here"])
        for r in bench.mart("stops", DAY)
    }

    assert (row["stops"], minutes(row["unplanned_down_seconds"])) == (1, 60)
    assert listed == {
        ("evening", None, 0, True),
        ("over the end", "early", 3600, True),
        ("over the end", None, 0, False),
        ("elsewhere", None, 0, True),
    }


def test_milliseconds_are_exact(bench: Workbench) -> None:
    start = utc("2026-03-02 05:00")
    bench.stop("1", start + timedelta(milliseconds=1), start + timedelta(milliseconds=334), "T")
    bench.stop("2", start + timedelta(milliseconds=333), start + timedelta(milliseconds=1000), "O")
    bench.cover(*SHIFT)

    row = bench.window(DAY)

    assert row["unplanned_down_seconds"] == Decimal("0.999")
    assert row["technical_down_seconds"] == Decimal("0.333")
    assert row["production_seconds"] == Decimal("25199.001")
