"""What was seen of a sheet that no contract may know: its header and the values of its first rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from te_assets.contracts.evidence import Value
from te_assets.contracts.model import Contract
from te_assets.contracts.suggestion import HeaderGuess


@dataclass(frozen=True)
class Looked:
    """A sheet that was looked into.

    Attributes:
        file_name: As delivered.
        guess: Its header.
        rows: Values of the first rows, by column index; empty cells are left out.
        is_text: It is a text file.
        fitting: Contract that reads the file as it stands; None where there is none.
        known: Names of all sources there are.
    """

    file_name: str
    guess: HeaderGuess
    rows: Sequence[Mapping[int, Value]]
    is_text: bool
    fitting: Contract | None
    known: tuple[str, ...]

    def values(self, field: str) -> list[Value]:
        """Values of the column that is taken for a field."""
        guess = self.guess.fields.get(field)
        return [] if guess is None else self.column(guess.cell.column)

    def column(self, index: int) -> list[Value]:
        """Values of a column."""
        return [row[index] for row in self.rows if index in row]

    def of_type(self, *kinds: str) -> list[str]:
        """Fields that were found and are of a type."""
        return [name for name in self.guess.fields if self.guess.vocabulary.columns[name].type in kinds]
