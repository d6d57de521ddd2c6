"""Confirmations, a page at a time."""

from __future__ import annotations

from typing import Final

from te_assets.dashboard.answers import ConfirmationRow, Confirmations
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.filters import ConfirmationsQuery
from te_assets.dashboard.known import utc
from te_assets.dashboard.paging import Days, file_names, ordered

COLUMNS: Final = (
    ColumnSpec("production_day", "day", is_sortable=True),
    ColumnSpec("plant", is_sortable=True),
    ColumnSpec("work_center", is_sortable=True),
    ColumnSpec("name"),
    ColumnSpec("shift", is_sortable=True),
    ColumnSpec("order_id", is_sortable=True),
    ColumnSpec("operation", is_sortable=True),
    ColumnSpec("material", is_sortable=True),
    ColumnSpec("good_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("scrap_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("rework_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("unit", is_sortable=True),
    ColumnSpec("scrap_reason_code", is_sortable=True),
    ColumnSpec("scrap_reason_text", is_sortable=True, is_hidden=True),
    ColumnSpec("started_at", "instant", is_sortable=True, is_hidden=True),
    ColumnSpec("finished_at", "instant", is_sortable=True),
    ColumnSpec("posted_at", "day", is_sortable=True),
    ColumnSpec("delay_days", "integer", is_sortable=True, is_hidden=True),
    ColumnSpec("counts", "boolean", is_sortable=True),
    ColumnSpec("is_reversed", "boolean", is_sortable=True, is_hidden=True),
    ColumnSpec("cancelled_counter", is_sortable=True, is_hidden=True),
    ColumnSpec("confirmation", is_sortable=True, is_hidden=True),
    ColumnSpec("counter", is_sortable=True, is_hidden=True),
    ColumnSpec("file_name", is_hidden=True),
    ColumnSpec("file_sha256", is_hidden=True),
    ColumnSpec("sheet", is_hidden=True),
    ColumnSpec("row", "integer", is_hidden=True),
)
_NEWEST: Final = "-production_day"
_TIES: Final = "m.production_day DESC, m.finished_at DESC NULLS LAST, m.business_key"
_SQL: Final = {"counts": "counts", "delay_days": "delay_days"}
_NARROWING: Final = ("order_id", "operation", "unit", "scrap_reason_code")


async def show(asking: Asking, query: ConfirmationsQuery) -> Confirmations:
    """Confirmations under the filters, newest first unless asked otherwise."""
    scope, sort = asking.scope, query.sort or _NEWEST
    order = ordered(sort, COLUMNS, _TIES, _SQL)
    given = {*scope.conditions("reason_class"), *(name for name in _NARROWING if getattr(query, name))}
    bound = {name: getattr(query, name) for name in _NARROWING}
    found = await asking.rows("confirmations_days", given, bound, only=query.only)
    days = Days.of(found, sort, query.offset, query.limit)
    rows = (
        await asking.rows("confirmations", given, {**bound, **days.bound}, only=query.only, order=order)
        if days.any
        else []
    )
    names = await file_names(asking, rows)
    if query.as_of:
        scope.note("rows_as_of_now")
    if not days.total:
        scope.note_empty()
    return Confirmations(
        about=scope.about(),
        columns=asking.columns(COLUMNS),
        total=days.total,
        offset=query.offset,
        limit=query.limit,
        sort=sort,
        rows=[
            ConfirmationRow.model_validate(
                {
                    **row,
                    "name": scope.known.name_of(row["plant"], row["work_center"]),
                    "file_name": names.get(row["file_sha256"], ""),
                    "started_at": utc(row["started_at"]),
                    "finished_at": utc(row["finished_at"]),
                }
            )
            for row in rows
        ],
    )
