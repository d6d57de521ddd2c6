"""How a column of a table is shown: the same on the screen and in an export, because both read it here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

Kind = Literal[
    "text",
    "day",
    "instant",
    "seconds",
    "hours",
    "minutes",
    "quantity",
    "percent",
    "rate",
    "integer",
    "boolean",
    "choice",
]
"""hours and minutes hold seconds; percent and rate a ratio from 0 to 1, a rate a small one; instant UTC, to be shown in
the zone of the plant."""

DECIMALS: dict[Kind, int] = {"seconds": 3, "hours": 2, "minutes": 1, "quantity": 3, "percent": 1, "rate": 2}
"""Decimals that are shown; a quantity has no trailing zeros."""
RATIOS: frozenset[Kind] = frozenset({"percent", "rate"})
"""Kinds that are shown in per cent."""


@dataclass(frozen=True)
class ColumnSpec:
    """A column before it has a label.

    Attributes:
        name: Field of the rows.
        is_sortable: The server can sort by it.
        is_hidden: Not shown until somebody chooses it.
        unit_from: Field of the row that holds the unit of a quantity.
        heading: Key of its label, and of its choices; the name unless given.
    """

    name: str
    kind: Kind = "text"
    is_sortable: bool = False
    is_hidden: bool = False
    unit_from: str | None = None
    heading: str | None = None


class Column(BaseModel):
    """How to show a field of the rows."""

    name: str = Field(description="Field of the rows.")
    label: str = Field(description="Heading, in the language that was asked for.")
    kind: Kind
    decimals: int = Field(description="Decimals shown; half away from zero.")
    is_sortable: bool
    is_hidden: bool = Field(description="Not shown until somebody chooses it.")
    unit_from: str | None = Field(description="Field of the row that holds the unit.")
    choices: dict[str, str] | None = Field(None, description="Of a choice: what to show for each value.")
