"""Gathers what the deliveries say in the end, judges it, and writes the truth as Parquet files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.simulator.exports import Export
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation, Content, Stop, Verdict
from te_assets.simulator.truth import AvailabilityTruth, LoggedStop, ReasonTruth, judge_window
from te_assets.simulator.truth_scrap import ScrapTruth
from te_assets.simulator.workbooks import WrittenWorkbook
from te_assets.simulator.world import World

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class TruthFiles:
    """Parquet files with what must come out.

    Attributes:
        availability: Parts per plant, work center, production day and shift, milliseconds.
        downtime_reasons: Per reason of each window; reasons of which nothing is left and none starts there are absent.
        scrap_rate: Pieces per plant, work center, production day, shift, material, operation and unit.
        files: Per workbook the counts of rows read, accepted, rejected, skipped and duplicates.
        cases: Every row that stands for a case, with its Excel row number and verdict.
    """

    availability: Path
    downtime_reasons: Path
    scrap_rate: Path
    files: Path
    cases: Path


def newest_accepted(exports: Iterable[Export[Content]]) -> list[Content]:
    """What stands after all deliveries: per key the accepted row of the newest export, whatever arrived when."""
    newest: dict[tuple[str, ...], Content] = {}
    for export in sorted(exports, key=lambda export: export.exported_at):
        for row in export.rows:
            if row.verdict is Verdict.ACCEPTED and row.content is not None:
                newest[row.content.key] = row.content
    return list(newest.values())


def judge_plant(
    world: World, scene: Scene, stops: Iterable[Stop], confirmations: Iterable[Confirmation]
) -> tuple[list[AvailabilityTruth], list[ReasonTruth]]:
    """Availability and reasons of every scheduled window of a plant; the data horizon is the end of the period."""
    logged: dict[str, list[LoggedStop]] = defaultdict(list)
    for stop in stops:
        kind = world.reason_class(stop.reason_code)
        logged[stop.work_center].append(
            LoggedStop(stop.interaction_id, kind, stop.reason_code, stop.started, stop.ended)
        )
    executions: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for confirmation in confirmations:
        if confirmation.started is not None and confirmation.finished is not None:
            executions[confirmation.work_center].append((confirmation.started, confirmation.finished))
    availability: list[AvailabilityTruth] = []
    reasons: list[ReasonTruth] = []
    horizon = scene.bounds[1]
    for work_center, windows in scene.windows:
        for window in windows:
            near = [
                stop
                for stop in logged[work_center]
                if stop.started < window.end and (stop.ended is None or stop.ended >= window.start)
            ]
            made = [pair for pair in executions[work_center] if pair[0] < window.end and pair[1] > window.start]
            parts, of_reasons = judge_window(scene.plant.id, work_center, window, near, made, horizon)
            availability.append(parts)
            reasons.extend(of_reasons)
    return availability, reasons


def write_truth(
    folder: Path,
    availability: Sequence[AvailabilityTruth],
    reasons: Sequence[ReasonTruth],
    scrap: Sequence[ScrapTruth],
    workbooks: Sequence[WrittenWorkbook],
) -> TruthFiles:
    """Write the truth into the folder; `workbooks` stand in the order of delivery."""
    folder.mkdir(parents=True, exist_ok=True)
    files = TruthFiles(
        *(folder / f"{name}.parquet" for name in ("availability", "downtime_reasons", "scrap_rate", "files", "cases"))
    )
    _write(files.availability, [_availability(row) for row in availability])
    _write(files.downtime_reasons, [vars(row) for row in reasons])
    _write(files.scrap_rate, [_scrap(row) for row in scrap])
    _write(files.files, [_file(order, workbook) for order, workbook in enumerate(workbooks, start=1)])
    _write(files.cases, [line for workbook in workbooks for line in _cases(workbook)])
    return files


def _availability(row: AvailabilityTruth) -> dict[str, Any]:
    columns = dict(vars(row))
    columns["data_until"] = datetime.fromtimestamp(columns.pop("data_until_ms") / 1000, UTC)
    return {**columns, "coverage": "full"}


def _scrap(row: ScrapTruth) -> dict[str, Any]:
    columns = dict(vars(row))
    for name in ("good", "scrap", "rework", "produced", "outside_calendar"):
        columns[f"{name}_qty"] = Decimal(columns.pop(name)) / 1000
    return columns


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


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(rows)
    schema = pa.schema([pa.field(field.name, _stored(field.name, field.type)) for field in table.schema])
    pq.write_table(table.cast(schema), path)


def _stored(name: str, inferred: pa.DataType) -> pa.DataType:
    """Quantities with three decimals and instants in UTC milliseconds, as the marts have them."""
    import pyarrow as pa

    if name.endswith("_qty"):
        return pa.decimal128(18, 3)
    if name in ("data_until", "exported_at"):
        return pa.timestamp("ms", "UTC")
    return pa.string() if pa.types.is_null(inferred) else inferred
