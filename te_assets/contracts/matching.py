"""Finds the contracts that a workbook fits: which sheet, which header row, which column for each field."""

from __future__ import annotations

from collections.abc import Sequence

from te_assets.contracts.headers import dictionary_of
from te_assets.contracts.layout import Layout, MappedColumn, SheetPeek
from te_assets.contracts.model import Contract
from te_assets.errors import ContractError


class NoMatchingSheet(ContractError):
    """No sheet fits any contract."""


def match(
    contracts: Sequence[Contract], file_name: str, sheets: Sequence[SheetPeek], *, only: str | None = None
) -> tuple[Layout, ...]:
    """One layout per contract whose header is found."""
    layouts = []
    for contract in contracts:
        if only is not None and contract.source != only:
            continue
        names = dictionary_of(contract)
        best = None
        for sheet in sheets:
            for row in sheet.rows:
                fields = [(names.field_of(cell.text), cell) for cell in row.cells]
                found = [f for f, _ in fields if f]
                missing = [f for f in contract.required_fields if f not in found]
                if not missing and (best is None or len(found) > best[0]):
                    best = (len(found), sheet, row, fields)
        if best:
            _, sheet, row, fields = best
            layouts.append(
                Layout(
                    contract.contract_id,
                    contract.feeds,
                    sheet.name,
                    row.number,
                    tuple(MappedColumn(f, c.column, c.letter, c.text) for f, c in fields if f),
                    tuple(c for f, c in fields if not f),
                )
            )
    if not layouts:
        raise NoMatchingSheet(f"{file_name}: no sheet fits a contract")
    return tuple(layouts)
