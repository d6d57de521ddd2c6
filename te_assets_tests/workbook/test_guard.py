"""What the Excel library would read wrongly, or die of, is refused before it sees it."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from te_assets.workbook.errors import DamagedWorkbook, OversizedWorkbook
from te_assets.workbook.guard import GuardLimits, guard
from te_assets.workbook.peek import column_index
from te_assets_tests.workbook.books import flip_byte, rewrite, write_book, write_raw

SHEET_PART = "xl/worksheets/sheet1.xml"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write_book(tmp_path / "stops.xlsx", [["Plant", "Qty"], *(["1000", n * 1.5] for n in range(500))])


def test_good_workbook_passes(book: Path) -> None:
    guarded = guard(book)
    assert not guarded.is_1904
    assert guarded.unpacked_bytes == sum(entry.file_size for entry in zipfile.ZipFile(book).infolist())


def test_properties_of_the_workbook_are_told_in_utc(tmp_path: Path) -> None:
    wb = openpyxl.Workbook()
    wb.properties.created = datetime(2026, 3, 1, 5, 0)
    path = tmp_path / "a.xlsx"
    wb.save(path)

    def stamped(part: str, content: bytes) -> bytes:
        start, end = content.find(b"W3CDTF"), content.find(b"</dcterms:modified>")
        if part != "docProps/core.xml":
            return content
        at = content.rfind(b">", start, end) + 1
        return content[:at] + b"2026-03-09T07:15:00+01:00" + content[end:]

    guarded = guard(rewrite(path, tmp_path / "b.xlsx", stamped))
    assert guarded.modified == datetime(2026, 3, 9, 6, 15, tzinfo=UTC)
    assert guarded.created == datetime(2026, 3, 1, 5, 0, tzinfo=UTC)


def test_date_system_is_told(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row>'
    assert guard(write_raw(tmp_path / "a.xlsx", row, date_1904=True)).is_1904
    assert not guard(write_raw(tmp_path / "b.xlsx", row)).is_1904


@pytest.mark.parametrize("fraction", [0.1, 0.5, 0.9])
def test_flipped_byte_names_the_part(book: Path, fraction: float) -> None:
    """The Excel library checks no CRC: one changed bit read as another quantity."""
    with pytest.raises(DamagedWorkbook, match=rf"stops\.xlsx: part {SHEET_PART} is damaged.*deliver the file again"):
        guard(flip_byte(book, SHEET_PART, fraction))


def test_changed_digit_in_an_uncompressed_part_is_found(tmp_path: Path, book: Path) -> None:
    path = tmp_path / "stored.xlsx"
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    content = path.read_bytes()
    assert content.count(b"<v>748.5</v>") == 1
    path.write_bytes(content.replace(b"<v>748.5</v>", b"<v>748.6</v>"))
    with pytest.raises(DamagedWorkbook, match=f"part {SHEET_PART} is damaged.*CRC"):
        guard(path)


def test_flipped_byte_in_a_part_that_is_not_read_is_found_too(book: Path) -> None:
    with pytest.raises(DamagedWorkbook, match=r"part xl/styles\.xml is damaged"):
        guard(flip_byte(book, "xl/styles.xml"))


@settings(max_examples=60, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_no_flipped_bit_changes_a_part_that_carries_values(
    tmp_path_factory: pytest.TempPathFactory, at: float, bit: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    path = write_book(folder / "a.xlsx", [["Plant", "Qty"], *(["1000", n] for n in range(20))])
    before = {entry.filename: zipfile.ZipFile(path).read(entry) for entry in zipfile.ZipFile(path).infolist()}
    content = bytearray(path.read_bytes())
    content[int(at * len(content))] ^= 1 << bit
    path.write_bytes(content)
    try:
        guard(path)
    except (DamagedWorkbook, OversizedWorkbook):  # a size that is declared with a flipped bit looks like a zip bomb
        return
    with zipfile.ZipFile(path) as archive:  # only bytes that carry no value, such as a time stamp, may differ
        after = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    values = {part for part in before if part.startswith("xl/") and "theme" not in part}
    assert {part: after.get(part) for part in values} == {part: before[part] for part in values}


def test_truncated_archive_is_called_truncated(book: Path) -> None:
    book.write_bytes(book.read_bytes()[:-100])
    with pytest.raises(DamagedWorkbook, match="truncated or damaged"):
        guard(book)


def test_sheet_that_was_cut_off_is_found(tmp_path: Path, book: Path) -> None:
    """A program that died while it exported left a valid zip with half a sheet."""

    def cut(part: str, content: bytes) -> bytes:
        return content[: len(content) // 2] if part == SHEET_PART else content

    with pytest.raises(DamagedWorkbook, match=r'sheet "Data".*does not end in </worksheet>.*cut off'):
        guard(rewrite(book, tmp_path / "half.xlsx", cut))


def test_missing_sheet_part_is_named(tmp_path: Path, book: Path) -> None:
    damaged = rewrite(book, tmp_path / "b.xlsx", lambda part, content: None if part == SHEET_PART else content)
    with pytest.raises(DamagedWorkbook, match=rf"part {SHEET_PART} \(worksheet\) is missing"):
        guard(damaged)


def test_lone_cell_in_the_last_corner_is_refused(tmp_path: Path) -> None:
    """One cell at XFD1048576 made the reader allocate 17 billion cells and abort."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(OversizedWorkbook, match=r"reaches to cell XFD1048576.*far outside the table.*delete the rows"):
        guard(write_raw(tmp_path / "a.xlsx", rows))


