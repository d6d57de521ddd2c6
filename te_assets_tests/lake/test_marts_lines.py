"""Availability of lines: in series any stop stops the line, in parallel stations are added up."""

from __future__ import annotations

from datetime import UTC
from decimal import Decimal

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.site.model import Site
from te_assets_tests.lake.marts_workbench import Row, Workbench, site, utc
from te_assets_tests.lake.worked_examples import minutes, percent

pytestmark = pytest.mark.stack

DAY = "2026-03-02"
# The window `early` is 06:00 to 14:00 in Berlin, 05:00 to 13:00 UTC, with a break of an hour from 09:00 UTC.
START, END = utc(f"{DAY} 05:00"), utc(f"{DAY} 13:00")


def bench(client: Client, topology: str, *, cover: tuple[str, ...] = ("M1", "M2")) -> Workbench:
    workbench = Workbench(client)
    workbench.apply(site(["M1", "M2", "M3"], lines={"L": (topology, ["M1", "M2"])}))
    for name in cover:
        workbench.cover(utc("2026-03-01 05:00"), utc("2026-03-04 05:00"), work_center=name, file=name)
    return workbench


def line(workbench: Workbench) -> Row:
    (row,) = workbench.mart("availability_line", DAY)
    return row


def seconds(row: Row) -> dict[str, int]:
    names = ("planned_operation", "planned_down", "planned_busy", "unplanned_down", "setup", "production")
    return {name: int(row[f"{name}_seconds"]) for name in names}


def shown(row: Row) -> str:
    return (
        f"PBT {minutes(row['planned_busy_seconds'])}, DOWN {minutes(row['unplanned_down_seconds'])}, "
        f"availability {percent(row['availability'])}"
    )


def test_stops_of_stations_in_series_are_one_union(clickhouse: Client, page_figure: str) -> None:
    workbench = bench(clickhouse, "series")
    workbench.stop("1", utc(f"{DAY} 06:00"), utc(f"{DAY} 07:00"), "T")
    workbench.stop("2", utc(f"{DAY} 06:30"), utc(f"{DAY} 07:30"), "O", work_center="M2")
    workbench.stop("3", utc(f"{DAY} 11:00"), utc(f"{DAY} 12:00"), "T", work_center="M3")  # is in no line
    row = line(workbench)
    assert seconds(row) == {
        "planned_operation": 8 * 3600,
        "planned_down": 3600,
        "planned_busy": 7 * 3600,
        "unplanned_down": 5400,  # 06:00 to 07:30: a sum would be 7,200
        "setup": 0,
        "production": 7 * 3600 - 5400,
    }
    assert (row["line"], row["topology"], row["stations"], row["coverage"]) == ("L", "series", 2, "full")
    assert (row["stops"], row["failures"], int(row["technical_down_seconds"])) == (2, 1, 3600)
    assert row["availability"] == pytest.approx((25200 - 5400) / 25200, abs=1e-15)
    assert page_figure == shown(row)


def test_what_is_planned_on_one_station_stops_a_series_line_too_and_wins(clickhouse: Client) -> None:
    workbench = bench(clickhouse, "series")
    workbench.stop("1", utc(f"{DAY} 06:00"), utc(f"{DAY} 08:00"), "T")
    workbench.stop("2", utc(f"{DAY} 07:00"), utc(f"{DAY} 08:00"), "P", work_center="M2")
    row = line(workbench)
    assert (int(row["planned_down_seconds"]), int(row["unplanned_down_seconds"])) == (7200, 3600)


def test_parallel_stations_are_added_up(clickhouse: Client, page_figure: str) -> None:
    workbench = bench(clickhouse, "parallel")
    workbench.stop("1", utc(f"{DAY} 06:00"), utc(f"{DAY} 07:00"), "T")
    workbench.stop("2", utc(f"{DAY} 06:30"), utc(f"{DAY} 07:30"), "O", work_center="M2")
    row = line(workbench)
    machines = [m for m in workbench.mart("availability", DAY) if m["work_center"] in ("M1", "M2")]
    for name in ("planned_operation", "planned_busy", "unplanned_down", "production", "unexplained"):
        assert row[f"{name}_seconds"] == sum((m[f"{name}_seconds"] for m in machines), Decimal(0)), name
    assert int(row["unplanned_down_seconds"]) == 7200
    assert row["availability"] == pytest.approx((2 * 25200 - 7200) / (2 * 25200), abs=1e-15)
    assert page_figure == shown(row)


def test_a_series_line_is_known_only_as_far_as_all_of_its_stations_are(clickhouse: Client) -> None:
    workbench = bench(clickhouse, "series", cover=("M1",))
    workbench.cover(utc("2026-03-01 05:00"), utc(f"{DAY} 07:00"), work_center="M2", file="M2")
    workbench.stop("1", utc(f"{DAY} 06:00"), None, "T")
    row = line(workbench)
    assert (int(row["planned_operation_seconds"]), int(row["unplanned_down_seconds"])) == (7200, 3600)
    assert row["data_until"].replace(tzinfo=UTC) == utc(f"{DAY} 07:00")
    assert (row["coverage"], row["open_stops"]) == ("full", 1)


def test_a_station_that_nobody_delivered_for_makes_a_series_line_unknown(clickhouse: Client) -> None:
    workbench = bench(clickhouse, "series", cover=("M1",))
    row = line(workbench)
    assert (row["coverage"], row["availability"], row["data_until"]) == ("none", None, None)


def test_a_station_that_nobody_delivered_for_is_left_out_of_a_parallel_line(clickhouse: Client) -> None:
    workbench = bench(clickhouse, "parallel", cover=("M1",))
    row = line(workbench)
    assert (row["coverage"], int(row["planned_busy_seconds"]), row["stations"]) == ("partial", 25200, 2)
    assert row["availability"] == 1


def test_a_station_that_does_not_work_the_shift_stops_nobody(clickhouse: Client) -> None:
    """M2 has no calendar: its stop lies outside of its POT, and nobody needs to deliver for it."""
    profile = site(["M1", "M2"], lines={"L": ("series", ["M1", "M2"])}).model_dump(mode="json", by_alias=True)
    profile["plants"][0]["work_centers"][1]["calendar"] = None
    workbench = Workbench(clickhouse)
    workbench.apply(Site.model_validate(profile))
    workbench.cover(utc("2026-03-01 05:00"), utc("2026-03-04 05:00"))
    workbench.stop("1", utc(f"{DAY} 06:00"), utc(f"{DAY} 07:00"), "T")
    workbench.stop("2", utc(f"{DAY} 06:30"), utc(f"{DAY} 08:30"), "T", work_center="M2")
    row = line(workbench)
    assert (int(row["unplanned_down_seconds"]), row["stops"], row["stations"]) == (3600, 1, 1)
    assert row["coverage"] == "full"


def test_executions_of_any_station_explain_busy_time_of_a_series_line(clickhouse: Client) -> None:
    workbench = bench(clickhouse, "series")
    workbench.confirm("1", work_center="M2", started_at=START, finished_at=utc(f"{DAY} 08:00"))
    assert int(line(workbench)["unexplained_seconds"]) == 4 * 3600
