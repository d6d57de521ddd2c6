"""The contract of a layout: which column means what, and what makes a row acceptable."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from te_assets.contracts.fields import MODELS, FieldType, ModelField
from te_assets.contracts.layout import Model

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Lower-case identifier: the only names that are ever written into SQL."""


def _as_text(value: object) -> object:
    """YAML reads `1` and `true` as other than text; the values people list are texts all the same."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_as_text)]


class _Part(BaseModel):
    """A frozen part of a contract that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(_Part):
    """When a workbook may be of this layout.

    The score of a header row is the mean of two shares: required fields that it has, and header cells that mean a
    field of the contract.
    """

    sheets: tuple[str, ...] = Field(("*",), description="Sheet names, * and ? as wildcards, case ignored")
    files: tuple[str, ...] = Field(("*.xlsx", "*.xlsm"), description="File names, * and ? as wildcards, case ignored")
    minimum_score: float = Field(0.5, gt=0, le=1, description="Least score of a header row, 0 to 1")


class Header(_Part):
    """Where the header stands."""

    row: Literal["auto"] | Annotated[int, Field(ge=1)] = Field(
        "auto", description="Excel row of its first line, or auto"
    )
    depth: int = Field(1, ge=1, le=2, description="Lines that the header has; two are joined column by column")
    search_rows: int = Field(30, ge=1, le=40, description="Rows among which auto looks")


class Locale(_Part):
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


class Column(_Part):
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
                msg = f"{option} is for columns of type {needed}, this one is of type {self.type}"
                raise ValueError(msg)
        if self.suffix_aliases and self.suffix is None:
            msg = "suffix_aliases need a suffix"
            raise ValueError(msg)
        return self


class Combination(_Part):
    """An instant from a date column and a time column.

    With `not_before`, an end whose date is missing or is that of the start, and that lies before the start, is taken
    as of the next day if the length stays within `limit_hours`.
    """

    date: Name
    time: Name
    not_before: Name | None = None
    limit_hours: int = Field(24, ge=1, le=24)


class StandIn(_Part):
    """Columns that are read for other fields where the sheet has no column of `missing`."""

    missing: Name
    use: Mapping[Name, Name] = Field(description="Field → field whose column is read for it")


class SkipRule(_Part):
    """Rows that are no data: subtotals, repeated headers. They are counted as skipped, never silently gone."""

    name: Name
    column: tuple[Name, ...] = Field((), description="Columns whose text is looked at; one that matches is enough")
    matches: str | None = Field(None, description="RE2 regular expression, found anywhere in the text of a column")
    empty: tuple[Name, ...] = Field((), description="Columns that are all empty")
    repeated_header: bool = Field(False, description="The row says the header texts again")

    @field_validator("column", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        says = [bool(self.column or self.matches), bool(self.empty), self.repeated_header]
        if sum(says) != 1 or bool(self.column) != bool(self.matches):
            msg = "give one of: column and matches; empty; repeated_header: true"
            raise ValueError(msg)
        return self


class Rule(_Part):
    """A comparison that every row must pass; where an operand is NULL it passes."""

    name: Name
    left: Name
    comparison: Literal["==", "!=", "<", "<=", ">", ">="] = Field(alias="is")
    right: Name | Decimal
    message: str = Field(min_length=1)
    effect: Literal["reject", "note"] = Field("reject", description="reject the row, or keep it with a note")
    unless: tuple[Name, ...] = Field((), description="Fields: where one is true or not empty, the rule does not apply")

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Period(_Part):
    """The production days that a file covers, both inclusive, from the groups `from` and `to` of a pattern."""

    file_name: str

    @field_validator("file_name")
    @classmethod
    def _has_groups(cls, pattern: str) -> str:
        return _pattern_with(pattern, "from", "to")


class ExportTimeFromName(_Part):
    """The export time from group `at` of a pattern on the file name, UTC."""

    file_name: str

    @field_validator("file_name")
    @classmethod
    def _has_group(cls, pattern: str) -> str:
        return _pattern_with(pattern, "at")


class ExportTimeFromWorkbook(_Part):
    """The export time from the workbook's properties."""

    workbook: Literal["modified", "created"]


ExportTime = ExportTimeFromName | ExportTimeFromWorkbook | Literal["first_seen"]


class Contract(_Part):
    """One layout under one version. A published version is never changed: a change gets the next number."""

    source: Name
    feeds: Model
    version: int = Field(ge=1, le=999_999)
    title: str = ""
    match: Match = Match()
    header: Header = Header()
    locale: Locale = Locale()
    timezone: str = Field("plant", description="plant, or an IANA time zone that all stamps of the layout are in")
    columns: Mapping[Name, Column]
    combine: Mapping[Name, Combination] = {}
    stand_in: tuple[StandIn, ...] = ()
    constants: Mapping[Name, Text] = Field({}, description="Fields that the layout has no column for, as text")
    business_key: tuple[Name, ...] = Field(min_length=1)
    changed_at: Name | None = Field(None, description="Column with the change time of a row")
    skip_rows_where: tuple[SkipRule, ...] = ()
    delivers: Literal["changes", "snapshot"] = "changes"
    period: Period | None = None
    export_time: tuple[ExportTime, ...] = ("first_seen",)
    rules: tuple[Rule, ...] = ()
    on_unknown_column: Literal["keep", "warn", "reject"] = "keep"

    @property
    def contract_id(self) -> str:
        """`<source>@<version>`."""
        return f"{self.source}@{self.version}"

    @property
    def fields(self) -> Mapping[str, ModelField]:
        """Fields of the model that the contract feeds."""
        return MODELS[self.feeds]

    @property
    def required_fields(self) -> tuple[str, ...]:
        """Fields that the sheet must have, as a column or through a combination."""
        return tuple(name for name, column in self.columns.items() if column.required)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a contract from a YAML file.

        Raises:
            ContractError: The file cannot be read or is no contract; the message names file and line.
        """
        from te_assets.contracts.yaml_source import read_contract_file

        return cls._from_source(read_contract_file(path), str(path))

    @classmethod
    def from_yaml(cls, text: str, origin: str) -> Self:
        """Read a contract from YAML text; `origin` is what errors call it.

        Raises:
            ContractError: The text is no contract; the message names `origin` and the line.
        """
        return cls._from_source(text, origin)

    @classmethod
    def _from_source(cls, text: str, origin: str) -> Self:
        from te_assets.contracts.yaml_source import validate

        return validate(cls, text, origin)

    @property
    def yaml(self) -> str:
        """The contract as YAML without comments and defaults; `from_yaml` gives an equal contract."""
        import yaml

        settings = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return yaml.safe_dump(settings, sort_keys=False, allow_unicode=True)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone != "plant":
            try:
                ZoneInfo(zone)
            except (ZoneInfoNotFoundError, ValueError) as error:
                msg = f"{zone!r} is neither 'plant' nor an IANA time zone"
                raise ValueError(msg) from error
        return zone

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        from te_assets.contracts.consistency import faults_of

        faults = faults_of(self)
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _pattern_with(pattern: str, *groups: str) -> str:
    try:
        known = re.compile(pattern).groupindex
    except re.error as error:
        msg = f"{pattern!r} is no regular expression: {error}"
        raise ValueError(msg) from error
    missing = [group for group in groups if group not in known]
    if missing:
        msg = f"{pattern!r} has no group named {', '.join(missing)}; write (?P<{missing[0]}>…)"
        raise ValueError(msg)
    return pattern
