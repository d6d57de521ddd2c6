"""Yield of orders, a page at a time."""

from __future__ import annotations

from typing import Any, Final

from te_assets.dashboard.answers import OrderRow, Orders
from te_assets.dashboard.asking import Asking
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.filters import OrdersQuery
from te_assets.dashboard.paging import ordered
from te_assets.web.problems import Problem

COLUMNS: Final = (
    ColumnSpec("plant", is_sortable=True),
    ColumnSpec("order_id", is_sortable=True),
    ColumnSpec("material", is_sortable=True),
    ColumnSpec("last_confirmed_day", "day", is_sortable=True),
    ColumnSpec("first_operation_produced_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("last_operation_good_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("scrap_qty", "quantity", is_sortable=True, unit_from="unit"),
    ColumnSpec("unit", is_sortable=True),
    ColumnSpec("fall_off_ratio", "rate", is_sortable=True),
    ColumnSpec("rolled_yield", "percent", is_sortable=True),
)
MOST_CONFIRMATIONS: Final = 2_000_000
_NEWEST: Final = "-last_confirmed_day"
_TIES: Final = "m.order_id DESC, m.plant, m.unit"


async def show(asking: Asking, query: OrdersQuery) -> Orders:
    """Orders with a counting confirmation in the period under the filters, newest first unless asked otherwise."""
    scope, sort = asking.scope, query.sort or _NEWEST
    order = ordered(sort, COLUMNS, _TIES)
    await _refuse_too_many(asking)
    rows = await _page(asking, order, query.offset, query.limit)
    counted = rows or (await _page(asking, order, 0, 1) if query.offset else [])
    if query.as_of:
        scope.note("rows_as_of_now")
    if not counted:
        scope.note_empty()
    return Orders(
        about=scope.about(),
        columns=asking.columns(COLUMNS),
        total=counted[0]["rows_in_all"] if counted else 0,
        offset=query.offset,
        limit=query.limit,
        sort=sort,
        rows=[OrderRow.model_validate(row) for row in rows],
    )


async def _refuse_too_many(asking: Asking) -> None:
    """Each order is added up over all its days before one can be the first; those of a big year would take too long."""
    days = await asking.rows("confirmations_days", asking.scope.conditions("reason_class"), only="counting")
    confirmations = sum(day["rows"] for day in days)
    if confirmations > MOST_CONFIRMATIONS:
        detail = (
            f"In these days there are {confirmations:,} confirmations; orders of at most {MOST_CONFIRMATIONS:,} can be "
            "shown. Ask for fewer days, or for one plant, line or material."
        )
        raise Problem(422, "too-much", detail)


async def _page(asking: Asking, order: str, offset: int, limit: int) -> list[dict[str, Any]]:
    rework_counts = asking.scope.known.policies.get("rework_in_produced", "true") != "false"
    bound = {"rework_counts": rework_counts, "offset": offset, "limit": limit}
    return await asking.rows("orders", asking.scope.conditions("reason_class"), bound, order=order)
