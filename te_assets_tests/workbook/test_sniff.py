"""A file is judged by its bytes, and what comes back says what it is and what to do."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from te_assets.workbook.errors import (
    DamagedWorkbook,
    EmptyFile,
    FormatNotRead,
    NotAWorkbook,
    PasswordProtected,
)
from te_assets.workbook.sniff import sniff
from te_assets_tests.workbook.books import rewrite, write_book

COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)


def made(tmp_path: Path, content: bytes, name: str = "stops.xlsx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def zipped(tmp_path: Path, parts: dict[str, str]) -> Path:
    path = tmp_path / "stops.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_workbook_is_recognised_whatever_its_extension(tmp_path: Path) -> None:
    assert sniff(write_book(tmp_path / "a.xlsx", [["x"]])) == "xlsx"
    assert sniff(write_book(tmp_path / "a.xlsx", [["x"]]).rename(tmp_path / "a.xls")) == "xlsx"


def test_macro_workbook_is_recognised_by_its_content_type(tmp_path: Path) -> None:
    plain = write_book(tmp_path / "a.xlsx", [["x"]])

    def with_macros(part: str, content: bytes) -> bytes:
        sheet, macro = b"spreadsheetml.sheet.main", b"macroEnabled.spreadsheetml.main"
        return content.replace(sheet, macro) if part == "[Content_Types].xml" else content

    assert sniff(rewrite(plain, tmp_path / "b.xlsm", with_macros)) == "xlsm"


def test_zero_bytes_are_called_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match=r"stops\.xlsx: the file is empty \(zero bytes\).*deliver it again"):
        sniff(made(tmp_path, b""))


def test_name_of_the_delivered_file_is_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match=r"^Friday\.xlsx: "):
        sniff(made(tmp_path, b"", "0f3a"), "Friday.xlsx")


@pytest.mark.parametrize("marker", ["EncryptedPackage", "EncryptionInfo"])
def test_encrypted_workbook_is_called_password_protected(tmp_path: Path, marker: str) -> None:
    with pytest.raises(PasswordProtected, match=r"password protected.*Remove the password"):
        sniff(made(tmp_path, COMPOUND + marker.encode("utf-16-le")))


def test_encrypted_zip_is_called_password_protected(tmp_path: Path) -> None:
    path = write_book(tmp_path / "a.xlsx", [["x"]])
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
    for entry in entries:
        content[entry.header_offset + 6] |= 1
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    path.write_bytes(content)
    with pytest.raises(PasswordProtected, match="password protected"):
        sniff(path)


def test_old_excel_workbook_is_named_and_told_how_to_save(tmp_path: Path) -> None:
    with pytest.raises(FormatNotRead, match=r"old Excel workbook \(\.xls.*save it as \.xlsx"):
        sniff(made(tmp_path, COMPOUND + "Workbook".encode("utf-16-le")))


def test_other_old_office_document_is_no_excel_file(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match="not an Excel file"):
        sniff(made(tmp_path, COMPOUND + "WordDocument".encode("utf-16-le")))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<html><body><table><tr><td>Plant</td></tr></table>", "web page.*HTML"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html><html>", "web page.*HTML"),
        ('<html xmlns="x">'.encode("utf-16"), "web page.*HTML"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "SpreadsheetML"),
    ],
)
def test_web_pages_and_xml_named_xls_are_recognised(tmp_path: Path, content: bytes, words: str) -> None:
    """Classic ERP exports are HTML or XML under the name .xls."""
    with pytest.raises(FormatNotRead, match=words):
        sniff(made(tmp_path, content, "export.xls"))


@pytest.mark.parametrize(
    "content", [b"Plant;Order\r\n1000;4711\r\n", "Plant\tOrder\n".encode("utf-16"), "Störung;Ende\n".encode("cp1252")]
)
def test_text_is_recognised_by_its_bytes_whatever_its_extension(tmp_path: Path, content: bytes) -> None:
    assert sniff(made(tmp_path, content, "export.xlsx")) == "text"


def test_an_xml_document_that_is_no_spreadsheet_is_no_excel_file(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match=r"an XML document.*save it as \.xlsx"):
        sniff(made(tmp_path, b'<?xml version="1.0"?><orders/>', "export.xls"))


def test_a_file_of_blanks_is_called_empty(tmp_path: Path) -> None:
    with pytest.raises(EmptyFile, match="nothing but blanks"):
        sniff(made(tmp_path, " \r\n\t\r\n".encode("utf-16"), "export.xls"))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n\0\0\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", bytes(64)])
def test_other_bytes_are_no_excel_file(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(NotAWorkbook, match="not an Excel file"):
        sniff(made(tmp_path, content))


def test_zip_of_something_else_is_no_excel_file(tmp_path: Path) -> None:
    with pytest.raises(NotAWorkbook, match=r"not an Excel file \(it holds photo\.jpg\)"):
        sniff(zipped(tmp_path, {"photo.jpg": "x"}))


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "OpenDocument"),
        ({"xl/workbook.bin": "", "[Content_Types].xml": "<Types/>"}, r"\.xlsb"),
    ],
)
def test_other_spreadsheet_formats_are_named(tmp_path: Path, parts: dict[str, str], words: str) -> None:
    with pytest.raises(FormatNotRead, match=words + ".*save it as .xlsx"):
        sniff(zipped(tmp_path, parts))


@pytest.mark.parametrize("kept", [0.3, 0.7, 0.98])
def test_truncated_workbook_is_called_truncated(tmp_path: Path, kept: float) -> None:
    path = write_book(tmp_path / "stops.xlsx", [["Plant"], *([n] for n in range(200))])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(DamagedWorkbook, match="truncated or damaged: deliver it again"):
        sniff(path)
