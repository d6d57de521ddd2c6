"""History → current rows: the newest version per business key, per production day, swapped in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from te_assets.lake.days import create_shadow, drop_shadow, swap_days
from te_assets.lake.models import LakeModel
from te_assets.lake.sql import render
from te_assets.lake.touched import DayRange, waiting_days

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


def restate_current(client: Client, model: LakeModel, days: DayRange, *, run_id: str) -> dict[date, int]:
    """Compute the current rows of a range of production days and swap them in, day by day.

    Returns:
        Rows per production day.
    """
    table = f"te_staging.{model.name}"
    # Read before anything is computed: what touches a day from here on is not cleared by this run.
    sequences = waiting_days(client, model.name)
    shadow = create_shadow(client, table, run_id)
    try:
        compute_current(client, model, days, shadow)
        return swap_days(client, table, run_id, days.days, sequences)
    finally:
        drop_shadow(client, table, run_id)


def compute_current(client: Client, model: LakeModel, days: DayRange, shadow: str) -> None:
    """Fill a table with the current rows of a range of production days."""
    newest = render("staging", "newest", model=model)
    client.command(
        render("staging", f"current_{model.name}", model=model, shadow=shadow, newest=newest),
        parameters={"first": days.first, "last": days.last},
        settings={"max_partitions_per_insert_block": 0, "async_insert": 0, "join_use_nulls": 0},
    )
