"""Where workbooks and contracts meet: a landed file becomes publications, each with its rows to read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
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
from te_assets.workbook.pseudonyms import pseudonym
from te_assets.workbook.reading import Reading, Readings, read_batches, read_sheets
from te_assets.workbook.request import (
    ExtraColumn,
    Matrix,
    MatrixCell,
    OperatorPolicy,
    ReadColumn,
    ReadLimits,
    ReadRequest,
)
from te_assets.workbook.sheet import OPERATOR
from te_assets.workbook.sniff import sniff


@dataclass(frozen=True)
class OpenedSheet:
    """A sheet that a contract was found for.

    Attributes:
        publication: What is to be published; sheets that one contract reads share one.
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


def read_publication(sheets: Sequence[OpenedSheet], limits: ReadLimits | None = None) -> Reading | Readings:
    """Starts to read the rows of all sheets of one publication; may be called again."""
    return read_sheets([sheet.request for sheet in sheets], limits)


@dataclass(frozen=True)
class OpenedWorkbook:
    """A checked workbook and what can be read from it, one entry per contract and sheet found."""

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
    together: dict[str, list[Found]] = {}
    for one in found:
        together.setdefault(one.layout.contract, []).append(one)
    sheets = [sheet for key, same in together.items() for sheet in _opened(delivered, same, by_id[key])]
    return OpenedWorkbook(name, sha256, tuple(sheets))


def reopen(
    path: Path, publication: Publication, contract: Contract, operator: OperatorPolicy
) -> tuple[OpenedSheet, ...]:
    """The sheets of a publication whose file was opened before, without guarding the same bytes again.

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
        found = list(match_text([contract], path, name, only=contract.source))
    else:
        sheets = peek(path, name)
        if contract.match.every_sheet:  # what another contract took, or nobody, is none of this publication's
            known = {publication.sheet, *publication.header_maps}
            sheets = tuple(sheet for sheet in sheets if sheet.name in known)
        found = [Found(layout) for layout in match([contract], name, sheets, only=contract.source)]
    return tuple(
        OpenedSheet(
            publication,
            one.layout,
            _request(path, name, one, contract, operator),
            (*one.layout.warnings, *one.warnings),
        )
        for one in found
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


def _opened(file: _File, found: Sequence[Found], contract: Contract) -> list[OpenedSheet]:
    """Publication and read requests of the sheets that one contract reads."""
    layouts = [one.layout for one in found]
    layout = layouts[0]
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
        header_map=layout.header_map,
        unmapped=tuple(dict.fromkeys(cell.text for each in layouts for cell in each.unmapped)),
        header_maps={each.sheet: each.header_map for each in layouts} if len(layouts) > 1 else {},
    )
    return [
        OpenedSheet(
            publication,
            one.layout,
            _request(file.path, file.name, one, contract, file.operator),
            (*one.layout.warnings, *one.warnings, *(exported.warnings if one is found[0] else ())),
        )
        for one in found
    ]


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
        constants=tuple(_constants(layout, operator)),
        matrix=_matrix(layout, contract),
    )


def _constants(layout: Layout, operator: OperatorPolicy) -> Iterator[tuple[str, str]]:
    """Values beside the table; a name of an operator there is a person's as much as in a column."""
    for name, text in layout.constants:
        if name != OPERATOR or operator.mode == "keep":
            yield name, text
        elif operator.mode == "pseudonym":
            yield name, pseudonym(text, operator.key)


def _matrix(layout: Layout, contract: Contract) -> Matrix | None:
    unpivot = contract.unpivot
    if unpivot is None:
        return None
    tells_text = unpivot.name == "reason_code" and "reason_text" not in contract.columns
    return Matrix(
        name=unpivot.name,
        text="reason_text" if tells_text else None,
        value=unpivot.value,
        type=contract.columns[unpivot.value].type,
        cells=tuple(MatrixCell(column.key, column.column, column.letter, column.header) for column in layout.matrix),
        skips_zero=unpivot.skip == "empty_or_zero",
        nothing=unpivot.nothing,
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
