"""What all answers have: what they are about, notes, and columns of their table."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PlainSerializer

from te_assets.dashboard.columns import Column
from te_assets.dashboard.filters import Basis, Grain, Period

NoteCode = Literal[
    "no_data_at_all",
    "no_data_in_period",
    "nothing_matches",
    "rows_as_of_now",
    "partly_covered",
    "not_covered",
    "order_basis_needs_plants",
    "other_units",
    "merged_spans",
    "stale_days",
    "more_rows",
    "not_before",
    "whole_site",
    "no_rejected_rows",
]
Instant = Annotated[
    datetime, PlainSerializer(lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z"), when_used="json")
]
"""UTC with milliseconds and a Z."""
Coverage = Literal["none", "partial", "full"]
State = Literal[
    "production",
    "unexplained",
    "short_stop",
    "planned",
    "setup",
    "technical",
    "organisational",
    "other",
    "unclassified",
    "outside_calendar",
    "no_data",
]


class Note(BaseModel):
    """Something to know about the figures, or why there are none."""

    code: NoteCode
    text: str = Field(description="For people, in the language that was asked for.")


class About(BaseModel):
    """What an answer is about, after relative periods and defaults were resolved."""

    first_day: date
    last_day: date = Field(description="Inclusive.")
    period: Period | None = Field(description="Null where from and to were given.")
    grain: Grain
    basis: Basis
    as_of: Instant | None
    time_zone: str | None = Field(description="Zone of all plants that are shown; null: of several zones.")
    data_until: Instant | None = Field(description="Newest instant that deliveries cover, of the plants shown.")
    refreshed_at: Instant | None = Field(description="When the newest of the days shown was computed.")
    version: str = Field(description="Changes with the marts; as in the ETag and in events.")
    notes: list[Note]


class Answer(BaseModel):
    """What all answers have."""

    about: About


class Table(Answer):
    """An answer with a table; an export holds the same rows and columns."""

    columns: list[Column]


class Page(Table):
    """A page of a table."""

    total: int = Field(description="Rows of all pages.")
    offset: int
    limit: int
    sort: str
