"""Monthly copies of marts: what a reader may take from them, whatever happened meanwhile."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.days import create_shadow, swap_days
from te_assets.lake.months import GATHERED, Gathered, copy_of, gather, months_due, not_gathered

pytestmark = pytest.mark.stack

MONDAY, TUESDAY, APRIL = date(2026, 3, 2), date(2026, 3, 3), date(2026, 4, 1)
AT_ONCE = timedelta(0)


def swap(client: Client, day: date, *produced: int) -> None:
    """A day of te_marts.scrap_rate with these quantities."""
    shadow = create_shadow(client, "te_marts.scrap_rate", "run")
    for place, quantity in enumerate(produced):
        client.command(
            f"INSERT INTO {shadow} (plant, work_center, production_day, unit, produced_qty) "
            f"SETTINGS async_insert = 0 VALUES ('1000', 'W{place}', '{day}', 'ST', {quantity})"
        )
    swap_days(client, "te_marts.scrap_rate", "run", [day])


def now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=1)


def shown(client: Client) -> list[tuple[date, str, int]]:
    """What a reader of both sees."""
    rows = client.query(
        f"SELECT production_day, work_center, toInt32(produced_qty) FROM {copy_of('scrap_rate')} "
        "WHERE production_day NOT IN {days:Array(Date)} UNION ALL "
        "SELECT production_day, work_center, toInt32(produced_qty) FROM te_marts.scrap_rate "
        "WHERE production_day IN {days:Array(Date)}",
        parameters={"days": list(not_gathered(client, "scrap_rate"))},
    ).result_rows
    return sorted((day, place, quantity) for day, place, quantity in rows)


def in_mart(client: Client) -> list[tuple[date, str, int]]:
    rows = client.query(
        "SELECT production_day, work_center, toInt32(produced_qty) FROM te_marts.scrap_rate ORDER BY ALL"
    ).result_rows
    return [(day, place, quantity) for day, place, quantity in rows]


def test_a_reader_sees_the_mart_before_and_after_each_copy_and_swap(clickhouse: Client) -> None:
    swap(clickhouse, MONDAY, 10, 20)
    swap(clickhouse, TUESDAY, 30)
    swap(clickhouse, APRIL, 40)
    assert shown(clickhouse) == in_mart(clickhouse)

    assert gather(clickhouse, now(), at_rest=AT_ONCE) == Gathered(months=2, rows=4)
    assert not_gathered(clickhouse, "scrap_rate") == {}
    assert shown(clickhouse) == in_mart(clickhouse)

    swap(clickhouse, TUESDAY, 31, 32)
    assert list(not_gathered(clickhouse, "scrap_rate")) == [TUESDAY]
    assert shown(clickhouse) == in_mart(clickhouse)

    assert gather(clickhouse, now(), at_rest=AT_ONCE) == Gathered(months=1, rows=4)
    assert gather(clickhouse, now(), at_rest=AT_ONCE) == Gathered(months=0, rows=0)
    assert (
        shown(clickhouse)
        == in_mart(clickhouse)
        == [
            (MONDAY, "W0", 10),
            (MONDAY, "W1", 20),
            (TUESDAY, "W0", 31),
            (TUESDAY, "W1", 32),
            (APRIL, "W0", 40),
        ]
    )


def test_a_day_that_became_empty_is_gone_from_the_copy_too(clickhouse: Client) -> None:
    swap(clickhouse, MONDAY, 10)
    gather(clickhouse, now(), at_rest=AT_ONCE)

    swap(clickhouse, MONDAY)

    assert list(not_gathered(clickhouse, "scrap_rate")) == [MONDAY]
    assert shown(clickhouse) == []
    assert gather(clickhouse, now(), at_rest=AT_ONCE) == Gathered(months=1, rows=0)
    assert not_gathered(clickhouse, "scrap_rate") == {}, "an empty day would be copied again and again"
    assert shown(clickhouse) == []


def test_an_older_copy_that_comes_last_does_not_count(clickhouse: Client) -> None:
    """Two copied the same month at a time: the slower one had read the day before it was swapped."""
    swap(clickhouse, MONDAY, 10)
    gather(clickhouse, now(), at_rest=AT_ONCE)
    older = create_shadow(clickhouse, copy_of("scrap_rate"), "slow")
    clickhouse.command(f"INSERT INTO {older} SELECT * FROM {copy_of('scrap_rate')}")
    swap(clickhouse, MONDAY, 11)
    gather(clickhouse, now(), at_rest=AT_ONCE)

    clickhouse.command(f"ALTER TABLE {copy_of('scrap_rate')} REPLACE PARTITION 202603 FROM {older}")

    assert list(not_gathered(clickhouse, "scrap_rate")) == [MONDAY]
    assert shown(clickhouse) == [(MONDAY, "W0", 11)]


def test_a_day_that_no_swap_tells_of_is_read_from_the_mart_and_not_copied(clickhouse: Client) -> None:
    clickhouse.command(
        "INSERT INTO te_marts.scrap_rate (plant, work_center, production_day, unit, produced_qty) "
        f"SETTINGS async_insert = 0 VALUES ('1000', 'W0', '{MONDAY}', 'ST', 7)"
    )

    assert gather(clickhouse, now(), at_rest=AT_ONCE) == Gathered(months=0, rows=0)
    assert shown(clickhouse) == [(MONDAY, "W0", 7)]


def test_a_month_waits_until_a_day_of_it_is_at_rest(clickhouse: Client) -> None:
    swap(clickhouse, MONDAY, 10)

    assert months_due(clickhouse, now()) == {}
    assert months_due(clickhouse, now() + timedelta(minutes=10)) == {"scrap_rate": [date(2026, 3, 1)]}


def test_copies_have_the_columns_of_their_marts(clickhouse: Client) -> None:
    for mart in GATHERED:
        names = {
            table: [row[0] for row in clickhouse.query(f"DESCRIBE TABLE {table}").result_rows]
            for table in (f"te_marts.{mart}", copy_of(mart))
        }
        assert names[copy_of(mart)] == [*names[f"te_marts.{mart}"], "swapped_at"]
