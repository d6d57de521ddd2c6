"""Writes the truth as Parquet files, one for each mart that is compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.simulator.results import Truth
from te_assets.simulator.rollups import PERIODS, availability_over, scrap_over
from te_assets.simulator.truth import AvailabilityTruth
from te_assets.simulator.truth_lines import LineTruth
from te_assets.simulator.truth_scrap import OrderTruth, ScrapTruth
from te_assets.simulator.truth_states import StateTruth
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
