"""Every cell arrives as it stands in the workbook, under its Excel row number."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from te_assets.workbook.request import ColumnType, ExtraColumn, OperatorPolicy
from te_assets_tests.workbook.books import read_lines, read_rows, request_for, write_book, write_raw

FIELDS: dict[str, ColumnType] = {
    "plant": "text",
    "qty": "decimal",
    "at": "datetime",
    "clock": "time",
    "flag": "boolean",
}


def one_column(tmp_path: Path, kind: ColumnType, values: list[Any], **options: Any) -> list[Any]:
    """What a column of this type reads as, cell by cell."""
    path = write_book(tmp_path / "a.xlsx", [["row", "value"], *([f"r{at}", value] for at, value in enumerate(values))])
    rows = read_rows(request_for(path, {"row": "text", "value": kind}, **options))
    assert [row["row"] for row in rows] == [f"r{at}" for at in range(len(values))]
    return [row.get("value") for row in rows]


def test_line_begins_with_its_row_number_and_leaves_out_empty_cells(tmp_path: Path) -> None:
    stamp = datetime(2026, 3, 6, 18, 0)
    rows: list[list[Any]] = [list(FIELDS), ["1000", 12.5, stamp, time(18, 0), True], ["2000", None, None, None, None]]
    lines, result = read_lines(request_for(write_book(tmp_path / "a.xlsx", rows), FIELDS))
    assert lines == [
        '{"_row":2,"plant":"1000","qty":12.5,"at":"2026-03-06T18:00:00","clock":"18:00:00","flag":true}',
        '{"_row":3,"plant":"2000"}',
    ]
    assert result.rows == 2
    assert result.warnings == ()
    assert set(result.seconds) == {"spawn", "read", "lines", "send"}
    assert result.peak_bytes > 10_000_000


@pytest.mark.parametrize(("start_row", "start_column"), [(1, 1), (7, 3), (4, 1), (1, 28)])
def test_row_number_is_excels_wherever_the_table_starts(tmp_path: Path, start_row: int, start_column: int) -> None:
    rows: list[list[Any]] = [["plant", "qty"], ["1000", 1], [None, None], ["2000", 2], ["  ", None], ["3000", 3]]
    path = write_book(tmp_path / "a.xlsx", rows, start_row=start_row, start_column=start_column)
    fields: dict[str, ColumnType] = {"plant": "text", "qty": "decimal"}
    read = read_rows(request_for(path, fields, header_row=start_row, first_column=start_column - 1))
    assert read == [
        {"_row": start_row + 1, "plant": "1000", "qty": 1},
        {"_row": start_row + 3, "plant": "2000", "qty": 2},
        {"_row": start_row + 5, "plant": "3000", "qty": 3},
    ]


def test_rows_under_a_merged_title_keep_their_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    sheet["B2"] = "Stops of week 10"
    sheet.merge_cells("B2:C2")
    sheet["B4"], sheet["C4"] = "plant", "qty"
    sheet["B7"], sheet["C7"] = "1000", 4
    book.save(tmp_path / "a.xlsx")
    fields: dict[str, ColumnType] = {"plant": "text", "qty": "decimal"}
    request = request_for(tmp_path / "a.xlsx", fields, header_row=4, first_column=1)
    assert read_rows(request) == [{"_row": 7, "plant": "1000", "qty": 4}]


def test_subtotals_and_repeated_headers_are_rows(tmp_path: Path) -> None:
    """What is no data is for the contract to say, in SQL."""
    rows: list[list[Any]] = [["plant", "qty"], ["1000", 1], ["plant", "qty"], ["Total", 1]]
    read = read_rows(request_for(write_book(tmp_path / "a.xlsx", rows), {"plant": "text", "qty": "decimal"}))
    assert [(row["plant"], row["qty"]) for row in read] == [("1000", 1), ("plant", "qty"), ("Total", 1)]


def test_formatted_but_empty_tail_gives_no_rows(tmp_path: Path) -> None:
    tail = "".join(f'<row r="{at}"><c r="A{at}" s="1"/><c r="B{at}" s="1"/></row>' for at in range(3, 3000))
    cells = '<row r="1"><c r="A1" t="str"><v>plant</v></c></row><row r="2"><c r="A2" t="str"><v>1000</v></c></row>'
    path = write_raw(tmp_path / "a.xlsx", cells + tail)
    assert read_rows(request_for(path, {"plant": "text"})) == [{"_row": 2, "plant": "1000"}]


def test_sheet_with_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["plant", "qty"]])
    lines, result = read_lines(request_for(path, {"plant": "text", "qty": "decimal"}))
    assert (lines, result.rows) == ([], 0)


def test_texts_keep_leading_zeros_blanks_and_special_characters(tmp_path: Path) -> None:
    texts = ["000100", " 12 ", 'say "x" \\ y', "line\nbreak\ttab", "Störung Ø 訂單 😀", "=1+1"[1:], "{}", "null"]
    assert one_column(tmp_path, "text", texts) == texts


def test_numbers_in_a_text_column_keep_every_digit(tmp_path: Path) -> None:
    """Read as text, the library keeps nine decimals: 0.1234567891234 became 0.123456789, and 1e-12 became 0."""
    values: list[Any] = [1000001, 1234567890123456, 2.5, 0.1234567891234, 1e-12, 0, -0.1234567891234, "0.123456789"]
    read = one_column(tmp_path, "text", values)
    assert [float(text) for text in read] == [float(value) for value in values]
    assert read[:3] == ["1000001", "1234567890123456", "2.5"]
    assert read[7] == "0.123456789"


def test_quantities_are_not_truncated_and_whole_ones_have_no_point(tmp_path: Path) -> None:
    values = [3.7, 3.0, 0.1 + 0.2, 1e20, 2.5e-7, -5, 123456.789, 0]
    numbers = "".join(f'<row r="{at}"><c r="A{at}"><v>{value!r}</v></c></row>' for at, value in enumerate(values, 2))
    path = write_raw(tmp_path / "a.xlsx", f'<row r="1"><c r="A1" t="str"><v>qty</v></c></row>{numbers}')
    lines, _ = read_lines(request_for(path, {"qty": "decimal"}))
    assert [json.loads(line)["qty"] for line in lines] == values
    assert [line.split('"qty":')[1] for line in lines[:3]] == ["3.7}", "3}", "0.30000000000000004}"]


@pytest.mark.parametrize("kind", ["decimal", "integer"])
def test_text_in_a_number_column_stays_text(tmp_path: Path, kind: ColumnType) -> None:
    """`1.234` in a German export is one thousand, and the library silently read 1.234."""
    values = ["1.234", "1.234,56", "155,22-", "000100", "zwölf", "inf", "NaN", "1e5", ".5", 7, True, False, " 12 "]
    expected = [*values[:10], "true", "false", " 12 "]
    assert one_column(tmp_path, kind, values) == expected


def test_text_numbers_are_told_from_numbers_in_unusual_xml_too(tmp_path: Path) -> None:
    """Cells without references, or with a namespace prefix: the scan gives up, the answer is the same."""
    rows = "<row><c t='str'><v>qty</v></c></row><row><c t='str'><v>1.234</v></c></row><row><c><v>1.234</v></c></row>"
    path = write_raw(tmp_path / "a.xlsx", rows)
    assert [row["qty"] for row in read_rows(request_for(path, {"qty": "decimal"}))] == ["1.234", 1.234]


def test_long_numbers_in_a_text_column_are_exact_in_unusual_xml_too(tmp_path: Path) -> None:
    rows = "<row><c t='str'><v>id</v></c></row><row><c><v>0.1234567891234</v></c></row>"
    path = write_raw(tmp_path / "a.xlsx", rows)
    assert read_rows(request_for(path, {"id": "text"})) == [{"_row": 2, "id": "0.1234567891234"}]


@pytest.mark.parametrize("kind", ["text", "decimal", "datetime", "date", "time", "boolean"])
def test_error_cells_keep_their_name(tmp_path: Path, kind: ColumnType) -> None:
    names = ["#N/A", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!"]
    assert one_column(tmp_path, kind, names) == names


def test_dates_are_iso_with_milliseconds_only_where_there_are_any(tmp_path: Path) -> None:
    values = [
        datetime(2026, 3, 6, 18, 0),
        datetime(2026, 3, 6, 18, 0, 0, 123000),
        date(2026, 3, 6),
    ]
    expected = ["2026-03-06T18:00:00", "2026-03-06T18:00:00.123", "2026-03-06T00:00:00"]
    assert one_column(tmp_path, "datetime", values) == expected
    assert one_column(tmp_path, "date", values) == expected


def test_text_in_a_date_column_stays_as_it_was_typed(tmp_path: Path) -> None:
    values = ["2026-03-06", "06.03.2026", "03/04/2026", "1899-05-01", "soon", "20260306"]
    assert one_column(tmp_path, "date", values) == values


def test_bare_serial_number_in_a_date_column_is_a_date(tmp_path: Path) -> None:
    assert one_column(tmp_path, "datetime", [46087.75]) == ["2026-03-06T18:00:00"]


def test_numbers_that_are_no_dates_of_a_plant_stay_numbers(tmp_path: Path) -> None:
    """20260306 typed into a date column is no day in the year 57,370, and 2026 is not 18 July 1905."""
    values = [20260306, 2026, datetime(2026, 3, 6, 6, 0), 1e20]
    read = one_column(tmp_path, "datetime", values)
    assert read[:3] == [20260306, 2026, "2026-03-06T06:00:00"]
    assert float(read[3]) == 1e20


def test_old_dates_stay_dates(tmp_path: Path) -> None:
    assert one_column(tmp_path, "date", [date(1900, 1, 15), date(1950, 6, 1)]) == [
        "1900-01-15T00:00:00",
        "1950-06-01T00:00:00",
    ]


def test_times_of_day_and_durations_of_days(tmp_path: Path) -> None:
    values = [time(18, 0), time(0, 0), timedelta(hours=30, minutes=15), 0.75, timedelta(days=10), time(23, 59, 59)]
    expected = ["18:00:00", "00:00:00", "30:15:00", "18:00:00", "240:00:00", "23:59:59"]
    assert one_column(tmp_path, "time", values) == expected


def test_time_column_with_dates_text_and_plain_numbers(tmp_path: Path) -> None:
    values = [datetime(2026, 3, 6, 18, 0), "18:00", 1800, time(6, 30)]
    assert one_column(tmp_path, "time", values) == ["2026-03-06T18:00:00", "18:00", 1800, "06:30:00"]


def test_times_in_a_text_column_read_as_a_person_sees_them(tmp_path: Path) -> None:
    values = [time(18, 0), timedelta(hours=30, minutes=15), "early"]
    assert one_column(tmp_path, "text", values) == ["18:00:00", "30:15:00", "early"]


def test_serials_of_1904_workbooks_are_counted_from_1904(tmp_path: Path) -> None:
    """Bare serials were read 1,462 days off, formatted ones right, in one column."""
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(str(path), {"date_1904": True})
    sheet = book.add_worksheet("Data")
    stamp, clock = book.add_format({"num_format": "dd.mm.yyyy hh:mm"}), book.add_format({"num_format": "hh:mm"})
    sheet.write_row(0, 0, ["at", "clock", "note"])
    sheet.write_datetime(1, 0, datetime(2026, 3, 6, 18, 0), stamp)
    sheet.write_number(1, 1, 0.75, clock)
    sheet.write_number(1, 2, 0.75, clock)
    sheet.write_number(2, 0, 44625.75)
    sheet.write_number(2, 1, 0.75)
    sheet.write_number(3, 1, 1.25, clock)
    book.close()
    assert read_rows(request_for(path, {"at": "datetime", "clock": "time", "note": "text"})) == [
        {"_row": 2, "at": "2026-03-06T18:00:00", "clock": "18:00:00", "note": "18:00:00"},
        {"_row": 3, "at": "2026-03-06T18:00:00", "clock": "18:00:00"},
        {"_row": 4, "clock": "30:00:00"},
    ]


def test_booleans_are_booleans_and_words_stay_words(tmp_path: Path) -> None:
    assert one_column(tmp_path, "boolean", [True, False, "X", "Ja", 1, None]) == [True, False, "X", "Ja", "1", None]


def test_columns_without_a_field_travel_in_extra_under_their_header(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["plant", "Remark", "Remark", 'Odd "name"'],
        ["1000", "a", 1.25, None],
        ["2000", None, None, None],
    ]
    extras = [ExtraColumn("Remark", 1), ExtraColumn("Remark (C)", 2), ExtraColumn('Odd "name"', 3)]
    read = read_rows(request_for(write_book(tmp_path / "a.xlsx", rows), {"plant": "text"}, extras=extras))
    assert read == [
        {"_row": 2, "plant": "1000", "_extra": {"Remark": "a", "Remark (C)": "1.25"}},
        {"_row": 3, "plant": "2000"},
    ]


def test_values_without_a_header_are_kept_and_warned_about(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["plant"], ["1000", None, "aside"], [None, None, "alone"]])
    lines, result = read_lines(request_for(path, {"plant": "text"}))
    assert [json.loads(line) for line in lines] == [
        {"_row": 2, "plant": "1000", "_extra": {"column C": "aside"}},
        {"_row": 3, "_extra": {"column C": "alone"}},
    ]
    assert result.warnings == ('sheet "Data": values without a header in column C; they are kept in _extra.',)


def test_formulas_without_results_are_warned_about(tmp_path: Path) -> None:
    """A file written by a script and never opened in Excel: all quantities read as empty."""
    path = write_book(tmp_path / "a.xlsx", [["plant", "qty"], ["1000", "=2*3"], ["2000", "=SUM(A1:A2)"]])
    lines, result = read_lines(request_for(path, {"plant": "text", "qty": "decimal"}))
    assert lines == ['{"_row":2,"plant":"1000"}', '{"_row":3,"plant":"2000"}']
    assert len(result.warnings) == 1
    assert re.search(r"column B has formulas without stored results.*save it", result.warnings[0])


def test_formulas_with_results_are_read_without_a_warning(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><v>qty</v></c></row><row r="2"><c r="A2"><f>2*3</f><v>6</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>"x"</f><v>x</v></c></row>'
    )
    lines, result = read_lines(request_for(write_raw(tmp_path / "a.xlsx", cells), {"qty": "decimal"}))
    assert lines == ['{"_row":2,"qty":6}', '{"_row":3,"qty":"x"}']
    assert result.warnings == ()


def test_operators_leave_the_reader_as_pseudonyms(tmp_path: Path) -> None:
    path = write_book(
        tmp_path / "a.xlsx", [["plant", "operator"], ["1", "Müller "], ["1", "MÜLLER"], ["1", "Weiß"], ["1"]]
    )
    fields: dict[str, ColumnType] = {"plant": "text", "operator": "text"}
    rows = read_rows(request_for(path, fields, operator=OperatorPolicy("pseudonym", b"key")))
    first, again, other, none = (row.get("operator") for row in rows)
    assert first == again
    assert re.fullmatch("[0-9a-f]{16}", first or "")
    assert other not in (first, None)
    assert none is None
    rows = read_rows(request_for(path, fields, operator=OperatorPolicy("pseudonym", b"another key")))
    assert rows[0]["operator"] != first


def test_operators_are_kept_or_dropped_by_policy(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["plant", "operator"], ["1000", 4711]])
    fields: dict[str, ColumnType] = {"plant": "text", "operator": "text"}
    assert read_rows(request_for(path, fields, operator=OperatorPolicy("keep")))[0]["operator"] == "4711"
    assert read_rows(request_for(path, fields, operator=OperatorPolicy("drop"))) == [{"_row": 2, "plant": "1000"}]


def test_pseudonyms_without_a_key_are_refused() -> None:
    with pytest.raises(ValueError, match="TE_OPERATOR_KEY"):
        OperatorPolicy("pseudonym")


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="￾￿"), min_size=1, max_size=30)
_NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=64).filter(
    lambda x: x == 0 or 1e-300 < abs(x) < 1e300
)
_STAMPS = st.datetimes(datetime(1971, 1, 1), datetime(2199, 12, 31))
_CLOCKS = st.integers(0, 30 * 86_400 - 1)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            _TEXTS.filter(lambda text: text.strip() != "" and not re.search("_x[0-9A-Fa-f]{4}_", text)),
            st.none() | _NUMBERS,
            st.none() | _STAMPS.map(lambda stamp: stamp.replace(microsecond=0)),
            st.none() | _CLOCKS,
            st.none() | st.booleans(),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_written_comes_out_unchanged(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, float | None, datetime | None, int | None, bool | None]],
) -> None:
    path = tmp_path_factory.mktemp("trip") / "a.xlsx"
    cells = [
        [f"'{text}"[1:], number, stamp, None if clock is None else timedelta(seconds=clock), flag]
        for text, number, stamp, clock, flag in rows
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Data"
    sheet.append(list(FIELDS))
    for row in cells:
        sheet.append(row)
        sheet.cell(sheet.max_row, 1).data_type = "s"  # a text that begins with = is text
    book.save(path)
    expected = []
    for at, (text, number, stamp, clock, flag) in enumerate(rows):
        shown = None if clock is None else f"{clock // 3600:02}:{clock // 60 % 60:02}:{clock % 60:02}"
        written = None if number is None else float(f"{number:.16g}")  # openpyxl writes 16 digits
        values = (text, written, stamp.isoformat() if stamp else None, shown, flag)
        present = {field: value for field, value in zip(FIELDS, values, strict=True) if value is not None}
        expected.append({"_row": at + 2, **present})
    assert read_rows(request_for(path, FIELDS)) == expected


@pytest.mark.parametrize("kind", ["decimal", "date", "time", "datetime"])
def test_export_where_every_cell_is_text_keeps_the_texts(tmp_path: Path, kind: ColumnType) -> None:
    values: list[Any] = ["1.234,5", "06.03.2026", "18:00", None, "000100", "7"] * 3
    assert one_column(tmp_path, kind, values) == values


def test_values_amid_texts_keep_their_type(tmp_path: Path) -> None:
    """A column that begins with texts is read as text; what follows is no text for that."""
    words: list[Any] = ["2,5", "1.234", "7", "x"]
    numbers = [0.1234567891234, 12, "#N/A", True, None, 1e-12]
    expected = [*words, 0.1234567891234, 12, "#N/A", "true", None, 1e-12]
    assert one_column(tmp_path, "decimal", words + numbers) == expected
    stamps = [datetime(2026, 3, 6, 18, 0), 46087.75, 20260306, "#REF!", None, 1e20]
    expected = [*words, "2026-03-06T18:00:00", "2026-03-06T18:00:00", 20260306, "#REF!", None, str(10**20)]
    assert one_column(tmp_path, "datetime", words + stamps) == expected
    clocks = [time(18, 0), timedelta(hours=30, minutes=15), 0.75, 1800]
    assert one_column(tmp_path, "time", words + clocks) == [*words, "18:00:00", "30:15:00", "18:00:00", 1800]


@pytest.mark.parametrize("kind", ["decimal", "datetime", "time"])
def test_texts_far_below_values_are_found_too(tmp_path: Path, kind: ColumnType) -> None:
    """Inference that looks at the first thousand rows made nothing of what came later."""
    values: list[Any] = [0.5] * 1500 + ["1.234", "18:00", "soon"]
    assert one_column(tmp_path, kind, values)[1500:] == ["1.234", "18:00", "soon"]


def test_long_result_of_a_formula_in_a_text_column_is_exact(tmp_path: Path) -> None:
    cells = (
        '<row r="1"><c r="A1" t="str"><v>id</v></c></row>'
        '<row r="2"><c r="A2" s="0"><f>1/3</f><v>0.33333333333333331</v></c></row>'
    )
    assert read_rows(request_for(write_raw(tmp_path / "a.xlsx", cells), {"id": "text"}))[0]["id"] == str(1 / 3)


@pytest.mark.parametrize("kind", ["decimal", "text"])
def test_a_time_of_day_amid_texts_is_shown_without_the_day_that_the_library_puts_before_it(
    tmp_path: Path, kind: ColumnType
) -> None:
    """The log typed 0:45 where others wrote 45 min, and the stop was rejected as 1899-12-31 00:45:00."""
    assert one_column(tmp_path, kind, ["1,5", time(0, 45)]) == ["1,5", "00:45:00"]