def test_cell_beyond_excel_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DamagedWorkbook, match="outside of what Excel allows"):
        guard(write_raw(tmp_path / "a.xlsx", '<row r="1"><c r="XFE1"><v>1</v></c></row>'))
    with pytest.raises(DamagedWorkbook, match="outside of what Excel allows"):
        guard(write_raw(tmp_path / "b.xlsx", '<row r="1048577"><c r="A1048577"><v>1</v></c></row>'))


@settings(max_examples=40, deadline=None)
@given(column=st.integers(1, 16_384), row=st.integers(1, 1_048_576))
def test_outermost_cell_decides_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory, column: int, row: int
) -> None:
    letters = openpyxl.utils.get_column_letter(column)
    assert column_index(letters) == column - 1
    cells = "".join(f'<row r="{at}"><c r="B{at}"><v>1</v></c></row>' for at in range(1, min(row, 5)))
    path = tmp_path_factory.mktemp("cell") / "a.xlsx"
    write_raw(path, f'{cells}<row r="{row}"><c r="{letters}{row}"><v>1</v></c></row>')
    if row * max(column, 2) > GuardLimits().cells:
        with pytest.raises(OversizedWorkbook, match=f"reaches to cell [A-Z]+{row}"):
            guard(path)
    else:
        guard(path)


def test_too_large_when_unpacked_is_refused_before_unpacking(book: Path) -> None:
    with pytest.raises(OversizedWorkbook, match=r"unpacks to .* GB.*Split the export"):
        guard(book, limits=GuardLimits(total_bytes=1000))


def test_zip_bomb_is_refused(tmp_path: Path, book: Path) -> None:
    def blow_up(part: str, content: bytes) -> bytes:
        return b" " * (32 << 20) if part == "xl/styles.xml" else content

    with pytest.raises(OversizedWorkbook, match="zip bomb"):
        guard(rewrite(book, tmp_path / "bomb.xlsx", blow_up))


def test_thousands_of_parts_are_refused(book: Path) -> None:
    with pytest.raises(OversizedWorkbook, match="parts, at most 3"):
        guard(book, limits=GuardLimits(entries=3))


def test_document_type_is_refused(tmp_path: Path, book: Path) -> None:
    def with_entities(part: str, content: bytes) -> bytes:
        if part != "xl/workbook.xml":
            return content
        return b'<!DOCTYPE x [<!ENTITY a "b">]>' + content[content.find(b"<workbook") :]

    with pytest.raises(DamagedWorkbook, match="declares a document type"):
        guard(rewrite(book, tmp_path / "x.xlsx", with_entities))


def test_two_parts_of_one_name_are_refused(book: Path) -> None:
    """Two programs read two different workbooks from such a file."""
    with zipfile.ZipFile(book, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET_PART, "<worksheet></worksheet>")
    with pytest.raises(DamagedWorkbook, match="two parts of the same name"):
        guard(book)
