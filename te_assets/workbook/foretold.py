"""Columns of numbers or dates that hold text, as in exports where every cell is text.

Read as their type, such a column gives an error object for each of a million cells, and the sheet has to be parsed a
second time for the texts. Its first rows foretell it; then it is read as text at once, and what is no text in it is
told apart by the scan. A wrong forecast costs time, never a value.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from te_assets.workbook.exact import error_names, mask_of, text_name
from te_assets.workbook.package import chunks
from te_assets.workbook.peek import column_index
from te_assets.workbook.request import ColumnType
from te_assets.workbook.scan import Scanned
from te_assets.workbook.table import Loaded, SheetReader

if TYPE_CHECKING:
    import polars as pl

_HEAD = 1 << 18
_CELL = re.compile(rb'<c r="([A-Z]{1,3})\d+"([^>/]*)>')
_TEXT = re.compile(rb'\st="(?:s|str|inlineStr)"')


def foretell(archive: zipfile.ZipFile, part: str, name: str, columns: Iterable[int]) -> frozenset[int]:
    """Which of some columns mostly hold text in the first rows of a sheet.

    Args:
        archive: The open workbook.
        part: The part with the sheet's cells.
        name: What people call the file, for messages.
        columns: Columns that should hold numbers or dates.

    Raises:
        DamagedWorkbook: Bytes of the part are missing or changed.
    """
    with closing(chunks(archive, part, name, _HEAD)) as pieces:
        head = next(pieces, b"")
    cells: Counter[int] = Counter()
    texts: Counter[int] = Counter()
    for letters, attributes in _CELL.findall(head):
        index = column_index(letters.decode("ascii"))
        cells[index] += 1
        texts[index] += _TEXT.search(attributes) is not None
    return frozenset(index for index in columns if texts[index] > 1 and texts[index] * 2 > cells[index])


def told_apart(
    reader: SheetReader,
    loaded: Loaded,
    scanned: Scanned,
    types: Mapping[int, ColumnType],
    foretold: frozenset[int],
    header_row: int,
) -> tuple[Loaded, Scanned]:
    """Texts and values of the foretold columns told apart; both arguments come back without those columns' troubles.

    Args:
        reader: Loads columns again where they hold more than text.
        loaded: The sheet, the foretold columns read as text.
        scanned: Says which cells hold text.
        types: Column index → type that the column should have.
        foretold: The columns that were read as text.
        header_row: Excel row number of the last header row.
    """
    columns = [index for index in sorted(foretold) if str(index) in loaded.frame.columns]
    if not columns:
        return loaded, scanned
    frame = loaded.frame
    cells, is_text, mixed = {}, {}, []
    for index in columns:
        names = error_names(loaded, index)
        rows = scanned.texts.get(index, [])
        texts = mask_of([*(row - header_row - 1 for row in rows if row > header_row), *names], frame.height)
        column = frame[str(index)].scatter(list(names), list(names.values())) if names else frame[str(index)]
        if (column.is_not_null() & ~texts).any():
            mixed.append(index)
        cells[index], is_text[index] = column, texts
    values = reader.values({index: types[index] for index in columns}, mixed, frame.height)
    for index in columns:
        # Neither text nor a value of the type, such as 1e20 in a column of dates: its text is better than nothing.
        keeps_text = is_text[index] | values[str(index)].is_null()
        frame = frame.with_columns(_where(keeps_text, cells[index]).alias(text_name(index)))
    frame = frame.with_columns(values.get_columns())
    misfits = {index: found for index, found in loaded.misfits.items() if index not in foretold}
    others = {index: rows for index, rows in scanned.texts.items() if index not in foretold}
    return Loaded(frame, misfits), replace(scanned, texts=others)


def _where(mask: pl.Series, column: pl.Series) -> pl.Series:
    """The column where the mask is true, else null."""
    import polars as pl

    return pl.select(pl.when(mask).then(column).alias(column.name))[column.name]
