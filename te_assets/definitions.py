"""The one Definitions object: what `workspace.yaml` loads."""

from __future__ import annotations

import warnings

import dagster as dg

from te_assets.assets.marts import mart_assets
from te_assets.assets.raw import raw_assets
from te_assets.assets.staging import staging_assets
from te_assets.assets.topics import topic_assets
from te_assets.automation.alerts import alert_sensors
from te_assets.automation.checks import health_checks, health_job
from te_assets.automation.compacting import lake_jobs
from te_assets.automation.fetching import fetching
from te_assets.automation.freshness import load_freshness, mart_freshness
from te_assets.automation.jobs import jobs
from te_assets.automation.reconciling import reconcile_job, reconciliation_checks
from te_assets.automation.retraction import retract_job
from te_assets.automation.schedules import schedules
from te_assets.automation.sensors import sensors
from te_assets.automation.upkeep import upkeep_job
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource

# Backfill policies are marked as beta in this Dagster; the warning at every import would bury what matters.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

profile = ProfileResource()
site, robot = profile.profile().site(), fetching(profile.profile().folder)
health, reconciliation = health_checks(), reconciliation_checks()
all_jobs = [*jobs(apart=[*health, *reconciliation]), *robot.jobs]

defs = dg.Definitions(
    assets=[
        *robot.sources,
        *topic_assets(),
        *raw_assets(load_freshness(site)),
        *staging_assets(site.since),
        *mart_assets(site.since, mart_freshness(site)),
    ],
    asset_checks=[*health, *reconciliation],
    jobs=[*all_jobs, retract_job(), health_job(health), reconcile_job(reconciliation), upkeep_job(), *lake_jobs()],
    sensors=[*sensors(site.since, all_jobs), *alert_sensors()],
    schedules=[*schedules(site, all_jobs), *robot.schedules],
    # What is launched in the UI runs in its run's process, as our jobs do: a process of its own for each step takes
    # seconds, and two steps at once would be two writers.
    executor=dg.in_process_executor,
    resources={
        "clickhouse": ClickHouseResource(),
        "kafka": KafkaResource(),
        "landing": LandingResource(),
        "profile": profile,
    },
)
