"""A company as it happens: single events when they happen at the machines, and each day's workbooks when it is over."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import Any

from te_assets.simulator.calendar import milliseconds
from te_assets.simulator.exports import Model, confirmations_export, day_period, interactions_export
from te_assets.simulator.journal import confirmations_of, log_of, tellable, tellable_execution
from te_assets.simulator.plant import Scene, run_plant, scene_of
from te_assets.simulator.records import Confirmation, Entry, Stop
from te_assets.simulator.results import Truth, judge_plant, newest_accepted
from te_assets.simulator.site_profile import write_site
from te_assets.simulator.truth_coverage import covered_by
from te_assets.simulator.truth_files import TruthFiles, write_truth
from te_assets.simulator.workbooks import WrittenWorkbook, write_confirmations, write_log
from te_assets.simulator.world import DEFAULT_SINCE, WORK_CENTERS, World, demo_world


@dataclass(frozen=True)
class EventsDue:
    """Events of one model that become known within one step.

    Attributes:
        due: When, milliseconds UTC of the simulated clock.
        events: As the gateway takes them.
        key: Idempotency key: the same simulation posts the same events under it.
    """

    due: int
    model: Model
    events: tuple[Mapping[str, Any], ...]
    key: str


@dataclass(frozen=True)
class FileDue:
    """A workbook that is exported; `due` in milliseconds UTC of the simulated clock."""

    due: int
    path: Path


Due = EventsDue | FileDue


@dataclass(frozen=True)
class LiveCompany:
    """What a company delivers, in order of time.

    Attributes:
        pieces: All deliveries.
        begins: Begin of the first production day, milliseconds UTC.
        site: Folder with `site.yaml`.
        truth: What must stand in the marts of these days when all is delivered.
        first: First production day.
        last: Last one, inclusive.
    """

    pieces: tuple[Due, ...]
    begins: int
    site: Path
    truth: TruthFiles
    first: date
    last: date


def live_company(
    out_dir: Path,
    *,
    days: int,
    plants: int,
    seed: int,
    start: date,
    work_centers: int = WORK_CENTERS,
    step: int = 60_000,
) -> LiveCompany:
    """Simulate a company and cut what it delivers into pieces; everyday rows only, nothing is faulty.

    Args:
        out_dir: Folder; gets `workbooks/*.xlsx`, `site/site.yaml` and `truth/*.parquet`.
        days: Production days, at least 1.
        plants: Plants, at least 1.
        seed: Equal arguments give equal deliveries.
        start: First production day.
        work_centers: Work centers of each plant, at least 6.
        step: Events of so many milliseconds go together.
    """
    world = demo_world(plants, since=min(DEFAULT_SINCE, start), work_centers=work_centers)
    folder = out_dir / "workbooks"
    folder.mkdir(parents=True, exist_ok=True)
    last = start + timedelta(days=days - 1)
    scenes = [scene_of(world, plant, start, last) for plant in world.plants]
    truth, workbooks, pieces = Truth(), list[WrittenWorkbook](), list[Due]()
    for scene in scenes:
        deliveries = _of_plant(world, scene, seed, folder)
        truth.add(deliveries.truth)
        workbooks += deliveries.workbooks
        pieces += (FileDue(_exported(workbook), workbook.path) for workbook in deliveries.workbooks)
        name = f"{seed}/{start}/{days}/{scene.plant.id}/{work_centers}/{step}"
        pieces += _in_steps(deliveries.events, scene.bounds[1], step, name)
    pieces.sort(key=lambda piece: piece.due)
    return LiveCompany(
        pieces=tuple(pieces),
        begins=min(scene.bounds[0] for scene in scenes),
        site=write_site(world, out_dir / "site"),
        truth=write_truth(out_dir / "truth", world, truth, sorted(workbooks, key=_exported)),
        first=start,
        last=last,
    )


@dataclass(frozen=True)
class _Event:
    at: int
    model: Model
    key: str
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class _Deliveries:
    events: Sequence[_Event]
    workbooks: Sequence[WrittenWorkbook]
    truth: Truth


def _of_plant(world: World, scene: Scene, seed: int, folder: Path) -> _Deliveries:
    history = run_plant(world, scene, seed)
    log = [tellable(scene, entry) for entry in log_of(scene, history)]
    confirmations = [tellable_execution(scene, entry) for entry in confirmations_of(scene, history)]
    periods = [day_period(scene, day) for day in scene.days]
    logs = [interactions_export(scene, period, log) for period in periods]
    pieces = [confirmations_export(scene, period, confirmations) for period in periods]
    covered = covered_by(scene, logs)
    return _Deliveries(
        events=[*chain.from_iterable(map(_stop_events, log)), *map(_confirmation_event, confirmations)],
        workbooks=[
            *(write_log(world, export, folder) for export in logs),
            *(write_confirmations(export, folder) for export in pieces),
        ],
        truth=judge_plant(world, scene, newest_accepted(logs), newest_accepted(pieces), covered),
    )


def _exported(workbook: WrittenWorkbook) -> int:
    return milliseconds(workbook.export.exported_at)


def _stop_events(entry: Entry[Stop]) -> Iterator[_Event]:
    """A stop when it begins, and again, by the same id, when it ends."""
    stop = entry.content
    begun = {
        "plant": stop.plant,
        "work_center": stop.work_center,
        "interaction_id": stop.interaction_id,
        "started_at": _iso(stop.started),
        "reason_code": stop.reason_code,
        "operator": stop.operator,
    }
    yield _Event(stop.started, "interactions", stop.interaction_id, begun)
    if stop.ended is not None:
        yield _Event(stop.ended, "interactions", stop.interaction_id, {**begun, "ended_at": _iso(stop.ended)})


def _confirmation_event(entry: Entry[Confirmation]) -> _Event:
    """A confirmation when it is entered."""
    one = entry.content
    assert one.started is not None
    assert one.finished is not None
    assert one.entered is not None
    fields = {
        "plant": one.plant,
        "work_center": one.work_center,
        "order_id": one.order_id,
        "operation": one.operation,
        "confirmation": one.confirmation,
        "counter": one.counter,
        "material": one.material,
        "unit": one.unit,
        "good_qty": _quantity(one.good),
        "scrap_qty": _quantity(one.scrap),
        "rework_qty": _quantity(one.rework),
        "order_unit": one.order_unit,
        "order_unit_good_qty": _quantity(one.order_unit_good),
        "order_unit_scrap_qty": _quantity(one.order_unit_scrap),
        "scrap_reason_code": one.scrap_reason or None,
        "started_at": _iso(one.started),
        "finished_at": _iso(one.finished),
        "entered_at": _iso(one.entered),
        "posted_at": one.posted.isoformat(),
        "is_final": one.is_final,
    }
    return _Event(one.entered, "confirmations", f"{one.confirmation}/{one.counter}", fields)


def _in_steps(events: Iterable[_Event], until: int, step: int, name: str) -> Iterator[EventsDue]:
    """Events that become known until an instant, those of one step and model together; of one key the last."""
    steps: dict[tuple[int, Model], dict[str, _Event]] = defaultdict(dict)
    for event in sorted(events, key=lambda event: event.at):
        if event.at <= until:
            steps[event.at // step, event.model][event.key] = event
    for (number, model), kept in steps.items():
        due = max(event.at for event in kept.values())
        yield EventsDue(due, model, tuple(event.fields for event in kept.values()), f"{name}/{model}/{number}")


def _iso(instant: int) -> str:
    return datetime.fromtimestamp(instant / 1000, UTC).isoformat(timespec="milliseconds")


def _quantity(thousandths: int) -> str:
    return str(Decimal(thousandths) / 1000)
