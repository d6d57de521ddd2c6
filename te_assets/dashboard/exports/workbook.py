"""Tables as Excel workbooks: numbers are numbers, dates are dates, and a second sheet says what it is all about."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from te_assets.dashboard.columns import RATIOS, Kind
from te_assets.dashboard.exports.cells import Cell

_FORMATS: Final[dict[Kind, str]] = {
    "percent": "0.0%",
    "rate": "0.00%",
    "hours": "#,##0.00",
    "minutes": "#,##0.0",
    "seconds": "#,##0.000",
    "integer": "#,##0",
}
_DAY, _INSTANT, _WHOLE, _BROKEN = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "#,##0", "#,##0.###"
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 8, 200
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no XML holds them
_TITLE: Final = re.compile(r"[\\/*?:\[\]]")


@dataclass(frozen=True)
class Figure:
    """A number with a kind of its own, where a column holds several."""

    number: Decimal
    kind: Kind


@dataclass(frozen=True)
class Table:
    """A sheet.

    Attributes:
        title: Its name; at most 31 characters count.
        headings: Of its columns; none: the first column is bold instead.
        kinds: Of its columns, beyond which all is text.
        rows: Of cells.
    """

    title: str
    headings: Sequence[str]
    kinds: Sequence[Kind]
    rows: Sequence[Sequence[Cell | Figure]] = field(default_factory=tuple)


def workbook(tables: Iterable[Table]) -> bytes:
    """The tables, one sheet each."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    for table in tables:
        _write(book.create_sheet(_TITLE.sub(" ", table.title)[:31]), table)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _write(sheet: Any, table: Table) -> None:
    from openpyxl.styles import Alignment, Font

    for number, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[_letter(number)].width = width
    if table.headings:
        sheet.freeze_panes = "A2"
        sheet.append([_cell(sheet, heading, "text", font=Font(bold=True)) for heading in table.headings])
    for row in table.rows:
        kinds = [*table.kinds, *(["text"] * (len(row) - len(table.kinds)))]
        cells = [_cell(sheet, value, kind) for value, kind in zip(row, kinds, strict=True)]
        if not table.headings:
            cells[0].font = Font(bold=True)
            cells[-1].alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append(cells)


def _cell(sheet: Any, value: Cell | Figure, kind: Any, *, font: Any = None) -> Any:
    """A cell; text is text, whatever it begins with."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, Figure):
        kind, value = value.kind, value.number
    cell = WriteOnlyCell(sheet)
    if font:
        cell.font = font
    if isinstance(value, str):
        cell.value = _ILLEGAL.sub("", value)[:32_767]
        cell.data_type = "s"
    elif value is not None:
        cell.value = value / 100 if kind in RATIOS and isinstance(value, Decimal) else value
        cell.number_format = _format(value, kind)
    return cell


def _format(value: Cell, kind: Any) -> str:
    if isinstance(value, datetime):
        return _INSTANT
    if isinstance(value, date):
        return _DAY
    if kind == "quantity" and isinstance(value, Decimal):
        return _WHOLE if value == value.to_integral_value() else _BROKEN
    return _FORMATS.get(kind, "General")


def _widths(table: Table) -> list[float]:
    """As wide as headings and first values need."""
    looked = [table.headings, *table.rows[:_LOOKED_AT]] if table.headings else table.rows
    count = max((len(row) for row in looked), default=0)
    longest = [
        max((len(str(row[n])) for row in looked if n < len(row) and row[n] is not None), default=0)
        for n in range(count)
    ]
    return [min(max(length + 2, _NARROWEST), _WIDEST if table.headings else 100) for length in longest]


def _letter(number: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(number))
