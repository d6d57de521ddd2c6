"""Data classes that pass between the header peek, the matching and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Model = Literal["interactions", "confirmations"]


@dataclass(frozen=True)
class HeaderCell:
    """One non-empty cell near the top of a sheet; `column` counts from 0 (A = 0), `text` is what a person sees."""

    column: int
    text: str

    @property
    def letter(self) -> str:
        """Column as Excel names it: A … XFD."""
        number, letters = self.column + 1, ""
        while number:
            number, digit = divmod(number - 1, 26)
            letters = chr(65 + digit) + letters
        return letters


@dataclass(frozen=True)
class PeekedRow:
    """A row near the top of a sheet; `number` is Excel's row number, from 1."""

    number: int
    cells: tuple[HeaderCell, ...]


@dataclass(frozen=True)
class SheetPeek:
    """The first rows of a sheet, read without parsing the whole of it."""

    name: str
    is_hidden: bool
    rows: tuple[PeekedRow, ...]


@dataclass(frozen=True)
class MappedColumn:
    """A column of the sheet that a field of the contract is read from."""

    field: str
    column: int
    letter: str
    header: str


@dataclass(frozen=True)
class Layout:
    """A contract found in a workbook: which sheet, which header row, which column for each field.

    Attributes:
        contract: `<source>@<version>`.
        header_row: Excel row number of the last header row; data begins below it.
        columns: One entry per field found.
        unmapped: Header cells without a field; their values travel in `_extra` under their header text.
        warnings: What a person should know, in whole sentences.
    """

    contract: str
    model: Model
    sheet: str
    header_row: int
    columns: tuple[MappedColumn, ...]
    unmapped: tuple[HeaderCell, ...]
    warnings: tuple[str, ...] = ()
