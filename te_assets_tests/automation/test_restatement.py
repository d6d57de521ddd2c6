"""What a delivery restates, counted in ClickHouse and in Dagster: the production days that it touches, and no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg
import pytest
from clickhouse_connect.driver.client import Client

from te_assets.assets.graph import MARTS
from te_assets.automation.ingesting import restate_waiting
from te_assets.automation.launch import Launcher
from te_assets.lake.history import type_history
from te_assets.lake.models import MODELS, LakeModel
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.confirmations import confirmed
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

CONTRACTS = {"interactions": "operator_log@2", "confirmations": "sap_confirmations@2"}
TABLES = {model: {f"te_staging.{model}", *(f"te_marts.{mart}" for mart in marts)} for model, marts in MARTS.items()}
Days = dict[str, list[int]]


def day(number: int) -> str:
    return date(2026, 3, number).isoformat()


def stop(number: int, starts: str, ends: str) -> dict[str, Any]:
    place = {"plant": "1000", "work_center": "PRS01", "reason_code": "110"}
    return {**place, "interaction_id": str(number), "started_at": starts, "ended_at": ends}


def order(number: int, on: int, counter: str = "1", **more: Any) -> dict[str, Any]:
    """A confirmation of an order of its own."""
    place = {"work_center": "PRS01", "order_id": str(number), "confirmation": str(number)}
    return confirmed(day(on), counter, **place, **more)


@dataclass
class Plant:
    """Deliveries straight into raw; what waits is restated by the Dagster jobs, partition by partition."""

    settings: Settings
    client: Client
    launcher: Launcher
    instance: dg.DagsterInstance
    logs: dict[str, RawLog] = field(default_factory=dict)

    def deliver(self, model: str, name: str, exported: int, *rows: dict[str, Any]) -> Days:
        """Model → days of March 2026 that the delivery made Dagster recompute; every table of a model alike."""
        lake_model: LakeModel = MODELS[model]
        log = self.logs.setdefault(model, RawLog(self.client, lake_model, CONTRACTS[model]))
        profile = Profile.of(self.settings)
        profile.apply(self.client)
        log.file(name, datetime(2026, 4, exported, tzinfo=UTC), rows)
        type_history(self.client, lake_model, profile.typing(lake_model.name), run_id="test")  # type: ignore[arg-type]
        before = self.client.query("SELECT now64(6, 'UTC')").result_rows[0][0]
        runs = set(self.instance.get_run_ids())
        restate_waiting(self.client, self.launcher, self.instance, self.settings, lambda _: None)
        swapped = self._swapped(before)
        assert self._materialized(runs) == swapped
        return swapped

    def _swapped(self, since: datetime) -> Days:
        found = self.client.query(
            "SELECT table, production_day, count() FROM te_ops.swaps "
            "WHERE at >= {since:DateTime64(6, 'UTC')} GROUP BY ALL",
            parameters={"since": since},
        ).result_rows
        assert {swaps for *_, swaps in found} <= {1}  # none is recomputed twice
        days = {
            table: sorted(on.day for other, on, _ in found if other == table)
            for tables in TABLES.values()
            for table in tables
        }
        for tables in TABLES.values():
            assert len({tuple(days[table]) for table in tables}) == 1
        return {model: days[f"te_staging.{model}"] for model in TABLES}

    def _materialized(self, before: set[str]) -> Days:
        """The same as the partitions that Dagster says it materialized."""
        days: dict[str, set[int]] = {model: set() for model in TABLES}
        for run_id in set(self.instance.get_run_ids()) - before:
            for entry in self.instance.all_logs(run_id):
                event = entry.dagster_event
                if event is None or not event.is_step_materialization or event.asset_key is None:
                    continue
                for model in TABLES:
                    if event.asset_key == dg.AssetKey(["staging", model]):
                        days[model].add(date.fromisoformat(str(event.partition)).day)
        return {model: sorted(found) for model, found in days.items()}

    def scrap(self) -> list[tuple[int, int, int]]:
        """(day, confirmations, scrap) of the mart."""
        rows = self.client.query(
            "SELECT production_day, sum(confirmations), sum(scrap_qty) FROM te_marts.scrap_rate GROUP BY 1 ORDER BY 1"
        ).result_rows
        return [(on.day, int(confirmations), int(scrap)) for on, confirmations, scrap in rows]

    def down(self) -> dict[int, float]:
        """Day → seconds of unplanned stops of PRS01 that fall into shifts."""
        rows = self.client.query(
            "SELECT production_day, sum(unplanned_down_seconds) AS down FROM te_marts.availability "
            "WHERE work_center = 'PRS01' GROUP BY 1 HAVING down > 0 ORDER BY 1"
        ).result_rows
        return {on.day: float(seconds) for on, seconds in rows}


@pytest.fixture
def plant_of_march(plant: Stack) -> Iterator[Plant]:
    launcher = Launcher(plant.settings)
    with launcher.session() as instance:
        yield Plant(plant.settings, plant.clickhouse, launcher, instance)


@pytest.mark.long
def test_a_later_export_restates_the_days_of_its_rows(plant_of_march: Plant) -> None:
    """Each of its rows is a newer version: where a figure comes from changes even where the figure does not."""
    stops = [stop(n, f"{day(n)}T08:00:00", f"{day(n)}T09:00:00") for n in range(2, 21)]
    assert plant_of_march.deliver("interactions", "log.xlsx", 1, *stops) == {
        "interactions": list(range(2, 21)),
        "confirmations": [],
    }
    plant_of_march.deliver("confirmations", "list.xlsx", 1, *(order(n, n) for n in range(2, 21)))

    longer = stop(5, f"{day(5)}T08:00:00", f"{day(5)}T10:00:00")
    assert plant_of_march.deliver("interactions", "later log.xlsx", 2, longer, stops[10]) == {
        "interactions": [5, 12],
        "confirmations": [],
    }
    # an execution explains busy time without a stop
    assert plant_of_march.deliver("confirmations", "later list.xlsx", 2, order(12, 12, scrap_qty=9)) == {
        "interactions": [12],
        "confirmations": [12],
    }
    assert [scrap for *_, scrap in plant_of_march.scrap()] == [4] * 10 + [9] + [4] * 8
    worked = [n for n in range(2, 21) if n not in (8, 15)]  # no shift on Sundays
    assert plant_of_march.down() == {n: 7200 if n == 5 else 3600 for n in worked}


@pytest.mark.long
def test_a_stop_of_sixty_hours_restates_each_day_that_it_reaches(plant_of_march: Plant) -> None:
    around = [stop(n, f"{day(n)}T08:00:00", f"{day(n)}T08:30:00") for n in (2, 13)]
    plant_of_march.deliver("interactions", "log.xlsx", 1, *around)
    weekend = stop(7, f"{day(5)}T20:00:00", f"{day(8)}T08:00:00")  # Thursday evening to Sunday morning

    assert plant_of_march.deliver("interactions", "late.xlsx", 2, weekend)["interactions"] == [5, 6, 7, 8]
    long = plant_of_march.down()
    short = stop(7, f"{day(5)}T20:00:00", f"{day(5)}T21:00:00")
    assert plant_of_march.deliver("interactions", "corrected.xlsx", 3, short)["interactions"] == [5, 6, 7, 8]

    assert {on: long[on] for on in (2, 13)} == {2: 1800, 13: 1800}
    assert long[5] + long[6] > 24 * 3600
    assert plant_of_march.down() == {2: 1800, 5: 3600, 13: 1800}


@pytest.mark.long
def test_a_reversal_that_arrives_before_its_original(plant_of_march: Plant) -> None:
    other = order(2, 3)
    reversal = order(1, 19, counter="2", cancelled_counter="1")
    assert plant_of_march.deliver("confirmations", "other.xlsx", 1, other)["confirmations"] == [3]
    assert plant_of_march.deliver("confirmations", "late.xlsx", 3, reversal)["confirmations"] == [19]
    assert plant_of_march.scrap() == [(3, 1, 4)]

    assert 3 in plant_of_march.deliver("confirmations", "early.xlsx", 2, order(1, 3))["confirmations"]
    assert plant_of_march.scrap() == [(3, 1, 4)]
    assert plant_of_march.deliver("confirmations", "right.xlsx", 4, order(1, 4, counter="3", scrap_qty=1))
    assert plant_of_march.scrap() == [(3, 1, 4), (4, 1, 1)]
