"""Simulates a company and writes what it would have delivered, its site profile, and the truth about both figures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

from te_assets.simulator.belated_cases import (
    confirmations_without,
    corrected_belatedly,
    log_without,
    stops_corrected_belatedly,
    with_belated_reversal,
)
from te_assets.simulator.confirmation_cases import with_confirmation_cases
from te_assets.simulator.exports import (
    confirmations_export,
    interactions_export,
    period_again,
    periods_apart,
    periods_of,
)
from te_assets.simulator.interaction_cases import with_interaction_cases
from te_assets.simulator.journal import confirmations_of, log_of
from te_assets.simulator.plant import Scene, run_plant, scene_of
from te_assets.simulator.results import Truth, judge_plant, newest_accepted
from te_assets.simulator.site_profile import write_site
from te_assets.simulator.truth_coverage import covered_by
from te_assets.simulator.truth_files import TruthFiles, write_truth
from te_assets.simulator.workbooks import WrittenWorkbook, write_confirmations, write_log
from te_assets.simulator.world import DEFAULT_SINCE, WORK_CENTERS, World, demo_world

DEFAULT_START = date(2026, 3, 2)


LATE_WEEK = 1
"""Week of every other plant that arrives when all others are there."""
SILENT_WEEK = 2
"""Week of the plants between, exported in two parts with nothing of one machine for the two days between."""
WEEK_AGAIN = 0
"""Week that is exported once more at the end."""
_WEEKS = 4
"""From so many on, these happen."""
_MACHINE_DAYS_AT_ONCE = 5000
"""Below that, starting processes takes longer than it saves."""


@dataclass(frozen=True)
class Simulated:
    """What a simulation left on disk.

    Attributes:
        workbooks: Paths in the order in which they are delivered; some older exports come after newer ones.
        late: The last of these; they arrive when figures have been shown for long.
        site: Folder with `site.yaml`.
        truth: Parquet files with what must come out.
        first: First production day that the deliveries cover.
        last: Last one, inclusive.
    """

    workbooks: tuple[Path, ...]
    late: tuple[Path, ...]
    site: Path
    truth: TruthFiles
    first: date
    last: date


@dataclass(frozen=True)
class _Delivered:
    """Workbooks of a plant, week by week, and what arrives when all others are there; what must come out of them."""

    weeks: tuple[tuple[WrittenWorkbook, ...], ...]
    late: tuple[WrittenWorkbook, ...]
    truth: Truth


@dataclass(frozen=True)
class _Job:
    """A plant to simulate; it has either a late week, or a week with a silent machine."""

    world: World
    scene: Scene
    seed: int
    folder: Path
    has_late_week: bool


def simulate(
    out_dir: Path,
    *,
    days: int,
    plants: int,
    seed: int,
    start: date = DEFAULT_START,
    work_centers: int = WORK_CENTERS,
) -> Simulated:
    """Write workbooks, site profile and truth of a simulated company.

    Args:
        out_dir: Folder; gets `workbooks/*.xlsx`, `site/site.yaml` and `truth/*.parquet`.
        days: Production days, at least 1.
        plants: Plants, at least 1: 1000 in Berlin, 2000 in Chicago, 3000 in Tokyo, then the zones repeat.
        seed: Equal arguments give equal bytes.
        start: First production day. The product rejects days that lie ahead.
        work_centers: Work centers of each plant, at least 6.

    Raises:
        ValueError: `days`, `plants` or `work_centers` is too small.
    """
    if days < 1:
        raise ValueError(f"a simulation needs at least one day, not {days}")
    world = demo_world(plants, since=min(DEFAULT_SINCE, start), work_centers=work_centers)
    folder = out_dir / "workbooks"
    folder.mkdir(parents=True, exist_ok=True)
    last = start + timedelta(days=days - 1)
    delivered = _run(
        [
            _Job(world, scene_of(world, plant, start, last), seed, folder, has_late_week=index % 2 == 0)
            for index, plant in enumerate(world.plants)
        ]
    )
    judged = Truth()
    for plant in delivered:
        judged.add(plant.truth)
    workbooks = _in_order_of_delivery(delivered)
    late = [workbook for plant in delivered for workbook in plant.late]
    truth = write_truth(out_dir / "truth", world, judged, [*workbooks, *late])
    return Simulated(
        workbooks=tuple(workbook.path for workbook in (*workbooks, *late)),
        late=tuple(workbook.path for workbook in late),
        site=write_site(world, out_dir / "site"),
        truth=truth,
        first=start,
        last=last,
    )


def _run(jobs: Sequence[_Job]) -> list[_Delivered]:
    """Simulate the plants; where that takes long, each in a process."""
    if sum(len(job.scene.days) * len(job.scene.plant.work_centers) for job in jobs) < _MACHINE_DAYS_AT_ONCE:
        return [_simulate_plant(job) for job in jobs]
    # Not a fork: who calls may have threads.
    with ProcessPoolExecutor(min(len(jobs), os.cpu_count() or 1), get_context("spawn")) as pool:
        return list(pool.map(_simulate_plant, jobs))


def _simulate_plant(job: _Job) -> _Delivered:
    world, scene = job.world, job.scene
    history = run_plant(world, scene, job.seed)
    weeks = list(periods_of(scene))
    log = with_interaction_cases(scene, log_of(scene, history), weeks[0])
    confirmations = with_confirmation_cases(scene, confirmations_of(scene, history), weeks[0])
    confirmations = with_belated_reversal(scene, confirmations)
    is_long = len(weeks) >= _WEEKS
    if is_long:
        again = period_again(scene, WEEK_AGAIN)
        log = stops_corrected_belatedly(log, again)
        confirmations = corrected_belatedly(scene, confirmations, again)
        weeks.append((again,))
        if not job.has_late_week:
            first, second = periods_apart(scene, SILENT_WEEK)
            weeks[SILENT_WEEK] = first, second
            log = log_without(scene, log, (first.last, second.first))
            confirmations = confirmations_without(scene, confirmations, (first.last, second.first))
    logs = [[interactions_export(scene, period, log) for period in week] for week in weeks]
    pieces = [[confirmations_export(scene, period, confirmations) for period in week] for week in weeks]
    stops = newest_accepted(export for week in logs for export in week)
    confirmed = newest_accepted(export for week in pieces for export in week)
    covered = covered_by(scene, [export for week in logs for export in week])
    truth = judge_plant(world, scene, stops, confirmed, covered)
    workbooks = [
        tuple(
            workbook
            for log_export, piece_export in zip(log_week, piece_week, strict=True)
            for workbook in (write_log(world, log_export, job.folder), write_confirmations(piece_export, job.folder))
        )
        for log_week, piece_week in zip(logs, pieces, strict=True)
    ]
    if not is_long:
        return _Delivered(tuple(workbooks), (), truth)
    late = [workbooks.pop()]
    if job.has_late_week:
        late.append(workbooks.pop(LATE_WEEK))
    return _Delivered(tuple(workbooks), tuple(workbook for week in late for workbook in week), truth)


def _in_order_of_delivery(delivered: Sequence[_Delivered]) -> list[WrittenWorkbook]:
    """Week by week; every other plant delivers the newer export of a week first and the older one after it."""
    order: list[WrittenWorkbook] = []
    for week in range(max(len(plant.weeks) for plant in delivered)):
        for index, plant in enumerate(delivered):
            files = plant.weeks[week] if week < len(plant.weeks) else ()
            order.extend(sorted(files, key=lambda file: file.export.exported_at, reverse=index % 2 == 0))
    return order
