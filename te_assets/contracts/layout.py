"""Data classes that pass between the header peek, the matching and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Model = Literal["interactions", "confirmations"]

REASON_HEADER = "Rejected because"
"""Header of the column of a workbook of rejected rows that says why; it never is a column of a layout."""

ORIGIN_HEADER = "Rejected row"
"""Header of its last column, `<sha256>/<sheet>/<row>`: once repaired, the row tells which one it was."""

REPAIR_HEADERS = (REASON_HEADER, ORIGIN_HEADER)


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
    """The first rows of a sheet, read without parsing the whole of it; `is_1904`: serial numbers count from 1904."""

    name: str
    is_hidden: bool
    rows: tuple[PeekedRow, ...]
    is_1904: bool = False


@dataclass(frozen=True)
class MappedColumn:
    """A column of the sheet that a field of the contract is read from."""

    field: str
    column: int
    letter: str
    header: str


@dataclass(frozen=True)
class MatrixColumn(MappedColumn):
    """A column of a matrix: `key` is what its header means, as a reason code; its field is called like `duration@F`."""

    key: str


@dataclass(frozen=True)
class Layout:
    """A contract found in a workbook: which sheet, which header row, which column for each field.

    Attributes:
        contract: `<source>@<version>`.
        header_row: Excel row number of the last header row; data begins below it.
        columns: One entry per field found.
        unmapped: Header cells without a field; their values travel in `_extra` under their header text.
        warnings: What a person should know, in whole sentences.
        constants: (field, text) of values that stand outside of the table.
        matrix: Columns of which each filled cell becomes a row.
        first_row: First row that the sheet needs to be read again: what the contract looks for above the header.
    """

    contract: str
    model: Model
    sheet: str
    header_row: int
    columns: tuple[MappedColumn, ...]
    unmapped: tuple[HeaderCell, ...]
    warnings: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    matrix: tuple[MatrixColumn, ...] = ()
    first_row: int = 1

    @property
    def header_map(self) -> dict[str, str]:
        """Field → column letter, those of a matrix as `duration@F`."""
        return {column.field: column.letter for column in (*self.columns, *self.matrix)}
