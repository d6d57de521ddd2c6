"""Header texts made comparable, and what a header text means under a contract."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from te_assets.contracts.model import Contract


_SUFFIX = re.compile(r"^(?P<base>.*\S)\s*[(\[]\s*=?\s*(?P<suffix>[A-Z][A-Z0-9_]{2,})\s*[)\]]\s*$", re.DOTALL)
_HALVES = re.compile(r"[/|\n\r]|\s[-–—]\s")
_NO_WORD = re.compile(r"[^\w]+|_+")


@lru_cache(maxsize=20_000)
def normalize(text: str) -> str:
    """A header text without what people vary: case, width, punctuation, line breaks, blanks of all kinds; ß is ss."""
    return _NO_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


@dataclass(frozen=True)
class HeaderDictionary:
    """What header texts mean under one contract.

    Attributes:
        aliases: Field per normalized header text.
        with_suffix: Field per normalized header text and technical suffix.
        suffixes: Field per technical suffix that names a field by itself.
    """

    aliases: Mapping[str, str]
    with_suffix: Mapping[tuple[str, str], str]
    suffixes: Mapping[str, str]

    def field_of(self, header: str) -> str | None:
        """The field that a header names, or None: 1) its technical suffix in brackets, 2) an alias, nothing else."""
        whole = self._field_of_text(header)
        if whole is not None:
            return whole
        halves = {self._field_of_text(half) for half in _HALVES.split(header) if normalize(half)} - {None}
        return halves.pop() if len(halves) == 1 else None

    def _field_of_text(self, text: str) -> str | None:
        found = _SUFFIX.match(unicodedata.normalize("NFKC", text))
        if found is not None:
            base, suffix = normalize(found["base"]), found["suffix"]
            by_suffix = self.with_suffix.get((base, suffix)) or self.suffixes.get(suffix)
            if by_suffix is not None:
                return by_suffix
        return self.aliases.get(normalize(text))


def dictionary_of(contract: Contract) -> HeaderDictionary:
    """The header texts of a contract."""
    aliases: dict[str, str] = {}
    with_suffix: dict[tuple[str, str], str] = {}
    suffixes: dict[str, str] = {}
    qualifiers = {column.suffix for column in contract.columns.values()}
    for name, column in contract.columns.items():
        for alias in column.aliases:
            aliases[normalize(alias)] = name
            # A technical name such as WERKS also stands in brackets behind a text in any language. One that only
            # says which unit a quantity has (GMEIN, MEINH) names no field by itself.
            if re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", alias) and alias not in qualifiers:
                suffixes[alias] = name
        if column.suffix is not None:
            for alias in (*column.aliases, *column.suffix_aliases):
                with_suffix[(normalize(alias), column.suffix)] = name
    return HeaderDictionary(MappingProxyType(aliases), MappingProxyType(with_suffix), MappingProxyType(suffixes))
