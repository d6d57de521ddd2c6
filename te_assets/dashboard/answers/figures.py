"""Availability, scrap and reasons, in total, over time and by group."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, Field

from te_assets.dashboard.answers.base import Coverage, Instant, Table
from te_assets.dashboard.filters import Basis, ReasonClass


class Group(BaseModel):
    """What a row is of; fields that are not of the group are null."""

    period: date | None = None
    shift: str | None = None
    plant: str | None = None
    line: str | None = None
    work_center: str | None = None
    name: str | None = None


class AvailabilityRow(Group):
    """Times and availability of a group."""

    planned_operation_seconds: float
    planned_down_seconds: float
    planned_busy_seconds: float
    unplanned_down_seconds: float
    setup_seconds: float
    short_stop_seconds: float
    production_seconds: float
    technical_down_seconds: float
    unexplained_seconds: float
    uncovered_seconds: float = Field(description="POT of windows that nobody delivered for; in no figure.")
    stops: int
    short_stops: int
    open_stops: int
    failures: int
    coverage: Coverage
    data_until: Instant | None
    availability: float | None
    technical_availability: float | None
    total_availability: float | None
    target: float | None = Field(None, description="At least.")


class ScrapRow(Group):
    """Pieces and scrap rate of a group, in one unit, on one basis."""

    material: str | None = None
    operation: str | None = None
    unit: str
    basis: Basis
    good_qty: float | None = Field(
        description="Null on the basis operation: pieces of several operations are no figure."
    )
    scrap_qty: float
    rework_qty: float
    produced_qty: float
    outside_calendar_qty: float
    confirmations: int
    scrap_rate: float | None
    target: float | None = Field(None, description="At most.")


class ReasonRow(BaseModel):
    """What a reason of stops costs."""

    reason_class: ReasonClass | None
    reason_code: str | None = None
    reason_text: str | None = None
    plant: str | None = None
    work_center: str | None = None
    name: str | None = None
    attributed_seconds: float = Field(description="Each instant counts for one stop.")
    logged_seconds: float = Field(
        description="End minus start of stops that start in the windows; overlaps count twice."
    )
    stops: int
    share: float | None = Field(description="Of the total of the measure.")
    cumulative_share: float | None


class ScrapReasonRow(BaseModel):
    """Scrap of a reason, material, work center or operation, in one unit."""

    key: str = Field(description="Reason, material, work center or operation; empty: no reason given.")
    text: str | None
    plant: str | None = None
    unit: str
    scrap_qty: float
    confirmations: int = Field(description="With scrap; of an operation all of them.")
    share: float | None
    cumulative_share: float | None


class Card(BaseModel):
    """One figure beside that of the period before, and its target."""

    name: Literal[
        "availability",
        "technical_availability",
        "total_availability",
        "scrap_rate",
        "unplanned_down",
        "setup",
        "stops",
        "produced",
        "scrap",
        "unexplained",
        "unclassified",
    ]
    kind: Literal["percent", "rate", "hours", "integer", "quantity"]
    unit: str | None = Field(None, description="Of pieces; one card per unit.")
    basis: Basis | None = None
    value: float | None = Field(description="A ratio, seconds (kind hours), a number or pieces.")
    numerator: float | None = None
    denominator: float | None = None
    previous: float | None = None
    previous_numerator: float | None = None
    previous_denominator: float | None = None
    target: float | None = None
    better: Literal["higher", "lower"] | None = None
    is_headline: bool = Field(False, description="What the site's policies headline.")


class Overview(Table):
    """All at a glance; the table is that of the trend of availability."""

    previous_first_day: date
    previous_last_day: date
    cards: list[Card]
    availability_trend: list[AvailabilityRow]
    scrap_trend: list[ScrapRow]
    worst_work_centers: list[AvailabilityRow] = Field(description="Most unplanned and set-up time first; at most five.")
    worst_reasons: list[ReasonRow] = Field(description="Most attributed time first; at most five.")
    worst_scrap: list[ScrapRow] = Field(description="Work centers with the highest scrap rate; at most five per unit.")


class Availability(Table):
    """Availability in total, over time, and by group; the table is that of `rows`."""

    total: AvailabilityRow | None
    trend: list[AvailabilityRow]
    rows: list[AvailabilityRow]


class ScrapRate(Table):
    """Scrap rate in total, over time, and by group; the table is that of `rows`."""

    total: list[ScrapRow] = Field(description="One per unit and basis.")
    trend: list[ScrapRow]
    rows: list[ScrapRow]
    units: list[str] = Field(description="Units, those with most confirmations first.")


class DowntimePareto(Table):
    """Reasons, the greatest first."""

    level: Literal["class", "reason", "work_center"]
    measure: Literal["seconds", "stops"]
    total_seconds: float
    total_stops: int
    vital: int = Field(description="Rows that make up 80 % of the measure.")
    rows: list[ReasonRow]


class ScrapPareto(Table):
    """Where scrap comes from, the most first."""

    level: Literal["reason", "material", "work_center", "operation"]
    unit: str | None = Field(description="Null where there is no scrap.")
    units: list[str]
    total_qty: float
    vital: int
    rows: list[ScrapReasonRow]
