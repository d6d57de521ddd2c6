"""Writes exports as Excel workbooks; the same export always gives the same bytes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from te_assets.simulator.cells import apart, confirmation_cells, stop_cells
from te_assets.simulator.exports import Export
from te_assets.simulator.layouts import Kind, SheetLayout, layout_of
from te_assets.simulator.records import NOT_AVAILABLE, Cell, Confirmation, SheetRow, Stop, Verdict
from te_assets.simulator.world import World

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

NUMBER_FORMATS: Mapping[Kind, str] = {
    "text": "@",
    "number": "General",
    "instant": "yyyy-mm-dd hh:mm:ss.000",
    "date": "yyyy-mm-dd",
    "time": "hh:mm:ss",
}


@dataclass(frozen=True)
class CaseRow:
    """A row that stands for a case: where it is and what must become of it (`field`: the faulty cell, if one)."""

    row: int
    case: str
    verdict: Verdict
    field: str


@dataclass(frozen=True)
class WrittenWorkbook:
    """A workbook on disk with what must come out of it; `export` without its rows."""

    path: Path
    sha256: str
    layout: SheetLayout
    export: Export[Stop] | Export[Confirmation]
    rows_read: int
    accepted: int
    rejected: int
    skipped: int
    duplicates: int
    cases: tuple[CaseRow, ...]


def file_name(layout: SheetLayout, export: Export[Stop] | Export[Confirmation]) -> str:
    """Name with plant, period (production days, both inclusive) where it tells one, and export time (UTC)."""
    period, stamp = export.period, export.exported_at.strftime("%Y%m%dT%H%M%S")
    told = f"_{period.first}_{period.last}" if period.is_declared else ""
    return f"{layout.file_name}_{export.plant.id}{told}_exported-{stamp}.xlsx"


def write_log(world: World, export: Export[Stop], folder: Path) -> WrittenWorkbook:
    """Write an operator log into the folder."""
    rows = [(row, None if row.content is None else stop_cells(world, export.plant, row.content)) for row in export.rows]
    return _write(layout_of(export), export, rows, folder)


def write_confirmations(export: Export[Confirmation], folder: Path) -> WrittenWorkbook:
    """Write confirmations into the folder."""
    rows = [
        (row, None if row.content is None else confirmation_cells(export.plant, row.content)) for row in export.rows
    ]
    return _write(layout_of(export), export, rows, folder)


def _write(
    layout: SheetLayout,
    export: Export[Any],
    rows: list[tuple[SheetRow[Any], dict[str, Cell] | None]],
    folder: Path,
) -> WrittenWorkbook:
    import xlsxwriter

    path = folder / file_name(layout, export)
    cases: list[CaseRow] = []
    counts: Counter[Verdict] = Counter()
    with xlsxwriter.Workbook(str(path)) as workbook:
        workbook.set_properties({"author": "te_assets", "created": export.exported_at.replace(tzinfo=None)})
        formats = {kind: workbook.add_format({"num_format": text}) for kind, text in NUMBER_FORMATS.items()}
        bold = workbook.add_format({"bold": True})
        if layout.cover_sheet:
            cover = workbook.add_worksheet(layout.cover_sheet)
            cover.write_string(0, 0, layout.title)
            cover.write_string(1, 0, f"{export.plant.name}, {export.period.first} … {export.period.last}")
        sheet = workbook.add_worksheet(layout.sheet)
        sheet.set_column(0, len(layout.columns) - 1, 18)
        if layout.title:
            sheet.merge_range(0, 0, 0, 3, f"{layout.title} {export.plant.name}", bold)
        for column, described in enumerate(layout.columns):
            sheet.write_string(layout.header_row - 1, column, described.header, bold)
        for row_number, (row, cells) in enumerate(rows, start=layout.header_row + 1):
            if row.verdict is None:
                continue
            counts[row.verdict] += 1
            if row.case:
                fields = [field for field, _ in row.overrides] if row.verdict is Verdict.REJECTED else []
                cases.append(CaseRow(row_number, row.case, row.verdict, ",".join(fields)))
            shown: dict[str, Cell] = {**(cells or {}), **apart(row.overrides)}
            for column, described in enumerate(layout.columns):
                value = described.header if row.is_header else shown.get(described.field)
                write_cell(sheet, row_number - 1, column, value, formats[described.kind])
    return WrittenWorkbook(
        path=path,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        layout=layout,
        # Its rows are on disk now; a year of them does not fit into memory everywhere.
        export=replace(export, rows=()),
        rows_read=counts.total(),
        accepted=counts[Verdict.ACCEPTED],
        rejected=counts[Verdict.REJECTED],
        skipped=counts[Verdict.SKIPPED],
        duplicates=counts[Verdict.DUPLICATE],
        cases=tuple(cases),
    )


def write_cell(sheet: Worksheet, row: int, column: int, value: Cell, cell_format: Format) -> None:
    """Write a value as a person would have: text stays text, even where it looks like a number.

    Args:
        sheet: An xlsxwriter worksheet.
        row: Row from 0.
        column: Column from 0.
        value: The value; None leaves the cell empty, `#N/A` becomes an error cell.
        cell_format: An xlsxwriter format.
    """
    if value is None:
        return
    if value == NOT_AVAILABLE:
        sheet.write_formula(row, column, "=NA()", cell_format, NOT_AVAILABLE)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, cell_format)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, cell_format)
    elif isinstance(value, datetime | date | time):
        sheet.write_datetime(row, column, value, cell_format)
    else:
        sheet.write_number(row, column, value, cell_format)
