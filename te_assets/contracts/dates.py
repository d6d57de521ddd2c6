"""Date orders of a contract as regular expressions that ClickHouse understands."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class DateOrder:
    """How one order of a date is read.

    Attributes:
        regex: RE2; one group each for year, month and day.
        year: Number of the group, from 1; `month` and `day` likewise.
        month: See year.
        day: See year.
        has_century: The year has four digits; otherwise it lies in this century.
    """

    regex: str
    year: int
    month: int
    day: int
    has_century: bool


def date_order(pattern: str) -> DateOrder:
    """Compile a pattern of %Y or %y, %m, %d and separators; without separators the digits have fixed places."""
    parts = re.findall(r"%.|[^%]", pattern)
    is_packed = all(part.startswith("%") for part in parts)
    digits = r"(\d{2})" if is_packed else r"(\d{1,2})"
    widths = {"%Y": r"(\d{4})", "%y": r"(\d{2})", "%m": digits, "%d": digits}
    groups = [part[1].lower() for part in parts if part.startswith("%")]
    return DateOrder(
        regex=f"^{''.join(widths.get(part, re.escape(part)) for part in parts)}$",
        year=groups.index("y") + 1,
        month=groups.index("m") + 1,
        day=groups.index("d") + 1,
        has_century="%Y" in parts,
    )
