"""Availability by hand: a window of 480 minutes, all figures worked out on paper."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from te_assets.simulator.calendar import Interval, Window
from te_assets.simulator.truth import BREAK, UNPLANNED, AvailabilityTruth, LoggedStop, ReasonTruth, judge_window
from te_assets.simulator.world import ReasonClass

MINUTE = 60_000
DAY = date(2026, 3, 3)
CODES: dict[str, ReasonClass] = {
    "110": "technical",
    "120": "technical",
    "210": "organisational",
    "310": "other",
    "410": "planned",
    "510": "setup",
    "999": "unclassified",
}


def window(start: int = 0, end: int = 480, *breaks: Interval) -> Window:
    return Window(DAY, "early", start * MINUTE, end * MINUTE, tuple((a * MINUTE, b * MINUTE) for a, b in breaks))


def stop(number: int, code: str, start: float, end: float | None) -> LoggedStop:
    ended = None if end is None else int(end * MINUTE)
    return LoggedStop(f"M{number}", CODES[code], code, int(start * MINUTE), ended)


def judge(
    shift: Window, *stops: LoggedStop, executions: tuple[Interval, ...] = (), horizon: int = 10_000 * MINUTE
) -> tuple[AvailabilityTruth, dict[tuple[str, str], ReasonTruth]]:
    parts, reasons = judge_window("1000", "PRS01", shift, stops, executions, horizon)
    return parts, {(reason.reason_class, reason.reason_code): reason for reason in reasons}


def minutes(parts: AvailabilityTruth) -> dict[str, float]:
    return {
        "POT": parts.planned_operation_ms / MINUTE,
        "PLAN": parts.planned_down_ms / MINUTE,
        "PBT": parts.planned_busy_ms / MINUTE,
        "DOWN": parts.unplanned_down_ms / MINUTE,
        "SETUP": parts.setup_ms / MINUTE,
        "APT": parts.production_ms / MINUTE,
    }


def test_worked_example_of_oee_com() -> None:
    parts, _ = judge(window(0, 480, (120, 150), (240, 270)), stop(1, "110", 300, 347))

    assert minutes(parts) == {"POT": 480, "PLAN": 60, "PBT": 420, "DOWN": 47, "SETUP": 0, "APT": 373}
    assert parts.production_ms / parts.planned_busy_ms == pytest.approx(0.888095, abs=5e-7)


def test_two_operators_logging_one_stop_do_not_double_it() -> None:
    parts, reasons = judge(window(), stop(1, "310", 10, 40), stop(2, "210", 20, 60))

    assert minutes(parts)["DOWN"] == 50
    # Organisational goes before other, though it started later.
    assert reasons["organisational", "210"].attributed_ms == 40 * MINUTE
    assert reasons["other", "310"].attributed_ms == 10 * MINUTE
    assert (reasons["other", "310"].logged_ms, parts.stops) == (30 * MINUTE, 2)


def test_within_a_class_the_earlier_start_wins_then_the_smaller_id() -> None:
    _, reasons = judge(window(), stop(2, "110", 10, 30), stop(1, "120", 10, 40), stop(0, "110", 20, 50))

    assert reasons["technical", "120"].attributed_ms == 30 * MINUTE
    assert reasons["technical", "110"].attributed_ms == 10 * MINUTE


def test_planned_wins_over_unplanned_and_unplanned_over_set_up() -> None:
    parts, reasons = judge(
        window(), stop(1, "110", 60, 120), stop(2, "410", 80, 100), stop(3, "510", 110, 150), stop(4, "999", 140, 145)
    )

    assert minutes(parts) == {"POT": 480, "PLAN": 20, "PBT": 460, "DOWN": 45, "SETUP": 25, "APT": 390}
    assert reasons["setup", "510"].attributed_ms == 25 * MINUTE
    assert (parts.stops, parts.failures, parts.technical_down_ms) == (2, 1, 40 * MINUTE)


def test_a_stop_over_the_shift_change_and_a_break_counts_once_and_splits() -> None:
    running = stop(1, "120", 470, 505)
    first, _ = judge(window(0, 480, (475, 480)), running)
    second, _ = judge(window(480, 960), running)

    assert (minutes(first)["DOWN"], minutes(first)["PLAN"], first.stops) == (5, 5, 1)
    assert (minutes(second)["DOWN"], second.stops) == (25, 0)


def test_planned_stops_have_their_seconds_before_breaks() -> None:
    _, reasons = judge(window(0, 480, (100, 130)), stop(1, "410", 90, 110))

    assert reasons["planned", "410"].attributed_ms == 20 * MINUTE
    assert (reasons["planned", BREAK].attributed_ms, reasons["planned", BREAK].stops) == (20 * MINUTE, 0)


def test_zero_length_counts_in_the_window_that_it_opens_and_adds_nothing() -> None:
    on_the_change = stop(1, "110", 480, 480)
    before, _ = judge(window(0, 480), on_the_change)
    after, reasons = judge(window(480, 960), on_the_change)

    assert (before.stops, after.stops, after.short_stops, after.unplanned_down_ms) == (0, 1, 1, 0)
    assert (reasons["technical", "110"].stops, reasons["technical", "110"].attributed_ms) == (1, 0)


def test_short_is_strictly_less_than_five_minutes() -> None:
    parts, _ = judge(window(), stop(1, "110", 10, 15), stop(2, "110", 20, 25 - 1 / MINUTE))

    assert (parts.stops, parts.short_stops, parts.short_stop_ms) == (2, 1, 5 * MINUTE - 1)


def test_windows_and_open_stops_end_at_the_horizon() -> None:
    parts, _ = judge(window(), stop(1, "110", 40, None), horizon=60 * MINUTE)

    assert minutes(parts) == {"POT": 60, "PLAN": 0, "PBT": 60, "DOWN": 20, "SETUP": 0, "APT": 40}
    assert (parts.open_stops, parts.short_stops) == (1, 0)


def test_unexplained_is_production_time_without_the_execution_of_a_confirmation() -> None:
    executions = ((30 * MINUTE, 100 * MINUTE), (90 * MINUTE, 200 * MINUTE))
    parts, _ = judge(window(0, 480, (0, 10)), stop(1, "110", 190, 220), stop(2, "510", 300, 320), executions=executions)

    # 480, without break, stop, set-up, and of the execution 30 to 200 what the stop leaves of it: 160.
    assert parts.unexplained_ms == (480 - 10 - 30 - 20 - 160) * MINUTE


stops_strategy = st.lists(
    st.tuples(st.sampled_from(sorted(CODES)), st.integers(-10, 60), st.one_of(st.none(), st.integers(0, 40))),
    max_size=8,
)


@given(stops_strategy, st.integers(1, 55), st.tuples(st.integers(0, 49), st.integers(0, 20)))
def test_agrees_with_a_count_of_every_millisecond(
    drawn: list[tuple[str, int, int | None]], horizon: int, pause: tuple[int, int]
) -> None:
    stops = [
        LoggedStop(f"M{number}", CODES[code], code, start, None if length is None else start + length)
        for number, (code, start, length) in enumerate(drawn)
    ]
    shift = Window(DAY, "early", 0, 50, ((pause[0], min(50, sum(pause))),))

    parts, reasons = judge_window("1000", "PRS01", shift, stops, [], horizon)

    seen: Counter[str] = Counter()
    for instant in range(min(50, horizon)):
        kinds = {each.reason_class for each in stops if each.runs_at(instant)}
        if "planned" in kinds or pause[0] <= instant < sum(pause):
            seen["PLAN"] += 1
        elif kinds & set(UNPLANNED):
            seen["DOWN"] += 1
            seen["technical"] += "technical" in kinds
        elif kinds:
            seen["SETUP"] += 1
        else:
            seen["APT"] += 1
    assert (parts.planned_down_ms, parts.unplanned_down_ms, parts.setup_ms, parts.production_ms) == (
        seen["PLAN"],
        seen["DOWN"],
        seen["SETUP"],
        seen["APT"],
    )
    assert parts.technical_down_ms == seen["technical"]
    for kind, whole in (("planned", seen["PLAN"]), ("setup", seen["SETUP"])):
        assert sum(reason.attributed_ms for reason in reasons if reason.reason_class == kind) == whole
    unplanned = sum(reason.attributed_ms for reason in reasons if reason.reason_class in UNPLANNED)
    assert unplanned == seen["DOWN"]
