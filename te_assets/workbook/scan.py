"""Finds in a sheet's XML what the Excel library does not tell; runs beside the parser, at unpacking speed.

Read as numbers, the texts `1.234`, `000100` and `inf` become 1.234, 100 and infinity, and TRUE becomes 1, without an
error. Read as text, numbers lose what stands behind the ninth decimal. Formulas that were saved without a result read
as blanks. This pass says where any of that would happen.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from te_assets.workbook.package import chunks
from te_assets.workbook.peek import column_index

_CHUNK = 1 << 20
_MOST_CARRIED = 1 << 20
_REFERENCE = re.compile(r'<c r="([A-Z]+)([0-9]+)"')
# Cells that do not begin with `<c r="`, or carry a namespace prefix: legal, but not what the patterns here look for.
_UNUSUAL = r"<c(?:>|[ \t\r\n]+(?:[^r \t\r\n]|r[^=]|r=[^\x22]))|<[A-Za-z0-9_.-]+:c[ >]"
_UNCACHED = r'<c r="[A-Z]+[0-9]+"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v></v>|<v */>)?</c>'
_TEXT = r'[^>]* t="(?:s|str|inlineStr|b)"'
_LONG_NUMBER = r'(?: s="[0-9]+")?(?: t="n")?>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>-?(?:[0-9]*\.[0-9]{10}|[0-9.]+E-)'


@dataclass(frozen=True)
class Scanned:
    """What the scan found.

    Attributes:
        is_complete: False when the sheet is written in an unusual way; then nothing here can be relied upon.
        text_columns: The columns of text that were looked at.
        texts: Column → Excel row numbers of cells that hold text or a boolean, among the columns of numbers.
        long_numbers: Columns among those of text that hold numbers with more than nine decimals.
        uncached_formulas: Columns with formulas that were saved without a result.
    """

    is_complete: bool = True
    text_columns: frozenset[int] = frozenset()
    texts: dict[int, list[int]] = field(default_factory=dict)
    long_numbers: frozenset[int] = frozenset()
    uncached_formulas: frozenset[int] = frozenset()


def scan(archive: zipfile.ZipFile, part: str, name: str, *, numbers: Iterable[str], texts: Iterable[str]) -> Scanned:
    """Looks through a sheet's XML.

    Args:
        archive: The open workbook; not to be used by another thread at the same time.
        part: The part with the sheet's cells.
        name: What people call the file, for messages.
        numbers: Letters of the columns that are read as numbers.
        texts: Letters of the columns that are read as text.

    Raises:
        DamagedWorkbook: Bytes of the part are missing or changed.
    """
    texts = frozenset(texts)
    patterns = (_UNUSUAL, _UNCACHED, _cells_with(numbers, _TEXT), _cells_with(texts, _LONG_NUMBER))
    interesting = "|".join(pattern for pattern in patterns if pattern)
    unusual, uncached, text = (
        re.compile(_UNUSUAL),
        re.compile(_UNCACHED),
        re.compile(_cells_with(numbers, _TEXT) or "(?!)"),
    )
    rows: dict[int, list[int]] = {}
    long_numbers: set[int] = set()
    uncached_formulas: set[int] = set()
    for cell in _interesting_cells(archive, part, name, interesting):
        reference = _REFERENCE.match(cell)
        if reference is None or unusual.match(cell):
            return Scanned(is_complete=False)
        column = column_index(reference[1])
        if uncached.match(cell):
            uncached_formulas.add(column)
        elif text.match(cell):
            rows.setdefault(column, []).append(int(reference[2]))
        else:
            long_numbers.add(column)
    looked_at = frozenset(column_index(letters) for letters in texts)
    return Scanned(True, looked_at, rows, frozenset(long_numbers), frozenset(uncached_formulas))


def _interesting_cells(archive: zipfile.ZipFile, part: str, name: str, pattern: str) -> Iterator[str]:
    """Beginnings of the cells that match, in their order; something that is no cell where the part is not UTF-8."""
    import polars as pl

    rest = b""
    for chunk in chunks(archive, part, name, _CHUNK):
        piece = rest + chunk
        last_cell = piece.rfind(b"</c>")
        cut = last_cell + 4 if last_cell >= 0 else max(len(piece) - _MOST_CARRIED, 0)
        rest = piece[cut:]
        found = pl.Series([piece[:cut]], dtype=pl.Binary).cast(pl.String, strict=False).str.extract_all(pattern)[0]
        if found is None:
            yield "not UTF-8"
            return
        yield from found


def _cells_with(columns: Iterable[str], rest: str) -> str:
    """Pattern of cells in some columns; empty without columns."""
    letters = "|".join(sorted(columns))
    return rf'<c r="(?:{letters})\d+"{rest}' if letters else ""
