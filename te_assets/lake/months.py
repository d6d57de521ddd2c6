"""Monthly copies of marts, for readers of long ranges: 365 partitions of a year take longer to open than to read.

A copy says of each day of which swap it is. A reader takes from it the days whose newest swap that is, and all others
from the mart: it never shows anything else than the mart does, whatever was killed, raced or never ran.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from te_assets.lake.days import create_shadow, drop_shadow
from te_assets.lake.marts import Mart, table_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

GATHERED: Final[tuple[Mart, ...]] = (
    "availability",
    "availability_line",
    "downtime_reasons",
    "scrap_rate",
    "scrap_reasons",
)
"""Marts that have a copy."""
_NEVER: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - as ClickHouse gives instants
AT_REST: Final = timedelta(minutes=10)
"""A month is copied when a day of it was not swapped for this time: the day that runs is swapped again and again."""


@dataclass(frozen=True)
class Gathered:
    """What was copied.

    Attributes:
        months: Months of marts.
        rows: Rows in them.
    """

    months: int
    rows: int


def copy_of(mart: Mart) -> str:
    """Name of the monthly copy."""
    return f"te_marts.{mart}_months"


def not_gathered(client: Client, mart: Mart) -> Mapping[date, datetime]:
    """Production days whose newest swap the copy does not have, with that swap (UTC, naive as ClickHouse gives it)."""
    rows = client.query(
        "SELECT production_day, swapped_at FROM te_ops.not_gathered WHERE mart = {mart:String} ORDER BY production_day",
        parameters={"mart": mart},
    ).result_rows
    return {day: at for day, at in rows}


def months_due(client: Client, now: datetime, *, at_rest: timedelta = AT_REST) -> dict[Mart, list[date]]:
    """Months to copy, by their first day, of each mart that has some.

    Args:
        client: Reads te_ops and te_marts.
        now: The time, aware.
        at_rest: How long a day must not have been swapped.
    """
    before = now.replace(tzinfo=None) - at_rest
    due = {
        mart: sorted({day.replace(day=1) for day, at in not_gathered(client, mart).items() if _NEVER < at <= before})
        for mart in GATHERED
    }
    return {mart: months for mart, months in due.items() if months}


def gather(client: Client, now: datetime, *, at_rest: timedelta = AT_REST) -> Gathered:
    """Copy the months that are due; may be interrupted anywhere, done again, and done twice at a time.

    Args:
        client: Writer.
        now: The time, aware, UTC.
        at_rest: How long a day must not have been swapped.
    """
    rows = [
        _copy(client, mart, month)
        for mart, months in months_due(client, now, at_rest=at_rest).items()
        for month in months
    ]
    return Gathered(len(rows), sum(rows))


def _copy(client: Client, mart: Mart, month: date) -> int:
    """Copy a month; rows copied."""
    table, run_id = copy_of(mart), uuid4().hex
    # Before the rows are read: a day that is swapped meanwhile bears an older swap, and then counts in the mart alone.
    stamps = client.query(
        "SELECT production_day, max(at) FROM te_ops.swaps "
        "WHERE table = {table:String} AND toStartOfMonth(production_day) = {month:Date} GROUP BY production_day",
        parameters={"table": table_of(mart), "month": month},
    ).result_rows
    shadow = create_shadow(client, table, run_id)
    try:
        client.command(
            f"INSERT INTO {shadow} SELECT *, transform(production_day, {{days:Array(Date)}}, "
            f"{{swaps:Array(DateTime64(6, 'UTC'))}}, toDateTime64(0, 6, 'UTC')) FROM {table_of(mart)} "
            "WHERE production_day IN {days:Array(Date)}",
            parameters={
                "days": [day for day, _ in stamps],
                "swaps": [f"{at:%Y-%m-%d %H:%M:%S.%f}" for _, at in stamps],
            },
        )
        rows = int(client.query(f"SELECT count() FROM {shadow}").result_rows[0][0])
        partition = f"{month:%Y%m}"
        client.command(
            f"ALTER TABLE {table} REPLACE PARTITION {partition} FROM {shadow}"
            if rows
            else f"ALTER TABLE {table} DROP PARTITION {partition}"
        )
        return rows
    finally:
        drop_shadow(client, table, run_id)
