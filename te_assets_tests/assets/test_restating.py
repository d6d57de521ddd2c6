"""A production day with figures that cannot be right keeps its old ones; its neighbours do not wait for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import dagster as dg
import pytest
from clickhouse_connect.driver.client import Client

from te_assets.automation.jobs import range_tags
from te_assets.definitions import defs
from te_assets.lake import marts
from te_assets.lake.history import type_history
from te_assets.lake.marts import Mart
from te_assets.lake.models import CONFIRMATIONS
from te_assets.lake.touched import DayRange, waiting_days
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

FIRST = date(2026, 3, 2)
DAYS = [FIRST + timedelta(days=n) for n in range(5)]
BAD = DAYS[2]
WEEK = DayRange(DAYS[0], DAYS[-1])
CONTRACT = "sap_confirmations@1"
SCRAP_RATE, SCRAP_REASONS = dg.AssetKey(["marts", "scrap_rate"]), dg.AssetKey(["marts", "scrap_reasons"])


def rows(scrap: int) -> list[dict[str, Any]]:
    """One confirmation per day."""
    place = {"plant": "1000", "work_center": "PRS01", "operation": "0010", "counter": "1", "material": "M-1"}
    return [
        {
            **place,
            "order_id": str(n),
            "confirmation": str(n),
            "unit": "ST",
            "good_qty": 90,
            "scrap_qty": scrap,
            "finished_at": f"{day}T12:00:00",
        }
        for n, day in enumerate(DAYS, 1)
    ]


@dataclass
class Week:
    """Five production days of one work center, restated through Dagster."""

    client: Client
    instance: dg.DagsterInstance
    log: RawLog

    def deliver(self, name: str, scrap: int, day: int) -> None:
        """An export of the whole week, typed; its days wait."""
        self.log.file(name, datetime(2026, 3, day, tzinfo=UTC), rows(scrap))
        profile = Profile.of(Settings())
        profile.apply(self.client)
        type_history(self.client, CONFIRMATIONS, profile.typing("confirmations"), run_id="test")

    def restate(self, days: DayRange = WEEK) -> dg.ExecuteInProcessResult:
        job = defs.resolve_job_def("restate_confirmations")
        return job.execute_in_process(instance=self.instance, tags=range_tags(days), raise_on_error=False)

    def scrap(self) -> list[int]:
        """Scrap per day as the mart shows it."""
        found = self.client.query(
            "SELECT production_day, sum(scrap_qty) FROM te_marts.scrap_rate GROUP BY 1 ORDER BY 1"
        ).result_rows
        assert [day for day, _ in found] == DAYS
        return [int(quantity) for _, quantity in found]

    def waiting(self) -> list[date]:
        return list(waiting_days(self.client, "confirmations"))

    def shadows(self) -> list[str]:
        tables = self.client.query("SELECT name FROM system.tables WHERE name LIKE '%\\_\\_%' AND database LIKE 'te%'")
        return [row[0] for row in tables.result_rows]


@pytest.fixture
def week(plant: Stack) -> Iterator[Week]:
    """The week as of the 9th, with 10 pieces of scrap a day, in the marts."""
    with dg.DagsterInstance.ephemeral() as instance:
        made = Week(plant.clickhouse, instance, RawLog(plant.clickhouse, CONFIRMATIONS, CONTRACT))
        made.deliver("a.xlsx", 10, 9)
        assert made.restate().success
        yield made


def double_the_bad_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every mart is computed with the rows of one day twice, as a faulty statement would do it."""
    compute = marts.compute

    def doubled(*arguments: Any, **options: Any) -> Mapping[Mart, str]:
        shadows = compute(*arguments, **options)
        for shadow in shadows.values():
            arguments[0].command(f"INSERT INTO {shadow} SELECT * FROM {shadow} WHERE production_day = '{BAD}'")
        return shadows

    monkeypatch.setattr(marts, "compute", doubled)


def partitions(result: dg.ExecuteInProcessResult, key: dg.AssetKey) -> list[str]:
    """Partitions that a run reports as materialized."""
    events = [event for event in result.all_events if event.is_step_materialization and event.asset_key == key]
    return sorted(str(event.partition) for event in events)


