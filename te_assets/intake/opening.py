"""Where workbooks and contracts meet: a landed file becomes publications, each with its rows to read."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from te_assets.contracts.layout import HeaderCell, Layout
from te_assets.contracts.matching import match
from te_assets.contracts.model import Contract
from te_assets.delivery.envelope import Publication
from te_assets.intake.landing import FileUnavailable
from te_assets.intake.provenance import export_time, period
from te_assets.intake.texts import Found, match_text
from te_assets.workbook.guard import Guarded, guard
from te_assets.workbook.peek import peek
from te_assets.workbook.reading import Reading, read_batches
from te_assets.workbook.request import ExtraColumn, OperatorPolicy, ReadColumn, ReadLimits, ReadRequest
from te_assets.workbook.sniff import sniff


@dataclass(frozen=True)
class OpenedSheet:
    """A sheet that a contract was found for.

    Attributes:
        publication: What is to be published.
        layout: Sheet, header row and columns.
        request: How its rows are read.
        warnings: What a person should know, in whole sentences.
    """

    publication: Publication
    layout: Layout
    request: ReadRequest
    warnings: tuple[str, ...]

    def read(self, limits: ReadLimits | None = None) -> Reading:
        """Starts to read the rows; may be called again, each call reads the file anew."""
        return read_batches(self.request, limits)


@dataclass(frozen=True)
class OpenedWorkbook:
    """A checked workbook and what can be read from it, one entry per contract found."""

    name: str
    sha256: str
    sheets: tuple[OpenedSheet, ...] = field(default=())


def open_workbook(
    path: Path,
    name: str,
    contracts: Sequence[Contract],
    *,
    only: str | None = None,
    first_seen: datetime,
    operator: OperatorPolicy,
    sha256: str | None = None,
) -> OpenedWorkbook:
    """Sniffs, guards and peeks into a file, and finds the contracts that it fits. No row is read yet.

    Args:
        path: The landed copy.
        name: File name as delivered.
        contracts: Contracts to try.
        only: Source of the only contract to try.
        first_seen: When the file was first seen, aware; the export time where nothing else tells it.
        operator: What becomes of operators' names.
        sha256: Of the bytes, where it is known; else it is computed.

    Raises:
        WorkbookError: The file is no workbook that can be read.
        ContractError: No contract fits, a required column is missing, or the file name declares nonsense.
    """
    if sniff(path, name) == "text":
        found = match_text(contracts, path, name, only=only)
        guarded = Guarded(is_1904=False, modified=None, created=None, unpacked_bytes=path.stat().st_size)
    else:
        guarded = guard(path, name)
        found = [Found(layout) for layout in match(contracts, name, peek(path, name), only=only)]
    if sha256 is None:
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    by_id = {contract.contract_id: contract for contract in contracts}
    delivered = _File(path, name, sha256, path.stat().st_size, guarded, first_seen, operator)
    return OpenedWorkbook(name, sha256, tuple(_opened(delivered, one, by_id[one.layout.contract]) for one in found))


def reopen(path: Path, publication: Publication, contract: Contract, operator: OperatorPolicy) -> OpenedSheet:
    """The sheet of a publication whose file was opened before, without guarding the same bytes again.

    Args:
        path: The landed copy.
        publication: As `open_workbook` gave it.
        contract: Its contract.
        operator: What becomes of operators' names.

    Raises:
        WorkbookError: The copy is gone or cannot be read.
        ContractError: The contract does not fit any more.
    """
    if not path.exists():
        raise FileUnavailable(
            f"{publication.name}: its copy {path} is gone from the landing store. Deliver the file again."
        )
    name = publication.name
    if sniff(path, name) == "text":
        found = match_text([contract], path, name, only=contract.source)[0]
    else:
        found = Found(match([contract], name, peek(path, name), only=contract.source)[0])
    return OpenedSheet(
        publication,
        found.layout,
        _request(path, name, found, contract, operator),
        (*found.layout.warnings, *found.warnings),
    )


@dataclass(frozen=True)
class _File:
    """What all publications of a file have in common."""

    path: Path
    name: str
    sha256: str
    size: int
    guarded: Guarded
    first_seen: datetime
    operator: OperatorPolicy


def _opened(file: _File, found: Found, contract: Contract) -> OpenedSheet:
    """Publication and read request of one layout."""
    layout = found.layout
    exported = export_time(contract, file.name, file.guarded, file.first_seen)
    publication = Publication(
        sha256=file.sha256,
        name=file.name,
        size=file.size,
        contract=layout.contract,
        model=layout.model,
        sheet=layout.sheet,
        exported_at=exported.at,
        exported_at_origin=exported.origin,
        first_seen=file.first_seen,
        period=period(contract, file.name),
        header_map={column.field: column.letter for column in layout.columns},
        unmapped=tuple(cell.text for cell in layout.unmapped),
    )
    request = _request(file.path, file.name, found, contract, file.operator)
    return OpenedSheet(publication, layout, request, (*layout.warnings, *found.warnings, *exported.warnings))


def _request(path: Path, name: str, found: Found, contract: Contract, operator: OperatorPolicy) -> ReadRequest:
    """How the rows of a layout are read."""
    layout = found.layout
    return ReadRequest(
        path=path,
        name=name,
        sheet=layout.sheet,
        header_row=layout.header_row,
        columns=tuple(
            ReadColumn(column.field, column.column, contract.columns[column.field].type) for column in layout.columns
        ),
        extras=extra_columns(layout.unmapped),
        operator=operator,
        text=found.text,
    )


def extra_columns(unmapped: Sequence[HeaderCell]) -> tuple[ExtraColumn, ...]:
    """Keys of `_extra` for columns without a field: the header as it stands, a repeated one with its letter."""
    keys: set[str] = set()
    extras = []
    for cell in unmapped:
        key = cell.text if cell.text not in keys else f"{cell.text} ({cell.letter})"
        keys.add(key)
        extras.append(ExtraColumn(key, cell.column))
    return tuple(extras)
