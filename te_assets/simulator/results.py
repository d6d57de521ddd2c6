"""Gathers what the deliveries say in the end and judges it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from te_assets.simulator.calendar import Interval, day_bounds
from te_assets.simulator.exports import Export
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation, Content, Stop, Verdict
from te_assets.simulator.truth import (
    AvailabilityTruth,
    LoggedStop,
    ReasonTruth,
    cut_window,
    judge_pieces,
)
from te_assets.simulator.truth_coverage import NOTHING, Covered
from te_assets.simulator.truth_lines import LineTruth, Station, judge_line
from te_assets.simulator.truth_scrap import (
    OrderTruth,
    ScrapReasonTruth,
    ScrapTruth,
    count_orders,
    count_pieces,
    count_scrap_reasons,
    valid_among,
)
from te_assets.simulator.truth_states import StateTruth, states_of_day
from te_assets.simulator.windows import near
from te_assets.simulator.world import World


@dataclass
class Truth:
    """What must come out, of one or more plants."""

    availability: list[AvailabilityTruth] = field(default_factory=list)
    lines: list[LineTruth] = field(default_factory=list)
    reasons: list[ReasonTruth] = field(default_factory=list)
    states: list[StateTruth] = field(default_factory=list)
    scrap: list[ScrapTruth] = field(default_factory=list)
    scrap_reasons: list[ScrapReasonTruth] = field(default_factory=list)
    orders: list[OrderTruth] = field(default_factory=list)

    def add(self, other: Truth) -> None:
        """Take over the rows of another one."""
        for name in vars(self):
            getattr(self, name).extend(getattr(other, name))


def newest_accepted(exports: Iterable[Export[Content]]) -> list[Content]:
    """What stands after all deliveries: per key the accepted row of the newest export, whatever arrived when."""
    newest: dict[tuple[str, ...], Content] = {}
    for export in sorted(exports, key=lambda export: export.exported_at):
        for row in export.rows:
            if row.verdict is Verdict.ACCEPTED and row.content is not None:
                newest[row.content.key] = row.content
    return list(newest.values())


def judge_plant(
    world: World,
    scene: Scene,
    stops: Iterable[Stop],
    confirmations: Sequence[Confirmation],
    covered: Mapping[str, Covered],
) -> Truth:
    """What must come out of a plant.

    Args:
        world: Reasons and materials.
        scene: Plant and period.
        stops: Lines of the operator log in their newest versions.
        confirmations: Confirmations in their newest versions.
        covered: What logs cover, per work center; figures end where that ends.
    """
    truth = Truth()
    logged: dict[str, list[LoggedStop]] = defaultdict(list)
    for stop in sorted(stops, key=lambda stop: stop.started):
        kind = world.reason_class(stop.reason_code)
        logged[stop.work_center].append(
            LoggedStop(stop.interaction_id, kind, stop.reason_code, stop.started, stop.ended)
        )
    executions: dict[str, list[Interval]] = defaultdict(list)
    for confirmation in valid_among(confirmations):
        if confirmation.started is not None and confirmation.finished is not None:
            executions[confirmation.work_center].append((confirmation.started, confirmation.finished))
    stations: dict[str, dict[str, Station]] = defaultdict(dict)
    for center in scene.plant.work_centers:
        made = sorted(executions[center.id])
        known = covered.get(center.id, NOTHING)
        judged = _judge_work_center(truth, scene, center.id, logged[center.id], made, known)
        stations[center.line][center.id] = Station(scene.windows_at(center.id), logged[center.id], made, known, judged)
    for line in scene.plant.lines:
        truth.lines.extend(judge_line(scene.plant.id, line, stations[line.id]))
    truth.scrap.extend(count_pieces(scene, confirmations))
    truth.scrap_reasons.extend(count_scrap_reasons(scene, confirmations))
    truth.orders.extend(count_orders(confirmations))
    return truth


def _judge_work_center(
    truth: Truth,
    scene: Scene,
    work_center: str,
    stops: Sequence[LoggedStop],
    executions: Sequence[Interval],
    covered: Covered,
) -> list[AvailabilityTruth]:
    plant, windows, horizon = scene.plant, scene.windows_at(work_center), covered.horizon
    judged: list[AvailabilityTruth] = []
    worked = defaultdict(list)
    for window, close, made in zip(
        windows,
        near(windows, stops, lambda stop: (stop.started, stop.ended)),
        near(windows, executions, lambda span: span),
        strict=True,
    ):
        pieces = cut_window(window, close, made, horizon)
        parts, reasons = judge_pieces(plant.id, work_center, window, pieces, close, horizon)
        coverage = covered.of(window.start, min(window.end, horizon))
        judged.append(replace(parts, coverage=coverage))
        truth.reasons.extend(reasons)
        worked[window.production_day].append((window, pieces, coverage))
    for day in scene.days:
        bounds = day_bounds(day, plant.day_starts, plant.zone)
        truth.states.extend(states_of_day(plant.id, work_center, day, bounds, worked[day], horizon))
    truth.availability.extend(judged)
    return judged
