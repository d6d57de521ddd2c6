"""Availability of lines as it must come out: a series line as one machine, a parallel line as a sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from te_assets.simulator.calendar import Interval, Window
from te_assets.simulator.truth import AvailabilityTruth, LoggedStop, judge_window
from te_assets.simulator.truth_coverage import Covered, least
from te_assets.simulator.windows import near
from te_assets.simulator.world import Line

_SUMMED = (
    "planned_operation_ms",
    "planned_down_ms",
    "planned_busy_ms",
    "unplanned_down_ms",
    "setup_ms",
    "short_stop_ms",
    "production_ms",
    "technical_down_ms",
    "unexplained_ms",
    "stops",
    "short_stops",
    "open_stops",
    "failures",
)


@dataclass(frozen=True)
class Station:
    """A work center of a line with all that is known of it; `judged` are its own figures per window."""

    windows: Sequence[Window]
    stops: Sequence[LoggedStop]
    executions: Sequence[Interval]
    covered: Covered
    judged: Sequence[AvailabilityTruth]


@dataclass(frozen=True)
class LineTruth:
    """Parts of a line in one shift; `stations` of its work centers work the shift."""

    topology: str
    stations: int
    parts: AvailabilityTruth


def judge_line(plant: str, line: Line, stations: Mapping[str, Station]) -> list[LineTruth]:
    """Figures of a line for every shift that any of its stations works, in order of time."""
    if line.topology == "series":
        return _series(plant, line, list(stations.values()))
    return _parallel(plant, line, list(stations.values()))


def _series(plant: str, line: Line, stations: Sequence[Station]) -> list[LineTruth]:
    """One machine that stands while any station stands, scheduled while all stations of the shift are.

    It is covered as far as the station that is covered least.
    """
    # A station that does not work the shift stops nobody.
    working: dict[tuple[date, str], list[tuple[Window, Station]]] = defaultdict(list)
    stops: dict[tuple[date, str], list[LoggedStop]] = defaultdict(list)
    executions: dict[tuple[date, str], list[Interval]] = defaultdict(list)
    for station in stations:
        in_order = sorted(station.stops, key=lambda stop: stop.started)
        for window, close, made in zip(
            station.windows,
            near(station.windows, in_order, lambda stop: (stop.started, stop.ended)),
            near(station.windows, sorted(station.executions), lambda span: span),
            strict=True,
        ):
            key = window.production_day, window.shift
            working[key].append((window, station))
            stops[key] += close
            executions[key] += made
    shared = [
        (
            Window(
                day,
                shift,
                max(window.start for window, _ in here),
                min(window.end for window, _ in here),
                tuple(pause for window, _ in here for pause in window.breaks),
            ),
            here,
        )
        for (day, shift), here in working.items()
    ]
    shared.sort(key=lambda pair: pair[0].start)
    rows = []
    for window, here in shared:
        key = window.production_day, window.shift
        horizon = min(station.covered.horizon for _, station in here)
        parts, _ = judge_window(plant, line.id, window, stops[key], executions[key], horizon)
        coverage = least([station.covered.of(window.start, min(window.end, horizon)) for _, station in here])
        rows.append(LineTruth(line.topology, len(here), replace(parts, coverage=coverage)))
    return rows


def _parallel(plant: str, line: Line, stations: Iterable[Station]) -> list[LineTruth]:
    """The sum of the stations that work the shift; those that nobody delivered for are left out."""
    working: dict[tuple[date, str], list[AvailabilityTruth]] = defaultdict(list)
    for station in stations:
        for parts in station.judged:
            working[parts.production_day, parts.shift].append(parts)
    rows = []
    for (day, shift), here in working.items():
        delivered = [parts for parts in here if parts.coverage != "none"]
        summed = {name: sum(getattr(parts, name) for parts in delivered) for name in _SUMMED}
        coverages = [parts.coverage for parts in here]
        total = AvailabilityTruth(
            plant=plant,
            work_center=line.id,
            production_day=day,
            shift=shift,
            **summed,
            data_until_ms=max(parts.data_until_ms for parts in here),
            coverage="none" if not delivered else "full" if least(coverages) == "full" else "partial",
        )
        rows.append(LineTruth(line.topology, len(here), total))
    return rows
