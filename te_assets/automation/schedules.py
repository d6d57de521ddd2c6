"""What happens by the clock, each in the time zone of its plant: refreshes, looks at the whole, reconciliation."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final

import dagster as dg

from te_assets.assets.graph import MODELS
from te_assets.automation.checks import HEALTH_JOB
from te_assets.automation.compacting import COMPACTION_JOB, MONTHS_JOB
from te_assets.automation.jobs import LIVE_PRIORITY, Job, job_name, range_tags
from te_assets.automation.reconciling import RECONCILE_JOB
from te_assets.automation.upkeep import UPKEEP_JOB
from te_assets.contracts.layout import Model
from te_assets.lake.touched import DayRange
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.site.calendar import production_day_at
from te_assets.site.model import Plant, Site

_MINUTES_PER_DAY: Final = 24 * 60
_NIGHTLY: Final = (  # job, when by the first plant's clock, what for
    (RECONCILE_JOB, "30 2 * * *", "The figures of the last days are computed once more and compared with those shown."),
    (UPKEEP_JOB, "30 3 * * *", "Old runs are deleted when few look at them."),
    (COMPACTION_JOB, "0 4 * * *", "What loads left in pieces is merged, after the reconciliation has read it."),
)
_AFTER_DAY_MINUTES: Final = 15  # a production day ends with its last shift; exports of it take a while


def schedules(site: Site, jobs: Sequence[Job]) -> list[dg.ScheduleDefinition]:
    """All schedules; each runs by default."""
    by_name = {job.name: job for job in jobs}
    refreshes = [
        _refresh(plant, site.since, model, by_name[job_name("restate", model)])
        for plant in site.plants
        for model in MODELS
    ]
    zone = site.plants[0].time_zone
    nightly = [_nightly(job, at, zone, why) for job, at, why in _NIGHTLY]
    return [*refreshes, _health(), _months(), *nightly]


def _refresh(plant: Plant, since: date, model: Model, job: Job) -> dg.ScheduleDefinition:
    minute = (plant.day_start_minute + _AFTER_DAY_MINUTES) % _MINUTES_PER_DAY

    @dg.schedule(
        name=f"refresh_{model}_{_identifier(plant.id)}",
        job=job,
        cron_schedule=f"{minute % 60} {minute // 60} * * *",
        execution_timezone=plant.time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=(
            f"Plant {plant.id}: restates the production day that has ended and the one that has begun, so that shifts "
            "that nobody delivered for are shown as such."
        ),
    )
    def refresh(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        now = context.scheduled_execution_time
        days = days_to_refresh(plant, now)
        if days.first < since:
            return dg.SkipReason(f"production days begin on {since} (since in site.yaml)")
        return dg.RunRequest(f"{plant.id}@{now:%Y-%m-%d}", tags={**range_tags(days), **LIVE_PRIORITY})

    return refresh


def days_to_refresh(plant: Plant, now: datetime) -> DayRange:
    """The production day that has begun at a plant and the one before."""
    begun = production_day_at(plant, now)
    return DayRange(begun - timedelta(days=1), begun)


def _health() -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=HEALTH_JOB,
        job_name=HEALTH_JOB,
        cron_schedule="*/15 * * * *",
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Looks at all of the lake every quarter of an hour.",
    )


def _months() -> dg.ScheduleDefinition:
    @dg.schedule(
        name=MONTHS_JOB,
        job_name=MONTHS_JOB,
        cron_schedule="5-59/15 * * * *",  # between the looks of health
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Every quarter of an hour, where days changed, their months are copied for readers of long ranges.",
    )
    def months(context: dg.ScheduleEvaluationContext, clickhouse: ClickHouseResource) -> dg.RunRequest | dg.SkipReason:
        from te_assets.lake.months import months_due

        with clickhouse.writer() as lake:
            due = months_due(lake, context.scheduled_execution_time.astimezone(UTC))
        if not due:
            return dg.SkipReason("each month has been copied since its days changed, or they still change")
        return dg.RunRequest(f"{context.scheduled_execution_time:%Y-%m-%dT%H:%M}")

    return months


def _nightly(job: str, cron_schedule: str, time_zone: str, description: str) -> dg.ScheduleDefinition:
    return dg.ScheduleDefinition(
        name=job,
        job_name=job,
        cron_schedule=cron_schedule,
        execution_timezone=time_zone,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description=description,
    )


def _identifier(name: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "_" for letter in name)
