"""From a landed file to publications with rows, or to an error that a tired person can act on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.layout import HeaderCell
from te_assets.contracts.model import Contract
from te_assets.errors import ContractError, WorkbookError
from te_assets.intake.landing import LandingStore
from te_assets.intake.opening import OpenedWorkbook, extra_columns, open_workbook, reopen
from te_assets.workbook.request import ExtraColumn, OperatorPolicy
from te_assets_tests.workbook.books import flip_byte

FIRST_SEEN = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
NAME = "stops_2026-03-02_2026-03-08_exported-20260309T061500.xlsx"
STOPS: list[list[Any]] = [
    ["Plant", "Work Center", "Interaction ID", "Start", "End", "Reason Code", "Operator", "Colour"],
    [
        "1000",
        "PRS01",
        "I-1",
        datetime(2026, 3, 6, 18, 0),
        datetime(2026, 3, 6, 19, 30),
        "110",
        "Erika Muster",
        "red",
    ],
]


@pytest.fixture(scope="module")
def contracts() -> Sequence[Contract]:
    return tuple(load_contracts(None))


def save(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    book = openpyxl.Workbook()
    for at, (title, rows) in enumerate(sheets.items()):
        sheet = book.active if at == 0 else book.create_sheet()
        assert sheet is not None
        sheet.title = title
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def opened(path: Path, contracts: Sequence[Contract], name: str = NAME, **options: Any) -> OpenedWorkbook:
    policy = OperatorPolicy("pseudonym", b"key")
    return open_workbook(path, name, contracts, first_seen=FIRST_SEEN, operator=policy, **options)


def test_landed_workbook_becomes_a_publication_with_its_rows(tmp_path: Path, contracts: Sequence[Contract]) -> None:
    landed = LandingStore(tmp_path / "landing").land(save(tmp_path / NAME, {"Stops": STOPS}))
    (sheet,) = opened(landed.path, contracts, landed.name).sheets
    publication = sheet.publication
    assert publication.sha256 == landed.sha256
    assert (publication.name, publication.size, publication.sheet) == (NAME, landed.size, "Stops")
    assert (publication.contract, publication.model) == ("operator_log@2", "interactions")
    assert (publication.exported_at, publication.exported_at_origin) == (
        datetime(2026, 3, 9, 6, 15, tzinfo=UTC),
        "file_name",
    )
    assert publication.period == (date(2026, 3, 2), date(2026, 3, 8))
    assert publication.header_map["started_at"] == "D"
    assert publication.unmapped == ("Colour",)
    with sheet.read() as reading:
        (batch,) = list(reading)
    row = json.loads(batch.data)
    operator = row.pop("operator")
    assert row == {
        "_row": 2,
        "plant": "1000",
        "work_center": "PRS01",
        "interaction_id": "I-1",
        "started_at": "2026-03-06T18:00:00",
        "ended_at": "2026-03-06T19:30:00",
        "reason_code": "110",
        "_extra": {"Colour": "red"},
    }
    assert len(operator) == 16
    assert "Erika" not in batch.data.decode()
    assert batch.days == ("2026-03-05", "2026-03-06")


def test_sheet_can_be_read_again_without_a_second_guard(tmp_path: Path, contracts: Sequence[Contract]) -> None:
    path = save(tmp_path / "a.xlsx", {"Stops": STOPS})
    (sheet,) = opened(path, contracts).sheets
    by_id = {contract.contract_id: contract for contract in contracts}
    (again,) = reopen(path, sheet.publication, by_id[sheet.publication.contract], OperatorPolicy("pseudonym", b"key"))
    assert again.request == sheet.request
    assert again.publication == sheet.publication


def test_first_seen_is_used_and_warned_about_when_nothing_else_tells(
    tmp_path: Path, contracts: Sequence[Contract]
) -> None:
    bare = [contract.model_copy(update={"export_time": ("first_seen",)}) for contract in contracts]
    (sheet,) = opened(save(tmp_path / "a.xlsx", {"Stops": STOPS}), bare).sheets
    assert sheet.publication.exported_at == FIRST_SEEN
    assert any("first seen" in warning for warning in sheet.warnings)


def test_sheet_that_fits_nothing_is_told(tmp_path: Path, contracts: Sequence[Contract]) -> None:
    path = save(tmp_path / "a.xlsx", {"Cooking": [["Flour", "Sugar"], ["1", "2"]]})
    with pytest.raises(ContractError, match=r"holiday\.xlsx"):
        opened(path, contracts, "holiday.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "holiday.xlsx: the file is empty"),
        (b"<html><table><tr><td>Plant", "holiday.xlsx: a web page"),
        (b"%PDF-1.7\0", "holiday.xlsx: not an Excel file"),
        (b"PK\x03\x04 and then nothing", "holiday.xlsx: .*truncated or damaged"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "holiday.xlsx: .*password protected",
        ),
    ],
)
def test_bad_input_is_answered_under_the_name_it_came_with(
    tmp_path: Path, contracts: Sequence[Contract], content: bytes, words: str
) -> None:
    path = tmp_path / "0f3a"
    path.write_bytes(content)
    with pytest.raises(WorkbookError, match=words):
        opened(path, contracts, "holiday.xlsx")


def test_flipped_byte_is_found_before_any_row_is_read(tmp_path: Path, contracts: Sequence[Contract]) -> None:
    path = flip_byte(save(tmp_path / "a.xlsx", {"Stops": STOPS}), "xl/worksheets/sheet1.xml")
    with pytest.raises(WorkbookError, match=r"part xl/worksheets/sheet1\.xml is damaged"):
        opened(path, contracts)


def test_repeated_headers_get_their_letter_as_keys_of_extra() -> None:
    cells = [HeaderCell(3, "Note"), HeaderCell(5, "Note"), HeaderCell(6, "Shift\nleader")]
    assert extra_columns(cells) == (
        ExtraColumn("Note", 3),
        ExtraColumn("Note (F)", 5),
        ExtraColumn("Shift\nleader", 6),
    )
