"""Whether the figures can be trusted."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from te_assets.dashboard.answers.base import Answer, Instant
from te_assets.dashboard.columns import Column


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
