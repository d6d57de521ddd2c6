"""Values that stand above the table, in the file's or the sheet's name, from the workbook to the typed row."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from te_assets.contracts.model import Contract
from te_assets.contracts.preamble import ConstantMissing
from te_assets.intake.opening import OpenedSheet, open_workbook, reopen
from te_assets.workbook.rejects import CellFault, write_rejects
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.contracts.conftest import Typist, confirmation, stop, utc

LAYOUTS = Path(__file__).parent / "layouts"
DAY = datetime(2026, 3, 6)
NAME = "Bericht_1000_Frühschicht.xlsx"
CELLS: Mapping[str, Any] = {
    "A1": "Schichtbericht",
    "D1": "Mengen in ST",
    "D3": time(14, 0),
    "A2": "Arbeitsplatz:",
    "C2": "PRS01",
    "A3": "Datum",
    "B3": DAY,
    "A5": "Auftrag",
    "B5": "Vorgang",
    "C5": "Gut",
    "D5": "Ausschuss",
    "E5": "fertig um",
    "A6": "4711",
    "B6": "0010",
    "C6": 90,
    "D6": 10,
    "E6": time(12, 30),
}


@pytest.fixture(scope="module")
def report() -> Contract:
    return Contract.load(LAYOUTS / "shift_report.yaml")


def opened(path: Path, contract: Contract, name: str, operator: OperatorPolicy | None = None) -> OpenedSheet:
    seen = datetime(2026, 3, 9, tzinfo=UTC)
    (sheet,) = open_workbook(
        path, name, [contract], first_seen=seen, operator=operator or OperatorPolicy("keep")
    ).sheets
    return sheet


def book(path: Path, cells: Mapping[str, Any], *, is_1904: bool = False) -> Path:
    workbook = openpyxl.Workbook()
    if is_1904:
        workbook.epoch = CALENDAR_MAC_1904
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "Bericht"
    for address, value in cells.items():
        if value is not None:
            sheet[address] = value
    workbook.save(path)
    return path


def lines_of(sheet: OpenedSheet) -> list[dict[str, Any]]:
    with sheet.read() as reading:
        return [json.loads(line) for batch in reading for line in batch.data.decode().splitlines()]


@pytest.mark.parametrize("is_1904", [False, True])
def test_values_above_the_table_travel_in_every_line(tmp_path: Path, report: Contract, is_1904: bool) -> None:
    sheet = opened(book(tmp_path / "a.xlsx", CELLS, is_1904=is_1904), report, NAME)

    assert lines_of(sheet) == [
        {
            "_row": 6,
            "plant": "1000",
            "work_center": "PRS01",
            "day": "2026-03-06T00:00:00",
            "unit": "ST",
            "shift_end": "14:00:00",
            "order_id": "4711",
            "operation": "0010",
            "good_qty": 90,
            "scrap_qty": 10,
            "finish_time": "12:30:00",
        }
    ]


@pytest.mark.stack
def test_a_shift_report_becomes_a_typed_row(tmp_path: Path, typist: Typist, report: Contract) -> None:
    (row,) = typist(report, lines_of(opened(book(tmp_path / "a.xlsx", CELLS), report, NAME)))

    assert row["faults"] == []
    assert (row["plant"], row["work_center"], row["unit"]) == ("1000", "PRS01", "ST")
    assert (row["finished_at"], row["good_qty"], row["scrap_qty"]) == (utc("2026-03-06T11:30"), 90, 10)
    assert row["business_key"] == "shift_report|1000|4711/0010/2026-03-06T11:30:00.000|1"


@pytest.mark.parametrize("label", ["Arbeitsplatz", "ARBEITSPLATZ :", "Arbeitsplatz: PRS02"])
def test_a_label_is_known_however_it_is_written(tmp_path: Path, report: Contract, label: str) -> None:
    sheet = opened(book(tmp_path / "a.xlsx", {**CELLS, "A2": label}), report, NAME)

    assert dict(sheet.layout.constants)["work_center"] == ("PRS02" if "PRS02" in label else "PRS01")


def test_a_label_in_the_header_or_below_is_none(tmp_path: Path, report: Contract) -> None:
    cells = {**CELLS, "A2": None, "C2": None, "F5": "Arbeitsplatz", "G5": "Schicht"}

    with pytest.raises(ConstantMissing, match="'Arbeitsplatz' above the header holds nothing"):
        opened(book(tmp_path / "a.xlsx", cells), report, NAME)


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        (
            {"C2": None},
            NAME,
            "the cell right of 'Arbeitsplatz' above the header holds nothing, but shift_report@1 takes",
        ),
        ({"D3": None}, NAME, "cell D3 holds nothing, but shift_report@1 takes shift_end from there. Fill it in"),
        ({"D1": "Stück"}, NAME, r"cell D1 holds nothing that matches 'Mengen in (?P<value>\\w+)'"),
        ({}, "report.xlsx", "the name of the file does not match"),
    ],
)
def test_a_value_that_is_not_there_is_told_with_its_place(
    tmp_path: Path, report: Contract, change: Mapping[str, Any], name: str, words: str
) -> None:
    with pytest.raises(ConstantMissing) as caught:
        opened(book(tmp_path / "a.xlsx", {**CELLS, **change}), report, name)

    assert str(caught.value).startswith(f'{name}, sheet "Bericht": ')
    assert words in str(caught.value)


def test_a_column_of_the_sheet_goes_before_the_value_above_it(tmp_path: Path, report: Contract) -> None:
    unit = report.columns["good_qty"].model_copy(update={"type": "text", "aliases": ("Einheit",), "required": False})
    contract = report.model_copy(update={"columns": dict(report.columns) | {"unit": unit}})
    sheet = opened(book(tmp_path / "a.xlsx", {**CELLS, "F5": "Einheit", "F6": "KG"}), contract, NAME)

    assert [line["unit"] for line in lines_of(sheet)] == ["KG"]
    assert "unit" not in dict(sheet.layout.constants)


@pytest.mark.parametrize(("mode", "shown"), [("keep", "Erika Muster"), ("drop", None), ("pseudonym", "other")])
def test_a_person_above_the_table_is_treated_as_one_in_a_column(
    tmp_path: Path, log: Contract, mode: Any, shown: str | None
) -> None:
    """The name of the shift's operator stood in the topic, as no column held it."""
    place = Contract.load(LAYOUTS / "shift_report.yaml").constants_from["work_center"]
    taken = place.model_copy(update={"right_of": "Bediener"})
    contract = log.model_copy(update={"constants_from": {"operator": taken}})
    header = dict(zip(("A3", "B3", "C3", "D3"), ("Plant", "Work Center", "Interaction ID", "Start"), strict=True))
    row = dict(zip(("A4", "B4", "C4", "D4"), ("1000", "PRS01", "I-1", DAY), strict=True))
    path = book(tmp_path / "a.xlsx", {"A1": "Bediener", "B1": "Erika Muster", **header, **row})
    (line,) = lines_of(opened(path, contract, "a.xlsx", OperatorPolicy(mode, b"key")))

    assert ("Erika Muster" in json.dumps(line)) is (mode == "keep")
    assert line.get("operator") == shown or (shown == "other" and len(line["operator"]) > 8)


