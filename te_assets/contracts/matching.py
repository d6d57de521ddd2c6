"""Finds the contracts that a workbook fits: which sheet, which header row, which column for each field.

Columns are found by their header texts alone, never by position. A sheet that plainly is of a layout but lacks a
column, or has one twice, is an error that says so; a sheet that is like no layout is only passed over.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch

from te_assets.contracts.headers import HeaderDictionary, dictionary_of, normalize
from te_assets.contracts.layout import HeaderCell, Layout, MappedColumn, PeekedRow, SheetPeek
from te_assets.contracts.model import Contract
from te_assets.errors import ContractError

_CLOSE = 0.6


class NoMatchingSheet(ContractError):
    """No sheet fits any contract."""


class ColumnMissing(ContractError):
    """A required field has no column in the sheet."""


class ColumnAmbiguous(ContractError):
    """Two columns of the sheet are for the same field."""


class ColumnUnknown(ContractError):
    """The contract refuses columns that it does not know, and the sheet has one."""


@dataclass(frozen=True)
class _Candidate:
    """A row of a sheet read as the header of a contract."""

    contract: Contract
    sheet: SheetPeek
    row: int
    columns: Mapping[str, tuple[HeaderCell, ...]]
    unmapped: tuple[HeaderCell, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Required fields without a column, and without date and time columns to combine."""
        return tuple(f for f in self.contract.required_fields if f not in self.columns and not self._combined(f))

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Fields with two columns."""
        return tuple(field for field, cells in self.columns.items() if len(cells) > 1)

    @property
    def fits(self) -> bool:
        """Whether its rows can be read."""
        return not self.missing and not self.ambiguous

    @property
    def required_share(self) -> float:
        """Share of the required fields that it has."""
        required = self.contract.required_fields
        return 1 - len(self.missing) / len(required) if required else 1.0

    @property
    def score(self) -> float:
        """Mean of two shares: required fields that it has, and header cells that mean a field."""
        mapped = sum(len(cells) for cells in self.columns.values())
        return (self.required_share + mapped / (mapped + len(self.unmapped))) / 2 if mapped else 0.0

    @property
    def is_alike(self) -> bool:
        """Whether the sheet plainly is of this layout, complete or not."""
        return self.score >= self.contract.match.minimum_score and self.required_share >= 1 / 2

    @property
    def rank(self) -> tuple[bool, bool, float, int]:
        """The greatest is the one to take: readable, visible, by score, by number of fields."""
        return self.fits, not self.sheet.is_hidden, self.score, len(self.columns)

    def _combined(self, field: str) -> bool:
        parts = self.contract.combine.get(field)
        return parts is not None and parts.date in self.columns


def match(
    contracts: Sequence[Contract], file_name: str, sheets: Sequence[SheetPeek], *, only: str | None = None
) -> tuple[Layout, ...]:
    """Find one layout per contract whose header stands in the workbook.

    Args:
        contracts: Contracts to try.
        file_name: As delivered; contracts may ask for a pattern.
        sheets: First rows of every sheet.
        only: Source of the only contract to try.

    Raises:
        NoMatchingSheet: No sheet is like any of the contracts.
        ColumnMissing: A sheet is of a contract, but lacks a required column.
        ColumnAmbiguous: A sheet is of a contract, but has two columns for one field.
        ColumnUnknown: The contract refuses a column that the sheet has.
    """
    tried = [contract for contract in contracts if only is None or contract.source == only]
    best: list[_Candidate] = []
    for contract in tried:
        found = [c for c in _candidates(contract, file_name, sheets) if c.is_alike]
        if found:
            best.append(max(found, key=lambda candidate: candidate.rank))
    fitting = [candidate for candidate in best if candidate.fits]
    if not fitting:
        if best:
            raise _fault(file_name, max(best, key=lambda candidate: candidate.rank))
        raise _no_sheet(file_name, tried, sheets)
    taken = {candidate.sheet.name for candidate in fitting}
    # Another sheet that plainly belongs to a layout must not be left unread in silence.
    for candidate in best:
        if not candidate.fits and candidate.sheet.name not in taken:
            raise _fault(file_name, candidate)
    return tuple(_layout(file_name, candidate, sheets) for candidate in fitting)


def _candidates(contract: Contract, file_name: str, sheets: Sequence[SheetPeek]) -> Iterator[_Candidate]:
    if not any(fnmatch(file_name.casefold(), pattern.casefold()) for pattern in contract.match.files):
        return
    names = dictionary_of(contract)
    for sheet in sheets:
        if not any(fnmatch(sheet.name.casefold(), pattern.casefold()) for pattern in contract.match.sheets):
            continue
        for row in _header_rows(contract, sheet):
            yield _candidate(contract, names, sheet, row)


def _header_rows(contract: Contract, sheet: SheetPeek) -> Iterator[PeekedRow]:
    """Rows that may be the header; a header of two rows is joined column by column and ends in the second."""
    header = contract.header
    for at, row in enumerate(sheet.rows):
        if header.row == "auto" and row.number > header.search_rows:
            continue
        if header.row != "auto" and row.number != header.row:
            continue
        if header.depth == 1:
            yield row
        elif at + 1 < len(sheet.rows) and sheet.rows[at + 1].number == row.number + 1:
            yield _joined(row, sheet.rows[at + 1])


def _joined(upper: PeekedRow, lower: PeekedRow) -> PeekedRow:
    """Two header rows as one; an upper cell stands for the columns up to the next upper cell, as merged cells do."""
    cells = []
    for cell in lower.cells:
        above = [c for c in upper.cells if c.column <= cell.column]
        cells.append(HeaderCell(cell.column, f"{above[-1].text} {cell.text}" if above else cell.text))
    covered = {cell.column for cell in lower.cells}
    cells += [cell for cell in upper.cells if cell.column not in covered]
    return PeekedRow(lower.number, tuple(sorted(cells, key=lambda cell: cell.column)))


def _candidate(contract: Contract, names: HeaderDictionary, sheet: SheetPeek, row: PeekedRow) -> _Candidate:
    columns: dict[str, list[HeaderCell]] = defaultdict(list)
    unmapped = []
    for cell in row.cells:
        field = names.field_of(cell.text)
        if field is None:
            unmapped.append(cell)
        else:
            columns[field].append(cell)
    for stand_in in contract.stand_in:
        if stand_in.missing in columns:
            continue
        for field, other in stand_in.use.items():
            if field not in columns and other in columns:
                columns[field] = columns.pop(other)
    found = {field: tuple(cells) for field, cells in columns.items()}
    return _Candidate(contract, sheet, row.number, found, tuple(unmapped))


def _layout(file_name: str, candidate: _Candidate, sheets: Sequence[SheetPeek]) -> Layout:
    contract = candidate.contract
    layout = Layout(
        contract=contract.contract_id,
        model=contract.feeds,
        sheet=candidate.sheet.name,
        header_row=candidate.row,
        columns=tuple(
            MappedColumn(field, cell.column, cell.letter, cell.text)
            for field, (cell,) in sorted(candidate.columns.items(), key=lambda item: item[1][0].column)
        ),
        unmapped=candidate.unmapped,
    )
    return replace(layout, warnings=tuple(_warnings(file_name, candidate, sheets)))


def _warnings(file_name: str, candidate: _Candidate, sheets: Sequence[SheetPeek]) -> Iterator[str]:
    contract, sheet = candidate.contract, candidate.sheet
    others = [c.sheet.name for c in _candidates(contract, file_name, sheets) if c.fits and c.sheet.name != sheet.name]
    if others:
        listed = ", ".join(f'"{name}"' for name in dict.fromkeys(others))
        read = f'{file_name}: sheet "{sheet.name}" was read as {contract.contract_id}'
        yield f"{read}; {listed} fits too and was not read."
    if sheet.is_hidden:
        hidden = f'{file_name}: sheet "{sheet.name}" is hidden and was read'
        yield f"{hidden}, as no visible one fits {contract.contract_id}."
    if candidate.unmapped and contract.on_unknown_column != "keep":
        listed = ", ".join(f"{cell.text} ({cell.letter})" for cell in candidate.unmapped)
        sentence = (
            f'{file_name}, sheet "{sheet.name}", row {candidate.row}: no field of {contract.contract_id} for {listed}.'
        )
        if contract.on_unknown_column == "reject":
            raise ColumnUnknown(f"{sentence} Add it to the contract, or take the column out.")
        yield f"{sentence} The values are kept in the payload."


def _fault(file_name: str, candidate: _Candidate) -> ContractError:
    """What is wrong with a header that is nearly one of a contract's."""
    contract = candidate.contract
    where = f'{file_name}, sheet "{candidate.sheet.name}", row {candidate.row}'
    if candidate.ambiguous:
        field = candidate.ambiguous[0]
        listed = " and ".join(f'"{cell.text}" ({cell.letter})' for cell in candidate.columns[field])
        return ColumnAmbiguous(
            f'{where}: two columns for "{field}" of {contract.contract_id}: {listed}. Rename or delete one of them, or '
            f"give one a field of its own in a contract in $TE_SITE/sources."
        )
    cells = [cell for found in candidate.columns.values() for cell in found] + list(candidate.unmapped)
    headers = ", ".join(cell.text for cell in sorted(cells, key=lambda cell: cell.column))
    missing = " and ".join(f'"{field}"' for field in candidate.missing)
    close = [_close(contract, field, candidate.unmapped) for field in candidate.missing]
    hint = " ".join(
        f'Close to "{field}": "{text}".' for field, text in zip(candidate.missing, close, strict=True) if text
    )
    return ColumnMissing(
        f"{where}: no column for {missing} (required by {contract.contract_id}). Headers found: {headers}. "
        f"{hint}{' ' if hint else ''}Rename the column to one of the contract's aliases, or add the "
        "header to the aliases "
        f"of {candidate.missing[0]} in a new version of {contract.source} in $TE_SITE/sources/{contract.source}.yaml."
    )


