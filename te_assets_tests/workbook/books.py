"""Workbooks for tests: written by a library, by hand, or damaged afterwards."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from te_assets.workbook.framing import FrameKind, read_frame
from te_assets.workbook.reader_process import answer
from te_assets.workbook.request import (
    ColumnType,
    ExtraColumn,
    OperatorPolicy,
    ReadColumn,
    ReadRequest,
    ReadResult,
)

SHEET = "Data"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_book(path: Path, rows: Sequence[Sequence[Any]], *, start_row: int = 1, start_column: int = 1) -> Path:
    """A workbook of one sheet with its first row and column where they are asked for."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    for down, row in enumerate(rows):
        for right, value in enumerate(row):
            if value is not None:
                sheet.cell(start_row + down, start_column + right, value)
    book.save(path)
    return path


def write_raw(
    path: Path, sheet_xml: str, *, shared_strings: str = "", date_1904: bool = False, styles: str = ""
) -> Path:
    """A workbook of one sheet from the XML of its `sheetData`, as no library would write it."""
    relations = [("rId1", "worksheet", "worksheets/sheet1.xml")]
    parts = {}
    if shared_strings:
        relations.append(("rId2", "sharedStrings", "sharedStrings.xml"))
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">{shared_strings}</sst>'
    if styles:
        relations.append(("rId3", "styles", "styles.xml"))
        parts["xl/styles.xml"] = f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>'
    targets = "".join(
        f'<Relationship Id="{key}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for key, kind, target in relations
    )
    properties = '<workbookPr date1904="1"/>' if date_1904 else ""
    parts |= {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{targets}</Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">{properties}'
        f'<sheets><sheet name="{SHEET}" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/worksheets/sheet1.xml": sheet_xml
        if sheet_xml.startswith(("<worksheet", "<x:"))
        else f'<worksheet xmlns="{_MAIN}"><sheetData>{sheet_xml}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def rewrite(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A copy in which every part went through `change`; None leaves it out."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = change(entry.filename, old.read(entry))
            if content is not None:
                new.writestr(entry.filename, content)
    return target


def flip_byte(path: Path, part: str, fraction: float = 0.5) -> Path:
    """Changes one byte amid the packed bytes of a part, as a bad disk or line does."""
    with zipfile.ZipFile(path) as archive:
        entry = archive.getinfo(part)
    content = bytearray(path.read_bytes())
    header = entry.header_offset
    begin = header + 30 + int.from_bytes(content[header + 26 : header + 28], "little")
    begin += int.from_bytes(content[header + 28 : header + 30], "little")
    content[begin + int(entry.compress_size * fraction)] ^= 0x04
    path.write_bytes(content)
    return path


def request_for(
    path: Path,
    types: Mapping[str, ColumnType],
    *,
    header_row: int = 1,
    first_column: int = 0,
    extras: Sequence[ExtraColumn] = (),
    operator: OperatorPolicy | None = None,
    max_rows: int = 1_000,
    max_bytes: int = 900_000,
) -> ReadRequest:
    """A request for fields in the order of the columns."""
    columns = tuple(ReadColumn(field, first_column + at, kind) for at, (field, kind) in enumerate(types.items()))
    policy = operator or OperatorPolicy("keep")
    return ReadRequest(
        path, path.name, SHEET, header_row, columns, tuple(extras), policy, max_rows=max_rows, max_bytes=max_bytes
    )


def read_lines(request: ReadRequest) -> tuple[list[str], ReadResult]:
    """All lines of a sheet, and the result; read as the reader process does it, without starting one."""
    out = io.BytesIO()
    answer(request, out, {"spawn": 0.0})
    out.seek(0)
    lines: list[str] = []
    while (frame := read_frame(out.read)) is not None:
        if frame.kind is FrameKind.RESULT:
            head = frame.head
            return lines, ReadResult(head["rows"], tuple(head["warnings"]), head["seconds"], head["peak_bytes"])
        lines += frame.body.decode("utf-8").split("\n")
    raise AssertionError("the result is missing")


def read_rows(request: ReadRequest) -> list[dict[str, Any]]:
    """All rows of a sheet, parsed."""
    return [json.loads(line) for line in read_lines(request)[0]]
