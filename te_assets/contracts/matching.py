"""Finds contracts in a workbook: which sheet, which header row, which column for each field. Never by position."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from te_assets.contracts.catalog import ContractUnknown
from te_assets.contracts.header_rows import Candidate, best_row
from te_assets.contracts.headers import dictionary_of, normalize
from te_assets.contracts.layout import Layout, SheetPeek
from te_assets.contracts.model import Contract
from te_assets.errors import ContractError


class NoMatchingSheet(ContractError):
    """No sheet of the workbook has the header of a contract."""


class ColumnMissing(ContractError):
    """A required field has no column in the sheet."""


class ColumnAmbiguous(ContractError):
    """Two columns of the sheet stand for one field."""


class ColumnUnknown(ContractError):
    """The sheet has a column that the contract does not know and does not tolerate."""


class ContractAmbiguous(ContractError):
    """A sheet fits two contracts of one model equally well."""


def match(
    contracts: Iterable[Contract], file_name: str, sheets: Sequence[SheetPeek], *, only: str | None = None
) -> tuple[Layout, ...]:
    """The contracts whose header the workbook has, at most one per sheet and model.

    Args:
        contracts: Versions of sources; the newest of each source is looked for.
        file_name: Name of the workbook, for file patterns and messages.
        sheets: First rows of each sheet, in the order of the workbook.
        only: Source to look for; others are ignored, and so are its file patterns.

    Raises:
        ContractUnknown: `only` names no source.
        NoMatchingSheet: No sheet has the header of a contract.
        ColumnMissing: A sheet clearly follows a contract, but a required field has no column.
        ColumnAmbiguous: Two columns stand for one field.
        ColumnUnknown: A column is not known, and the contract rejects such sheets.
        ContractAmbiguous: A sheet fits two contracts of one model equally well.
    """
    newest = _newest(contracts, only)
    eligible = [contract for contract in newest if only is not None or _fits_name(contract.match.files, file_name)]
    candidates = [
        candidate
        for contract in eligible
        for sheet in sheets
        if _fits_name(contract.match.sheets, sheet.name)
        for candidate in [best_row(contract, sheet)]
        if candidate is not None
    ]
    clear = [candidate for candidate in candidates if candidate.score >= candidate.contract.match.minimum_score]
    whole = _visible_first([candidate for candidate in clear if not candidate.missing])
    chosen = _one_per_contract(_one_per_sheet(whole, file_name))
    unclaimed = [candidate for candidate in clear if candidate.missing and not _is_claimed(candidate, chosen)]
    if unclaimed and (not chosen or not unclaimed[0].sheet.is_hidden):
        raise ColumnMissing(_missing(max(unclaimed, key=_preference), file_name))
    if not chosen:
        raise NoMatchingSheet(_nothing(eligible or newest, candidates, file_name, sheets))
    return tuple(_layout(candidate, whole, file_name) for candidate in chosen)


@dataclass(frozen=True)
class _Choice:
    """A candidate and the others that it was preferred to."""

    candidate: Candidate
    others: tuple[Candidate, ...]


def _newest(contracts: Iterable[Contract], only: str | None) -> list[Contract]:
    newest: dict[str, Contract] = {}
    for contract in contracts:
        known = newest.get(contract.source)
        if known is None or contract.version > known.version:
            newest[contract.source] = contract
    if only is None:
        return list(newest.values())
    if only not in newest:
        close = difflib.get_close_matches(only, newest, n=1)
        hint = f" Close: {close[0]}." if close else ""
        msg = f"no contract is called {only!r}.{hint} There are: {', '.join(sorted(newest))}."
        raise ContractUnknown(msg)
    return [newest[only]]


def _fits_name(patterns: Sequence[str], name: str) -> bool:
    return any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _preference(candidate: Candidate) -> tuple[bool, float, int]:
    """Visible before hidden, then the score, then the number of columns found."""
    return not candidate.sheet.is_hidden, candidate.score, len(candidate.columns)
