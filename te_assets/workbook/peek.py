"""First rows of every sheet, straight from the zip: milliseconds even for a sheet with a million rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from te_assets.contracts.layout import HeaderCell, PeekedRow, SheetPeek
from te_assets.workbook.errors import DamagedWorkbook
from te_assets.workbook.package import SheetPart, chunks, local_name, open_archive, read_package
from te_assets.workbook.shared_strings import shared_strings, unescape

_LETTERS = re.compile("[A-Z]+")
_FEED = 1 << 16
_MOST_BYTES = 8 << 20
_Events = Iterator[tuple[str, ElementTree.Element]]


@dataclass(frozen=True)
class _RawCell:
    """A cell before shared strings are looked up; `shared` is the index of its string, if it has one."""

    column: int
    text: str
    shared: int | None


@dataclass(frozen=True)
class _RawRow:
    number: int
    cells: tuple[_RawCell, ...]


def peek(path: Path, name: str | None = None, *, rows: int = 40) -> tuple[SheetPeek, ...]:
    """Reads the first rows of every worksheet, hidden ones too, and just enough shared strings.

    Args:
        path: A workbook that `sniff` accepted.
        name: What people call the file, for messages; by default the name of `path`.
        rows: How many non-empty rows of each sheet to read at most.

    Returns:
        One peek per worksheet, in the order of the tabs. Numbers appear as stored, dates as serial numbers.

    Raises:
        DamagedWorkbook: A part is missing, damaged or malformed.
    """
    name = name or path.name
    with open_archive(path, name) as archive:
        package = read_package(archive, name)
        raw = {sheet.part: tuple(_first_rows(archive, sheet, rows, name)) for sheet in package.sheets}
        wanted = {cell.shared for part in raw.values() for row in part for cell in row.cells if cell.shared is not None}
        texts = shared_strings(archive, package.shared_strings, wanted, name) if package.shared_strings else {}
    return tuple(
        SheetPeek(sheet.name, sheet.is_hidden, tuple(_visible_rows(raw[sheet.part], texts)), package.is_1904)
        for sheet in package.sheets
    )


def column_index(letters: str) -> int:
    """Index of a column from its letters: A → 0, XFD → 16383."""
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _visible_rows(rows: tuple[_RawRow, ...], texts: dict[int, str]) -> Iterator[PeekedRow]:
    """Rows with their shared strings filled in and empty cells left out."""
    for row in rows:
        cells = []
        for cell in row.cells:
            text = cell.text if cell.shared is None else texts.get(cell.shared, "")
            if text.strip():
                cells.append(HeaderCell(cell.column, text))
        if cells:
            yield PeekedRow(row.number, tuple(cells))


def _first_rows(archive: zipfile.ZipFile, sheet: SheetPart, most: int, name: str) -> Iterator[_RawRow]:
    """Non-empty rows from the top of a sheet; feeds the parser only as far as needed."""
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(("end",))
    number, count, fed = 0, 0, 0
    with closing(chunks(archive, sheet.part, name, _FEED)) as pieces:
        for piece in pieces:
            fed += len(piece)
            if fed <= _FEED and b"<!DOCTYPE" in piece:
                raise DamagedWorkbook(f"{name}: part {sheet.part} declares a document type. Save it again in Excel.")
            try:
                parser.feed(piece)
                ended = [element for _, element in cast("_Events", parser.read_events())]
            except ElementTree.ParseError as error:
                raise DamagedWorkbook(
                    f'{name}: sheet "{sheet.name}" is malformed ({error}). Save it again in Excel and deliver it again.'
                ) from error
            for element in ended:
                kind = local_name(element.tag)
                if kind == "sheetData":
                    return
                if kind == "row":
                    number = int(element.get("r") or number + 1)
                    cells = tuple(_cells(element))
                    element.clear()
                    if cells:
                        count += 1
                        yield _RawRow(number, cells)
                    if count >= most:
                        return
            if fed >= _MOST_BYTES:
                return


def _cells(row: ElementTree.Element) -> Iterator[_RawCell]:
    """Cells of a row that hold a value."""
    column = -1
    for cell in row:
        letters = _LETTERS.match(cell.get("r", ""))
        column = column_index(letters[0]) if letters else column + 1
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            yield _RawCell(column, unescape(_inline_text(cell)), None)
            continue
        value = next((part.text or "" for part in cell if local_name(part.tag) == "v"), "")
        if not value:
            continue
        if kind == "s":
            yield _RawCell(column, "", int(value))
        elif kind == "b":
            yield _RawCell(column, "TRUE" if value == "1" else "FALSE", None)
        else:
            yield _RawCell(column, unescape(value), None)


def _inline_text(cell: ElementTree.Element) -> str:
    """Text of a cell that carries its own string: all runs joined, phonetic hints left out."""
    pieces = []
    for holder in (part for part in cell if local_name(part.tag) == "is"):
        for part in holder:
            runs = part if local_name(part.tag) == "r" else [part]
            pieces += [run.text or "" for run in runs if local_name(run.tag) == "t"]
    return "".join(pieces)
