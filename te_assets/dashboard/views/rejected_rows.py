"""Rejected rows: what was wrong, and in which cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from te_assets.dashboard.answers import RejectedRow, RejectedRows
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.filters import RejectedRowsQuery
from te_assets.dashboard.known import utc
from te_assets.dashboard.origins import workbooks_of
from te_assets.web.problems import Problem

_COLUMNS: Final = (
    ColumnSpec("file_name"),
    ColumnSpec("sheet", is_sortable=True, is_hidden=True),
    ColumnSpec("row", "integer", is_sortable=True, is_hidden=True),
    ColumnSpec("cell"),
    ColumnSpec("column", is_sortable=True),
    ColumnSpec("rule", is_sortable=True),
    ColumnSpec("message"),
    ColumnSpec("value"),
    ColumnSpec("model", "choice", is_sortable=True),
    ColumnSpec("contract", is_sortable=True),
    ColumnSpec("rejected_at", "instant", is_sortable=True),
    ColumnSpec("resolved_by_file", is_hidden=True),
    ColumnSpec("file_sha256", is_hidden=True),
)
_USUAL: Final = "-rejected_at"
_LAST: Final = ("file_sha256", "contract", "sheet", "row", "topic_id", "partition", "offset", "line", "column", "rule")
"""Where rows are equal in what they are sorted by, these decide: pages neither overlap nor leave anything out."""


async def show(asking: Asking, query: RejectedRowsQuery) -> RejectedRows:
    """A page of reasons for which rows were not accepted, of any day: such rows have none that could be trusted."""
    scope, lake = asking.scope, asking.lake
    sort = query.sort or _USUAL
    order = _order(sort)
    more = [name for name in ("file", "rule") if getattr(query, name) is not None]
    bound = {name: getattr(query, name) for name in more}
    if scope.conditions():
        scope.note("whole_site")
    found = await together(
        total=lake.row("rejected_total", bound, more=more, is_open=query.is_open),
        rows=lake.rows(
            "rejected_rows",
            {**bound, "limit": query.limit, "offset": query.offset},
            more=more,
            is_open=query.is_open,
            order=order,
        ),
    )
    if not found["total"]["total"]:
        scope.note("no_rejected_rows")
    return RejectedRows(
        about=scope.about(),
        columns=asking.columns(_COLUMNS),
        total=found["total"]["total"],
        offset=query.offset,
        limit=query.limit,
        sort=sort,
        rows=await _located(asking, found["rows"]),
    )


def _order(sort: str) -> str:
    name = sort.removeprefix("-")
    if name not in {column.name for column in _COLUMNS if column.is_sortable}:
        names = ", ".join(column.name for column in _COLUMNS if column.is_sortable)
        raise Problem(422, "unknown-sort", f"sort: rejected rows cannot be sorted by {name}. They can by {names}.")
    first = f"m.{name}" + (" DESC" if sort.startswith("-") else "")
    return ", ".join([first, *(f"m.{each}" for each in _LAST if each != name)])


async def _located(asking: Asking, rows: Sequence[Mapping[str, Any]]) -> list[RejectedRow]:
    """Rows with the name of the file and the address of the faulty cell."""
    books = await workbooks_of(asking.lake, {row["file_sha256"] for row in rows})
    return [
        RejectedRow.model_validate(
            {
                **row,
                "rejected_at": utc(row["rejected_at"]),
                "file_name": books.name(row["file_sha256"]),
                "cell": books.cells(row["file_sha256"], row["sheet"], row["row"], (row["column"],), row["letter"]),
            }
        )
        for row in rows
    ]
