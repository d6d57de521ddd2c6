"""Pages of tables: what they are sorted by, and the names of the files that their rows stand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.dashboard.asking import Asking
    from te_assets.dashboard.columns import ColumnSpec


def ordered(sort: str, specs: Sequence[ColumnSpec], ties: str, sql: Mapping[str, str] | None = None) -> str:
    """What stands behind ORDER BY.

    What has no value comes last either way, and `ties` make the order a total one: without them a row could be on two
    pages, or on none.

    Args:
        sort: Name of a column; `-` before it: greatest first.
        specs: Columns of the table.
        ties: SQL that no two rows have the same of.
        sql: SQL of columns that are not called as they are in the table.

    Raises:
        Problem: 422: the table cannot be sorted by that.
    """
    name = sort.removeprefix("-")
    sortable = [spec.name for spec in specs if spec.is_sortable]
    if name not in sortable:
        detail = (
            f"sort: the table has no order by {name}. It has by {', '.join(sortable)}; - before it: greatest first."
        )
        raise Problem(422, "cannot-sort", detail)
    expression = (sql or {}).get(name, f"m.{name}")
    return f"{expression} {'DESC' if sort.startswith('-') else 'ASC'} NULLS LAST, {ties}"


async def file_names(asking: Asking, rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """SHA-256 of the workbooks of some rows → name that each was delivered under last."""
    hashes = sorted({row["file_sha256"] for row in rows} - {""})
    if not hashes:
        return {}
    found = await asking.rows("file_names", (), {"hashes": hashes})
    return {row["sha256"]: row["name"] for row in found}


@dataclass(frozen=True)
class Days:
    """Which days a page has to be read from.

    A page that is sorted by day, as all are unless somebody sorts them otherwise, lies in few of the days of a year:
    how many rows each day has tells in which.

    Attributes:
        total: Rows of all days.
        bound: Days to read, and the page among their rows.
        any: Whether the page has rows.
    """

    total: int
    bound: Mapping[str, Any]
    any: bool

    @classmethod
    def of(cls, days: Sequence[Mapping[str, Any]], sort: str, offset: int, limit: int) -> Days:
        """The days of a page.

        Args:
            days: `production_day` and its number of `rows`, newest first.
            sort: What the table is sorted by.
            offset: Rows before the page.
            limit: Rows of the page.
        """
        total = sum(day["rows"] for day in days)
        if offset >= total:
            return cls(total, {}, False)
        page = {"offset": offset, "limit": limit}
        if sort.removeprefix("-") != "production_day":
            return cls(total, page, True)
        before, first, read = 0, 0, []
        for day in days if sort.startswith("-") else reversed(days):
            if before >= offset + limit:
                break
            if before + day["rows"] <= offset:
                first += day["rows"]
            else:
                read.append(day["production_day"])
            before += day["rows"]
        return cls(
            total, {"first_day": min(read), "last_day": max(read), "offset": offset - first, "limit": limit}, True
        )
