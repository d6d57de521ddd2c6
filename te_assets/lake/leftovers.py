"""Drops the tables that a killed run left behind: batches of typing, shadows of days, cells of marts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

# Longer than a run may live (max_runtime_seconds in dagster.yaml): what is younger may be at work.
_SAFE_AGE_SECONDS = 3 * 3600


def sweep(client: Client, older_than_seconds: int = _SAFE_AGE_SECONDS) -> tuple[str, ...]:
    """Drop leftovers; tables of the lake itself have no double underscore in their names.

    Returns:
        Names of the dropped tables.
    """
    found = client.query(
        "SELECT concat(database, '.', name) FROM system.tables WHERE database IN ('te_staging', 'te_marts') "
        "AND match(name, '__[0-9A-Za-z]{12,}$') AND metadata_modification_time <= now() - {age:UInt32} ORDER BY 1",
        parameters={"age": older_than_seconds},
    ).result_rows
    for (table,) in found:
        client.command(f"DROP TABLE IF EXISTS {table}")
    return tuple(table for (table,) in found)
