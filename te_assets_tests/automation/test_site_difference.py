"""What an edited profile would change is what it does change, and looking at it changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from clickhouse_connect.driver.client import Client

from te_assets.automation.site_difference import SiteDifference, difference
from te_assets.lake import marts
from te_assets.lake.current import restate_current
from te_assets.lake.days import drop_shadow, swap_days
from te_assets.lake.models import MODELS
from te_assets.lake.preview import FIGURES
from te_assets.lake.touched import DayRange
from te_assets.site.model import Site
from te_assets_tests.lake.conftest import clickhouse
from te_assets_tests.lake.marts_workbench import Workbench, site, utc

__all__ = ["clickhouse"]
pytestmark = [pytest.mark.stack, pytest.mark.long]

WEEK = DayRange(date(2026, 3, 2), date(2026, 3, 6))
BASE = site(["M1", "M2"])
PARTS = BASE.model_dump(by_alias=True)
DAY = PARTS["calendars"]["day"]


def changed(**parts: Any) -> Site:
    return Site.model_validate({**PARTS, **parts})


def restate(client: Client, run_id: str) -> None:
    for model, names in marts.MARTS_OF.items():
        restate_current(client, MODELS[model], WEEK, run_id=run_id)
        marts.compute(client, names, WEEK.first, WEEK.last, run_id=run_id)
        for mart in names:
            swap_days(client, f"te_marts.{mart}", run_id, WEEK.days)
            drop_shadow(client, f"te_marts.{mart}", run_id)


@pytest.fixture
def bench(clickhouse: Client) -> Workbench:
    """A week with a stop on Tuesday, a set-up from Wednesday to Thursday and rework on Friday."""
    workbench = Workbench(clickhouse)
    workbench.apply(BASE)
    workbench.stop("1", utc("2026-03-03 06:00"), utc("2026-03-03 07:00"), "T")
    workbench.stop("2", utc("2026-03-04 12:00"), utc("2026-03-05 06:00"), "S")
    quantities = {"good_qty": Decimal(80), "scrap_qty": Decimal(10), "rework_qty": Decimal(10)}
    workbench.confirm("1", finished_at=utc("2026-03-06 08:00"), **quantities)
    workbench.cover(utc("2026-03-02 05:00"), utc("2026-03-07 05:00"), work_center="")
    workbench.store()
    restate(clickhouse, "first")
    return workbench


def everything(client: Client) -> dict[str, Any]:
    """All rows that anyone may read, and the names of all tables."""
    tables = client.query(
        "SELECT concat(database, '.', name), engine FROM system.tables "
        "WHERE database IN ('te_marts', 'te_staging', 'te_ops') ORDER BY 1"
    ).result_rows
    return {
        name: client.query(f"SELECT count(), sum(cityHash64(*)) FROM {name}").result_rows if engine != "View" else None
        for name, engine in tables
    }


def shown(client: Client) -> dict[tuple[str, ...], list[Decimal]]:
    """Every figure that is compared, as it is shown."""
    found = {}
    for figure in (figure for figures in FIGURES.values() for figure in figures):
        keys = [f"ifNull(toString({key}), '')" for key in figure.keys]
        values = [f"sum(toDecimal128({name}, 3))" for name in figure.values]
        sql = f"SELECT {', '.join([*keys, *values])} FROM te_marts.{figure.mart} GROUP BY {', '.join(keys)}"
        for row in client.query(sql).result_rows:
            found[(figure.mart, *row[: len(keys)])] = list(row[len(keys) :])
    return found


CHANGES: dict[str, dict[str, Any]] = {
    "class": {"reasons": {**PARTS["reasons"], "S": {"class": "planned"}}},
    "class within down time": {"reasons": {**PARTS["reasons"], "T": {"class": "organisational"}}},
    "holiday": {"calendars": {**PARTS["calendars"], "day": {**DAY, "holidays": ["2026-03-03"]}}},
    "a shift more": {
        "plants": [
            {**PARTS["plants"][0], "work_centers": [{"id": name, "calendar": "shifts"} for name in ("M1", "M2")]},
        ]
    },
    "a machine more": {
        "plants": [
            {**PARTS["plants"][0], "work_centers": [{"id": name, "calendar": "day"} for name in ("M1", "M2", "M3")]},
        ]
    },
    "short stops": {"policies": {"short_stop_minutes": 90, "short_stops": "performance"}},
    "rework": {"policies": {"rework_in_produced": False}},
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_told_is_what_then_happens(bench: Workbench, change: str) -> None:
    client, edited = bench.client, changed(**CHANGES[change])
    before, figures = everything(client), shown(client)

    told = difference(client, edited)

    assert everything(client) == before
    bench.apply(edited)
    restate(client, "second")
    then = shown(client)
    happened = {key for key in figures | then if figures.get(key) != then.get(key)}
    assert happened
    assert {(d.figure, *d.place.values()) for d in told.differences} == happened
    for one in told.differences:
        key = (one.figure, *one.place.values())
        assert (list(one.before.values()) if one.before else None) == figures.get(key)
        assert (list(one.after.values()) if one.after else None) == then.get(key)
    assert {day.production_day for day in told.days} >= {date.fromisoformat(key[3]) for key in happened}


def test_figures_of_a_set_up_that_becomes_planned(bench: Workbench) -> None:
    told = difference(bench.client, changed(**CHANGES["class"]))

    (wednesday,) = [
        d for d in told.differences if d.figure == "availability" and d.place["production_day"] == "2026-03-04"
    ]
    assert wednesday.place == {
        "plant": "1000",
        "work_center": "M1",
        "production_day": "2026-03-04",
        "shift": "early",
    }
    # an hour of set-up at the end of a shift of seven busy hours; then six busy hours without any loss
    assert wednesday.before is not None
    assert wednesday.after is not None
    names = ("planned_busy_seconds", "setup_seconds", "production_seconds")
    assert [wednesday.before[name] for name in names] == [25200, 3600, 21600]
    assert [wednesday.after[name] for name in names] == [21600, 0, 21600]
    (total,) = [total for total in told.totals if total.figure == "availability"]
    assert total.before is not None
    assert total.after is not None
    # two machines on Wednesday and Thursday; on Thursday the set-up takes the first hour of M1
    assert [total.before[name] for name in names] == [4 * 25200, 7200, 4 * 25200 - 7200]
    assert [total.after[name] for name in names] == [4 * 25200 - 7200, 0, 4 * 25200 - 7200]


def test_rework_outside_of_produced_raises_the_scrap_rate(bench: Workbench) -> None:
    told = difference(bench.client, changed(**CHANGES["rework"]))

    (row,) = told.differences
    assert row.before is not None
    assert row.after is not None
    assert [row.before["scrap_qty"], row.before["produced_qty"], row.after["produced_qty"]] == [10, 100, 90]
    assert [(day.production_day, day.why) for day in told.days] == [(date(2026, 3, 6), ("policy rework_in_produced",))]


def test_the_profile_that_counts_changes_nothing(bench: Workbench) -> None:
    told = difference(bench.client, BASE)

    assert told == SiteDifference(BASE.hash, BASE.hash)


def test_without_a_profile_that_counts_there_is_nothing_to_compare(clickhouse: Client) -> None:
    told = difference(clickhouse, BASE)

    assert (told.counts, told.days) == (None, [])
    assert "no profile counts yet" in told.notes[0]


def test_another_clock_says_what_typed_rows_keep(bench: Workbench) -> None:
    told = difference(bench.client, changed(plants=[{**PARTS["plants"][0], "time_zone": "Europe/London"}]))

    assert "te-assets reprocess" in told.notes[0]
    assert {day.production_day for day in told.days} == set(WEEK.days)


def test_shadows_are_gone_after_a_failure(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    from te_assets.lake import preview

    before = everything(bench.client)

    def fails(*arguments: Any, **options: Any) -> str:
        raise RuntimeError("disk full")

    monkeypatch.setattr(preview, "compute", fails)
    with pytest.raises(RuntimeError, match="disk full"):
        difference(bench.client, changed(**CHANGES["class"]))

    assert everything(bench.client) == before
