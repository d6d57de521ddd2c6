"""What is said about a row, and where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """One reason why a row was rejected, or a note on an accepted one."""

    row: int
    column: str
    rule: str
    message: str
    value: str


def address(fault: Fault, sheet: str, header_map: Mapping[str, str]) -> str:
    """`Confirmations!H118`, or the row where the field stands in no single column."""
    letter = header_map.get(fault.column, "")
    return f"{sheet}!{letter}{fault.row}" if letter else f"{sheet}, row {fault.row}"
