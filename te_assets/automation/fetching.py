"""The robot's part of the graph: an asset and a job per portal and, where its file has a cron line, a schedule."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
from dagster._check import CheckError

from te_assets.assets.excel import excel_assets
from te_assets.assets.portals import portal_assets, portal_key
from te_assets.automation.jobs import Job

if TYPE_CHECKING:
    from te_assets.robot.portal_file import Portal


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Fetching:
    """What the portals of a site bring into the graph: themselves, and the workbooks that come after them."""

    sources: Sequence[dg.AssetsDefinition | dg.AssetSpec]
    jobs: Sequence[Job]
    schedules: Sequence[dg.ScheduleDefinition]


def fetching(site: Path) -> Fetching:
    """Of the portal files of a site folder; what is wrong with one is logged, and takes nothing else along."""
    from te_assets.robot.at_home import portals_of

    portals = portals_of(site, log.warning)
    return Fetching(
        sources=[*portal_assets(portals), *excel_assets(portals)],
        jobs=fetch_jobs(portals),
        schedules=[*fetch_schedules(portals, log.warning)],
    )


def fetch_jobs(portals: Sequence[Portal]) -> list[Job]:
    """One job per portal."""
    return [
        dg.define_asset_job(
            fetch_name(portal),
            selection=dg.AssetSelection.assets(portal_key(portal)),
            executor_def=dg.in_process_executor,
            description=f"Fetch what is missing from {portal.url} and deliver it.",
        )
        for portal in portals
    ]


def fetch_schedules(portals: Sequence[Portal], say: Callable[[str], None]) -> Iterator[dg.ScheduleDefinition]:
    """One schedule per portal that names when; it runs by default, by the portal's clock."""
    for portal in portals:
        if portal.schedule is None:
            continue
        try:
            yield dg.ScheduleDefinition(
                name=fetch_name(portal),
                job_name=fetch_name(portal),
                cron_schedule=portal.schedule,
                execution_timezone=portal.zone,
                default_status=dg.DefaultScheduleStatus.RUNNING,
                description=f"The robot fetches from {portal.url}.",
            )
        except (dg.DagsterInvalidDefinitionError, CheckError):  # one portal's fault must not take the graph along
            say(
                f"portal {portal.name}: schedule {portal.schedule!r} is no cron line, so it is fetched from by hand "
                "alone. Correct it in its portal file."
            )


def fetch_name(portal: Portal) -> str:
    """Name of a portal's job and schedule: `fetch_sap_web`."""
    return "fetch_" + re.sub("[^a-z0-9]", "_", portal.name)
