"""Figures as they were: the log of swaps gives back what a mart held at an earlier time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.lake import marts
from te_assets.lake.days import drop_shadow, rows_per_day
from te_assets.lake.marts import LOGGED, Mart, compute, swap, table_of
from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.test_rollups import restate

pytestmark = pytest.mark.stack

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
Contents = dict[Mart, list[Sequence[Any]]]


def now(client: Client) -> datetime:
    moment: datetime = client.query("SELECT now64(6, 'UTC')").result_rows[0][0]
    return moment


def held(client: Client) -> Contents:
    """Every logged mart as it is, but for when and by which run it was computed."""
    select = "SELECT * EXCEPT (refreshed_at, run_id) FROM te_marts.{} ORDER BY ALL"
    return {mart: list(client.query(select.format(mart)).result_rows) for mart in LOGGED}


def as_of(client: Client, moment: datetime) -> Contents:
    select = "SELECT * EXCEPT (refreshed_at, run_id) FROM te_marts.{}_as_of(as_of = '{}') ORDER BY ALL"
    at = moment.strftime("%Y-%m-%d %H:%M:%S.%f")
    return {mart: list(client.query(select.format(mart, at)).result_rows) for mart in LOGGED}


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    workbench = Workbench(clickhouse)
    workbench.apply(site(lines={"L": ("series", ["M1"])}))
    workbench.cover(utc("2026-03-01 05:00"), utc("2026-03-04 05:00"))
    return workbench


def fill(bench: Workbench, hours: int, good: int) -> None:
    """Stops and confirmations of both days in place of those before."""
    for model in ("interactions", "confirmations"):
        for table in (model, f"{model}_history"):
            bench.client.command(f"TRUNCATE TABLE te_staging.{table}")
    for day in (MONDAY, TUESDAY):
        if hours:
            bench.stop(f"{day}", utc(f"{day} 05:00"), utc(f"{day} {5 + hours:02}:00"), "T")
        if good:
            bench.confirm(
                f"{day}", good_qty=Decimal(good), scrap_qty=Decimal(1), scrap_reason_code="7", production_day=day
            )
    bench.store()


def test_what_was_shown_at_each_time_comes_back(bench: Workbench) -> None:
    """Figures change, appear, vanish and change again; one restatement touches one day only."""
    before = now(bench.client)
    snapshots: list[tuple[datetime, Contents]] = []
    for hours, good, last in ((1, 9, TUESDAY), (2, 9, TUESDAY), (0, 0, TUESDAY), (3, 4, MONDAY), (3, 4, TUESDAY)):
        fill(bench, hours, good)
        restate(bench.client, first=MONDAY, last=last)
        snapshots.append((now(bench.client), held(bench.client)))
    assert len({repr(contents) for _, contents in snapshots}) == 5
    assert all(rows == [] for rows in as_of(bench.client, before).values())
    for moment, contents in snapshots:
        assert as_of(bench.client, moment) == contents


def test_a_restatement_that_changes_nothing_adds_nothing_to_the_log(bench: Workbench) -> None:
    fill(bench, 1, 9)
    restate(bench.client, first=MONDAY, last=TUESDAY)
    before = {mart: bench.client.query(f"SELECT count() FROM te_marts.{mart}_log").result_rows for mart in LOGGED}
    restate(bench.client, first=MONDAY, last=TUESDAY)
    after = {mart: bench.client.query(f"SELECT count() FROM te_marts.{mart}_log").result_rows for mart in LOGGED}
    assert before == after
    assert all(rows[0][0] > 0 for rows in after.values())


def test_a_run_killed_between_log_and_swap_was_never_shown(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench, 1, 9)
    restate(bench.client, "availability", first=MONDAY, last=MONDAY)
    shown = held(bench.client)
    fill(bench, 4, 9)
    with monkeypatch.context() as patch:
        patch.setattr(marts, "swap_days", killed)
        run_id = uuid4().hex
        compute(bench.client, ["availability"], MONDAY, MONDAY, run_id=run_id)
        with pytest.raises(KeyboardInterrupt):
            swap(bench.client, "availability", run_id, [MONDAY])
        drop_shadow(bench.client, table_of("availability"), run_id)
    assert as_of(bench.client, now(bench.client))["availability"] == shown["availability"]

    restate(bench.client, "availability", first=MONDAY, last=MONDAY)
    assert as_of(bench.client, now(bench.client))["availability"] == held(bench.client)["availability"]
    assert held(bench.client)["availability"] != shown["availability"]


def killed(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


def test_days_that_were_not_swapped_stay_in_the_past_as_well(bench: Workbench) -> None:
    fill(bench, 1, 9)
    restate(bench.client, first=MONDAY, last=TUESDAY)
    assert rows_per_day(bench.client, "te_marts.availability_log", [MONDAY, TUESDAY]) == {MONDAY: 1, TUESDAY: 1}
