"""What the routes answer. Rates travel with numerator and denominator; what there is no figure for is null, never 0.

Seconds and pieces are exact to three decimals. Instants are UTC; `time_zone` of a plant says how to show them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, PlainSerializer

from te_assets.dashboard.columns import Column
from te_assets.dashboard.filters import Basis, Grain, Period, ReasonClass

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


class Axis(BaseModel):
    """A row or column of a heatmap."""

    key: str = Field(description="<plant>/<work center>, a day, a weekday 1 (Monday) … 7, or an hour 0 … 23.")
    label: str
    plant: str | None = None
    work_center: str | None = None


class HeatmapRow(BaseModel):
    """A cell; x and y are the keys of its column and row."""

    x: str
    y: str
    value: float | None = Field(description="A ratio, or seconds of unplanned_down.")
    numerator: float | None
    denominator: float | None


class Heatmap(Table):
    """Cells that have a figure; `columns` are those of the table of cells."""

    kind: Literal["work_center_day", "weekday_hour"]
    measure: Literal["availability", "unplanned_down", "scrap_rate"]
    grain: Grain | None = Field(
        None, description="What a column is: day, week or month, the longer the more days there are; null: an hour."
    )
    unit: str | None = None
    units: list[str] = []
    x: list[Axis]
    y: list[Axis]
    rows: list[HeatmapRow]


class Span(BaseModel):
    """A state of a machine, or several that are too short to be seen."""

    machine: int = Field(description="Index in machines.")
    start: int = Field(description="Milliseconds since 1970, UTC.")
    end: int
    state: State = Field(description="Of merged ones the worst.")
    reason_code: str
    interaction_id: str = Field(description="Of a single stop; else empty.")
    merged: int = Field(description="States in it.")


class Machine(BaseModel):
    """A row of the timeline."""

    plant: str
    work_center: str
    name: str
    line: str
    time_zone: str
    seconds: dict[State, float] = Field(description="Seconds per state: from the data, not from merged spans.")


class Band(BaseModel):
    """A shift of a machine."""

    machine: int
    shift: str
    start: int
    end: int


class StateRow(BaseModel):
    """Time of a machine in a state: the table beside the timeline."""

    plant: str
    work_center: str
    name: str
    state: State
    seconds: float
    share: float | None = Field(description="Of the time shown.")


class Timeline(Table):
    """States per machine; the table is that of `rows`."""

    start: int = Field(description="Milliseconds since 1970, UTC.")
    end: int
    pixel: int = Field(description="Milliseconds; shorter states are merged.")
    machines: list[Machine]
    spans: list[Span]
    bands: list[Band]
    reasons: dict[str, str] = Field(description="Texts of the reasons that occur.")
    rows: list[StateRow]


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


class FileRow(BaseModel):
    """A workbook, or a stream of events, under one contract."""

    file_sha256: str
    file_name: str
    model: str
    contract: str
    state: str
    at: Instant
    reason: str
    rows_read: int
    accepted: int
    rejected: int
    skipped: int
    duplicates: int
    difference: int = Field(description="0 where nothing was lost or doubled.")


class FreshnessRow(BaseModel):
    """How new the data of a plant is."""

    model: str
    plant: str
    name: str
    data_until: Instant | None
    age_hours: float | None
    is_fresh: bool = Field(description="Within the policy fresh_within_hours.")


class RuleRow(BaseModel):
    """Rows that were not accepted, by rule."""

    model: str
    contract: str
    rule: str
    column: str
    rows: int
    example: str


class DriftRow(BaseModel):
    """Columns of a newest file that its layout never had."""

    contract: str
    file_name: str
    new_columns: str


class ShareRow(BaseModel):
    """Time that has no reason, or no class."""

    plant: str
    work_center: str
    name: str
    unexplained_seconds: float
    unclassified_seconds: float
    planned_busy_seconds: float
    unexplained_share: float | None
    unclassified_share: float | None


class LateRow(BaseModel):
    """Confirmations that were posted after their production day."""

    plant: str
    work_center: str
    name: str
    confirmations: int
    latest_days: int


class StaleRow(BaseModel):
    """Days whose figures a changed site profile can alter."""

    model: str
    plant: str
    first_day: date
    last_day: date
    days: int
    why: str


class Section(BaseModel):
    """A part of the page with its table."""

    columns: list[Column]


class FileSection(Section):
    """Newest first; at most 200."""

    rows: list[FileRow]
    total: int
    differing: int = Field(description="Publications whose rows do not add up.")


class FreshnessSection(Section):
    """Per model and plant."""

    rows: list[FreshnessRow]


class RuleSection(Section):
    """Open rejected rows by rule, the most first; the rows themselves: rejected-rows."""

    rows: list[RuleRow]
    total: int = Field(description="Rejected rows that nothing has repaired yet.")


class DriftSection(Section):
    """Contracts whose newest file has new columns."""

    rows: list[DriftRow]


class ShareSection(Section):
    """Work centers, in the period."""

    rows: list[ShareRow]


class LateSection(Section):
    """Work centers, in the period."""

    rows: list[LateRow]


class StaleSection(Section):
    """Runs of days."""

    rows: list[StaleRow]


class Quality(Answer):
    """Whether the figures can be trusted."""

    files: FileSection
    freshness: FreshnessSection
    rules: RuleSection
    drift: DriftSection
    shares: ShareSection
    late: LateSection
    stale: StaleSection


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
