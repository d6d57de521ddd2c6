"""Rows at the top of a sheet, read as the header of a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from te_assets.contracts.fields import LENGTHS
from te_assets.contracts.headers import HeaderDictionary, dictionary_of, normalize
from te_assets.contracts.layout import REPAIR_HEADERS, HeaderCell, MatrixColumn, PeekedRow, SheetPeek
from te_assets.contracts.model import Contract


@dataclass(frozen=True)
class Candidate:
    """A row of a sheet read as the header of a contract."""

    contract: Contract
    sheet: SheetPeek
    row: int
    columns: Mapping[str, tuple[HeaderCell, ...]]
    unmapped: tuple[HeaderCell, ...]
    matrix: tuple[MatrixColumn, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What has no column, and no date and time columns to combine: required fields, and what others come from."""
        unpivot = self.contract.unpivot
        headers = [unpivot.name] if unpivot is not None and not self.matrix else []
        return tuple(dict.fromkeys([*self._required_and_missing, *self._not_computable(), *headers]))

    @property
    def _required_and_missing(self) -> list[str]:
        return [field for field in self.contract.required_fields if not self._has(field)]

    def _not_computable(self) -> Iterator[str]:
        """What is needed to compute quantities and ends of stops that have no column themselves."""
        _, start, end = LENGTHS[self.contract.feeds]
        for field, derivation in self.contract.derive.items():
            is_optional = field in (start, end) and self.contract.feeds == "confirmations"
            if not is_optional and not self._has(field):
                needed = (derivation.from_, derivation.terms[0][1])
                yield from (name for name in needed if not self._has(name))

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Fields with two columns."""
        return tuple(field for field, cells in self.columns.items() if len(cells) > 1)

    @property
    def ambiguous_matrix(self) -> tuple[MatrixColumn, ...]:
        """Columns of the matrix whose stops could not be told apart."""
        keys = [self._identity(column) for column in self.matrix]
        return tuple(column for column, key in zip(self.matrix, keys, strict=True) if keys.count(key) > 1)

    def _identity(self, column: MatrixColumn) -> str:
        tells_text = "reason_text" in self.contract.make.get("interaction_id", ())
        return normalize(column.header) if tells_text else column.key

    @property
    def fits(self) -> bool:
        """Whether its rows can be read."""
        return not self.missing and not self.ambiguous and not self.ambiguous_matrix

    @property
    def required_share(self) -> float:
        """Share of the required fields that it has."""
        required = self.contract.required_fields
        return 1 - len(self._required_and_missing) / len(required) if required else 1.0

    @property
    def score(self) -> float:
        """Mean of two shares: required fields that it has, and header cells that mean a field."""
        mapped, others = sum(len(cells) for cells in self.columns.values()), len(self.unmapped)
        if self.contract.unpivot is not None and self.contract.unpivot.columns == "*":
            others += len(self.matrix)  # any header may be of it, so it says nothing of the layout
        else:
            mapped += len(self.matrix)
        return (self.required_share + mapped / (mapped + others)) / 2 if mapped else 0.0

    @property
    def is_alike(self) -> bool:
        """Whether the sheet plainly is of this layout, complete or not."""
        return self.score >= self.contract.match.minimum_score and self.required_share >= 1 / 2

    @property
    def rank(self) -> tuple[bool, bool, float, int]:
        """The greatest is the one to take: readable, visible, by score, by number of fields."""
        return self.fits, not self.sheet.is_hidden, self.score, len(self.columns)

    def _has(self, field: str) -> bool:
        if field in self.columns or field in self.contract.constants_from:
            return True
        parts = self.contract.combine.get(field)
        return parts is not None and parts.date in self.columns


def candidates(contract: Contract, file_name: str, sheets: Sequence[SheetPeek]) -> Iterator[Candidate]:
    """Every row of every sheet that may be the header of the contract, by its patterns for files and sheets."""
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


def _candidate(contract: Contract, names: HeaderDictionary, sheet: SheetPeek, row: PeekedRow) -> Candidate:
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
    matrix = tuple(matrix_columns(contract, unmapped))
    taken = {column.column for column in matrix}
    others = tuple(cell for cell in unmapped if cell.column not in taken)
    return Candidate(contract, sheet, row.number, found, others, matrix)


def matrix_columns(contract: Contract, unmapped: Sequence[HeaderCell]) -> Iterator[MatrixColumn]:
    """Header cells without a field that are columns of the contract's matrix."""
    unpivot = contract.unpivot
    if unpivot is None:
        return
    left_out = {normalize(text) for text in (*unpivot.but_not, *REPAIR_HEADERS)}
    named: dict[str, str] = {}
    if isinstance(unpivot.columns, Mapping):
        named = {normalize(header): key for header, key in unpivot.columns.items()}
    elif isinstance(unpivot.columns, tuple):
        named = {normalize(header): header for header in unpivot.columns}
    for cell in unmapped:
        text = normalize(cell.text)
        key: str | None
        if unpivot.columns == "*":
            key = " ".join(cell.text.split())
        else:
            key = unpivot.matched(cell.text) if unpivot.pattern is not None else named.get(text)
        if key and text not in left_out:
            yield MatrixColumn(f"{unpivot.value}@{cell.letter}", cell.column, cell.letter, cell.text, key)
