"""How history is written: settings of its inserts, and tables that live as long as one piece of work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

WRITE_SETTINGS: Final[dict[str, int]] = {
    "max_partitions_per_insert_block": 0,
    "async_insert": 0,
    "insert_deduplicate": 0,
    "join_use_nulls": 0,
    "optimize_on_insert": 0,  # lines of one block differ in their positions: there is nothing to collapse
}


def keep(client: Client, table: str, select: str, parameters: Mapping[str, Any]) -> None:
    """Keep the result of a SELECT in a new table in memory; the caller drops it."""
    client.command(
        f"CREATE TABLE {table} ENGINE = Memory AS {select}",
        parameters=dict(parameters),
        settings={"join_use_nulls": 0},
    )
