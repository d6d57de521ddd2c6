"""Cuts a text file into records with the number of the line on which each begins; streams, keeps nothing."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator
from contextlib import closing
from pathlib import Path, PurePath

from te_assets.contracts.layout import HeaderCell, PeekedRow, SheetPeek
from te_assets.workbook.errors import DamagedWorkbook
from te_assets.workbook.request import TextFormat

RULED_LINE = re.compile(r"[\s|+=_-]*[+=_-]{3}[\s|+=_-]*")
"""Text of a line that lists draw under their headers and above their totals."""

_EXCEL_TITLE = 31
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")


def sheet_of(name: str) -> str:
    """Name of the one sheet of a text file: the file's name without extension, as Excel calls it on opening."""
    return _NO_TITLE.sub("_", PurePath(name).stem)[:_EXCEL_TITLE].strip("'") or "text"


def records(path: Path, name: str, text: TextFormat, *, width: int = 0) -> Generator[tuple[int, list[str]], None, None]:
    """Line number, from 1, and cells of each record; blank lines are left out.

    Args:
        path: A file that `guard_text` accepted.
        name: What people call the file, for messages.
        text: How it is written.
        width: Cells of the header, if it is known: a quoted cell that swallows whole lines is then found.

    Raises:
        DamagedWorkbook: A quotation mark is not closed, or closes a cell too late.
    """
    with path.open(encoding=text.encoding, newline="") as stream:
        reader = csv.reader(
            stream,
            delimiter=text.delimiter,
            quotechar=text.quote or None,
            quoting=csv.QUOTE_MINIMAL if text.quote else csv.QUOTE_NONE,
            strict=bool(text.quote),
        )
        last = 0
        try:
            for cells in reader:
                begin, last = last + 1, reader.line_num
                if last > begin and width > 2:
                    _refuse_swallowed(cells, text, width, f"{name}, line {begin}")
                if cells:
                    yield begin, cells
        except csv.Error as error:
            raise DamagedWorkbook(_unreadable(f"{name}, line {last + 1}", str(error), text)) from error


def peek_text(path: Path, name: str, text: TextFormat, *, rows: int = 40) -> SheetPeek:
    """The first records of a text file that hold anything.

    Raises:
        DamagedWorkbook: A quotation mark is not closed.
    """
    peeked = []
    with closing(records(path, name, text)) as found:
        for line, cells in found:
            filled = tuple(HeaderCell(column, cell) for column, cell in enumerate(cells) if cell.strip())
            if filled:
                peeked.append(PeekedRow(line, filled))
            if len(peeked) >= rows:
                break
    return SheetPeek(sheet_of(name), is_hidden=False, rows=tuple(peeked))


def ends_with_line_break(path: Path, text: TextFormat) -> bool:
    """Whether the last line of a file is ended; else it may have been cut off."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - 4, 0))
        end = file.read().rstrip(b"\0") if text.encoding == "utf-16" else file.read()
    return end.endswith((b"\n", b"\r"))


def _refuse_swallowed(cells: list[str], text: TextFormat, width: int, where: str) -> None:
    """Raises if a quoted cell holds a line that looks like a record: a stray quotation mark swallowed it."""
    for cell in cells:
        if any(line.count(text.delimiter) >= width - 1 for line in cell.splitlines()[1:]):
            raise DamagedWorkbook(
                f"{where}: a cell in quotation marks goes over {len(cell.splitlines())} lines and holds what looks "
                f"like further rows. {_mend(text)}"
            )


def _unreadable(where: str, what: str, text: TextFormat) -> str:
    if "field larger" in what:
        return f"{where}: a cell is longer than {csv.field_size_limit():,} characters. {_mend(text)}"
    if "end of data" in what:
        return f"{where}: a quotation mark {text.quote} opens a cell and none closes it. {_mend(text)}"
    return f"{where}: text stands behind the closing quotation mark of a cell. {_mend(text)}"


def _mend(text: TextFormat) -> str:
    if not text.quote:
        return "Check the file on that line."
    return (
        f"Double the mark within the cell ({text.quote * 2}), or, if {text.quote} is an ordinary character in this "
        "export, set text.quote to '' in the contract."
    )
