"""What is asked for by the clock of a plant."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from te_assets.automation.jobs import jobs
from te_assets.automation.schedules import days_to_refresh, schedules
from te_assets.lake.touched import DayRange
from te_assets.site.model import Site

BERLIN = ZoneInfo("Europe/Berlin")
PLANTS = [
    {"id": "1000", "time_zone": "Europe/Berlin", "production_day_starts": "06:00", "work_centers": [{"id": "PRS01"}]},
    {"id": "2/0", "time_zone": "America/Chicago", "production_day_starts": "23:50", "work_centers": [{"id": "PRS01"}]},
]


def site(since: str = "2026-01-01") -> Site:
    return Site.model_validate({"name": "Two", "since": since, "plants": PLANTS})


def test_each_plant_is_refreshed_by_its_own_clock_after_its_day_has_ended() -> None:
    found = {schedule.name: schedule for schedule in schedules(site(), jobs())}

    assert {name: (one.cron_schedule, one.execution_timezone) for name, one in found.items()} == {
        "refresh_interactions_1000": ("15 6 * * *", "Europe/Berlin"),
        "refresh_confirmations_1000": ("15 6 * * *", "Europe/Berlin"),
        "refresh_interactions_2_0": ("5 0 * * *", "America/Chicago"),
        "refresh_confirmations_2_0": ("5 0 * * *", "America/Chicago"),
        "health": ("*/15 * * * *", None),
        "months": ("5-59/15 * * * *", None),
        "reconcile": ("30 2 * * *", "Europe/Berlin"),
        "upkeep": ("30 3 * * *", "Europe/Berlin"),
        "compaction": ("0 4 * * *", "Europe/Berlin"),
    }
    assert {one.default_status for one in found.values()} == {dg.DefaultScheduleStatus.RUNNING}


def tick(name: str, at: datetime, since: str = "2026-01-01") -> dg.RunRequest | str | None:
    (schedule,) = [one for one in schedules(site(since), jobs()) if one.name == name]
    with dg.DagsterInstance.ephemeral() as instance:
        data = schedule.evaluate_tick(dg.build_schedule_context(instance, scheduled_execution_time=at))
    return data.run_requests[0] if data.run_requests else data.skip_message


def test_the_ended_and_the_begun_production_day_are_restated_before_backfills() -> None:
    asked = tick("refresh_interactions_1000", datetime(2026, 3, 9, 6, 15, tzinfo=BERLIN))

    assert isinstance(asked, dg.RunRequest)
    assert asked.run_key == "1000@2026-03-09"
    tags = {name: value for name, value in asked.tags.items() if not name.startswith("dagster/schedule")}
    assert tags == {
        "dagster/asset_partition_range_start": "2026-03-08",
        "dagster/asset_partition_range_end": "2026-03-09",
        "dagster/priority": "10",
    }


def test_before_the_first_production_day_has_ended_there_is_nothing_to_refresh() -> None:
    at = datetime(2026, 3, 9, 6, 15, tzinfo=BERLIN)

    assert tick("refresh_interactions_1000", at, since="2026-03-09") == (
        "production days begin on 2026-03-09 (since in site.yaml)"
    )
    assert isinstance(tick("refresh_interactions_1000", at, since="2026-03-08"), dg.RunRequest)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        (datetime(2026, 3, 9, 5, 15, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 9, 4, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 3, 29, 4, 15, tzinfo=UTC), date(2026, 3, 28)),  # clocks went forward at one
        (datetime(2026, 10, 25, 5, 15, tzinfo=UTC), date(2026, 10, 24)),
    ],
)
def test_production_days_are_those_of_the_plant(now: datetime, first: date) -> None:
    plant = site().plants[0]

    assert days_to_refresh(plant, now) == DayRange(first, date.fromordinal(first.toordinal() + 1))
