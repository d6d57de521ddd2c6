"""The parts of a workbook package: sheets and where they lie, date system, properties."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Collection, Generator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from te_assets.workbook.errors import DamagedWorkbook

_CHUNK = 1 << 18
_NEEDED = ("worksheet", "sharedStrings", "styles")
# What zipfile and zlib raise when bytes of a part are missing or changed.
BROKEN_PART = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True)
class SheetPart:
    """A worksheet and the part of the package that holds its cells."""

    name: str
    part: str
    is_hidden: bool


@dataclass(frozen=True)
class Package:
    """What the small parts of a workbook say about it.

    Attributes:
        sheets: Worksheets in the order of their tabs; chart and macro sheets are left out.
        shared_strings: Part with the shared strings, if there is one.
        is_1904: Dates count from 1904-01-01 instead of 1899-12-31.
        modified: When the workbook was last saved, UTC, as its own properties say.
        created: When the workbook was created, UTC, as its own properties say.
    """

    sheets: tuple[SheetPart, ...]
    shared_strings: str | None
    is_1904: bool
    modified: datetime | None
    created: datetime | None


def open_archive(path: Path, name: str) -> zipfile.ZipFile:
    """The workbook as an archive, to be closed by the caller.

    Raises:
        DamagedWorkbook: The directory of the archive cannot be read.
    """
    try:
        return zipfile.ZipFile(path)
    except BROKEN_PART as error:
        raise DamagedWorkbook(
            f"{name}: the file begins like an .xlsx workbook, but its zip directory cannot be read ({error}). "
            "It is truncated or damaged: deliver it again."
        ) from error


def read_package(archive: zipfile.ZipFile, name: str) -> Package:
    """Reads workbook.xml, its relationships and the core properties.

    Args:
        archive: The open workbook.
        name: What people call the file, for messages.

    Raises:
        DamagedWorkbook: A part is missing, damaged or malformed.
    """
    root_targets = _relationships(archive, "_rels/.rels", "", name)
    workbook_part = next(
        (target for kind, target in root_targets.values() if kind == "officeDocument"), "xl/workbook.xml"
    )
    folder, base = posixpath.split(workbook_part)
    workbook = parse_part(archive, workbook_part, name)
    targets = _relationships(archive, f"{folder}/_rels/{base}.rels", folder, name)
    present = set(archive.namelist())
    _check_present(targets, present, name)
    sheets = []
    for sheet in _children(workbook, "sheets", "sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), "")
        if relation not in targets:
            raise DamagedWorkbook(
                f'{name}: sheet "{sheet.get("name")}" has no part in the file. The file is damaged: deliver it again.'
            )
        kind, part = targets[relation]
        if kind == "worksheet":
            hidden = sheet.get("state", "visible") != "visible"
            sheets.append(SheetPart(sheet.get("name", ""), part, hidden))
    properties = next((element for element in workbook if local_name(element.tag) == "workbookPr"), None)
    is_1904 = properties is not None and properties.get("date1904", "0").lower() in {"1", "true", "on"}
    shared = next((target for kind, target in targets.values() if kind == "sharedStrings"), None)
    core = next((target for kind, target in root_targets.values() if kind == "core-properties"), "docProps/core.xml")
    stamps = parse_part(archive, core, name) if core in present else ElementTree.Element("coreProperties")
    modified, created = _stamp(stamps, "modified"), _stamp(stamps, "created")
    return Package(tuple(sheets), shared if shared in present else None, is_1904, modified, created)


def parse_part(archive: zipfile.ZipFile, part: str, name: str) -> ElementTree.Element:
    """Parses a small XML part.

    Raises:
        DamagedWorkbook: The part is missing, damaged, malformed, declares a document type or is unreasonably large.
    """
    try:
        if archive.getinfo(part).file_size > 64 << 20:
            raise DamagedWorkbook(f"{name}: part {part} is larger than 64 MiB. The file is damaged: deliver it again.")
        content = archive.read(part)
        if b"<!DOCTYPE" in content:  # Excel never writes one; entities could expand without end
            raise DamagedWorkbook(f"{name}: part {part} declares a document type. Save it again in Excel.")
        return ElementTree.fromstring(content)  # noqa: S314  no DTD, hence no entities
    except KeyError as error:
        raise DamagedWorkbook(f"{name}: part {part} is missing. The file is damaged: deliver it again.") from error
    except (*BROKEN_PART, ElementTree.ParseError) as error:
        raise DamagedWorkbook(f"{name}: part {part} is damaged ({error}). Deliver the file again.") from error


def chunks(archive: zipfile.ZipFile, part: str, name: str, size: int = _CHUNK) -> Generator[bytes, None, None]:
    """Content of a part piece by piece; its CRC is checked when the end is reached.

    Raises:
        DamagedWorkbook: Bytes of the part are missing or changed.
    """
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(size):
                yield chunk
    except BROKEN_PART as error:
        raise DamagedWorkbook(
            f"{name}: part {part} is damaged ({error}). Bytes were lost or changed on the way: deliver the file again."
        ) from error


def local_name(tag: str) -> str:
    """Name of an element without its namespace."""
    return tag.rpartition("}")[2]


def _check_present(targets: Mapping[str, tuple[str, str]], present: Collection[str], name: str) -> None:
    """Raises unless the parts that decide about values are there: without styles, for one, dates are mere numbers."""
    for kind, part in targets.values():
        if kind in _NEEDED and part not in present:
            raise DamagedWorkbook(f"{name}: part {part} ({kind}) is missing. The file is damaged: deliver it again.")


def _children(root: ElementTree.Element, parent: str, child: str) -> Iterator[ElementTree.Element]:
    """Grandchildren of the root by local names."""
    for element in root:
        if local_name(element.tag) == parent:
            yield from (inner for inner in element if local_name(inner.tag) == child)


def _relationships(archive: zipfile.ZipFile, part: str, folder: str, name: str) -> dict[str, tuple[str, str]]:
    """Relationship id → (last word of its type, part it points to)."""
    if part not in archive.namelist():
        return {}
    found = {}
    for relation in parse_part(archive, part, name):
        target = relation.get("Target", "")
        absolute = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], absolute)
    return found


def _stamp(core: ElementTree.Element, kind: str) -> datetime | None:
    """`dcterms:modified` or `dcterms:created` as aware UTC time; None where it is absent or unreadable."""
    text = next((element.text or "" for element in core if local_name(element.tag) == kind), "")
    try:
        stamp = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return stamp.astimezone(UTC) if stamp.tzinfo else stamp.replace(tzinfo=UTC)
