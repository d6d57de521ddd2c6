from __future__ import annotations

from datetime import date

from te_assets.simulator.calendar import Window
from te_assets.simulator.truth import BREAK, Coverage, LoggedStop, cut_window
from te_assets.simulator.truth_states import states_of_day

DAY = date(2026, 3, 3)
EARLY = Window(DAY, "early", 100, 200, ((140, 150),))
LATE = Window(DAY, "late", 200, 300)
STOPS = (
    LoggedStop("M1", "technical", "110", 120, 130),
    LoggedStop("M2", "other", "310", 125, 145),
    LoggedStop("M3", "setup", "510", 190, 210),
)
RUNS = ((100, 110), (110, 118))


def states(*windows: Window, horizon: int = 1000, coverage: Coverage = "full") -> list[tuple[int, int, str, str, str]]:
    worked = [(window, cut_window(window, STOPS, RUNS, horizon), coverage) for window in windows]
    rows = list(states_of_day("1000", "M", DAY, (0, 400), worked, horizon))
    return [(row.started_ms, row.ended_ms, row.state, row.reason_code, row.interaction_id) for row in rows]


def test_a_day_is_one_sequence_without_gaps() -> None:
    assert states(EARLY, LATE) == [
        (0, 100, "outside_calendar", "", ""),
        # Two executions that meet are one stretch of production.
        (100, 118, "production", "", ""),
        (118, 120, "unexplained", "", ""),
        (120, 130, "technical", "110", "M1"),
        (130, 140, "other", "310", "M2"),
        (140, 150, "planned", BREAK, ""),
        (150, 190, "unexplained", "", ""),
        (190, 200, "setup", "510", "M3"),
        (200, 210, "setup", "510", "M3"),
        (210, 300, "unexplained", "", ""),
        (300, 400, "outside_calendar", "", ""),
    ]


def test_behind_the_horizon_nothing_is_known() -> None:
    assert states(EARLY, LATE, horizon=195)[-4:] == [
        (150, 190, "unexplained", "", ""),
        (190, 195, "setup", "510", "M3"),
        (195, 200, "no_data", "", ""),
        (200, 400, "no_data", "", ""),
    ]


def test_what_nothing_explains_is_no_finding_where_nobody_delivered() -> None:
    assert states(LATE, coverage="none")[1:3] == [(200, 210, "setup", "510", "M3"), (210, 300, "no_data", "", "")]
