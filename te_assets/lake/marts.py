"""Staging → marts: each mart of a range of production days in one statement, into a shadow; checks; the swap."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Literal, get_args
from uuid import uuid4

from te_assets.lake.concurrently import concurrently
from te_assets.lake.days import create_shadow, shadow_name, swap_days
from te_assets.lake.schema import tables
from te_assets.lake.sql import render

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

Mart = Literal[
    "availability", "availability_line", "downtime_reasons", "stops", "states", "scrap_rate", "scrap_reasons"
]
MARTS: tuple[Mart, ...] = get_args(Mart)

# A range may have more days than the 100 partitions that an insert may write by default; the SQL takes the missing
# partner of a join for 0 or the empty text.
_SETTINGS = {"max_partitions_per_insert_block": 0, "async_insert": 0, "join_use_nulls": 0}


@dataclass(frozen=True)
class Finding:
    """A figure in a shadow that cannot be right.

    Attributes:
        check: Name of the check.
        production_day: Day that must not be swapped in.
        rows: Rows of the day that break the check.
        example: One of them, for a person.
    """

    check: str
    production_day: date
    rows: int
    example: str

    def __str__(self) -> str:
        return f"{self.production_day}: {self.check}: {self.rows} rows, e.g. {self.example}"


def table_of(mart: Mart) -> str:
    """Name of the mart's table."""
    return f"te_marts.{mart}"


def compute(
    client: Client,
    marts: Iterable[Mart],
    first: date,
    last: date,
    *,
    run_id: str,
    shadow_suffix: str | None = None,
) -> Mapping[Mart, str]:
    """Compute marts for a range of production days, each into a new shadow table by one statement.

    The result depends on te_staging and te_ops as they are now, not on the order in which days are restated; only
    `refreshed_at` and `run_id` differ between two computations of the same inputs. What marts of stops have in common
    (windows, classified stops, what each instant counts for) is computed once for all of them.

    Args:
        client: Writer.
        marts: Which marts.
        first: First production day.
        last: Last production day, inclusive.
        run_id: Written into each row; names the shadows too, unless `shadow_suffix` does.
        shadow_suffix: What sets the shadows apart from those of other runs.

    Returns:
        Mart → name of its shadow.
    """
    marts, suffix = tuple(marts), shadow_suffix or run_id
    working = {
        name: shadow_name(f"te_marts.{name}", suffix) for name in ("cells", "executions", "spans", "stations", "swept")
    }

    def fill(folder: str, name: str, **identifiers: str) -> None:
        parameters = {"first": first, "last": last, "run_id": run_id}
        client.command(render(folder, name, **working, **identifiers), parameters=parameters, settings=_SETTINGS)

    def parts(*names: str) -> None:
        for name in names:
            fill("marts/parts", name)

    shadows = {mart: create_shadow(client, table_of(mart), suffix) for mart in marts}
    of_stops = set(marts).intersection(MARTS_OF["interactions"])
    try:
        if of_stops:
            concurrently(
                partial(parts, *names)
                for names in (("stations", "cells_table", "cells", "line_cells"), ("executions",))
            )
            parts("spans", "swept")
        concurrently(partial(fill, "marts", mart, shadow=shadow) for mart, shadow in shadows.items())
    finally:
        for table in working.values() if of_stops else ():
            client.command(f"DROP TABLE IF EXISTS {table}")
    return shadows


LOGGED: Mapping[Mart, tuple[str, ...]] = {
    "availability": ("plant", "work_center", "production_day", "shift"),
    "availability_line": ("plant", "line", "production_day", "shift"),
    "downtime_reasons": ("plant", "work_center", "production_day", "shift", "reason_class", "reason_code"),
    "states": ("plant", "work_center", "production_day", "started_at"),
    "scrap_rate": (
        *("plant", "work_center", "production_day", "shift", "material", "operation", "unit"),
        *("is_last_operation", "is_first_operation"),
    ),
    "scrap_reasons": ("plant", "work_center", "production_day", "shift", "material", "unit", "scrap_reason_code"),
}
"""Marts whose earlier figures are kept, with the columns that name a row; te_marts.<mart>_as_of gives them back."""


def swap(client: Client, mart: Mart, run_id: str, days: Iterable[date]) -> dict[date, int]:
    """Log what changes, then swap each day in from the run's shadow.

    Returns:
        Rows per day after the swap.
    """
    days, table, swap_id = list(days), table_of(mart), uuid4()
    if mart in LOGGED and days:
        shadow = shadow_name(table, run_id)
        client.command(
            render(
                "marts",
                "log",
                table=table,
                shadow=shadow,
                columns=[column.name for column in tables()[table]],
                key=LOGGED[mart],
            ),
            parameters={"table": table, "days": days, "swap": swap_id, "run": run_id},
            settings=_SETTINGS,
        )
    return swap_days(client, table, run_id, days, swap_id=swap_id)


def checks(
    client: Client, marts: Iterable[Mart], first: date, last: date, *, shadow_suffix: str
) -> tuple[Finding, ...]:
    """Look for figures that cannot be right in the shadows of a run, before they are swapped in.

    Args:
        client: Writer.
        marts: The marts that have a shadow; a check that needs two is made where both have one.
        first: First production day.
        last: Last production day, inclusive.
        shadow_suffix: Whose shadows.

    Returns:
        Findings in the order of days; none if all is well.
    """
    computed = set(marts)

    def look(name: str, needed: Sequence[Mart]) -> list[Finding]:
        shadows = {mart: shadow_name(table_of(mart), shadow_suffix) for mart in needed}
        result = client.query(
            render("marts/checks", name, **shadows), parameters={"first": first, "last": last}, settings=_SETTINGS
        )
        return [Finding(name, day, rows, example) for day, rows, example in result.result_rows]

    possible = [(name, needed) for name, needed in _CHECKS.items() if computed.issuperset(needed)]
    findings = chain.from_iterable(concurrently(partial(look, name, needed) for name, needed in possible))
    return tuple(sorted(findings, key=lambda finding: (finding.production_day, finding.check)))


_CHECKS: Mapping[str, tuple[Mart, ...]] = {
    "availability_between_0_and_1": ("availability",),
    "parts_add_up": ("availability",),
    "reasons_add_up": ("availability", "downtime_reasons"),
    "stops_add_up": ("availability", "stops"),
    "line_parts_add_up": ("availability_line",),
    "states_without_gaps": ("states", "availability"),
    "scrap_as_in_staging": ("scrap_rate",),
    "scrap_reasons_add_up": ("scrap_rate", "scrap_reasons"),
}
"""File in marts/checks → the marts that it looks at; a finding is reported with the first of them."""


def mart_of_check(check: str) -> Mart:
    """The mart whose figures a check is about."""
    return _CHECKS[check][0]


MARTS_OF: Mapping[str, tuple[Mart, ...]] = {
    "interactions": ("availability", "availability_line", "downtime_reasons", "stops", "states"),
    "confirmations": ("scrap_rate", "scrap_reasons"),
}
"""Model → marts that are computed from its current rows, day by day."""
