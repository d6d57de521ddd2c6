"""The parts of a contract: header, locale, columns, rules and the rest, each valid in itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator, model_validator

from te_assets.contracts.fields import FieldType

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Lower-case identifier: the only names that are ever written into SQL."""


def _as_text(value: object) -> object:
    """YAML reads `1` and `true` as other than text; the values people list are texts all the same."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class Part(BaseModel):
    """A frozen part of a contract that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(Part):
    """When a workbook may be of this layout.

    The score of a header row is the mean of two shares: required fields that it has, and header cells that mean a
    field of the contract.
    """

    sheets: tuple[str, ...] = Field(("*",), description="Sheet names, * and ? as wildcards, case ignored")
    files: tuple[str, ...] = Field(("*.xlsx", "*.xlsm"), description="File names, * and ? as wildcards, case ignored")
    minimum_score: float = Field(0.5, gt=0, le=1, description="Least score of a header row, 0 to 1")
    every_sheet: bool = Field(
        False, description="Read every visible sheet that fits into one publication, not only the best one"
    )


class Header(Part):
    """Where the header stands."""

    row: Literal["auto"] | Annotated[int, Field(ge=1)] = Field(
        "auto", description="Excel row of its first line, or auto"
    )
    depth: int = Field(1, ge=1, le=2, description="Lines that the header has; two are joined column by column")
    search_rows: int = Field(30, ge=1, le=40, description="Rows among which auto looks")


class Locale(Part):
    """How numbers and dates are written in cells that hold text; cells that hold numbers need none of this."""

    decimal: Literal[".", ","] | None = Field(None, description="Decimal separator; null: not declared")
    thousands: Literal[".", ",", "", " ", "'"] | None = Field(
        None, description="Thousands separator, '' for none; null: not declared, then 1.234 is rejected as ambiguous"
    )
    dates: tuple[str, ...] = Field(
        ("%Y-%m-%d",), description="Orders of a date, with %Y, %y, %m, %d; ISO 8601 is always understood"
    )
    trailing_minus: bool = Field(False, description="155,22- is a negative number")

    @model_validator(mode="after")
    def _separators_differ(self) -> Self:
        if self.decimal and self.decimal == self.thousands:
            msg = f"decimal and thousands separator are both {self.decimal!r}; they must differ"
            raise ValueError(msg)
        if self.thousands is not None and self.decimal is None:
            msg = "thousands is declared and decimal is not; declare both"
            raise ValueError(msg)
        return self

    @field_validator("dates")
    @classmethod
    def _known_directives(cls, dates: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in dates:
            directives = sorted(re.findall(r"%(.)", pattern))
            if directives not in (["Y", "d", "m"], ["d", "m", "y"]):
                msg = f"{pattern!r}: a date order has %d, %m and one of %Y and %y, each once"
                raise ValueError(msg)
            if not re.fullmatch(r"(?:%[Yymd]|[-./])+", pattern):
                msg = f"{pattern!r}: only - . and / may stand between the parts of a date"
                raise ValueError(msg)
        shapes = {re.sub(r"%[md]", "%?", pattern) for pattern in dates}
        if len(shapes) < len(set(dates)):
            msg = "two date orders differ only in day and month, so 02/03/2026 would be either; declare one"
            raise ValueError(msg)
        return dates


TextEncoding = Literal[
    "auto", "utf-8", "utf-16", "windows-1252", "windows-1250", "windows-1251", "iso-8859-1", "iso-8859-15", "gb18030",
    "big5", "shift_jis",
]  # fmt: skip


class TextExport(Part):
    """How a text file is cut into cells. Without it no text file is read under the contract, whatever its name."""

    delimiter: Literal["auto", "tab", ";", ",", "|"] = Field(
        "auto", description="Between two cells; auto: the one that cuts most lines alike"
    )
    encoding: TextEncoding = Field(
        "auto", description="auto: by the byte order mark, else UTF-8 if all bytes are that, else Windows-1252"
    )
    quote: Literal['"', "'", ""] = Field('"', description="Mark around a cell that holds delimiters; '' for none")

    @field_validator("delimiter", mode="before")
    @classmethod
    def _tab_by_name(cls, value: object) -> object:
        return "tab" if value == "\t" else value


class Column(Part):
    """A column of the sheet and the field that it fills."""

    type: FieldType
    required: bool = Field(False, description="The sheet must have it and no row may leave it empty")
    aliases: tuple[Text, ...] = Field((), description="Header texts; case, punctuation and line breaks do not matter")
    suffix: str | None = Field(
        None,
        pattern=r"^[A-Z0-9_]+$",
        description="Technical suffix in brackets that headers of this field carry in every language, as MEINH",
    )
    suffix_aliases: tuple[Text, ...] = Field((), description="Header texts that mean this field only with the suffix")
    unit: Literal["ms", "s", "min", "h"] | None = Field(None, description="Unit of a duration")
    zero_pad: int | None = Field(None, ge=1, le=40, description="Digits alone are filled up with zeros to this length")
    default: Text | None = Field(None, description="Stands in for an empty cell, as text")
    values: Mapping[Text, str] = Field({}, description="Replaces texts of cells by others")
    true_values: tuple[Text, ...] = Field(("true", "1", "x", "yes", "y", "ja", "j", "wahr"), description="Case ignored")
    false_values: tuple[Text, ...] = Field(("false", "0", "no", "n", "nein", "falsch"), description="Case ignored")
    description: str = ""

    @model_validator(mode="after")
    def _options_fit_the_type(self) -> Self:
        wanted: dict[str, tuple[object, FieldType]] = {
            "unit": (self.unit, "decimal"),
            "zero_pad": (self.zero_pad, "text"),
        }
        for option, (value, needed) in wanted.items():
            if value is not None and self.type != needed:
                msg = f"{option} is for columns of type {needed}, this one is of type {self.type}; remove it"
                raise ValueError(msg)
        if self.suffix_aliases and self.suffix is None:
            msg = "suffix_aliases need a suffix; add it"
            raise ValueError(msg)
        return self


class Combination(Part):
    """An instant from a date column and a time column.

    With `not_before`, an end whose date is missing or is that of the start, and that lies before the start, is taken
    as of the next day if the length stays within `limit_hours`.
    """

    date: Name
    time: Name
    not_before: Name | None = None
    limit_hours: int = Field(24, ge=1, le=24)


class StandIn(Part):
    """Columns that are read for other fields where the sheet has no column of `missing`."""

    missing: Name
    use: Mapping[Name, Name] = Field(description="Field → field whose column is read for it")


_ONE_OR_SEVERAL = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}


