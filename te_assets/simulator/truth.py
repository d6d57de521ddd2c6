"""Availability as it must come out, by plain loops over small pieces of time; shares no code with the product.

Everything is in whole milliseconds. A window is cut at every instant at which anything begins or ends, so that within
a piece nothing changes; each piece then counts for exactly one thing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from te_assets.simulator.calendar import Interval, Window
from te_assets.simulator.world import SHORT_STOP_MINUTES, ReasonClass

BREAK = "(break)"
UNPLANNED: tuple[ReasonClass, ...] = ("technical", "organisational", "other", "unclassified")
"""Where unplanned stops overlap, the earlier one in this order has the instant."""

_SHORT = SHORT_STOP_MINUTES * 60_000


@dataclass(frozen=True)
class LoggedStop:
    """A stop as delivered and accepted in its newest version; milliseconds UTC, `ended` None while open."""

    interaction_id: str
    reason_class: ReasonClass
    reason_code: str
    started: int
    ended: int | None

    @property
    def is_short(self) -> bool:
        """Unplanned, ended, and strictly shorter than the policy says."""
        return self.reason_class in UNPLANNED and self.ended is not None and self.ended - self.started < _SHORT

    def runs_at(self, instant: int) -> bool:
        """Whether the machine stands at the instant for this stop."""
        return self.started <= instant and (self.ended is None or instant < self.ended)


@dataclass(frozen=True)
class AvailabilityTruth:
    """Parts of one window in milliseconds; POT = PLAN + DOWN + SETUP + APT."""

    plant: str
    work_center: str
    production_day: date
    shift: str
    planned_operation_ms: int
    planned_down_ms: int
    planned_busy_ms: int
    unplanned_down_ms: int
    setup_ms: int
    short_stop_ms: int
    production_ms: int
    technical_down_ms: int
    unexplained_ms: int
    stops: int
    short_stops: int
    open_stops: int
    failures: int
    data_until_ms: int


@dataclass(frozen=True)
class ReasonTruth:
    """What one reason has of one window; `logged_ms` counts overlaps twice and open stops not at all."""

    plant: str
    work_center: str
    production_day: date
    shift: str
    reason_class: str
    reason_code: str
    attributed_ms: int
    logged_ms: int
    stops: int


def judge_window(
    plant: str,
    work_center: str,
    window: Window,
    stops: Sequence[LoggedStop],
    executions: Sequence[Interval],
    horizon: int,
) -> tuple[AvailabilityTruth, tuple[ReasonTruth, ...]]:
    """Availability parts and reasons of one scheduled window.

    Args:
        plant: Plant.
        work_center: Work center.
        window: The shift window with its breaks.
        stops: Stops of the work center; those elsewhere in time do no harm.
        executions: Executions of its confirmations, half-open, milliseconds UTC.
        horizon: Newest instant that the deliveries cover (milliseconds UTC): windows and open stops end there.
    """
    end = min(window.end, horizon)
    seconds_of: dict[tuple[str, str], int] = defaultdict(int)
    planned = down = setup = busy_without_stop = short = unexplained = 0
    for begin, until in _pieces(window.start, end, stops, (*executions, *window.breaks)):
        length = until - begin
        standing = [stop for stop in stops if stop.runs_at(begin)]
        winner = _winner(standing)
        if any(pause[0] <= begin < pause[1] for pause in window.breaks) and not _is_planned(winner):
            planned += length
            seconds_of["planned", BREAK] += length
            continue
        if winner is None:
            busy_without_stop += length
            if not any(execution[0] <= begin < execution[1] for execution in executions):
                unexplained += length
            continue
        seconds_of[winner.reason_class, winner.reason_code] += length
        if winner.reason_class == "planned":
            planned += length
        elif winner.reason_class == "setup":
            setup += length
        else:
            down += length
            short += length if winner.is_short else 0
    operation = max(0, end - window.start)
    starting = [stop for stop in stops if window.start <= stop.started < end]
    unplanned = [stop for stop in starting if stop.reason_class in UNPLANNED]
    availability = AvailabilityTruth(
        plant=plant,
        work_center=work_center,
        production_day=window.production_day,
        shift=window.shift,
        planned_operation_ms=operation,
        planned_down_ms=planned,
        planned_busy_ms=operation - planned,
        unplanned_down_ms=down,
        setup_ms=setup,
        short_stop_ms=short,
        production_ms=busy_without_stop,
        technical_down_ms=sum(part for (kind, _), part in seconds_of.items() if kind == "technical"),
        unexplained_ms=unexplained,
        stops=len(unplanned),
        short_stops=sum(stop.is_short for stop in unplanned),
        open_stops=sum(stop.ended is None for stop in unplanned),
        failures=sum(stop.reason_class == "technical" for stop in unplanned),
        data_until_ms=horizon,
    )
    return availability, _reasons(availability, seconds_of, starting)


def _pieces(
    begin: int, end: int, stops: Iterable[LoggedStop], intervals: Iterable[Interval]
) -> Iterable[tuple[int, int]]:
    """Cut [begin, end) wherever a stop or an interval begins or ends."""
    cuts = {begin, end}
    for stop in stops:
        cuts.add(stop.started)
        if stop.ended is not None:
            cuts.add(stop.ended)
    for interval in intervals:
        cuts.update(interval)
    inside = sorted(cut for cut in cuts if begin <= cut <= end)
    return pairwise(inside)


def _winner(standing: Sequence[LoggedStop]) -> LoggedStop | None:
    """The stop that has the instant: planned before unplanned before set-up; then earlier start, then smaller id."""
    order = ("planned", *UNPLANNED, "setup")
    return min(
        standing,
        key=lambda stop: (order.index(stop.reason_class), stop.started, stop.interaction_id),
        default=None,
    )


def _is_planned(stop: LoggedStop | None) -> bool:
    return stop is not None and stop.reason_class == "planned"


def _reasons(
    window: AvailabilityTruth, attributed: dict[tuple[str, str], int], starting: Sequence[LoggedStop]
) -> tuple[ReasonTruth, ...]:
    keys = set(attributed) | {(stop.reason_class, stop.reason_code) for stop in starting}
    rows = []
    for reason_class, code in sorted(keys):
        here = [stop for stop in starting if (stop.reason_class, stop.reason_code) == (reason_class, code)]
        rows.append(
            ReasonTruth(
                plant=window.plant,
                work_center=window.work_center,
                production_day=window.production_day,
                shift=window.shift,
                reason_class=reason_class,
                reason_code=code,
                attributed_ms=attributed.get((reason_class, code), 0),
                logged_ms=sum(stop.ended - stop.started for stop in here if stop.ended is not None),
                stops=len(here),
            )
        )
    return tuple(rows)
