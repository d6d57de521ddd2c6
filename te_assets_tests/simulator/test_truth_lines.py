"""Lines by hand: two stations, times in small numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from te_assets.simulator.calendar import Window
from te_assets.simulator.truth import LoggedStop, judge_window
from te_assets.simulator.truth_coverage import Covered
from te_assets.simulator.truth_lines import LineTruth, Station, judge_line
from te_assets.simulator.world import Line

DAY = date(2026, 3, 3)


def station(start: int, end: int, *stops: LoggedStop, periods: tuple[tuple[int, int], ...] = ((0, 1000),)) -> Station:
    window = Window(DAY, "early", start, end)
    covered = Covered(periods)
    parts, _ = judge_window("1000", "M", window, stops, (), covered.horizon)
    coverage = covered.of(start, min(end, covered.horizon))
    return Station((window,), stops, (), covered, [replace(parts, coverage=coverage)])


def line(topology: str, *stations: Station) -> LineTruth:
    described = Line("L1", "Line 1", "series" if topology == "series" else "parallel")
    (row,) = judge_line("1000", described, {str(number): each for number, each in enumerate(stations)})
    return row


JAM, CHECK = LoggedStop("M1", "technical", "110", 120, 150), LoggedStop("M2", "other", "310", 140, 170)


def test_a_series_line_stands_while_any_station_stands() -> None:
    row = line("series", station(100, 200, JAM), station(110, 220, CHECK))

    parts = row.parts
    assert (row.stations, parts.planned_operation_ms) == (2, 90)  # 110 to 200, when both are scheduled
    assert (parts.unplanned_down_ms, parts.technical_down_ms, parts.stops) == (50, 30, 2)
    assert parts.availability == pytest.approx(40 / 90)


def test_a_parallel_line_is_the_sum_of_its_stations() -> None:
    row = line("parallel", station(100, 200, JAM), station(110, 220, CHECK))

    assert (row.stations, row.parts.planned_operation_ms, row.parts.unplanned_down_ms) == (2, 210, 60)
    assert row.parts.coverage == "full"


def test_what_nobody_delivered_is_left_out_of_a_parallel_line_and_blinds_a_series_line() -> None:
    heard, silent = station(100, 200, JAM), station(100, 200, CHECK, periods=((500, 600),))

    parallel, series = line("parallel", heard, silent).parts, line("series", heard, silent).parts

    assert (parallel.planned_operation_ms, parallel.unplanned_down_ms, parallel.coverage) == (100, 30, "partial")
    assert (series.planned_operation_ms, series.coverage, series.availability) == (100, "none", None)
