"""Text files cut into rows: nothing dropped, nothing guessed, and every refusal names the line."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.workbook.errors import DamagedWorkbook, OversizedWorkbook
from te_assets.workbook.guard import GuardLimits
from te_assets.workbook.rejects import CellFault, write_rejects
from te_assets.workbook.request import ExtraColumn, OperatorPolicy, ReadColumn, ReadRequest, ReadResult, TextFormat
from te_assets.workbook.text_guard import TextOptions, guard_text
from te_assets.workbook.text_records import peek_text, sheet_of
from te_assets_tests.workbook.books import SHEET, read_lines, read_rows, request_for

HEADER = "Order;Yield;Start;Note"
_BLANKS = "".join(chr(code) for code in range(0x110000) if chr(code).isspace() and code not in range(0x1C, 0x20))


def made(tmp_path: Path, content: str | bytes, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def guarded(path: Path, **options: Any) -> TextFormat:
    return guard_text(path, path.name, TextOptions(**options)).text


def request(path: Path, header_row: int = 1, first_column: int = 0, **options: Any) -> ReadRequest:
    columns = [("order_id", "text"), ("good_qty", "decimal"), ("started_at", "datetime")]
    return ReadRequest(
        path,
        path.name,
        sheet_of(path.name),
        header_row,
        tuple(ReadColumn(field, first_column + at, kind) for at, (field, kind) in enumerate(columns)),  # type: ignore[arg-type]
        (ExtraColumn("Note", first_column + 3),),
        text=guarded(path, **options),
    )


def read(path: Path, header_row: int = 1, **options: Any) -> tuple[list[dict[str, Any]], ReadResult]:
    lines, result = read_lines(request(path, header_row, **options))
    return [json.loads(line) for line in lines], result


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", ["\t", ";", ",", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = "\r\n".join(["Aufträge der Woche", "", *("A;ü;c;d".replace(";", delimiter) for _ in range(3)), ""])
    content = text.encode(encoding)
    path = made(tmp_path, b"\xfe\xff" + content if encoding == "utf-16-be" else content)

    found = guarded(path)

    assert found.delimiter == delimiter
    rows = peek_text(path, path.name, found).rows
    assert [(row.number, [cell.text for cell in row.cells]) for row in rows][:2] == [
        (1, ["Aufträge der Woche"]),
        (3, ["A", "ü", "c", "d"]),
    ]


def test_a_decimal_comma_does_not_cut_a_semicolon_list(tmp_path: Path) -> None:
    assert guarded(made(tmp_path, "a;b;c\n1,5;2,5;3,5\n1,0;2,0;3,0\n")).delimiter == ";"


def test_an_old_code_page_is_said_and_a_declared_one_is_used(tmp_path: Path) -> None:
    path = made(tmp_path, "Zlecenie;Ilość\n", "cp1250")

    assert "read as Windows-1252" in guard_text(path, path.name, TextOptions()).warnings[0]
    declared = guard_text(path, path.name, TextOptions(encoding="windows-1250"))
    assert declared.warnings == ()
    assert peek_text(path, path.name, declared.text).rows[0].cells[1].text == "Ilość"


@pytest.mark.parametrize(
    ("content", "options", "words"),
    [
        (b"a;b\r\n1;2\r\n3;\x81\r\n", {}, "line 3: the byte 81 is no text in windows-1252"),
        (b"a;b\r\n1;2\r\n3;\xe4\r\n", {"encoding": "utf-8"}, "line 3: the byte e4 is no text in utf-8"),
        (b"a;b\r\n1;\0\r\n", {}, "line 2: a NUL character"),
        ("a;b\r\n1;2\r\n".encode("utf-16")[:-1], {}, "its last character is cut off.*Deliver the file again"),
        ("a;b\r\n1;ü".encode()[:-1], {}, "its last character is cut off"),
        ("a;b\r\n".encode("utf-16"), {"encoding": "utf-8"}, "first bytes say utf-16, its contract says utf-8"),
        (b"a;b\r\n", {"encoding": "utf-16"}, "no byte order mark"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_their_line(
    tmp_path: Path, content: bytes, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(DamagedWorkbook, match=rf"^list\.csv.*{words}"):
        guarded(made(tmp_path, content), **options)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = made(tmp_path, "a;b\n" * 100)

    with pytest.raises(OversizedWorkbook, match="Split the export"):
        guard_text(path, path.name, TextOptions(), GuardLimits(total_bytes=399))


def test_cells_stay_the_text_they_are_and_rows_bear_the_numbers_of_their_lines(tmp_path: Path) -> None:
    path = made(tmp_path, f"List\n\n{HEADER}\n0004711;1.234,500-;06.03.2026;\n\n4712; 7 ;;late\n", "utf-16")

    rows, result = read(path, header_row=3)

    assert rows == [
        {"_row": 4, "order_id": "0004711", "good_qty": "1.234,500-", "started_at": "06.03.2026"},
        {"_row": 6, "order_id": "4712", "good_qty": " 7 ", "_extra": {"Note": "late"}},
    ]
    assert (result.rows, result.warnings) == (2, ())


def test_an_empty_date_of_a_database_stays_as_it_stands(tmp_path: Path) -> None:
    """In a workbook such a text is a time of day of the library; it came out as 24:00:00."""
    rows, _ = read(made(tmp_path, f"{HEADER}\n1;2;1900-01-01 00:00:00;1899-12-31 08:00:00\n"))

    assert rows[0]["started_at"] == "1900-01-01 00:00:00"
    assert rows[0]["_extra"] == {"Note": "1899-12-31 08:00:00"}


def test_columns_that_begin_with_an_empty_tab_keep_their_places(tmp_path: Path) -> None:
    path = made(tmp_path, "\tOrder\tYield\tStart\tNote\r\n\t1\t2\t3\t4\r\n", "utf-16")

    lines, _ = read_lines(request(path, first_column=1))

    assert json.loads(lines[0]) == {
        "_row": 2,
        "order_id": "1",
        "good_qty": "2",
        "started_at": "3",
        "_extra": {"Note": "4"},
    }


_CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    rows=st.lists(st.lists(_CELLS, min_size=4, max_size=4), min_size=1, max_size=8),
    delimiter=st.sampled_from("\t;,|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_every_cell_of_a_file_comes_out_as_it_was_written(
    tmp_path: Path, rows: list[list[str]], delimiter: str, encoding: str
) -> None:
    """Quoted or not: of a row with anything in it no cell is lost, moved or changed."""
    path = tmp_path / "list.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerows([HEADER.split(";"), *rows])

    read_back, _ = read(path, delimiter=delimiter)

    fields = ("order_id", "good_qty", "started_at", "Note")
    expected = [[cell if cell.strip(_BLANKS) else None for cell in row] for row in rows]
    found = [[(row | row.get("_extra", {})).get(field) for field in fields] for row in read_back]
    assert found == [row for row in expected if any(row)]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_line_with_more_cells_than_the_header_loses_none(tmp_path: Path, quoted: bool) -> None:
    note = '"n"' if quoted else "n"
    path = made(tmp_path, f"{HEADER}\n1;2;3;{note};more;;most\n2;3;4;5\n")

    rows, result = read(path)

    assert rows[0]["_extra"] == {"Note": "n", "column E": "more", "column G": "most"}
    assert rows[1]["_extra"] == {"Note": "5"}
    assert result.warnings == ("list.csv: values without a header in column E, G; they are kept in _extra.",)


@pytest.mark.parametrize("mark", ["", '"'])
def test_far_too_many_cells_are_a_wrong_delimiter(tmp_path: Path, mark: str) -> None:
    path = made(tmp_path, f"{HEADER}\n{mark}1{mark};2;3;4\n" + ";" * 400 + "\n")

    with pytest.raises(DamagedWorkbook, match="line 3: 401 cells, the header has 4"):
        read(path)


def test_short_lines_are_read_and_said(tmp_path: Path) -> None:
    rows, result = read(made(tmp_path, f"{HEADER}\n1;2;3;4\n2;3\n3;4;5;6\n"))

    assert rows[1] == {"_row": 3, "order_id": "2", "good_qty": "3"}
    assert "1 lines have fewer cells than the header (line 3)" in result.warnings[0]


def test_a_last_line_without_a_break_is_a_row_if_it_is_whole(tmp_path: Path) -> None:
    rows, _ = read(made(tmp_path, f"{HEADER}\n1;2;3;4\n2;3;4;5"))
    assert [row["_row"] for row in rows] == [2, 3]


@pytest.mark.parametrize("quoted", [False, True])
def test_a_last_line_that_was_cut_off_is_refused(tmp_path: Path, quoted: bool) -> None:
    """A copy over a slow line ended amid a row: its scrap was read as 0."""
    first = '"1"' if quoted else "1"
    path = made(tmp_path, f"{HEADER}\n{first};2;3;4\n2;3")

    with pytest.raises(DamagedWorkbook, match=r"line 3: the file ends in the middle of a row.*cut off"):
        read(path)


def test_lines_that_are_drawn_are_rows_that_a_contract_can_skip_and_no_short_ones(tmp_path: Path) -> None:
    text = "|Order|Yield|Start|Note|\n|-----|-----|-----|----|\n|1    |   2 |3    |    |\n----------------\n"
    path = made(tmp_path, text)

    lines, result = read_lines(replace(request(path, first_column=1)))

    assert [json.loads(line).get("order_id") for line in lines] == ["-----", "1    ", None]
    assert result.rows == 3
    assert result.warnings == ("list.csv: values without a header in column A; they are kept in _extra.",)


def test_a_quoted_cell_holds_delimiters_marks_and_line_breaks(tmp_path: Path) -> None:
    rows, _ = read(made(tmp_path, f'{HEADER}\r\n1;2;3;"a; ""b""\r\nc"\r\n2;3;4;5\r\n'))

    assert rows[0]["_extra"]["Note"] == 'a; "b"\r\nc'
    assert [row["_row"] for row in rows] == [2, 4]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('1;2;3;"a\n2;3;4;5\n', 'line 2: a quotation mark " opens a cell and none closes it'),
        ('1;2;3;"a" b\n', "line 2: text stands behind the closing quotation mark"),
        ('1;2;3;"Rohr 3\n2;3;4;5\n3;4;5;6"\n', "line 2: a cell in quotation marks goes over 3 lines"),
        (f'1;2;3;"{"x" * 200_000}"\n', "line 2: a cell is longer than 131,072 characters"),
    ],
)
def test_a_stray_quotation_mark_swallows_no_rows(tmp_path: Path, lines: str, words: str) -> None:
    """An inch mark in a material text took 40 confirmations into one cell."""
    path = made(tmp_path, f"{HEADER}\n{lines}")

    with pytest.raises(DamagedWorkbook, match=words):
        read(path)


def test_without_a_quotation_mark_an_inch_mark_is_a_character(tmp_path: Path) -> None:
    rows, _ = read(made(tmp_path, f'{HEADER}\n1;2;3;"a\n'), quote="")

    assert rows[0]["_extra"] == {"Note": '"a'}


def test_operators_leave_a_text_file_as_pseudonyms_or_not_at_all(tmp_path: Path) -> None:
    path = made(tmp_path, "Order;Operator\n1;Erika Muster\n")
    columns = (ReadColumn("order_id", 0, "text"), ReadColumn("operator", 1, "text"))
    asked = ReadRequest(path, path.name, "list", 1, columns, text=guarded(path))

    dropped, _ = read_lines(asked)
    hidden, _ = read_lines(replace(asked, operator=OperatorPolicy("pseudonym", b"key")))

    assert json.loads(dropped[0]) == {"_row": 2, "order_id": "1"}
    assert json.loads(hidden[0])["operator"] not in ("", "Erika Muster")


def test_the_sheet_is_called_as_excel_calls_it() -> None:
    assert sheet_of("Confirmations [1].xls") == "Confirmations _1_"
    assert len(sheet_of("Confirmations_2026-03-02_2026-03-08_exported.xls")) == 31


def test_a_control_character_comes_back_in_the_workbook_to_repair(tmp_path: Path) -> None:
    """A form feed at the top of a printed page ended the command that writes rejected rows."""
    path = made(tmp_path, f"{HEADER}\n\x0c1;zwölf;3;4\n")

    write_rejects(
        path, SHEET, 1, [CellFault(2, 1, "no number")], tmp_path / "out.xlsx", sha256="ab", text=guarded(path)
    )

    types = {"order_id": "text", "good_qty": "text", "started_at": "text", "note": "text"}
    (row,) = read_rows(request_for(tmp_path / "out.xlsx", types))  # type: ignore[arg-type]
    assert row["order_id"] == "\x0c1"


def test_rejected_lines_come_back_under_their_header_as_text(tmp_path: Path) -> None:
    path = made(tmp_path, f"List\n{HEADER}\n0001;=2;3;4\n2;zwölf;4;5\n", "utf-16")

    written = write_rejects(
        path, "list", 2, [CellFault(3, 1, "no number")], tmp_path / "out.xlsx", sha256="ab", text=guarded(path)
    )

    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx")["list"]
    assert written == 1
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Order", "Yield", "Start", "Note", "Rejected because", "Rejected row"],
        ["0001", "=2", "3", "4", "no number", "ab/list/3"],
    ]
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].fill.fill_type == "solid"
