"""Finds in a sheet's XML what the Excel library does not tell; runs beside the parser, at unpacking speed.

Read as numbers, the texts `1.234`, `000100` and `inf` become 1.234, 100 and infinity, and TRUE becomes 1, without an
error. Read as text, numbers lose what stands behind the ninth decimal. Formulas that were saved without a result read
as blanks. This pass says where any of that would happen.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from te_assets.workbook.package import chunks
from te_assets.workbook.peek import column_index

_CHUNK = 4 << 20
_MOST_CARRIED = 1 << 20
_REFERENCE = re.compile(r'r="([A-Z]+)(\d+)"')
_UNCACHED = re.compile(r'<c r="([A-Z]{1,3})\d+"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v></v>|<v\s*/>)?</c>')
_UNCACHED_SIGNS = ("</f></c>", "</f><v></v>", "</f><v/>", "</f><v />")
# Cells that do not begin with `<c r="`, or carry a namespace prefix: legal, but not what the patterns here look for.
_UNUSUAL = r"<c>|<c\s+(?:[^r\s]|r[^=]|r=[^\x22])|<\w+:c[\s>]"


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
    import polars as pl

    texts = frozenset(texts)
    text_cells = _cells_with(numbers, r'[^>]*\st="(?:s|str|inlineStr|b)"')
    long_cells = _cells_with(texts, r'(?:\ss="\d+")?(?:\st="n")?><v>-?(?:\d*\.\d{10}|[\d.]+E-)')
    interesting = "|".join(pattern for pattern in (_UNUSUAL, text_cells, long_cells) if pattern)
    unusual, long_cell = re.compile(_UNUSUAL), re.compile(long_cells or r"(?!)")
    found: dict[int, list[int]] = {}
    long_numbers: set[int] = set()
    uncached: set[int] = set()
    rest = b""
    for chunk in chunks(archive, part, name, _CHUNK):
        piece = rest + chunk
        last_cell = piece.rfind(b"</c>")
        cut = last_cell + 4 if last_cell >= 0 else max(len(piece) - _MOST_CARRIED, 0)
        text, rest = piece[:cut].decode("latin-1"), piece[cut:]
        for match in pl.Series([text]).str.extract_all(interesting)[0]:
            if unusual.match(match):
                return Scanned(is_complete=False)
            reference = _REFERENCE.search(match)
            assert reference is not None
            column, row = column_index(reference[1]), int(reference[2])
            if long_cell.match(match):
                long_numbers.add(column)
            else:
                found.setdefault(column, []).append(row)
        if any(sign in text for sign in _UNCACHED_SIGNS) or ("/></c>" in text and "<f" in text):
            uncached.update(column_index(letters) for letters in set(_UNCACHED.findall(text)))
    looked_at = frozenset(column_index(letters) for letters in texts)
    return Scanned(True, looked_at, found, frozenset(long_numbers), frozenset(uncached))


def _cells_with(columns: Iterable[str], rest: str) -> str:
    """Pattern of cells in some columns; empty without columns."""
    letters = "|".join(sorted(columns))
    return rf'<c r="(?:{letters})\d+"{rest}' if letters else ""
