"""The header is seen without parsing the sheet."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from te_assets.contracts.layout import HeaderCell, PeekedRow
from te_assets.workbook.errors import DamagedWorkbook
from te_assets.workbook.package import open_archive
from te_assets.workbook.peek import peek
from te_assets.workbook.shared_strings import shared_strings
from te_assets_tests.workbook.books import write_book, write_raw


def texts(row: PeekedRow) -> list[str]:
    return [cell.text for cell in row.cells]


def test_rows_carry_excel_row_numbers_and_columns(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["Plant", None, "Qty"], [], ["1000", None, 5]], start_row=7, start_column=3)
    (sheet,) = peek(path)
    assert sheet.rows == (
        PeekedRow(7, (HeaderCell(2, "Plant"), HeaderCell(4, "Qty"))),
        PeekedRow(9, (HeaderCell(2, "1000"), HeaderCell(4, "5"))),
    )
    assert sheet.rows[0].cells[1].letter == "E"


def test_all_sheets_are_seen_in_the_order_of_the_tabs_and_hidden_ones_say_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Pivot"
    book.create_sheet("Lists").sheet_state = "hidden"
    book.create_sheet("Old").sheet_state = "veryHidden"
    book.create_chartsheet("Chart")
    book.create_sheet("Data & more").append(["Plant"])
    book.save(tmp_path / "a.xlsx")
    seen = peek(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.is_hidden, len(sheet.rows)) for sheet in seen] == [
        ("Pivot", False, 0),
        ("Lists", True, 0),
        ("Old", True, 0),
        ("Data & more", False, 1),
    ]


def test_merged_title_stands_in_its_first_cell_only(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "Stops of week 10"
    sheet.merge_cells("A1:F1")
    sheet["A3"], sheet["B3"] = "Plant", "Start"
    book.save(tmp_path / "a.xlsx")
    rows = peek(tmp_path / "a.xlsx")[0].rows
    assert [(row.number, texts(row)) for row in rows] == [(1, ["Stops of week 10"]), (3, ["Plant", "Start"])]


def test_shared_rich_and_inline_strings_read_as_a_person_sees_them(tmp_path: Path) -> None:
    strings = (
        "<si><t>Plant</t></si><si/>"
        '<si><r><t>Confirmed </t></r><r><rPr><b/></rPr><t xml:space="preserve">Yield &amp; more</t></r>'
        "<rPh><t>phonetic</t></rPh></si><si><t>Line_x000D_\nbreak</t></si>"
    )
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>'
        '<c r="D1" t="s"><v>3</v></c><c r="E1" t="inlineStr"><is><r><t>In</t></r><r><t>line</t></r>'
        '<rPh><t>x</t></rPh></is></c><c r="F1" t="b"><v>1</v></c><c r="G1" t="e"><v>#N/A</v></c>'
        '<c r="H1" t="str"><f>A1</f><v>Formula</v></c></row>'
    )
    (row,) = peek(write_raw(tmp_path / "a.xlsx", cells, shared_strings=strings))[0].rows
    assert [(cell.letter, cell.text) for cell in row.cells] == [
        ("A", "Plant"),
        ("C", "Confirmed Yield & more"),
        ("D", "Line\r\nbreak"),
        ("E", "Inline"),
        ("F", "TRUE"),
        ("G", "#N/A"),
        ("H", "Formula"),
    ]


def test_cells_without_references_and_prefixed_elements_are_counted(tmp_path: Path) -> None:
    """Some writers leave out what can be counted, some put a namespace prefix before every element."""
    bare = "<row><c><v>1</v></c></row><row><c t='str'><v>a</v></c><c><v>2</v></c></row>"
    rows = peek(write_raw(tmp_path / "a.xlsx", bare))[0].rows
    assert [(row.number, texts(row)) for row in rows] == [(1, ["1"]), (2, ["a", "2"])]
    prefixed = (
        '<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        '<x:row r="3"><x:c r="B3" t="str"><x:v>Plant</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    (row,) = peek(write_raw(tmp_path / "b.xlsx", prefixed))[0].rows
    assert (row.number, row.cells) == (3, (HeaderCell(1, "Plant"),))


def test_only_the_first_rows_are_read(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["Plant"], *([n] for n in range(500))])
    assert len(peek(path)[0].rows) == 40
    assert [row.number for row in peek(path, rows=2)[0].rows] == [1, 2]


def test_header_string_at_the_end_of_a_long_string_table_is_found(tmp_path: Path) -> None:
    """The second sheet of a file saved in Excel: its header comes after all texts of the first."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path))
    first = book.add_worksheet("Archive")
    for row in range(50_000):
        first.write_string(row, 0, f"text {row}")
    book.add_worksheet("Data").write_string(0, 0, "Plant")
    book.close()
    assert texts(peek(path)[1].rows[0]) == ["Plant"]


@settings(max_examples=50, deadline=None)
@given(
    strings=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="_"), max_size=20)),
    data=st.data(),
)
def test_any_shared_string_is_found_by_its_index(
    tmp_path_factory: pytest.TempPathFactory, strings: list[str], data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("strings") / "a.xlsx"
    escape = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    items = "".join(f"<si><t>{''.join(escape.get(c, c) for c in text)}</t></si>" for text in strings)
    write_raw(path, "", shared_strings=items or "<si/>")
    wanted = data.draw(st.sets(st.integers(0, len(strings) - 1))) if strings else set()
    with open_archive(path, path.name) as archive:
        found = shared_strings(archive, "xl/sharedStrings.xml", wanted, path.name)
    assert found == {index: strings[index] for index in wanted}


def test_malformed_sheet_is_named(tmp_path: Path) -> None:
    path = write_raw(tmp_path / "stops.xlsx", '<row r="1"><c></row>')
    with pytest.raises(DamagedWorkbook, match=r'stops\.xlsx: sheet "Data" is malformed'):
        peek(path)


def test_workbook_without_its_main_part_is_damaged(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    with pytest.raises(DamagedWorkbook, match=r"part xl/workbook\.xml is missing"):
        peek(tmp_path / "a.xlsx")