def test_a_workbook_to_repair_keeps_what_stands_above_the_table(tmp_path: Path, report: Contract) -> None:
    source = book(tmp_path / "a.xlsx", CELLS)
    layout = opened(source, report, NAME).layout
    faults = [CellFault(6, 2, "is no number")]
    write_rejects(source, "Bericht", 5, faults, tmp_path / "out.xlsx", sha256="ab", first_row=layout.first_row)

    again = opened(tmp_path / "out.xlsx", report, NAME)
    assert (again.layout.header_row, again.layout.constants) == (5, layout.constants)
    assert [line["_row"] for line in lines_of(again)] == [6]


def test_reopening_gives_the_same_values(tmp_path: Path, report: Contract) -> None:
    path = book(tmp_path / "a.xlsx", CELLS)
    sheet = opened(path, report, NAME)

    (again,) = reopen(path, sheet.publication, report, OperatorPolicy("keep"))

    assert again.request == sheet.request


@pytest.mark.stack
def test_constants_fill_both_models_and_cells_win(typist: Typist, log: Contract, sap: Contract) -> None:
    settings = {"constants": {"plant": "3000", "work_center": "PRS01"}}
    filled, other = typist(
        log.model_copy(update=settings), [stop(plant=None, work_center=None), stop(plant="1000", work_center="X")]
    )
    confirmed, _ = typist(sap.model_copy(update=settings), [confirmation(plant=None, work_center=None), confirmation()])

    assert (filled["plant"], filled["work_center"], filled["faults"]) == ("3000", "PRS01", [])
    assert filled["started_at"] == utc("2026-03-06T09:00")
    assert (other["plant"], other["work_center"]) == ("1000", "X")
    assert (confirmed["plant"], confirmed["work_center"], confirmed["faults"]) == ("3000", "PRS01", [])
