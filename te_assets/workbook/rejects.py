"""Writes the rejected rows of a workbook as a workbook to repair: original headers and values, faulty cells marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from te_assets.contracts.layout import REASON_HEADER
from te_assets.workbook.request import TextFormat
from te_assets.workbook.text_records import records

_MARK = "FFF2C4C4"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_INSTRUCTIONS = (
    "These rows were rejected. Each marked cell is at fault; the last column says why.",
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
    rows = _rows_of_text(source, text) if text else _rows_of_workbook(source, sheet, first)
    for number, row in rows:
        if number < first or (number > header_row and number not in by_row):
            continue
        found = by_row.get(number, [])
        marked = {fault.column for fault in found}
        cells = []
        for column, (original, number_format) in enumerate(row):
            value = None if column in hidden and number > header_row else original
            cell = WriteOnlyCell(target, value=value)
            if value is not None:
                cell.number_format = number_format
            if isinstance(value, str):
                cell.data_type = "s"  # text that begins with = stays text
            if column in marked:
                cell.fill = mark
            cells.append(cell)
        reasons = [REASON_HEADER] if number == header_row else [fault.message for fault in found]
        target.append([*cells, "; ".join(dict.fromkeys(reasons))] if reasons else cells)
    notes = book.create_sheet("Instructions")
    for sentence in _INSTRUCTIONS:
        notes.append([sentence])
    book.save(out)
    return len(by_row)


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
