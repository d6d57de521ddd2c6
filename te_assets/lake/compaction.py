"""Nightly upkeep of the lake: merges what loads left in pieces, and drops bookkeeping that tells nothing any more.

ClickHouse merges by itself, but leaves the small parts of a day that nothing is added to any more. Figures stay.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from te_assets.lake.models import MODELS
from te_assets.lake.sql import read

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

AT_REST: Final = timedelta(hours=6)
"""A day that was written to within this time is left to ClickHouse."""
TOLD: Final = timedelta(days=7)
"""Bookkeeping that is younger stays: runs of that age may be looked into."""
LONGEST: Final = timedelta(minutes=30)
"""Days are merged for no longer; the others have their turn the next night."""


@dataclass(frozen=True)
class Compacted:
    """What upkeep of the lake did.

    Attributes:
        days: Days of histories that were merged into one part each.
        parts: Parts that these had.
        left: Days that wait for the next time.
        lines: Lines of bookkeeping that were dropped.
    """

    days: int
    parts: int
    left: int
    lines: int


def compact(client: Client, now: datetime, *, at_rest: timedelta = AT_REST, longest: timedelta = LONGEST) -> Compacted:
    """Merge and drop; may be interrupted anywhere and done again.

    Args:
        client: Writer.
        now: The time, aware.
        at_rest: How long nothing was written to a day that is merged.
        longest: How long days may be merged.
    """
    fragmented = [
        (f"te_staging.{name}_history", partition, parts)
        for name in MODELS
        for partition, parts in client.query(
            read("upkeep", "fragmented"),
            parameters={
                "database": "te_staging",
                "table": f"{name}_history",
                "age": int(at_rest.total_seconds()),
            },
        ).result_rows
    ]
    until, merged = time.monotonic() + longest.total_seconds(), list[int]()
    for table, partition, parts in fragmented:
        if time.monotonic() >= until:
            break
        client.command(f"OPTIMIZE TABLE {table} PARTITION ID '{partition}' FINAL")
        merged.append(parts)
    before = now - TOLD
    dropped = _drop(client, "touched_days", "told_touches", before=int(before.timestamp()) * 1_000_000_000)
    dropped += _drop(client, "stale_days", "told_stale_days", before=before)
    return Compacted(len(merged), sum(merged), len(fragmented) - len(merged), dropped)


def _drop(client: Client, table: str, statement: str, **bound: object) -> int:
    def rows() -> int:
        return int(client.query(f"SELECT count() FROM te_ops.{table}").result_rows[0][0])

    lines = rows()
    client.command(read("upkeep", statement), parameters=bound)
    return max(lines - rows(), 0)
