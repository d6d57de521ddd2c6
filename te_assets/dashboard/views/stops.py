"""Stops, a page at a time."""

from __future__ import annotations

from typing import Final

from te_assets.dashboard.answers import StopRow, Stops
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.filters import StopsQuery
from te_assets.dashboard.known import utc
from te_assets.dashboard.paging import Days, file_names, ordered

COLUMNS: Final = (
    ColumnSpec("production_day", "day", is_sortable=True),
    ColumnSpec("plant", is_sortable=True),
    ColumnSpec("work_center", is_sortable=True),
    ColumnSpec("name"),
    ColumnSpec("shift", is_sortable=True),
    ColumnSpec("started_at", "instant", is_sortable=True),
    ColumnSpec("ended_at", "instant", is_sortable=True),
    ColumnSpec("attributed_seconds", "minutes", heading="counted_minutes", is_sortable=True),
    ColumnSpec("reason_class", "choice", is_sortable=True),
    ColumnSpec("reason_code", is_sortable=True),
    ColumnSpec("reason_text", is_sortable=True),
    ColumnSpec("is_open", "boolean", is_sortable=True),
    ColumnSpec("is_short", "boolean", is_sortable=True, is_hidden=True),
    ColumnSpec("starts_here", "boolean", is_sortable=True, is_hidden=True),
    ColumnSpec("interaction_id", is_sortable=True, is_hidden=True),
    ColumnSpec("file_name", is_hidden=True),
    ColumnSpec("file_sha256", is_hidden=True),
    ColumnSpec("sheet", is_hidden=True),
    ColumnSpec("row", "integer", is_hidden=True),
)
_NEWEST: Final = "-production_day"
_TIES: Final = "m.production_day DESC, m.started_at DESC, m.business_key, m.shift NULLS LAST"
"""Pieces of one stop differ in day, shift, or, outside all windows, in where they begin."""


async def show(asking: Asking, query: StopsQuery) -> Stops:
    """Stops under the filters, newest first unless asked otherwise."""
    scope, sort = asking.scope, query.sort or _NEWEST
    order = ordered(sort, COLUMNS, _TIES)
    given = {
        *scope.conditions("material"),
        *(name for name in ("reason_code", "interaction_id") if getattr(query, name)),
    }
    bound = {"reason_code": query.reason_code, "interaction_id": query.interaction_id}
    found = await asking.rows("stops_days", given, bound)
    days = Days.of(found, sort, query.offset, query.limit)
    rows = await asking.rows("stops", given, {**bound, **days.bound}, order=order) if days.any else []
    names = await file_names(asking, rows)
    if query.as_of:
        scope.note("rows_as_of_now")
    if not days.total:
        scope.note_empty()
    return Stops(
        about=scope.about(),
        columns=asking.columns(COLUMNS),
        total=days.total,
        offset=query.offset,
        limit=query.limit,
        sort=sort,
        total_seconds=float(sum(day["seconds"] for day in found)),
        total_stops=sum(day["stops"] for day in found),
        rows=[
            StopRow.model_validate(
                {
                    **row,
                    "name": scope.known.name_of(row["plant"], row["work_center"]),
                    "file_name": names.get(row["file_sha256"], ""),
                    "started_at": utc(row["started_at"]),
                    "ended_at": utc(row["ended_at"]),
                }
            )
            for row in rows
        ],
    )
