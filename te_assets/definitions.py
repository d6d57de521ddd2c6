"""The one Definitions object: what `workspace.yaml` loads."""

from __future__ import annotations

import warnings

import dagster as dg

from te_assets.assets.excel import excel_assets
from te_assets.assets.marts import mart_assets
from te_assets.assets.raw import raw_assets
from te_assets.assets.staging import staging_assets
from te_assets.assets.topics import topic_assets
from te_assets.automation.jobs import jobs
from te_assets.automation.retraction import retract_job
from te_assets.automation.sensors import sensors
from te_assets.automation.upkeep import upkeep_job, upkeep_schedule
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource

# Backfill policies are marked as beta in this Dagster; the warning at every import would bury what matters.
warnings.filterwarnings("ignore", category=dg.BetaWarning)

profile = ProfileResource()
site = profile.profile().site()
since = site.since
all_jobs = jobs()

defs = dg.Definitions(
    assets=[*excel_assets(), *topic_assets(), *raw_assets(), *staging_assets(since), *mart_assets(since)],
    jobs=[*all_jobs, retract_job(), upkeep_job()],
    schedules=[upkeep_schedule(site.plants[0].time_zone)],
    sensors=sensors(since, all_jobs),
    resources={
        "clickhouse": ClickHouseResource(),
        "kafka": KafkaResource(),
        "landing": LandingResource(),
        "profile": profile,
    },
)
