"""Checks a workbook's bytes before any parser sees them: one pass over every part, no XML parser.

The Excel library trusts its input: it checks no CRC, so that a changed digit reads as another number, and it allocates
the whole rectangle that the outermost cells span, so that one stray cell can end the process.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from te_assets.workbook.errors import DamagedWorkbook, OversizedWorkbook
from te_assets.workbook.package import SheetPart, chunks, open_archive, read_package
from te_assets.workbook.peek import column_index

_CHUNK = 1 << 20
_OVERLAP = 64  # longer than any cell or row reference
_ROW = re.compile(rb'<(?:\w+:)?row\s[^>]*?\br="(\d{1,10})"')
_SHEET_END = re.compile(rb"(?:</(?:\w+:)?worksheet>|<(?:\w+:)?worksheet[^>]*/>)\s*(?:<!--.*?-->\s*)*$", re.DOTALL)
_EXCEL_ROWS, _EXCEL_COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True)
class GuardLimits:
    """How large a workbook may be.

    Attributes:
        entries: Parts in the archive.
        total_bytes: Unpacked size of all parts.
        ratio: Unpacked over packed size of a part above 16 MiB.
        cells: Cells in the rectangle from A1 to the outermost cells of a sheet.
    """

    entries: int = 10_000
    total_bytes: int = 3 << 30
    ratio: float = 400.0
    cells: int = 64_000_000


@dataclass(frozen=True)
class Guarded:
    """What the checks found out on the way.

    Attributes:
        is_1904: Dates count from 1904-01-01.
        modified: When the workbook was last saved (UTC), by its own properties.
        created: When the workbook was created (UTC), by its own properties.
        unpacked_bytes: Size of all parts.
    """

    is_1904: bool
    modified: datetime | None
    created: datetime | None
    unpacked_bytes: int


def guard(path: Path, name: str | None = None, limits: GuardLimits | None = None) -> Guarded:
    """Reads every part once and refuses what a reader must not be given.

    Args:
        path: A workbook that `sniff` accepted.
        name: What people call the file, for messages; by default the name of `path`.
        limits: How large it may be.

    Raises:
        DamagedWorkbook: The archive is truncated, a part's bytes do not match its checksum, or a sheet is incomplete.
        OversizedWorkbook: Too many parts, too large when unpacked, or a cell far outside the table.
    """
    name, limits = name or path.name, limits or GuardLimits()
    with open_archive(path, name) as archive:
        total = _check_sizes(archive, name, limits)
        package = read_package(archive, name)
        sheets = {sheet.part: sheet for sheet in package.sheets}
        for entry in archive.infolist():
            if entry.filename in sheets:
                _check_sheet(archive, sheets[entry.filename], name, limits)
            else:
                for _ in chunks(archive, entry.filename, name, _CHUNK):
                    pass  # reading to the end checks the CRC
    return Guarded(package.is_1904, package.modified, package.created, total)


def _check_sizes(archive: zipfile.ZipFile, name: str, limits: GuardLimits) -> int:
    """Declared sizes against the limits; zipfile never unpacks more than is declared."""
    entries = archive.infolist()
    if len(entries) > limits.entries:
        raise OversizedWorkbook(
            f"{name}: {len(entries)} parts, at most {limits.entries} are read. Save it again in Excel."
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise DamagedWorkbook(f"{name}: the archive holds two parts of the same name. Save it again in Excel.")
    total = sum(entry.file_size for entry in entries)
    if total > limits.total_bytes:
        raise OversizedWorkbook(
            f"{name}: unpacks to {total / 1e9:.1f} GB, at most {limits.total_bytes / 1e9:.1f} GB are read. "
            "Split the export into shorter periods."
        )
    for entry in entries:
        if entry.file_size > 16 << 20 and entry.file_size > limits.ratio * max(entry.compress_size, 1):
            raise OversizedWorkbook(
                f"{name}: part {entry.filename} unpacks to {entry.file_size / max(entry.compress_size, 1):.0f} times "
                f"its size, at most {limits.ratio:.0f} times is read (zip bomb?). Save it again in Excel."
            )
    return total


def _check_sheet(archive: zipfile.ZipFile, sheet: SheetPart, name: str, limits: GuardLimits) -> None:
    """One pass over a sheet: checksum, last tag, outermost cells."""
    columns = _WidestColumn()
    rows, tail = 0, b""
    for chunk in chunks(archive, sheet.part, name, _CHUNK):
        text = tail + chunk
        columns.look(text)
        last_row = text.rfind(b"<row ")
        found = _ROW.match(text, last_row) if last_row >= 0 else _ROW.search(text)
        rows = max(rows, int(found[1]) if found else 0, columns.row)
        if columns.width > _EXCEL_COLUMNS or rows > _EXCEL_ROWS:
            raise DamagedWorkbook(
                f'{name}: sheet "{sheet.name}" has a cell outside of what Excel allows '
                f"(row {rows}, column {columns.letters}). Save it again in Excel."
            )
        if rows * columns.width > limits.cells:
            raise OversizedWorkbook(
                f'{name}: sheet "{sheet.name}" reaches to cell {columns.letters}{rows}, {rows * columns.width:,} '
                f"cells, at most {limits.cells:,} are read. A single cell far outside the table is enough: delete the "
                "rows and columns beyond the table in Excel, or split the export into shorter periods."
            )
        tail = text[-_OVERLAP:]
    if not _SHEET_END.search(tail):
        raise DamagedWorkbook(
            f'{name}: sheet "{sheet.name}" ({sheet.part}) does not end in </worksheet>. '
            "It was cut off: deliver it again."
        )


class _WidestColumn:
    """The rightmost column seen; looks only for columns further right, as fast as a sheet is unpacked."""

    def __init__(self) -> None:
        self.letters = "A"
        self.width = 1
        self.row = 0
        self._beyond = _right_of("A")

    def look(self, text: bytes) -> None:
        """Takes in the cell references of a piece of a sheet."""
        position = 0
        while found := self._beyond.search(text, position):
            position = found.end()
            letters, row = found[1].decode("ascii"), int(found[2])
            self.row = max(self.row, row)
            if column_index(letters) + 1 > self.width:
                self.letters, self.width = letters, column_index(letters) + 1
                self._beyond = _right_of(letters)


def _right_of(letters: str) -> re.Pattern[bytes]:
    """Pattern of references to cells right of a column."""
    longer = f"[A-Z]{{{len(letters) + 1},8}}"
    further = [
        letters[:place] + f"[{chr(ord(letters[place]) + 1)}-Z]" + "[A-Z]" * (len(letters) - place - 1)
        for place in range(len(letters))
        if letters[place] < "Z"
    ]
    beyond = "|".join([longer, *further])
    # The literal beginning lets the regex engine skip at the speed of a plain search.
    return re.compile(rf'r="((?:{beyond})(?=\d))(\d+)"'.encode("ascii"))
