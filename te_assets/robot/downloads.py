"""Is a downloaded file what an export should be: a workbook that was written to its end, with rows."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from te_assets.contracts.layout import SheetPeek
from te_assets.errors import WorkbookError
from te_assets.robot.faults import ExportEmpty, PortalTrouble
from te_assets.workbook.peek import peek
from te_assets.workbook.sniff import sniff

_LEAST_CELLS: Final = 2
"""Of a header: titles and covers have one in a row."""


def check_download(path: Path, name: str) -> None:
    """Judge a downloaded file.

    Args:
        path: The file.
        name: What the portal called it.

    Raises:
        PortalTrouble: It is no workbook, or was cut off.
        ExportEmpty: It is one, without data rows.
    """
    try:
        if sniff(path, name) == "text":
            has_rows = path.read_bytes().strip().count(b"\n") > 0
        else:
            has_rows = any(_has_rows(sheet) for sheet in peek(path, name))
    except WorkbookError as error:
        raise PortalTrouble(f"the portal gave no workbook: {error}") from error
    if not has_rows:
        raise ExportEmpty(f"{name}: the workbook has no data rows")


def _has_rows(sheet: SheetPeek) -> bool:
    """Whether anything stands below the header: the first row that has at least half as many cells as any."""
    widest = max((len(row.cells) for row in sheet.rows), default=0)
    if widest < _LEAST_CELLS:
        return False
    header = next(at for at, row in enumerate(sheet.rows) if 2 * len(row.cells) >= widest)
    return len(sheet.rows) > header + 1
