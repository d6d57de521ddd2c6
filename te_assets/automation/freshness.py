"""How fresh assets must be, by the site's policies; Dagster's evaluator knows only when one was materialized."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import dagster as dg

if TYPE_CHECKING:
    from te_assets.site.model import Site

_A_DAY = timedelta(days=1)


def fresh_within(site: Site) -> timedelta:
    """How old the newest data of a plant may be."""
    return timedelta(hours=float(site.policies.fresh_within_hours))


def load_freshness(site: Site) -> dg.FreshnessPolicy:
    """Of what is loaded as it comes: raw rows and their history."""
    return dg.FreshnessPolicy.time_window(fail_window=fresh_within(site))


def mart_freshness(site: Site) -> dg.FreshnessPolicy:
    """Of figures: restated once a day by the time that the site names, on the first plant's clock."""
    hour, minute = site.policies.figures_due.split(":")
    return dg.FreshnessPolicy.cron(
        deadline_cron=f"{int(minute)} {int(hour)} * * *", lower_bound_delta=_A_DAY, timezone=site.plants[0].time_zone
    )
