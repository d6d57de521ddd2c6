"""Finds the contracts that a workbook fits: which sheet, which header row, which column for each field.

Columns are found by their header texts alone, never by position. A sheet that plainly is of a layout but lacks a
column, or has one twice, is an error that says so; a sheet that is like no layout is only passed over.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from te_assets.contracts.candidates import Candidate, candidates
from te_assets.contracts.headers import normalize
from te_assets.contracts.layout import REPAIR_HEADERS, HeaderCell, Layout, MappedColumn, SheetPeek
from te_assets.contracts.model import Contract
from te_assets.contracts.preamble import constants_of
from te_assets.errors import ContractError

_CLOSE = 0.6


class NoMatchingSheet(ContractError):
    """No sheet fits any contract."""


class ColumnMissing(ContractError):
    """A required field has no column in the sheet."""


class ColumnAmbiguous(ContractError):
    """Two columns of the sheet are for the same field."""


class ContractAmbiguous(ContractError):
    """A sheet fits two contracts of one model equally well."""


class ColumnUnknown(ContractError):
    """The contract refuses columns that it does not know, and the sheet has one."""


def match(
    contracts: Iterable[Contract], file_name: str, sheets: Sequence[SheetPeek], *, only: str | None = None
) -> tuple[Layout, ...]:
    """Find one layout per contract whose header stands in the workbook, and of one sheet at most one per model.

    A contract that reads every sheet gives one layout per sheet, in the order of the tabs.

    Args:
        contracts: Contracts to try; of each source the newest version.
        file_name: As delivered; contracts may ask for a pattern.
        sheets: First rows of every sheet.
        only: Source of the only contract to try.

    Raises:
        NoMatchingSheet: No sheet is like any of the contracts.
        ColumnMissing: A sheet is of a contract, but lacks a required column.
        ColumnAmbiguous: A sheet is of a contract, but has two columns for one field.
        ColumnUnknown: The contract refuses a column that the sheet has.
        ContractAmbiguous: A sheet fits two contracts of one model equally well.
    """
    tried = [contract for contract in _newest(contracts) if only is None or contract.source == only]
    best: list[Candidate] = []
    for contract in tried:
        found = [c for c in candidates(contract, file_name, sheets) if c.is_alike]
        if contract.match.every_sheet:
            best += _best_per_sheet(found)
        elif found:
            best.append(max(found, key=lambda candidate: candidate.rank))
    fitting = _one_per_model(file_name, [candidate for candidate in best if candidate.fits])
    if not fitting:
        if best:
            raise _fault(file_name, max(best, key=lambda candidate: candidate.rank))
        raise _no_sheet(file_name, tried, sheets)
    taken = {candidate.sheet.name for candidate in fitting}
    # Another sheet that plainly belongs to a layout must not be left unread in silence.
    for candidate in best:
        if not candidate.fits and candidate.sheet.name not in taken:
            raise _fault(file_name, candidate)
    read = {(candidate.contract.source, candidate.sheet.name) for candidate in fitting}
    return tuple(_layout(file_name, candidate, sheets, read) for candidate in fitting)


def _best_per_sheet(found: Sequence[Candidate]) -> list[Candidate]:
    """The best header row of each sheet; hidden sheets, often old copies, only where no visible one fits."""
    best: dict[str, Candidate] = {}
    for candidate in found:
        name = candidate.sheet.name
        if name not in best or candidate.rank > best[name].rank:
            best[name] = candidate
    has_visible = any(candidate.fits and not candidate.sheet.is_hidden for candidate in best.values())
    return [candidate for candidate in best.values() if not (has_visible and candidate.sheet.is_hidden)]


def _newest(contracts: Iterable[Contract]) -> list[Contract]:
    newest: dict[str, Contract] = {}
    for contract in sorted(contracts, key=lambda contract: contract.version):
        newest[contract.source] = contract
    return list(newest.values())


def _one_per_model(file_name: str, fitting: Sequence[Candidate]) -> list[Candidate]:
    """The best contract of each model and sheet: read under two of them, every row would count twice."""
    chosen: dict[tuple[str, str], Candidate] = {}
    for candidate in fitting:
        key = (candidate.sheet.name, candidate.contract.feeds)
        rival = chosen.setdefault(key, candidate)
        if candidate is not rival and candidate.rank == rival.rank:
            one, other = rival.contract, candidate.contract
            raise ContractAmbiguous(
                f'{file_name}, sheet "{candidate.sheet.name}", row {candidate.row}: fits {one.contract_id} and '
                f"{other.contract_id} equally well. Choose with --source {one.source} or --source {other.source}, or "
                "narrow `match` in one of the contracts."
            )
        if candidate.rank > rival.rank:
            chosen[key] = candidate
    return list(chosen.values())


def _layout(file_name: str, candidate: Candidate, sheets: Sequence[SheetPeek], read: set[tuple[str, str]]) -> Layout:
    contract = candidate.contract
    needs_all = contract.constants_from or contract.header.row != "auto"
    constants = constants_of(contract, file_name, candidate.sheet, candidate.row)
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
        constants=tuple((name, text) for name, text in constants if name not in candidate.columns),
        matrix=candidate.matrix,
        first_row=1 if needs_all else candidate.row - contract.header.depth + 1,
    )
    return replace(layout, warnings=tuple(_warnings(file_name, candidate, sheets, read)))


def _warnings(
    file_name: str, candidate: Candidate, sheets: Sequence[SheetPeek], read: set[tuple[str, str]]
) -> Iterator[str]:
    contract, sheet = candidate.contract, candidate.sheet
    fitting = [c.sheet.name for c in candidates(contract, file_name, sheets) if c.fits]
    others = [name for name in fitting if name != sheet.name and (contract.source, name) not in read]
    if others:
        hidden_names = {peeked.name for peeked in sheets if peeked.is_hidden}
        named = [f'"{name}"' + (" (hidden)" if name in hidden_names else "") for name in dict.fromkeys(others)]
        said = f'{file_name}: sheet "{sheet.name}" was read as {contract.contract_id}'
        yield f"{said}; {', '.join(named)} fits too and was not read."
    if sheet.is_hidden:
        hidden = f'{file_name}: sheet "{sheet.name}" is hidden and was read'
        yield f"{hidden}, as no visible one fits {contract.contract_id}."
    unknown = [cell for cell in candidate.unmapped if cell.text not in REPAIR_HEADERS]
    if unknown and contract.on_unknown_column != "keep":
        listed = ", ".join(f"{cell.text} ({cell.letter})" for cell in unknown)
        sentence = (
            f'{file_name}, sheet "{sheet.name}", row {candidate.row}: no field of {contract.contract_id} for {listed}.'
        )
        if contract.on_unknown_column == "reject":
            raise ColumnUnknown(f"{sentence} Add it to the contract, or take the column out.")
        yield f"{sentence} The values are kept in the payload."


def _fault(file_name: str, candidate: Candidate) -> ContractError:
    """What is wrong with a header that is nearly one of a contract's."""
    contract = candidate.contract
    where = f'{file_name}, sheet "{candidate.sheet.name}", row {candidate.row}'
    if candidate.ambiguous_matrix:
        listed = " and ".join(f'"{column.header}" ({column.letter})' for column in candidate.ambiguous_matrix)
        return ColumnAmbiguous(
            f"{where}: columns of the matrix of {contract.contract_id} mean the same: {listed}. Rename one of them, "
            "give them values of their own in unpivot.columns, or put reason_text into make.interaction_id."
        )
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
    if contract.unpivot is not None and candidate.missing == (contract.unpivot.name,):
        return ColumnMissing(
            f"{where}: no header is one of the matrix of {contract.contract_id}. Headers found: {headers}. Rename them "
            f"to those in unpivot of sources/{contract.source}.yaml, or add them there in a new version."
        )
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
    column = contract.columns.get(field)
    aliases = [normalize(alias) for alias in (field, *(column.aliases if column is not None else ()))]
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
    everything = [c for contract in contracts for c in candidates(contract, file_name, sheets)]
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
