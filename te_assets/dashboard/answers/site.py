"""What there is to filter by, and what figures mean at this site."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from te_assets.dashboard.answers.base import Instant
from te_assets.dashboard.columns import Column
from te_assets.dashboard.filters import Basis, ReasonClass


class Term(BaseModel):
    """A definition."""

    key: str
    term: str
    formula: str
    unit: str
    standard: str = Field(description="Term of ISO 22400-2; empty: it has none.")
    column: str = Field(description="Where SQL finds it.")
    note: str


class Policy(BaseModel):
    """A choice of the site that figures depend on."""

    name: str
    label: str
    value: str
    meaning: str


class Definitions(BaseModel):
    """What the figures mean here."""

    terms: list[Term]
    policies: list[Policy]
    columns: list[Column] = Field(description="Of the table of terms.")


class LineOption(BaseModel):
    """A line."""

    line: str
    name: str
    topology: Literal["series", "parallel"]


class WorkCenterOption(BaseModel):
    """A work center; without a line it is empty."""

    work_center: str
    name: str
    line: str


class PlantOption(BaseModel):
    """A plant and what it consists of."""

    plant: str
    name: str
    time_zone: str
    day_starts: str = Field(description="Local time at which a production day begins, HH:MM.")
    today: date = Field(description="Production day of this instant, in the plant's zone.")
    lines: list[LineOption]
    work_centers: list[WorkCenterOption]
    shifts: list[str]


class ReasonOption(BaseModel):
    """A reason of stops."""

    reason_code: str
    reason_text: str
    reason_class: ReasonClass


class Meta(BaseModel):
    """What there is to filter by."""

    site: str
    plants: list[PlantOption]
    shifts: list[str]
    materials: list[str] = Field(description="At most 2,000, in order.")
    reasons: list[ReasonOption]
    units: list[str]
    first_day: date | None = Field(description="First production day with data; null: there is none.")
    last_day: date | None
    headline_availability: Literal["availability", "technical", "total"]
    headline_basis: Basis
    first_as_of: Instant | None = Field(description="Earliest instant that figures can be shown as of.")
    version: str
    product_version: str
    dagster_url: str | None = Field(description="Where lineage and runs are looked at.")
