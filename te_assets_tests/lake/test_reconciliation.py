"""Figures computed once more beside those shown: what was written by hand, or got lost, is found."""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake.current import restate_current
from te_assets.lake.days import drop_shadow
from te_assets.lake.marts import MARTS_OF, compute, swap, table_of
from te_assets.lake.models import INTERACTIONS
from te_assets.lake.reconciliation import Deviation, deviations
from te_assets.lake.touched import DayRange, clear, touch
from te_assets.site.profile import parse_site
from te_assets_tests.lake.emptying import Kept
from te_assets_tests.lake.test_history import SITE, Lake, at, stop

pytestmark = pytest.mark.stack

DAYS = DayRange(date(2026, 3, 2), date(2026, 3, 4))
DAY = date(2026, 3, 3)
MARTS = MARTS_OF["interactions"]


@pytest.fixture
def client(clickhouse: Client, kept: list[Kept]) -> Client:
    """With a delivery whose days are restated."""
    if kept:
        kept[0].put_back(clickhouse)
        return clickhouse
    lake = Lake(clickhouse, parse_site(SITE))
    lake.deliver("a.xlsx", at(6), stop(1, "2026-03-02T08:00:00", "2026-03-02T09:00:00"), stop(2, "2026-03-03T08:00:00"))
    restate_current(clickhouse, INTERACTIONS, DAYS, run_id="first")
    compute(clickhouse, MARTS, DAYS.first, DAYS.last, run_id="first")
    for mart in MARTS:
        swap(clickhouse, mart, "first", DAYS.days)
        drop_shadow(clickhouse, table_of(mart), "first")
    clear(clickhouse, "interactions", "first", DAYS.days)
    kept.append(Kept(clickhouse))
    return clickhouse


def found(client: Client) -> list[Deviation]:
    return deviations(client, INTERACTIONS, MARTS, DAYS, run_id="again")


def tables(client: Client) -> list[str]:
    return [str(row[0]) for row in client.query("SHOW TABLES FROM te_marts").result_rows]


def test_figures_of_a_restated_range_are_reproduced_and_nothing_is_left_behind(client: Client) -> None:
    before = tables(client)

    assert found(client) == []
    assert tables(client) == before
    assert client.query("SELECT count() FROM te_marts.stops").result_rows == [(2,)]


@pytest.mark.parametrize(
    ("table", "tampering", "rows"),
    [
        ("te_marts.stops", "DELETE WHERE production_day = '2026-03-03'", 1),
        (
            "te_marts.availability",
            "UPDATE stops = stops + 1 WHERE production_day = '2026-03-03' AND work_center = 'W1'",
            6,
        ),
    ],
)
def test_a_table_that_somebody_wrote_to_is_named_with_the_day(
    client: Client, table: str, tampering: str, rows: int
) -> None:
    client.command(f"ALTER TABLE {table} {tampering}", settings={"mutations_sync": 2})

    assert found(client) == [Deviation(table, DAY, rows)]


def test_a_row_that_stands_twice_is_found(client: Client) -> None:
    client.command("INSERT INTO te_marts.stops SELECT * FROM te_marts.stops WHERE production_day = '2026-03-03'")

    assert found(client) == [Deviation("te_marts.stops", DAY, 1)]


def test_a_day_that_waits_to_be_restated_may_differ(client: Client) -> None:
    client.command("ALTER TABLE te_marts.stops DELETE WHERE true", settings={"mutations_sync": 2})
    deviating = found(client)
    touch(client, "interactions", "1000", [DAY], int(time.time() * 1e9), "versions")

    assert [one.production_day for one in deviating] == [DAYS.first, DAY]
    assert found(client) == [Deviation("te_marts.stops", DAYS.first, 1)]


def test_a_day_that_was_never_restated_is_no_deviation(client: Client) -> None:
    """The first night after the set-up: shifts of days before that have no rows yet, and nobody is to be woken."""
    before = DayRange(date(2026, 2, 25), DAYS.last)

    assert deviations(client, INTERACTIONS, MARTS, before, run_id="again") == []


def test_a_day_that_another_run_restates_meanwhile_is_left_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def computed_while_a_run_swaps(*arguments: Any, **options: Any) -> Any:
        shadows = compute(*arguments, **options)
        columns = ["table", "production_day", "run_id"]
        client.insert("te_ops.swaps", [["te_marts.stops", DAY, "other"]], column_names=columns)
        return shadows

    client.command("ALTER TABLE te_marts.stops DELETE WHERE true", settings={"mutations_sync": 2})
    monkeypatch.setattr("te_assets.lake.reconciliation.compute", computed_while_a_run_swaps)

    assert found(client) == [Deviation("te_marts.stops", DAYS.first, 1)]
