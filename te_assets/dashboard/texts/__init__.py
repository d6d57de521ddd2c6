"""Words of tables, notes and definitions, in a folder per language with a YAML file per room."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from pydantic import BaseModel

from te_assets.dashboard.columns import DECIMALS, Column, ColumnSpec
from te_assets.dashboard.filters import Language

LANGUAGES: Final[tuple[Language, ...]] = ("en", "de", "fr")
_MARKS: Final[dict[Language, tuple[str, str]]] = {"en": (",", "."), "de": (".", ","), "fr": ("\u202f", ",")}
_DAYS: Final[dict[Language, str]] = {"en": "%Y-%m-%d", "de": "%d.%m.%Y", "fr": "%d/%m/%Y"}


class TermText(BaseModel):
    """A definition in one language."""

    term: str
    formula: str
    unit: str
    standard: str = ""
    note: str = ""


class PolicyText(BaseModel):
    """A policy in one language; values are looked up by their text, `*` has words for all others around `{value}`."""

    label: str
    meaning: str
    values: dict[str, str] = {}


class Texts(BaseModel):
    """All words of one language.

    Attributes:
        columns: Name of a field → heading.
        choices: Name of a field → value → what is shown.
        notes: Code → text with places `{…}`.
        terms: Key → definition.
        policies: Name → policy.
        words: Key → word, for exports and reports.
    """

    language: Language
    columns: dict[str, str]
    choices: dict[str, dict[str, str]]
    notes: dict[str, str]
    terms: dict[str, TermText] = {}
    policies: dict[str, PolicyText] = {}
    words: dict[str, str] = {}

    def column(self, spec: ColumnSpec) -> Column:
        """A column with its heading."""
        key = spec.heading or spec.name
        return Column(
            name=spec.name,
            label=self.columns[key],
            kind=spec.kind,
            decimals=DECIMALS.get(spec.kind, 0),
            is_sortable=spec.is_sortable,
            is_hidden=spec.is_hidden,
            unit_from=spec.unit_from,
            choices=self.choices[key] if spec.kind == "choice" else None,
        )

    def note(self, code: str, **values: Any) -> str:
        """Text of a note; numbers and days as people of the language write them."""
        return self.notes[code].format(**{name: self.words_of(value) for name, value in values.items()})

    def words_of(self, value: Any) -> str:
        """A number, with a decimal where it is none whole, or a day, for people; text as it is."""
        if isinstance(value, date):
            return value.strftime(_DAYS[self.language])
        if isinstance(value, int | float):
            return marked(f"{value:,}" if isinstance(value, int) else f"{value:,.1f}", self.language)
        return str(value)


def marked(number: str, language: Language) -> str:
    """A number as Python writes it (`1,234.5`) with the marks of a language."""
    thousands, mark = _MARKS[language]
    return number.replace(",", "\0").replace(".", mark).replace("\0", thousands)


@cache
def texts(language: Language) -> Texts:
    """Words of a language."""
    import yaml

    merged: dict[str, dict[str, Any]] = {}
    folder = resources.files("te_assets.dashboard.texts").joinpath(language)
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yaml"):
            for part, words in yaml.safe_load(file.read_text(encoding="utf-8")).items():
                merged.setdefault(part, {}).update(words)
    return Texts.model_validate({**merged, "language": language})


def accepted(header: str | None) -> Language:
    """The language of an `Accept-Language` header that is known and wanted most; else English."""
    wanted: list[tuple[float, int, Language]] = []
    for place, part in enumerate((header or "").split(",")):
        name, _, quality = part.strip().partition(";q=")
        known = next((each for each in LANGUAGES if name.strip().lower().split("-")[0] == each), None)
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if known and weight > 0:
            wanted.append((-weight, place, known))
    return min(wanted)[2] if wanted else "en"