def _close(contract: Contract, field: str, cells: Sequence[HeaderCell]) -> str | None:
    """The unknown header most like an alias of the field, if any is."""
    aliases = [normalize(alias) for alias in (field, *contract.columns[field].aliases)]
    likeness = [
        (max(difflib.SequenceMatcher(None, normalize(cell.text), alias).ratio() for alias in aliases), cell.text)
        for cell in cells
    ]
    best = max(likeness, default=(0.0, ""))
    return best[1] if best[0] >= _CLOSE else None


def _no_sheet(file_name: str, contracts: Sequence[Contract], sheets: Sequence[SheetPeek]) -> NoMatchingSheet:
    found = []
    for sheet in sheets:
        fullest = max(sheet.rows, key=lambda row: len(row.cells), default=None)
        headers = ", ".join(cell.text for cell in fullest.cells[:12]) if fullest else "nothing"
        found.append(f'"{sheet.name}"{" (hidden)" if sheet.is_hidden else ""}: {headers}')
    everything = [c for contract in contracts for c in _candidates(contract, file_name, sheets)]
    closest = max(everything, key=lambda candidate: (candidate.score, len(candidate.columns)), default=None)
    hint = ""
    if closest is not None and closest.columns:
        hint = (
            f' Closest: {closest.contract.contract_id} with sheet "{closest.sheet.name}", row {closest.row}, '
            "which lacks "
            f"{', '.join(closest.missing) or 'nothing required'}."
        )
    tried = ", ".join(contract.contract_id for contract in contracts) or "none"
    return NoMatchingSheet(
        f"{file_name}: no sheet fits a contract (tried {tried}). Sheets and what stands in them: "
        f"{'; '.join(found) or 'none'}."
        f"{hint} Is it the right export? A layout of your own is a YAML file in $TE_SITE/sources."
    )
