"""Simulates a company and writes what it would have delivered, its site profile, and the truth about both figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from te_assets.simulator.confirmation_cases import with_confirmation_cases
from te_assets.simulator.exports import Period, confirmations_export, interactions_export, periods_of
from te_assets.simulator.interaction_cases import with_interaction_cases
from te_assets.simulator.journal import confirmations_of, log_of
from te_assets.simulator.plant import Scene, run_plant, scene_of
from te_assets.simulator.results import Truth, TruthFiles, judge_plant, newest_accepted, write_truth
from te_assets.simulator.site_profile import write_site
from te_assets.simulator.truth_coverage import covered_by
from te_assets.simulator.workbooks import WrittenWorkbook, write_confirmations, write_log
from te_assets.simulator.world import DEFAULT_SINCE, World, demo_world

DEFAULT_START = date(2026, 3, 2)


@dataclass(frozen=True)
class Simulated:
    """What a simulation left on disk.

    Attributes:
        workbooks: Paths in the order in which they are delivered; some older exports come after newer ones.
        site: Folder with `site.yaml`.
        truth: Parquet files with what must come out.
        first: First production day that the deliveries cover.
        last: Last one, inclusive.
    """

    workbooks: tuple[Path, ...]
    site: Path
    truth: TruthFiles
    first: date
    last: date


@dataclass(frozen=True)
class _PlantResult:
    scene: Scene
    periods: tuple[tuple[Period, ...], ...]
    workbooks: tuple[tuple[WrittenWorkbook, ...], ...]


def simulate(out_dir: Path, *, days: int, plants: int, seed: int, start: date = DEFAULT_START) -> Simulated:
    """Write workbooks, site profile and truth of a simulated company.

    Args:
        out_dir: Folder; gets `workbooks/*.xlsx`, `site/site.yaml` and `truth/*.parquet`.
        days: Production days, at least 1.
        plants: Plants, at least 1: 1000 in Berlin, 2000 in Chicago, 3000 in Tokyo, then the zones repeat.
        seed: Equal arguments give equal bytes.
        start: First production day. The product rejects days that lie ahead.

    Raises:
        ValueError: `days` or `plants` is less than 1.
    """
    if days < 1:
        raise ValueError(f"a simulation needs at least one day, not {days}")
    world = demo_world(plants, since=min(DEFAULT_SINCE, start))
    folder = out_dir / "workbooks"
    folder.mkdir(parents=True, exist_ok=True)
    last = start + timedelta(days=days - 1)
    judged = Truth()
    results = [
        _simulate_plant(judged, world, scene_of(world, plant, start, last), seed, folder) for plant in world.plants
    ]
    workbooks = _in_order_of_delivery(results)
    truth = write_truth(out_dir / "truth", world, judged, workbooks)
    return Simulated(
        workbooks=tuple(workbook.path for workbook in workbooks),
        site=write_site(world, out_dir / "site"),
        truth=truth,
        first=start,
        last=last,
    )


def _simulate_plant(judged: Truth, world: World, scene: Scene, seed: int, folder: Path) -> _PlantResult:
    history = run_plant(world, scene, seed)
    weeks = periods_of(scene)
    log = with_interaction_cases(scene, log_of(scene, history), weeks[0])
    confirmations = with_confirmation_cases(scene, confirmations_of(scene, history), weeks[0])
    logs = [[interactions_export(scene, period, log) for period in week] for week in weeks]
    pieces = [[confirmations_export(scene, period, confirmations) for period in week] for week in weeks]
    stops = newest_accepted(export for week in logs for export in week)
    confirmed = newest_accepted(export for week in pieces for export in week)
    covered = covered_by(scene, [export for week in logs for export in week])
    judge_plant(judged, world, scene, stops, confirmed, covered)
    workbooks = tuple(
        tuple(
            workbook
            for log_export, piece_export in zip(log_week, piece_week, strict=True)
            for workbook in (write_log(world, log_export, folder), write_confirmations(piece_export, folder))
        )
        for log_week, piece_week in zip(logs, pieces, strict=True)
    )
    return _PlantResult(scene, weeks, workbooks)


def _in_order_of_delivery(results: Sequence[_PlantResult]) -> list[WrittenWorkbook]:
    """Week by week; every other plant delivers the newer export of a week first and the older one after it."""
    order: list[WrittenWorkbook] = []
    for week in range(max(len(result.workbooks) for result in results)):
        for index, result in enumerate(results):
            files = result.workbooks[week]
            order.extend(sorted(files, key=lambda file: file.export.exported_at, reverse=index % 2 == 0))
    return order
