"""The workbook of rejected rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import openpyxl

from te_assets.workbook.rejects import CellFault, write_rejects


def test_rejected_rows_stand_under_their_headers_with_marked_cells_and_reasons(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "COOIS"
    for row in (
        ["Title"],
        ["Order", "Yield", "Start"],
        ["1", 5, datetime(2026, 3, 2, 6)],
        ["2", "zwölf", None],
        ["=3", 7, None],
    ):
        sheet.append(row)
    sheet["A5"].data_type = "s"
    book.save(tmp_path / "in.xlsx")

    faults = [
        CellFault(4, 1, "'zwölf' is no number"),
        CellFault(5, None, "the end lies before the start"),
        CellFault(4, 2, "start is empty"),
    ]
    written = write_rejects(tmp_path / "in.xlsx", "COOIS", 2, faults, tmp_path / "out.xlsx", sha256="ab")

    result = openpyxl.load_workbook(tmp_path / "out.xlsx")
    rows = [[cell.value for cell in row] for row in result["COOIS"].iter_rows()]
    assert written == 2
    assert rows == [
        ["Order", "Yield", "Start", "Rejected because", "Rejected row"],
        ["2", "zwölf", None, "'zwölf' is no number; start is empty", "ab/COOIS/4"],
        ["=3", 7, None, "the end lies before the start", "ab/COOIS/5"],
    ]
    marked = {cell.coordinate for row in result["COOIS"].iter_rows() for cell in row if cell.fill.fill_type == "solid"}
    assert marked == {"B2", "C2"}
    assert result["COOIS"]["A3"].data_type == "s"
    assert "Mend the marked cells" in result["Instructions"]["A2"].value
