"""What is known about stops and confirmations, as it would be entered at the machine or in the ERP system."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import Enum
from typing import Generic, TypeVar

Cell = str | int | float | bool | datetime | date | time | None
"""A value of a workbook cell; naive date-times are plant-local wall time."""

NOT_AVAILABLE = "#N/A"
"""Written as an error cell."""


class Verdict(Enum):
    """What must become of a row of a workbook."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    DUPLICATE = "duplicate"


@dataclass(frozen=True)
class Stop:
    """A line of the operator log; instants in milliseconds UTC, `ended` None while open."""

    plant: str
    work_center: str
    interaction_id: str
    started: int
    ended: int | None
    reason_code: str
    operator: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when the line is corrected."""
        return self.plant, self.work_center, self.interaction_id

    def as_known_at(self, instant: int) -> Stop:
        """The line as an export shows it that was made at the instant: an end that lies ahead is not known."""
        return replace(self, ended=None) if self.ended is not None and self.ended > instant else self


@dataclass(frozen=True)
class Confirmation:
    """A confirmation of an operation; quantities in thousandths of their unit, instants in milliseconds UTC."""

    plant: str
    work_center: str
    order_id: str
    operation: str
    confirmation: str
    counter: str
    material: str
    unit: str
    good: int
    scrap: int
    rework: int
    order_unit: str
    order_unit_good: int
    order_unit_scrap: int
    scrap_reason: str
    started: int | None
    finished: int | None
    entered: int | None
    posted: date
    is_final: bool = False
    is_reversed: bool = False
    cancelled_counter: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same when the confirmation is corrected."""
        return self.plant, self.confirmation, self.counter

    @property
    def is_valid(self) -> bool:
        """Neither cancelled nor the cancelling half."""
        return not self.is_reversed and not self.cancelled_counter

    def as_known_at(self, instant: int) -> Confirmation:  # noqa: ARG002 - the same question as for a stop
        """A confirmation is complete from its entry on."""
        return self


Content = TypeVar("Content", Stop, Confirmation)


@dataclass(frozen=True)
class Entry(Generic[Content]):
    """A row through time: what each export shows of it depends on when the export is made.

    Attributes:
        content: How it stands in the end.
        case: Which case it stands for; empty for everyday rows.
        known_from: Exports made earlier lack it (milliseconds UTC).
        earlier: How it stood before `changed_at`.
        changed_at: When it was corrected (milliseconds UTC).
        written: Cells that people wrote differently, field by field; still acceptable.
        faults: Cells that must lead to a rejection, field by field.
        repaired_at: From when on the faults are gone; None: never (milliseconds UTC).
        copies: Exact copies of the row that stand below it.
    """

    content: Content
    case: str = ""
    known_from: int = 0
    earlier: Content | None = None
    changed_at: int = 0
    written: tuple[tuple[str, Cell], ...] = ()
    faults: tuple[tuple[str, Cell], ...] = ()
    repaired_at: int | None = None
    copies: int = 0

    def content_at(self, instant: int) -> Content:
        """How an export made at the instant shows it."""
        return self.version_at(instant).as_known_at(instant)

    def version_at(self, instant: int) -> Content:
        """How it stands at the instant, with an end that may lie ahead."""
        return self.earlier if self.earlier is not None and instant < self.changed_at else self.content

    def is_faulty_at(self, instant: int) -> bool:
        """Whether an export made at the instant still has the faulty cells."""
        return bool(self.faults) and (self.repaired_at is None or instant < self.repaired_at)


@dataclass(frozen=True)
class SheetRow(Generic[Content]):
    """A row of a workbook before it has a row number.

    Attributes:
        verdict: What must become of it; None for a blank row, which nobody reads.
        content: What it says; None for subtotals, repeated headers, blank rows.
        overrides: Cells that do not follow from the content, field by field.
        is_header: The header again, amid the data.
    """

    verdict: Verdict | None
    content: Content | None = None
    case: str = ""
    overrides: tuple[tuple[str, Cell], ...] = field(default=())
    is_header: bool = False