class SkipRule(Part):
    """Rows that are no data: subtotals, repeated headers. They are counted as skipped, never silently gone."""

    name: Name
    column: Annotated[tuple[Name, ...], WithJsonSchema(_ONE_OR_SEVERAL)] = Field(
        (), description="Column, or list of columns, whose text is looked at; one that matches is enough"
    )
    matches: str | None = Field(None, description="RE2 regular expression, found anywhere in the text of a column")
    empty: tuple[Name, ...] = Field((), description="Columns that are all empty, in a row of a workbook")
    repeated_header: bool = Field(False, description="The row says the header texts again")

    @field_validator("column", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        says = [bool(self.column or self.matches), bool(self.empty), self.repeated_header]
        if self.matches is not None:
            compiled(self.matches)
        if sum(says) != 1 or bool(self.column) != bool(self.matches):
            msg = "give one of: column and matches; empty; repeated_header: true"
            raise ValueError(msg)
        return self


class Rule(Part):
    """A comparison that every row must pass; where an operand is NULL it passes."""

    name: Name
    left: Name
    comparison: Literal["==", "!=", "<", "<=", ">", ">="] = Field(alias="is")
    right: Name | Decimal
    message: str = Field(min_length=1)
    effect: Literal["reject", "note"] = Field("reject", description="reject the row, or keep it with a note")
    unless: tuple[Name, ...] = Field((), description="Fields: where one is true or not empty, the rule does not apply")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Period(Part):
    """The production days that a file covers, both inclusive, from the groups `from` and `to` of a pattern."""

    file_name: str

    @field_validator("file_name")
    @classmethod
    def _has_groups(cls, pattern: str) -> str:
        return pattern_with(pattern, "from", "to")


class ExportTimeFromName(Part):
    """The export time from group `at` of a pattern on the file name, UTC."""

    file_name: str

    @field_validator("file_name")
    @classmethod
    def _has_group(cls, pattern: str) -> str:
        return pattern_with(pattern, "at")


class ExportTimeFromWorkbook(Part):
    """The export time from the workbook's properties."""

    workbook: Literal["modified", "created"]


ExportTime = ExportTimeFromName | ExportTimeFromWorkbook | Literal["first_seen"]


def pattern_with(pattern: str, *groups: str) -> str:
    """The pattern, once it is known to have these named groups.

    Raises:
        ValueError: It is no regular expression, or a group is missing.
    """
    known = compiled(pattern).groupindex
    missing = [group for group in groups if group not in known]
    if missing:
        msg = f"{pattern!r} has no group named {', '.join(missing)}; write (?P<{missing[0]}>…)"
        raise ValueError(msg)
    return pattern


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern compiled.

    Raises:
        ValueError: It is no regular expression.
    """
    try:
        return re.compile(pattern)
    except re.error as error:
        msg = f"{pattern!r} is no regular expression: {error}; mend it"
        raise ValueError(msg) from error