def failure_of(result: dg.ExecuteInProcessResult) -> str:
    """What the failed step of the marts says."""
    (failed,) = [event for event in result.all_node_events if event.is_step_failure]
    assert failed.step_key == "confirmations_marts"
    error = failed.step_failure_data.error
    assert error is not None
    return error.message


def test_a_bad_day_fails_alone_keeps_its_old_figures_and_keeps_waiting(
    week: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One wrong day used to hold back the figures of a whole month."""
    assert (week.scrap(), week.waiting(), week.shadows()) == ([10] * 5, [], [])
    week.deliver("b.xlsx", 20, 10)
    assert week.waiting() == DAYS
    with monkeypatch.context() as faulty:
        double_the_bad_day(faulty)
        result = week.restate()

    assert not result.success
    assert f"Production days {BAD} kept their old figures: {BAD}: " in failure_of(result)
    assert "The other 4 days are in place." in failure_of(result)
    assert week.scrap() == [20, 20, 10, 20, 20]
    assert week.waiting() == [BAD]
    good = [str(day) for day in DAYS if day != BAD]
    assert partitions(result, SCRAP_RATE) == partitions(result, SCRAP_REASONS) == good
    assert partitions(result, dg.AssetKey(["staging", "confirmations"])) == [str(day) for day in DAYS]
    swapped = week.client.query(
        "SELECT DISTINCT table, toString(production_day) FROM te_ops.swaps WHERE run_id = {run:String} "
        "AND table LIKE 'te_marts.%' ORDER BY ALL",
        parameters={"run": result.run_id},
    ).result_rows
    assert swapped == [(table, day) for table in ("te_marts.scrap_rate", "te_marts.scrap_reasons") for day in good]
    assert week.shadows() == []

    evaluations = result.get_asset_check_evaluations()
    checks = {check.asset_key: check for check in evaluations if check.check_name == "figures_add_up"}
    assert set(checks) == {SCRAP_RATE, SCRAP_REASONS}
    assert not checks[SCRAP_RATE].passed
    assert (checks[SCRAP_RATE].description or "").startswith(f"{BAD}: scrap_as_in_staging: 1 rows")
    table = checks[SCRAP_RATE].metadata["findings"]
    assert isinstance(table, dg.TableMetadataValue)
    (finding,) = table.records
    assert (finding.data["day"], finding.data["rows"]) == (str(BAD), 1)

    mended = week.restate(DayRange(BAD, BAD))

    assert mended.success
    assert week.scrap() == [20] * 5
    assert week.waiting() == []
    assert all(check.passed for check in mended.get_asset_check_evaluations())


def test_a_bad_day_alone_fails_as_long_as_it_is_bad_and_changes_nothing(
    week: Week, monkeypatch: pytest.MonkeyPatch
) -> None:
    week.deliver("b.xlsx", 20, 10)
    double_the_bad_day(monkeypatch)
    for _ in range(2):
        result = week.restate(DayRange(BAD, BAD))

        assert not result.success
        assert "The other 0 days are in place." in failure_of(result)
        assert week.scrap() == [10] * 5
        assert week.waiting() == DAYS
        assert partitions(result, SCRAP_RATE) == []


def test_a_day_that_lost_its_rows_is_empty_in_the_marts(week: Week) -> None:
    """The confirmations of a day were corrected to another one."""
    moved = rows(10)
    moved[2]["finished_at"] = f"{DAYS[1]}T13:00:00"
    week.log.file("b.xlsx", datetime(2026, 3, 10, tzinfo=UTC), moved)
    type_history(week.client, CONFIRMATIONS, Profile.of(Settings()).typing("confirmations"), run_id="test")

    assert {DAYS[1], DAYS[2]} <= set(week.waiting())
    assert week.restate().success
    found = week.client.query(
        "SELECT production_day, sum(scrap_qty) FROM te_marts.scrap_rate GROUP BY 1 ORDER BY 1"
    ).result_rows
    assert [(day, int(scrap)) for day, scrap in found] == [
        (DAYS[0], 10),
        (DAYS[1], 20),
        (DAYS[3], 10),
        (DAYS[4], 10),
    ]
