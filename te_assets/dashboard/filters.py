"""What every route can be asked: the filters, as they stand in the address of a page."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Grain = Literal["shift", "day", "week", "month"]
Basis = Literal["operation", "last_operation", "order"]
Period = Literal[
    "latest",
    "today",
    "yesterday",
    "last_7_days",
    "last_30_days",
    "last_90_days",
    "this_week",
    "last_week",
    "this_month",
    "last_month",
]
"""Relative periods. `latest`: the seven production days that end with the newest one that has data."""
ReasonClass = Literal["planned", "setup", "technical", "organisational", "other", "unclassified"]
Language = Literal["en", "de", "fr"]

Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Ids = Annotated[list[Id], Field(max_length=200)]
LONGEST_DAYS = 3_660
"""Most production days that one answer spans: ten years."""


class Filters(BaseModel):
    """What is asked; names that are not known are refused, so that a slip of the pen does not show all plants."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    first_day: date | None = Field(None, alias="from", description="First production day, with `to`; plant-local.")
    last_day: date | None = Field(None, alias="to", description="Last production day, inclusive; plant-local.")
    period: Period | None = Field(None, description="Instead of from and to; latest unless anything is given.")
    grain: Grain = Field(
        "day", description="Of trends. Weeks bear the date of their Monday, months of their first day."
    )
    basis: Basis | None = Field(
        None, description="Over which operations scrap is counted; the site's headline if not given."
    )
    plant: Ids = Field([], description="Plants; all unless given.")
    line: Ids = Field([], description="Lines; all unless given.")
    work_center: Ids = Field([], description="Work centers; all unless given.")
    shift: Ids = Field([], description="Shifts; all unless given.")
    material: Ids = Field([], description="Materials, for figures of pieces.")
    reason_class: list[ReasonClass] = Field([], description="Classes of reasons, for figures of stops.")
    as_of: AwareDatetime | None = Field(
        None, description="Figures as they were shown at this instant, with its offset."
    )

    @model_validator(mode="after")
    def _is_a_period(self) -> Self:
        if (self.first_day is None) != (self.last_day is None):
            raise ValueError("from and to belong together: give both, or period")
        if self.first_day and self.last_day:
            if self.period:
                raise ValueError("give from and to, or period, not both")
            if self.last_day < self.first_day:
                raise ValueError(f"from {self.first_day} is after to {self.last_day}: name the earlier day first")
            if (self.last_day - self.first_day).days >= LONGEST_DAYS:
                raise ValueError(
                    f"from {self.first_day} to {self.last_day} is more than {LONGEST_DAYS:,} days: narrow it"
                )
        return self


class Rows(Filters):
    """A page of a table."""

    offset: int = Field(0, ge=0, le=10_000_000, description="Rows before the first one shown.")
    limit: int = Field(50, ge=1, le=1_000, description="Most rows shown.")
    sort: str | None = Field(
        None, max_length=60, pattern=r"^-?[a-z_]+$", description="Column to sort by; - before it: greatest first."
    )


class AvailabilityQuery(Filters):
    """Availability, and what its table has a line for."""

    group: Literal["period", "plant", "line", "work_center", "shift"] = Field(
        "work_center", description="What the table has a line for; line: by the topology of the line."
    )


class ScrapRateQuery(Filters):
    """Scrap rate, and what its table has a line for."""

    group: Literal["period", "plant", "line", "work_center", "shift", "material", "operation"] = Field(
        "work_center", description="What the table has a line for; each has one per unit."
    )


class DowntimeParetoQuery(Filters):
    """Reasons of downtime, by what they cost; unless classes are named: unplanned stops and set-ups."""

    level: Literal["class", "reason", "work_center"] = Field("reason", description="What has a bar.")
    measure: Literal["seconds", "stops"] = Field("seconds", description="What they are ordered and added up by.")


class ScrapParetoQuery(Filters):
    """Where scrap comes from, in one unit."""

    level: Literal["reason", "material", "work_center", "operation"] = Field("reason", description="What has a bar.")
    unit: Id | None = Field(None, description="Unit of the pieces; the one with most confirmations if not given.")


class HeatmapQuery(Filters):
    """A figure by two things at once."""

    kind: Literal["work_center_day", "weekday_hour"] = Field("work_center_day", description="Rows and columns.")
    measure: Literal["availability", "unplanned_down", "scrap_rate"] = Field("availability", description="The figure.")
    unit: Id | None = Field(None, description="Unit of the pieces, for scrap_rate.")


class TimelineQuery(Filters):
    """States of machines over time."""

    width: int = Field(
        1_000, ge=50, le=4_000, description="Pixels: states that are shorter are merged, the worst one wins."
    )


class StopsQuery(Rows):
    """Stops, one line per stop, production day and shift."""

    reason_code: list[Id] = Field([], max_length=200, description="Reasons; all unless given.")
    interaction_id: Id | None = Field(None, description="One stop.")


class ConfirmationsQuery(Rows):
    """Confirmations, one line each, reversed ones too."""

    order_id: Id | None = Field(None, description="One order.")
    operation: Id | None = Field(None, description="One operation.")
    unit: Id | None = Field(None, description="One unit.")
    scrap_reason_code: list[str] = Field([], max_length=200, description="Reasons of scrap; an empty one: none given.")
    only: Literal["all", "counting", "scrap", "late"] = Field(
        "all", description="All, those that count, those with scrap, those posted after their day."
    )


class OrdersQuery(Rows):
    """Yield of the orders that were confirmed in the period, over all their days."""


class ProvenanceQuery(Filters):
    """Which rows of which workbooks stand behind a figure: the filters and these name the figure."""

    mart: Literal["availability", "downtime_reasons", "scrap_rate", "scrap_reasons"] = Field(
        "availability", description="What is counted."
    )
    reason_code: Id | None = Field(None, description="Of stops.")
    interaction_id: Id | None = Field(None, description="One stop.")
    operation: Id | None = None
    unit: Id | None = Field(None, description="Unit as exported.")
    scrap_reason_code: str | None = Field(None, max_length=200, description="Of scrap; an empty one: none given.")
    order_id: Id | None = None
    offset: int = Field(0, ge=0, le=10_000_000, description="Rows before the first one shown.")
    limit: int = Field(50, ge=1, le=500, description="Most rows shown.")


class RejectedRowsQuery(Rows):
    """Rows that were not accepted, one line per reason."""

    file: str | None = Field(None, pattern="^[0-9a-f]{64}$", description="SHA-256 of one workbook.")
    rule: Id | None = Field(None, description="One rule.")
    is_open: bool = Field(True, description="Only those that no workbook has repaired yet.")
