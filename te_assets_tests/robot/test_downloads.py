"""What is no export is not delivered: error pages under a workbook's name, cut files, headers without rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from te_assets.robot.downloads import check_download
from te_assets.robot.faults import ExportEmpty, PortalTrouble
from te_assets.robot.portal.records import KINDS, Kind, PlantRecords
from te_assets.robot.visit import safe_name
from te_assets_tests.assets.deliveries import CONFIRMATIONS_HEADER, confirmation, confirmation_book, write

DAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "a.xlsx: the file is empty"),
        (b"<!doctype html><h1>Error</h1>", "a web page"),
        (b"PK\x03\x04 and no more", "a.xlsx"),
        (b"\x00\x01\x02", "not an Excel file"),
    ],
)
def test_what_is_no_workbook_is_the_portals_trouble(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "download"
    path.write_bytes(content)

    with pytest.raises(PortalTrouble, match=what) as caught:
        check_download(path, "a.xlsx")
    assert str(caught.value).startswith("the portal gave no workbook: ")


@pytest.mark.parametrize(
    "rows",
    [
        [CONFIRMATIONS_HEADER],
        [("Confirmations of plant 1000",), (), CONFIRMATIONS_HEADER],
        [],
    ],
    ids=["header", "title and header", "nothing"],
)
def test_a_header_alone_is_empty(tmp_path: Path, rows: Sequence[Sequence[Any]]) -> None:
    book = write(tmp_path / "a.xlsx", {"Cover": [("Report",), ("2026-03-03",)], "COOIS": rows})

    with pytest.raises(ExportEmpty, match=r"a\.xlsx: the workbook has no data rows"):
        check_download(book, "a.xlsx")


def test_one_row_is_enough(tmp_path: Path) -> None:
    check_download(confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)]), "a.xlsx")


@pytest.mark.parametrize("kind", KINDS)
def test_the_demo_portals_workbooks_are_told_apart(tmp_path: Path, records: PlantRecords, kind: Kind) -> None:
    starts, ends = 1772492400000, 1772578800000  # 3 March 2026 in Berlin
    full = records.write(kind, starts, ends, tmp_path)
    check_download(full, full.name)

    (tmp_path / "empty").mkdir()
    empty = records.write(kind, starts, ends, tmp_path / "empty", is_empty=True)
    with pytest.raises(ExportEmpty):
        check_download(empty, empty.name)


@pytest.mark.parametrize(("content", "is_empty"), [("Plant;Order\n", True), ("Plant;Order\n1000;7\n", False)])
def test_a_text_export_has_rows_below_its_first_line(tmp_path: Path, content: str, is_empty: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)

    if is_empty:
        with pytest.raises(ExportEmpty):
            check_download(path, "a.csv")
    else:
        check_download(path, "a.csv")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Störungen 3.xlsx", "Störungen 3.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.xlsx", "a.xlsx"),
        ("a\r\nb.xlsx", "ab.xlsx"),
        ("..", "export.xlsx"),
    ],
)
def test_a_portals_name_of_a_file_is_never_a_path(name: str, safe: str) -> None:
    assert safe_name(name) == safe
