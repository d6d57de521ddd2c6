"""Gathers what the deliveries say in the end, judges it, and writes the truth as Parquet files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.simulator.calendar import Interval, day_bounds
from te_assets.simulator.exports import Export
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation, Content, Stop, Verdict
from te_assets.simulator.rollups import PERIODS, availability_over, scrap_over
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
from te_assets.simulator.workbooks import WrittenWorkbook
from te_assets.simulator.world import World

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH = 50_000


@dataclass(frozen=True)
class TruthFiles:
    """Parquet files with what must come out.

    Attributes:
        marts: Mart → its rows; times in milliseconds. Of downtime reasons, those of which nothing is left and none
            starts in the window are absent.
        files: Per workbook the counts of rows read, accepted, rejected, skipped and duplicates.
        cases: Every row that stands for a case, with its Excel row number and verdict.
    """

    marts: Mapping[str, Path]
    files: Path
    cases: Path


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


def write_truth(folder: Path, world: World, truth: Truth, workbooks: Sequence[WrittenWorkbook]) -> TruthFiles:
    """Write the truth into the folder; `workbooks` stand in the order of delivery."""
    folder.mkdir(parents=True, exist_ok=True)
    marts = {}
    for name, rows in _marts(world, truth):
        marts[name] = folder / f"{name}.parquet"
        _write(marts[name], rows)
    files = TruthFiles(marts, folder / "files.parquet", folder / "cases.parquet")
    _write(files.files, [_file(order, workbook) for order, workbook in enumerate(workbooks, start=1)])
    _write(files.cases, [line for workbook in workbooks for line in _cases(workbook)])
    return files


def _marts(world: World, truth: Truth) -> Iterator[tuple[str, Iterable[dict[str, Any]]]]:
    yield "availability", (_availability(row) for row in truth.availability)
    yield "availability_line", (_line(row) for row in truth.lines)
    yield "downtime_reasons", (dict(vars(row)) for row in truth.reasons)
    yield "states", (_state(row) for row in truth.states)
    yield "scrap_rate", (_scrap(row) for row in truth.scrap)
    yield "scrap_reasons", (_quantities(vars(row), ("scrap",)) for row in truth.scrap_reasons)
    yield "order_yield", (_order(row) for row in truth.orders)
    of_lines = [row.parts for row in truth.lines]
    for period in PERIODS:
        suffix = period.removeprefix("production_")
        yield f"availability_{suffix}", _instants(availability_over(truth.availability, period, "work_center"))
        yield f"availability_plant_{suffix}", _instants(availability_over(truth.availability, period, None))
        yield f"availability_line_{suffix}", _instants(availability_over(of_lines, period, "line"))
        yield f"scrap_rate_{suffix}", scrap_over(world, truth.scrap, period, "work_center")
        yield f"scrap_rate_plant_{suffix}", scrap_over(world, truth.scrap, period, None)


def _availability(row: AvailabilityTruth) -> dict[str, Any]:
    return _with_instant({**vars(row), "availability": row.availability})


def _line(row: LineTruth) -> dict[str, Any]:
    columns = _availability(row.parts)
    return {"topology": row.topology, "stations": row.stations, "line": columns.pop("work_center"), **columns}


def _state(row: StateTruth) -> dict[str, Any]:
    return {
        "plant": row.plant,
        "work_center": row.work_center,
        "production_day": row.production_day,
        "shift": row.shift,
        "started_at": _instant(row.started_ms),
        "ended_at": _instant(row.ended_ms),
        "state": row.state,
        "reason_code": row.reason_code,
        "interaction_id": row.interaction_id,
    }


def _scrap(row: ScrapTruth) -> dict[str, Any]:
    columns = _quantities(vars(row), ("good", "scrap", "rework", "produced", "outside_calendar"))
    return {**columns, "scrap_rate": row.scrap_rate}


def _order(row: OrderTruth) -> dict[str, Any]:
    columns = _quantities(vars(row), ("first_operation_produced", "last_operation_good", "scrap"))
    return {**columns, "fall_off_ratio": row.fall_off_ratio, "rolled_yield": row.rolled_yield}


def _quantities(row: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    columns = dict(row)
    for name in names:
        columns[f"{name}_qty"] = Decimal(columns.pop(name)) / 1000
    return columns


def _instants(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [_with_instant(row) for row in rows]


def _with_instant(columns: dict[str, Any]) -> dict[str, Any]:
    return {**columns, "data_until": _instant(columns.pop("data_until_ms"))}


def _instant(milliseconds: int) -> datetime | None:
    """An aware instant, UTC; None where nobody delivered."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds else None


def _file(order: int, workbook: WrittenWorkbook) -> dict[str, Any]:
    export = workbook.export
    return {
        "delivery": order,
        "file": workbook.path.name,
        "sha256": workbook.sha256,
        "plant": export.plant.id,
        "model": export.model,
        "sheet": workbook.layout.sheet,
        "header_row": workbook.layout.header_row,
        "period_first": export.period.first,
        "period_last": export.period.last,
        "exported_at": export.exported_at,
        "rows_read": workbook.rows_read,
        "accepted": workbook.accepted,
        "rejected": workbook.rejected,
        "skipped": workbook.skipped,
        "duplicates": workbook.duplicates,
    }


def _cases(workbook: WrittenWorkbook) -> list[dict[str, Any]]:
    return [
        {
            "file": workbook.path.name,
            "sha256": workbook.sha256,
            "model": workbook.export.model,
            "sheet": workbook.layout.sheet,
            "row": case.row,
            "case": case.case,
            "verdict": case.verdict.value,
            "field": case.field,
        }
        for case in workbook.cases
    ]


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write batch by batch into one table: rows as dictionaries take much more memory than columns."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    waiting = iter(rows)
    batches = []
    while batch := list(islice(waiting, _BATCH)):
        table = pa.Table.from_pylist(batch)
        batches.append(table.cast(pa.schema([pa.field(f.name, _stored(f.name, f.type)) for f in table.schema])))
    table = pa.concat_tables(batches, promote_options="permissive")
    nothing = pa.schema([pa.field(f.name, pa.string() if pa.types.is_null(f.type) else f.type) for f in table.schema])
    pq.write_table(table.cast(nothing), path)


def _stored(name: str, inferred: pa.DataType) -> pa.DataType:
    """Quantities with three decimals and instants in UTC milliseconds, as the marts have them."""
    import pyarrow as pa

    if name.endswith("_qty"):
        return pa.decimal128(18, 3)
    if name in ("data_until", "exported_at", "started_at", "ended_at"):
        return pa.timestamp("ms", "UTC")
    return inferred
