"""When a file was exported, and which production days it covers, as its contract says where to look."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from te_assets.contracts.model import Contract, ExportTimeFromName, ExportTimeFromWorkbook
from te_assets.delivery.envelope import Origin
from te_assets.errors import ContractError
from te_assets.workbook.guard import Guarded

_TOLERATED_CLOCK_ERROR = timedelta(days=1)


@dataclass(frozen=True)
class ExportTime:
    """When the source system wrote the file (UTC), where that is known from, and what is doubtful about it."""

    at: datetime
    origin: Origin
    warnings: tuple[str, ...] = ()


def export_time(contract: Contract, name: str, guarded: Guarded, first_seen: datetime) -> ExportTime:
    """The first of the contract's places that gives a time; else when the file was first seen, with a warning.

    Args:
        contract: Says where to look, in order.
        name: File name as delivered.
        guarded: Holds the workbook's own properties.
        first_seen: When the file was first seen, aware.

    Raises:
        ContractError: A time in the file name cannot be read.
    """
    for place in contract.export_time:
        at: datetime | None = None
        origin: Origin = "workbook"
        if isinstance(place, ExportTimeFromName):
            origin = "file_name"
            found = re.search(place.file_name, name)
            at = _stamp(found["at"], name, contract) if found else None
        elif isinstance(place, ExportTimeFromWorkbook):
            at = guarded.modified if place.workbook == "modified" else guarded.created
        else:
            break
        if at is not None:
            return ExportTime(at, origin, tuple(_doubts(at, first_seen, name)))
    warning = (
        f"{name}: neither its name nor its properties say when it was exported; the time it was first seen "
        f"({first_seen.astimezone(UTC):%Y-%m-%d %H:%M} UTC) decides which of two exports is newer."
    )
    return ExportTime(first_seen.astimezone(UTC), "first_seen", (warning,))


def period(contract: Contract, name: str) -> tuple[date, date] | None:
    """Production days, both inclusive, that the file name declares; None where it declares none.

    Raises:
        ContractError: The days cannot be read, or the last lies before the first.
    """
    if contract.period is None:
        return None
    found = re.search(contract.period.file_name, name)
    if found is None:
        return None
    try:
        first, last = date.fromisoformat(found["from"]), date.fromisoformat(found["to"])
    except ValueError as error:
        raise ContractError(
            f"{name}: the period in the file name cannot be read by {contract.contract_id} ({error}). "
            "Name the file with dates like 2026-03-02_2026-03-08."
        ) from error
    if last < first:
        raise ContractError(
            f"{name}: the period in the file name ends ({last}) before it begins ({first}). Rename the file."
        )
    return first, last


def _stamp(text: str, name: str, contract: Contract) -> datetime:
    """A time from a file name; UTC where it has no offset."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ContractError(
            f"{name}: the export time {text!r} in the file name cannot be read by {contract.contract_id} ({error}). "
            "Name the file with a time like exported-20260309T061500."
        ) from error
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _doubts(at: datetime, first_seen: datetime, name: str) -> list[str]:
    """A warning for a time that lies in the future: such an export would win over every later one."""
    if at <= first_seen + _TOLERATED_CLOCK_ERROR:
        return []
    return [
        f"{name}: says it was exported at {at:%Y-%m-%d %H:%M} UTC, which is later than it was seen. "
        "It wins over every export until then: check the clock of the machine that wrote it."
    ]
