"""Reads a header that no contract may know: which field each header text means, surely, probably, or not at all."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from te_assets.contracts.headers import dictionary_of, normalize
from te_assets.contracts.layout import HeaderCell, SheetPeek
from te_assets.contracts.model import Contract

_CLOSE = 0.82
_LEAST_FIELDS = 3


@dataclass(frozen=True)
class Guess:
    """What a column may be.

    Attributes:
        field: Column of the vocabulary; None where nothing is like it.
        is_sure: The header text, or its technical suffix, is known.
        why: Half a sentence.
    """

    cell: HeaderCell
    field: str | None
    is_sure: bool
    why: str


@dataclass(frozen=True)
class HeaderGuess:
    """A row taken for the header.

    Attributes:
        vocabulary: Contract whose aliases were looked up.
        row: Number of the header row.
        guesses: One per header cell, in the order of the columns.
    """

    vocabulary: Contract
    sheet: SheetPeek
    row: int
    guesses: tuple[Guess, ...]

    @property
    def fields(self) -> dict[str, Guess]:
        """Guess per field."""
        return {guess.field: guess for guess in self.guesses if guess.field is not None}

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """The greatest is the one to take: visible, by sure fields, by all of them, the uppermost."""
        sure = sum(guess.is_sure for guess in self.fields.values())
        needed = self.vocabulary.required_fields
        share = sum(name in self.fields for name in needed) / max(len(needed), 1)
        return not self.sheet.is_hidden, sure + share, len(self.fields) + share, -self.row


def guess_header(vocabularies: Sequence[Contract], sheets: Sequence[SheetPeek]) -> HeaderGuess | None:
    """The row of all sheets that is most like a header, under the vocabulary that knows most of it.

    Args:
        vocabularies: Contracts whose aliases are looked up.
        sheets: First rows of every sheet.

    Returns:
        None where no row has at least three texts that are, or are like, headers of one vocabulary.
    """
    found = [guess for vocabulary in vocabularies for sheet in sheets for guess in _rows(vocabulary, sheet)]
    likely = [guess for guess in found if len(guess.fields) >= _LEAST_FIELDS]
    return max(likely, key=lambda guess: guess.rank, default=None)


def _rows(vocabulary: Contract, sheet: SheetPeek) -> Iterator[HeaderGuess]:
    names = dictionary_of(vocabulary)
    aliases = [(normalize(a), name) for name, column in vocabulary.columns.items() for a in column.aliases]
    for row in sheet.rows:
        if row.number > vocabulary.header.search_rows:
            break
        sure = [(cell, names.field_of(cell.text)) for cell in row.cells]
        taken = {field for _, field in sure if field is not None}
        if not taken:
            continue  # a header without a single known text is not told from data
        yield HeaderGuess(vocabulary, sheet, row.number, tuple(_guesses(sure, taken, aliases)))


def _guesses(
    sure: Sequence[tuple[HeaderCell, str | None]], taken: set[str], aliases: Sequence[tuple[str, str]]
) -> Iterator[Guess]:
    seen: dict[str, HeaderCell] = {}
    close: set[str] = set()
    for cell, field in sure:
        if field is not None:
            if field in seen:
                why = f"means {field} too, which column {seen[field].letter} was taken for"
                yield Guess(cell, None, is_sure=False, why=why)
                continue
            seen[field] = cell
            yield Guess(cell, field, is_sure=True, why="known header")
            continue
        like = _closest(cell.text, [(alias, name) for alias, name in aliases if name not in taken | close])
        if like is None:
            yield Guess(cell, None, is_sure=False, why="no known header is like it")
        else:
            alias, name = like
            close.add(name)
            yield Guess(cell, name, is_sure=False, why=f'like the known header "{alias}"')


def _closest(text: str, aliases: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The alias most like a header text: nearly the same letters, or all its words among those of the text."""
    header = normalize(text)
    words = set(header.split())
    best: tuple[float, str, str] = (0.0, "", "")
    for alias, name in aliases:
        likeness = difflib.SequenceMatcher(None, header, alias).ratio()
        if len(alias) >= 5 and set(alias.split()) <= words:
            likeness = max(likeness, 0.85 + len(alias) / max(len(header), 1) / 10)
        if likeness >= _CLOSE and likeness > best[0]:
            best = (likeness, alias, name)
    return (best[1], best[2]) if best[0] else None


def renamed(guess: HeaderGuess, column: int, field: str | None, why: str) -> HeaderGuess:
    """The guess with another field for one column, which is then unsure."""
    changed = [
        replace(each, field=field, is_sure=False, why=why) if each.cell.column == column else each
        for each in guess.guesses
    ]
    return replace(guess, guesses=tuple(changed))


def short(text: str) -> str:
    """A header text on one line."""
    return " ".join(text.split())
