"""What a work center did instant by instant, as it must come out; shares no code with the product."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from te_assets.simulator.calendar import Interval, Window
from te_assets.simulator.truth import BREAK, Coverage, Piece


@dataclass(frozen=True, slots=True)
class StateTruth:
    """A stretch of one state; milliseconds UTC, half-open. `shift` None: outside every window."""

    plant: str
    work_center: str
    production_day: date
    shift: str | None
    started_ms: int
    ended_ms: int
    state: str
    reason_code: str
    interaction_id: str


def states_of_day(
    plant: str,
    work_center: str,
    day: date,
    bounds: Interval,
    worked: Iterable[tuple[Window, Sequence[Piece], Coverage]],
    horizon: int,
) -> Iterator[StateTruth]:
    """Yield the stretches of a production day, without gaps from its begin to its end.

    Args:
        plant: Plant.
        work_center: Work center.
        day: Production day.
        bounds: Its begin and end, milliseconds UTC.
        worked: Its windows in order of time, cut into pieces, and what deliveries cover of each.
        horizon: Newest instant that the deliveries cover (milliseconds UTC); 0: none.
    """
    at = bounds[0]
    for window, pieces, coverage in worked:
        yield from _unscheduled(plant, work_center, day, at, window.start, horizon)
        for (state, reason, interaction), stretch in groupby(pieces, key=lambda piece: _state(piece, coverage)):
            same = list(stretch)
            yield StateTruth(
                plant, work_center, day, window.shift, same[0].begin, same[-1].end, state, reason, interaction
            )
        at = max(window.start, min(window.end, horizon))
    yield from _unscheduled(plant, work_center, day, at, bounds[1], horizon)


def _unscheduled(plant: str, work_center: str, day: date, begin: int, end: int, horizon: int) -> Iterator[StateTruth]:
    if begin < end:
        state = "no_data" if begin >= horizon else "outside_calendar"
        yield StateTruth(plant, work_center, day, None, begin, end, state, "", "")


def _state(piece: Piece, coverage: Coverage) -> tuple[str, str, str]:
    """State, reason and stop of a piece; what nothing explains is no finding where nobody delivered."""
    stop = piece.stop
    if piece.is_break and (stop is None or stop.reason_class != "planned"):
        return "planned", BREAK, ""
    if stop is not None:
        return stop.reason_class, stop.reason_code, stop.interaction_id
    if piece.is_executed:
        return "production", "", ""
    return ("no_data" if coverage == "none" else "unexplained"), "", ""
