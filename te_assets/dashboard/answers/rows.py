"""Single rows: stops, confirmations, orders, what a figure counts, what was not accepted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from te_assets.dashboard.answers.base import Instant, Page
from te_assets.dashboard.filters import ReasonClass


class Origin(BaseModel):
    """Where a row stands."""

    file_name: str = Field(description="Empty for events.")
    file_sha256: str
    sheet: str
    row: int = Field(description="Excel row number, or index in the posted batch.")


class StopRow(Origin):
    """A stop, in one production day and shift."""

    plant: str
    work_center: str
    name: str
    production_day: date
    shift: str | None
    interaction_id: str
    reason_class: ReasonClass
    reason_code: str
    reason_text: str
    started_at: Instant
    ended_at: Instant
    attributed_seconds: float
    is_open: bool
    is_short: bool
    starts_here: bool


class Stops(Page):
    """Stops, and what they add up to over all pages."""

    total_seconds: float
    total_stops: int
    rows: list[StopRow]


class ConfirmationRow(Origin):
    """A confirmation."""

    plant: str
    work_center: str
    name: str
    production_day: date
    shift: str | None
    order_id: str
    operation: str
    confirmation: str
    counter: str
    is_reversed: bool
    cancelled_counter: str
    counts: bool = Field(description="Neither reversed nor a reversal.")
    material: str
    unit: str
    good_qty: float
    scrap_qty: float
    rework_qty: float
    scrap_reason_code: str
    scrap_reason_text: str
    started_at: Instant | None
    finished_at: Instant | None
    posted_at: date | None
    delay_days: int | None = Field(description="From the production day to the posting.")


class Confirmations(Page):
    """Confirmations."""

    rows: list[ConfirmationRow]


class OrderRow(BaseModel):
    """Yield of an order over all its days, in one unit."""

    plant: str
    order_id: str
    material: str
    last_confirmed_day: date = Field(description="Newest production day of a confirmation that counts.")
    unit: str
    first_operation_produced_qty: float
    last_operation_good_qty: float
    scrap_qty: float
    fall_off_ratio: float | None
    rolled_yield: float | None


class Orders(Page):
    """Orders that were confirmed in the period."""

    rows: list[OrderRow]


class SourceRow(Origin):
    """A row that a figure counts."""

    plant: str
    work_center: str
    production_day: date
    shift: str | None
    what: str = Field(description="Reason and id of a stop, or material, operation and order of a confirmation.")
    started_at: Instant | None
    ended_at: Instant | None
    attributed_seconds: float | None
    good_qty: float | None
    scrap_qty: float | None
    rework_qty: float | None
    unit: str | None
    cells: str = Field(description="Addresses of the cells, as `COOIS!H31, COOIS!I31`.")
    contract: str
    business_key: str
    raw: str = Field(description="Where the line lies: topic id/partition/offset/line.")


class Provenance(Page):
    """The rows behind a figure, and what they add up to over all pages."""

    total_seconds: float | None
    total_good_qty: float | None
    total_scrap_qty: float | None
    total_rework_qty: float | None
    total_unit: str | None = Field(description="Of the totals; null: of stops, or pieces of several units.")
    rows: list[SourceRow]


class RejectedRow(Origin):
    """A reason for which a row was not accepted."""

    model: str
    contract: str
    cell: str = Field(description="Address of the faulty cell, or of the row.")
    column: str
    rule: str
    message: str
    value: str
    rejected_at: Instant
    resolved_by_file: str


class RejectedRows(Page):
    """Rejected rows."""

    rows: list[RejectedRow]
