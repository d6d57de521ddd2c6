"""Are the figures shown those that the rows give? Computed once more beside them, compared, nothing overwritten."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
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

    Left out are days that may differ: those that wait to be restated, that a changed site profile made stale, that were
    never restated, or that another run restates meanwhile.

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
    started = client.query("SELECT now64(6, 'UTC')").result_rows[0][0]
    expected = set(waiting_days(client, model.name))
    current = create_shadow(client, names[0], suffix)
    try:
        compute_current(client, model, days, current)
        shadows = compute(client, marts, days.first, days.last, run_id=run_id, shadow_suffix=suffix)
        computed = [current, *(shadows[mart] for mart in marts)]
        expected.update(waiting_days(client, model.name), stale_days(client, model.name))
        found = [
            deviation
            for shown, shadow in zip(names, computed, strict=True)
            for deviation in _differing(client, shown, shadow, days)
        ]
    finally:
        for name in names:
            drop_shadow(client, name, suffix)
    standing = _standing(client, names, started)
    return [one for one in found if one.production_day not in expected and (one.table, one.production_day) in standing]


def _standing(client: Client, names: Sequence[str], since: datetime) -> frozenset[tuple[str, date]]:
    """Tables and production days that were swapped in, the last time before an instant."""
    rows = client.query(
        "SELECT table, production_day FROM te_ops.swaps WHERE table IN {tables:Array(String)} "
        "GROUP BY table, production_day HAVING max(at) < {since:DateTime64(6, 'UTC')}",
        parameters={"tables": list(names), "since": since},
    ).result_rows
    return frozenset((table, day) for table, day in rows)


def _differing(client: Client, shown: str, computed: str, days: DayRange) -> Iterator[Deviation]:
    columns = [column.name for column in tables()[shown] if column.name not in _NOT_COMPARED]
    rows = client.query(
        render("health", "deviations", shown=shown, computed=computed, columns=columns),
        parameters={"first": days.first, "last": days.last},
    ).result_rows
    for day, number in rows:
        yield Deviation(shown, day, number)
