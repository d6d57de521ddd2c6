"""Tables as CSV: UTF-8 with a byte order mark, so that Excel opens it by a double click in its language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from te_assets.dashboard.exports.cells import Cell
from te_assets.dashboard.filters import Language

BYTE_ORDER_MARK: Final = "\ufeff"
FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes the rest of a cell for a formula after."""


def lines(rows: Iterable[Sequence[Cell]], language: Language) -> str:
    """Rows as lines of CSV; in German and French with semicolons and a decimal comma.

    Args:
        rows: Of cells.
        language: That decides the delimiter and the decimal mark.
    """
    text = io.StringIO()
    english = language == "en"
    writer = csv.writer(text, delimiter="," if english else ";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_text(cell, "." if english else ",") for cell in row])
    return text.getvalue()


def _text(cell: Cell, mark: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return plain(cell).replace(".", mark)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULAS) else str(cell)


def plain(number: Decimal) -> str:
    """Digits, without an exponent."""
    return format(number, "f")
