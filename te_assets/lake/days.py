"""Swaps production days of a table in from a shadow: readers see a day whole, before or after."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_DAYS_PER_STATEMENT = 50  # a statement per day takes as long as some computations
_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9]")


def shadow_name(table: str, run_id: str) -> str:
    """Name of the table's shadow for a run: two runs on the same day never meet in one."""
    return f"{table}__{_NOT_IDENTIFIER.sub('', run_id)}"


def create_shadow(client: Client, table: str, run_id: str) -> str:
    """An empty table of the same structure."""
    shadow = shadow_name(table, run_id)
    client.command(f"CREATE OR REPLACE TABLE {shadow} AS {table}")
    return shadow


def drop_shadow(client: Client, table: str, run_id: str) -> None:
    """Remove the shadow, if it is there."""
    client.command(f"DROP TABLE IF EXISTS {shadow_name(table, run_id)}")


def rows_per_day(client: Client, table: str, days: Iterable[date]) -> dict[date, int]:
    """Rows of each production day that has any."""
    result = client.query(
        f"SELECT production_day, count() FROM {table} WHERE production_day IN {{days:Array(Date)}} GROUP "
        "BY production_day",
        parameters={"days": list(days)},
    )
    return {day: rows for day, rows in result.result_rows}


def swap_days(
    client: Client,
    table: str,
    run_id: str,
    days: Iterable[date],
    sequences: Mapping[date, int] | None = None,
    *,
    swap_id: UUID | None = None,
) -> dict[date, int]:
    """Swap each day in from the run's shadow and log it in te_ops.swaps.

    `REPLACE PARTITION` from an empty source is refused by ClickHouse, so a day that became empty is dropped.

    Args:
        client: Writer.
        table: Target, partitioned by production_day.
        run_id: Whose shadow.
        days: Days to swap; days of the table that are not named stay.
        sequences: Greatest touched sequence that the shadow has seen, per day.
        swap_id: Names the swap, where a log was told of it before.

    Returns:
        Rows per day after the swap, 0 for a day that is empty now.
    """
    days = list(days)
    shadow = shadow_name(table, run_id)
    rows = rows_per_day(client, shadow, days)
    commands = [
        f"REPLACE PARTITION '{day}' FROM {shadow}"
        if rows.get(day)
        else f"DROP PARTITION '{day}'"  # ISO, as a date prints
        for day in days
    ]
    for start in range(0, len(commands), _DAYS_PER_STATEMENT):
        client.command(f"ALTER TABLE {table} {', '.join(commands[start : start + _DAYS_PER_STATEMENT])}")
    client.insert(
        "te_ops.swaps",
        [[table, day, rows.get(day, 0), (sequences or {}).get(day, 0), run_id, swap_id or uuid4()] for day in days],
        column_names=["table", "production_day", "rows", "sequence", "run_id", "swap_id"],
    )
    return {day: rows.get(day, 0) for day in days}
