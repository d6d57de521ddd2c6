"""Are the figures shown those that the rows give? Computed once more beside them, compared, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from te_assets.lake.current import compute_current
from te_assets.lake.days import create_shadow, drop_shadow
from te_assets.lake.marts import Mart, compute, table_of
from te_assets.lake.models import LakeModel
from te_assets.lake.schema import tables
from te_assets.lake.sql import render
from te_assets.lake.stale import stale_days
from te_assets.lake.touched import DayRange, waiting_days

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_NOT_COMPARED: Final = frozenset({"refreshed_at", "run_id"})


@dataclass(frozen=True)
class Deviation:
    """A production day of a table that is not what its rows give, though nothing waits to be restated.

    Attributes:
        rows: Rows that stand only in the table, or only in what was computed.
    """

    table: str
    production_day: date
    rows: int


def deviations(
    client: Client, model: LakeModel, marts: Sequence[Mart], days: DayRange, *, run_id: str
) -> list[Deviation]:
    """Compute current rows and marts of a range once more, from history, and compare them with what is shown.

    Days that wait to be restated are left out, and those that a changed site profile made stale: they may differ.

    Args:
        client: Writer.
        model: Which model.
        marts: Its marts.
        days: Production days.
        run_id: Sets the working tables apart from those of runs that restate.

    Returns:
        Deviating days, tables in the order of computation.
    """
    suffix = f"reconciled{run_id}"
    names = [f"te_staging.{model.name}", *(table_of(mart) for mart in marts)]
    current = create_shadow(client, names[0], suffix)
    try:
        compute_current(client, model, days, current)
        shadows = compute(client, marts, days.first, days.last, run_id=run_id, shadow_suffix=suffix)
        computed = [current, *(shadows[mart] for mart in marts)]
        expected = {*waiting_days(client, model.name), *stale_days(client, model.name)}
        found = [
            deviation
            for shown, shadow in zip(names, computed, strict=True)
            for deviation in _differing(client, shown, shadow, days)
        ]
    finally:
        for name in names:
            drop_shadow(client, name, suffix)
    return [deviation for deviation in found if deviation.production_day not in expected]


def _differing(client: Client, shown: str, computed: str, days: DayRange) -> Iterator[Deviation]:
    columns = [column.name for column in tables()[shown] if column.name not in _NOT_COMPARED]
    rows = client.query(
        render("health", "deviations", shown=shown, computed=computed, columns=columns),
        parameters={"first": days.first, "last": days.last},
    ).result_rows
    for day, number in rows:
        yield Deviation(shown, day, number)
