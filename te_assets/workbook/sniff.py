"""Tells from the bytes of a file whether it can be read, as workbook or text; the extension counts for nothing."""

from __future__ import annotations

import zipfile
from contextlib import closing
from pathlib import Path
from typing import Literal

from te_assets.workbook.errors import EmptyFile, FormatNotRead, NotAWorkbook, PasswordProtected
from te_assets.workbook.package import chunks, open_archive

FileKind = Literal["xlsx", "xlsm", "text"]

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Directory names of a compound file are UTF-16; these two appear only in encrypted Office documents.
_ENCRYPTED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
_BIFF8 = "Workbook".encode("utf-16-le")
_BIFF5 = "\0".join("Book").encode("latin-1") + b"\0"
_HEAD = 4096
_MOST_SEARCHED = 64 << 20
_UNLOCK = "Remove the password in Excel (File, Info, Protect Workbook) and deliver it again."
_SAVE_AS = "Open it in Excel and save it as .xlsx, or set the export to .xlsx."


def sniff(path: Path, name: str | None = None) -> FileKind:
    """Kind of file, judged by content.

    Args:
        path: The file to read.
        name: What people call the file, for messages; by default the name of `path`.

    Returns:
        "xlsx", "xlsm", or "text" for what may be a text export; whether a contract reads those is asked elsewhere.

    Raises:
        EmptyFile: The file has zero bytes.
        PasswordProtected: The workbook is encrypted.
        FormatNotRead: Old .xls, .xlsb, .ods, HTML or SpreadsheetML: recognised, not read.
        NotAWorkbook: Anything else.
        DamagedWorkbook: A zip archive whose directory cannot be read.
    """
    name = name or path.name
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise EmptyFile(
            f"{name}: the file is empty (zero bytes). The copy or download did not finish: deliver it again."
        )
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _zip_kind(path, name)
    if head.startswith(_COMPOUND):
        raise _compound_error(path, name)
    return _text_kind(head, name)


def _zip_kind(path: Path, name: str) -> FileKind:
    """Kind of the workbook inside a zip archive."""
    with open_archive(path, name) as archive:
        entries = archive.infolist()
        parts = {entry.filename for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise PasswordProtected(f"{name}: the zip archive is password protected. {_UNLOCK}")
        types = _first_bytes(archive, "[Content_Types].xml", name) if "[Content_Types].xml" in parts else b""
        media_type = _first_bytes(archive, "mimetype", name) if "mimetype" in parts else b""
    if b"opendocument.spreadsheet" in media_type:
        raise FormatNotRead(f"{name}: an OpenDocument spreadsheet (.ods) is not read. {_SAVE_AS}")
    if "xl/workbook.bin" in parts or b"sheet.binary" in types:
        raise FormatNotRead(f"{name}: a binary workbook (.xlsb) is not read. {_SAVE_AS}")
    if b"spreadsheetml" not in types and "xl/workbook.xml" not in parts:
        found = ", ".join(sorted(parts)[:3]) or "nothing"
        raise NotAWorkbook(
            f"{name}: a zip archive, but not an Excel file (it holds {found}). Deliver the workbook itself."
        )
    return "xlsm" if b"macroEnabled" in types else "xlsx"


def _first_bytes(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """Beginning of a small part."""
    with closing(chunks(archive, part, name)) as pieces:
        return next(pieces, b"")


def _compound_error(path: Path, name: str) -> PasswordProtected | FormatNotRead | NotAWorkbook:
    """What to say about an OLE2 compound file: encrypted workbook, old .xls, or another Office document."""
    with path.open("rb") as file:
        content = file.read(_MOST_SEARCHED)
    if any(marker in content for marker in _ENCRYPTED):
        return PasswordProtected(f"{name}: the workbook is password protected (encrypted). {_UNLOCK}")
    if _BIFF8 in content or _BIFF5 in content:
        return FormatNotRead(f"{name}: an old Excel workbook (.xls, Excel 97-2003) is not read. {_SAVE_AS}")
    return NotAWorkbook(f"{name}: an old Office document, but not an Excel file. Deliver the workbook itself.")


def _text_kind(head: bytes, name: str) -> FileKind:
    """Kind of a file that is neither a zip archive nor a compound file."""
    text = _as_text(head)
    if text is None:
        raise NotAWorkbook(
            f"{name}: not an Excel file (it begins with the bytes {head[:8].hex(' ')}). Deliver an .xlsx workbook."
        )
    start = text.lstrip("\ufeff \t\r\n").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise FormatNotRead(f"{name}: an XML spreadsheet (SpreadsheetML) is not read. {_SAVE_AS}")
    if start.startswith(("<!doctype html", "<html", "<table", "<meta")) or "<html" in start:
        raise FormatNotRead(f"{name}: a web page (HTML) under a workbook's name is not read. {_SAVE_AS}")
    if start.startswith("<?xml"):
        raise NotAWorkbook(f"{name}: an XML document, not an Excel file. {_SAVE_AS}")
    if not start:
        raise EmptyFile(f"{name}: the file holds nothing but blanks. The export was empty: deliver it again.")
    return "text"


def _as_text(head: bytes) -> str | None:
    """The head as text if it is text in UTF-8, UTF-16 or a Windows code page."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\0" in head:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        pass
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in head)
    return head.decode("cp1252", errors="replace") if printable > 0.97 * len(head) else None
