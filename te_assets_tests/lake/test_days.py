"""Production days are swapped in whole, one by one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

from te_assets.lake.days import create_shadow, drop_shadow, rows_per_day, shadow_name, swap_days

TABLE = "te_marts.scrap_rate"
D = date(2026, 3, 3)
DAYS = [D + timedelta(days=n) for n in range(3)]


def fill(client: Client, table: str, **good: int) -> None:
    """Rows of the days d0, d1, d2 with one quantity each."""
    rows = [["1000", DAYS[int(name[1:])], quantity] for name, quantity in good.items()]
    client.insert(table, rows, column_names=["plant", "production_day", "good_qty"])


def shown(client: Client) -> dict[date, int]:
    return {
        day: int(quantity)
        for day, quantity in client.query(f"SELECT production_day, sum(good_qty) FROM {TABLE} GROUP BY 1").result_rows
    }


def test_shadows_of_two_runs_have_two_names_that_are_identifiers() -> None:
    one, two = (shadow_name(TABLE, run) for run in ("1f3a-00", "1f3a-01; DROP TABLE x"))

    assert (one, two) == (f"{TABLE}__1f3a00", f"{TABLE}__1f3a01DROPTABLEx")


@pytest.mark.stack
def test_named_days_are_replaced_others_stay_and_an_empty_one_is_dropped(clickhouse: Client) -> None:
    """ClickHouse refuses to replace a partition by an empty one; the day's last row had been moved to another day."""
    fill(clickhouse, TABLE, d0=1, d1=2, d2=3)
    fill(clickhouse, create_shadow(clickhouse, TABLE, "run"), d0=10, d2=30)

    rows = swap_days(clickhouse, TABLE, "run", DAYS[:2], {DAYS[0]: 7})

    assert rows == {DAYS[0]: 1, DAYS[1]: 0}
    assert shown(clickhouse) == {DAYS[0]: 10, DAYS[2]: 3}
    log = clickhouse.query(
        "SELECT table, production_day, rows, sequence, run_id FROM te_ops.swaps ORDER BY 2"
    ).result_rows
    assert log == [(TABLE, DAYS[0], 1, 7, "run"), (TABLE, DAYS[1], 0, 0, "run")]


@pytest.mark.stack
def test_swapping_again_changes_nothing(clickhouse: Client) -> None:
    fill(clickhouse, create_shadow(clickhouse, TABLE, "run"), d0=10)
    results = [swap_days(clickhouse, TABLE, "run", DAYS) for _ in range(2)]

    assert results == [{DAYS[0]: 1, DAYS[1]: 0, DAYS[2]: 0}] * 2
    assert shown(clickhouse) == {DAYS[0]: 10}


@pytest.mark.stack
def test_no_day_is_no_failure(clickhouse: Client) -> None:
    """Every day of a run was bad."""
    create_shadow(clickhouse, TABLE, "run")

    assert swap_days(clickhouse, TABLE, "run", []) == {}
    assert clickhouse.command("SELECT count() FROM te_ops.swaps") == 0


@pytest.mark.stack
def test_two_runs_on_the_same_day_do_not_meet(clickhouse: Client) -> None:
    fill(clickhouse, create_shadow(clickhouse, TABLE, "one"), d0=1)
    fill(clickhouse, create_shadow(clickhouse, TABLE, "two"), d0=2)
    swap_days(clickhouse, TABLE, "two", [D])
    swap_days(clickhouse, TABLE, "one", [D])

    assert shown(clickhouse) == {D: 1}


@pytest.mark.stack
def test_a_shadow_is_made_empty_and_dropping_it_twice_is_no_failure(clickhouse: Client) -> None:
    shadow = create_shadow(clickhouse, TABLE, "run")
    fill(clickhouse, shadow, d0=1)
    create_shadow(clickhouse, TABLE, "run")

    assert rows_per_day(clickhouse, shadow, DAYS) == {}
    for _ in range(2):
        drop_shadow(clickhouse, TABLE, "run")
    with pytest.raises(ClickHouseError, match="UNKNOWN_TABLE"):
        rows_per_day(clickhouse, shadow, DAYS)
