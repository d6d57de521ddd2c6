"""Writes the rejected rows of a workbook as a workbook to repair: original headers and values, faulty cells marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from te_assets.contracts.layout import REPAIR_HEADERS
from te_assets.workbook.request import TextFormat
from te_assets.workbook.text_records import records

_MARK = "FFF2C4C4"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_INSTRUCTIONS = (
    "These rows were rejected. Each marked cell is at fault; the last column but one says why.",
    "Mend the marked cells, delete nothing else, and deliver this workbook like any other export.",
    "Rows that are not here were accepted: do not add them again.",
)


@dataclass(frozen=True)
class CellFault:
    """Why a row was rejected; `column` counts from 0 (A = 0), None where no single cell is at fault."""

    row: int
    column: int | None
    message: str


def write_rejects(
    source: Path,
    sheet: str,
    header_row: int,
    faults: Sequence[CellFault],
    out: Path,
    *,
    sha256: str,
    hidden: Collection[int] = (),
    text: TextFormat | None = None,
    first_row: int | None = None,
) -> int:
    """Write the rejected rows of a sheet, in their original order under their original headers.

    Args:
        source: The workbook or text file that was judged.
        sheet: Its sheet.
        header_row: Excel row number of the last header row.
        faults: All reasons; a row may have several.
        out: The workbook to write.
        sha256: Of the source; a repaired row tells by it which one it was.
        hidden: Columns whose values stay out, counted from 0.
        text: How the source is cut into cells if it is a text file; its cells are written as text.
        first_row: First row to keep, where the contract looks for something above the header.

    Returns:
        Number of rows written.
    """
    import openpyxl
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import PatternFill

    by_row: dict[int, list[CellFault]] = {}
    for fault in faults:
        by_row.setdefault(fault.row, []).append(fault)
    mark = PatternFill("solid", start_color=_MARK)
    book = openpyxl.Workbook(write_only=True)
    target = book.create_sheet(sheet)
    first = first_row or header_row
    source_rows = _rows_of_text(source, text) if text else _rows_of_workbook(source, sheet, first)
    kept = [(n, row) for n, row in source_rows if first <= n <= header_row or n in by_row]
    width = max((len(row) for _, row in kept), default=0)
    for number, row in kept:
        found = by_row.get(number, []) if number > header_row else []
        marked = {fault.column for fault in found if fault.column is not None}
        left_out = hidden if number > header_row else ()
        cells = [
            _cell(WriteOnlyCell(target), None if column in left_out else value, number_format)
            for column, (value, number_format) in enumerate(row)
        ]
        for column in marked & set(range(len(cells))):
            cells[column].fill = mark
        blanks = [None] * (width - len(cells))  # rows of a text file may be shorter than its header
        if number == header_row:
            target.append([*cells, *blanks, *REPAIR_HEADERS])
        elif found:
            reasons = "; ".join(dict.fromkeys(fault.message for fault in found))
            target.append([*cells, *blanks, reasons, f"{sha256}/{sheet}/{number}"])
        else:
            target.append(cells)
    notes = book.create_sheet("Instructions")
    for sentence in _INSTRUCTIONS:
        notes.append([sentence])
    book.save(out)
    return len(by_row)


def _cell(cell: Any, value: Any, number_format: str) -> Any:
    """The cell with the value and its format."""
    cell.value = value
    if value is not None:
        cell.number_format = number_format
    if isinstance(value, str):
        cell.data_type = "s"  # text that begins with = stays text
    return cell


_Row = tuple[int, list[tuple[Any, str]]]


def _rows_of_workbook(source: Path, sheet: str, header_row: int) -> Iterator[_Row]:
    """Number, and value and number format of each cell, of the rows from the header on."""
    import openpyxl

    with source.open("rb") as file:  # given a path the library insists on an extension, which a landed copy has not
        original = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for number, row in enumerate(original[sheet].iter_rows(min_row=header_row), header_row):
            yield number, [(cell.value, cell.number_format if cell.value is not None else "") for cell in row]
        original.close()


def _rows_of_text(source: Path, text: TextFormat) -> Iterator[_Row]:
    """Line number, and text and number format of each cell; control characters as Excel escapes them."""
    for line, cells in records(source, source.name, text):
        yield line, [(_CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", cell) or None, "@") for cell in cells]
