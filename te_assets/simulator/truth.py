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
from typing import Literal

from te_assets.simulator.calendar import Interval, Window
from te_assets.simulator.world import SHORT_STOP_MINUTES, ReasonClass

BREAK = "(break)"
Coverage = Literal["none", "partial", "full"]
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


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a window within which nothing changes; milliseconds UTC, half-open.

    Attributes:
        stop: What the piece counts for, of the stops that run in it.
        is_break: A break is scheduled.
        is_executed: A confirmation says that pieces were made.
    """

    begin: int
    end: int
    stop: LoggedStop | None
    is_break: bool
    is_executed: bool


@dataclass(frozen=True)
class AvailabilityTruth:
    """Parts of one window in milliseconds; POT = PLAN + DOWN + SETUP + APT.

    `work_center` may be a line. `data_until_ms` is 0 where nobody delivered.
    """

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
    coverage: Coverage = "full"

    @property
    def availability(self) -> float | None:
        """APT / PBT; None without planned busy time or where nobody delivered."""
        if self.coverage == "none" or self.planned_busy_ms == 0:
            return None
        return (self.production_ms / 1000) / (self.planned_busy_ms / 1000)


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
    """Availability parts and reasons of one scheduled window; arguments as for `cut_window` and `judge_pieces`."""
    return judge_pieces(plant, work_center, window, cut_window(window, stops, executions, horizon), stops, horizon)


def cut_window(
    window: Window, stops: Sequence[LoggedStop], executions: Sequence[Interval], horizon: int
) -> list[Piece]:
    """Cut a window wherever anything begins or ends.

    Args:
        window: The shift window with its breaks.
        stops: Stops of the work center; those elsewhere in time do no harm.
        executions: Executions of its confirmations, half-open, milliseconds UTC.
        horizon: Newest instant that the deliveries cover (milliseconds UTC): windows and open stops end there.
    """
    cuts = {window.start, min(window.end, horizon)}
    for stop in stops:
        cuts.add(stop.started)
        if stop.ended is not None:
            cuts.add(stop.ended)
    for interval in (*executions, *window.breaks):
        cuts.update(interval)
    inside = sorted(cut for cut in cuts if window.start <= cut <= min(window.end, horizon))
    return [
        Piece(
            begin,
            end,
            _winner([stop for stop in stops if stop.runs_at(begin)]),
            any(pause[0] <= begin < pause[1] for pause in window.breaks),
            any(execution[0] <= begin < execution[1] for execution in executions),
        )
        for begin, end in pairwise(inside)
    ]


def judge_pieces(
    plant: str, work_center: str, window: Window, pieces: Iterable[Piece], stops: Sequence[LoggedStop], horizon: int
) -> tuple[AvailabilityTruth, tuple[ReasonTruth, ...]]:
    """Availability parts and reasons of a window that was cut into pieces.

    Args:
        plant: Plant.
        work_center: Work center or line.
        window: The shift window.
        pieces: What `cut_window` made of it.
        stops: Stops of the work center; those that start in the window are counted.
        horizon: Where the deliveries end (milliseconds UTC).
    """
    end = min(window.end, horizon)
    milliseconds_of: dict[tuple[str, str], int] = defaultdict(int)
    planned = down = setup = busy_without_stop = short = unexplained = 0
    for piece in pieces:
        length = piece.end - piece.begin
        stop = piece.stop
        if piece.is_break and (stop is None or stop.reason_class != "planned"):
            planned += length
            milliseconds_of["planned", BREAK] += length
            continue
        if stop is None:
            busy_without_stop += length
            unexplained += 0 if piece.is_executed else length
            continue
        milliseconds_of[stop.reason_class, stop.reason_code] += length
        if stop.reason_class == "planned":
            planned += length
        elif stop.reason_class == "setup":
            setup += length
        else:
            down += length
            short += length if stop.is_short else 0
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
        technical_down_ms=sum(part for (kind, _), part in milliseconds_of.items() if kind == "technical"),
        unexplained_ms=unexplained,
        stops=len(unplanned),
        short_stops=sum(stop.is_short for stop in unplanned),
        open_stops=sum(stop.ended is None for stop in unplanned),
        failures=sum(stop.reason_class == "technical" for stop in unplanned),
        data_until_ms=horizon,
    )
    return availability, _reasons(availability, milliseconds_of, starting)


def _winner(standing: Sequence[LoggedStop]) -> LoggedStop | None:
    """The stop that has the instant: planned before unplanned before set-up; then earlier start, then smaller id."""
    order = ("planned", *UNPLANNED, "setup")
    return min(
        standing,
        key=lambda stop: (order.index(stop.reason_class), stop.started, stop.interaction_id),
        default=None,
    )


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
