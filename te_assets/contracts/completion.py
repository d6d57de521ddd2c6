"""Parts of a contract that complete a row: fields computed from others, made of others, or read beside the table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, field_validator, model_validator

from te_assets.contracts.model_parts import Name, Part, Text, compiled, pattern_with

_Names = Annotated[tuple[Name, ...], Field(max_length=8)]


class Derivation(Part):
    """A field that is computed where its own cell is empty or the sheet has no column for it.

    Of the fields to add or subtract the first must be given in the row; further ones count as 0 where they are empty.
    An instant is computed from the other end of the row's interval and durations, as time that passed: over a change
    of the clock the end is as much later as the duration says. What is computed from are cells, never computed values.
    """

    from_: Name = Field(alias="from", description="Field or column to begin with")
    plus: _Names = Field((), description="Fields or columns to add")
    minus: _Names = Field((), description="Fields or columns to subtract")
    on_conflict: Literal["reject", "note", "ignore"] = Field(
        "reject", description="What becomes of a row whose quantity is given and differs from what would be computed"
    )

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    @property
    def terms(self) -> tuple[tuple[str, Name], ...]:
        """(sign, name) of what is added or subtracted."""
        return (*(("+", name) for name in self.plus), *(("-", name) for name in self.minus))

    @property
    def operands(self) -> tuple[Name, ...]:
        """All names that it is computed from."""
        return (self.from_, *self.plus, *self.minus)

    @model_validator(mode="after")
    def _computes(self) -> Self:
        if not self.terms:
            msg = "give plus or minus; a field that only has another name is an alias of its column"
            raise ValueError(msg)
        if len(set(self.operands)) < len(self.operands):
            msg = "a name stands twice; name each once"
            raise ValueError(msg)
        return self


class ConstantFrom(Part):
    """A value for all rows of a sheet that stands outside of its table: in a cell, in a name.

    Attributes:
        cell: Address such as B2.
        right_of: Text of a cell above the header; the value is the next filled cell of that row, or what follows the
            colon in the same cell.
        file_name: Pattern on the file name, the value is its group `value`; `sheet_name` likewise.
        pattern: Pattern on the text of the cell, the value is its group `value`.
    """

    cell: str | None = Field(None, pattern=r"^[A-Z]{1,3}[1-9]\d{0,6}$", description="Address of the cell, as B2")
    right_of: Text | None = Field(None, min_length=1, description="Text of a cell above the header, as Arbeitsplatz")
    file_name: str | None = Field(None, description="Pattern on the file name with a group (?P<value>…)")
    sheet_name: str | None = Field(None, description="Pattern on the sheet's name with a group (?P<value>…)")
    pattern: str | None = Field(None, description="Pattern on the cell's text with a group (?P<value>…)")

    @field_validator("file_name", "sheet_name", "pattern")
    @classmethod
    def _has_group(cls, pattern: str | None) -> str | None:
        return pattern if pattern is None else pattern_with(pattern, "value")

    @model_validator(mode="after")
    def _says_one_place(self) -> Self:
        places = [self.cell, self.right_of, self.file_name, self.sheet_name]
        if sum(place is not None for place in places) != 1:
            msg = "give one of: cell; right_of; file_name; sheet_name"
            raise ValueError(msg)
        if self.pattern is not None and self.cell is None and self.right_of is None:
            msg = "pattern is for cell and right_of; a file or sheet name is a pattern itself"
            raise ValueError(msg)
        return self


class Unpivot(Part):
    """Columns of a matrix, one per reason, of which each filled cell becomes a row of its own.

    Stops of one row stand one after another in the order of the columns: each begins where those before it end, the
    first at the row's start. So they neither overlap nor shift when the export is made again.
    """

    columns: Literal["*"] | tuple[Text, ...] | Mapping[Text, Text] | None = Field(
        None, description="'*' for all headers without a field, a list of headers, or header: value of `name`"
    )
    pattern: str | None = Field(None, description="Pattern on headers; its group (?P<name>…) is the value of `name`")
    but_not: tuple[Text, ...] = Field((), description="Headers that '*' or the pattern leave out, as Summe")
    name: Name = Field("reason_code", description="Field that the header fills")
    value: Name = Field("duration", description="Column, with type and unit, that the cell fills")
    skip: Literal["empty_or_zero", "empty"] = Field("empty_or_zero", description="Cells that become no row")
    nothing: tuple[Text, ...] = Field((), description="Texts of cells that become no row either, as - or x")

    @field_validator("pattern")
    @classmethod
    def _has_group(cls, pattern: str | None) -> str | None:
        return pattern if pattern is None else pattern_with(pattern, "name")

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if (self.columns is None) == (self.pattern is None):
            msg = "give one of: columns; pattern"
            raise ValueError(msg)
        if self.columns is not None and not self.columns:
            msg = "columns is empty; name the headers, or write '*' for all that have no field"
            raise ValueError(msg)
        if self.but_not and isinstance(self.columns, tuple | Mapping):
            msg = "but_not is for '*' and pattern; a list names its columns itself"
            raise ValueError(msg)
        return self

    def matched(self, header: str) -> str | None:
        """Text that the pattern finds in a header, None where it finds none."""
        found = compiled(self.pattern).search(header) if self.pattern is not None else None
        return found["name"].strip() if found and found["name"] else None


def group_value(pattern: str, text: str) -> str | None:
    """What the group `value` of a pattern holds in a text; None where it is not found or holds blanks alone."""
    found = re.search(pattern, text)
    return (found["value"] or "").strip() or None if found else None
