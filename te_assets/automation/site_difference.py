"""What an edited site profile would change, before it counts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from te_assets.errors import SiteError
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.site.profile import ProfileFaulty, parse_site
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.lake.preview import Difference
    from te_assets.lake.stale import AffectedDay
    from te_assets.site.model import Site


@dataclass(frozen=True)
class SiteDifference:
    """Days and figures that a profile would change.

    Attributes:
        counts: Hash of the profile that counts; None where none was applied yet.
        edited: Hash of the one that was looked at.
        days: Production days whose figures it can change.
        differences: Rows of figures that it would change.
        totals: Sums over all rows of these days.
        notes: What a person should know besides.
    """

    counts: str | None
    edited: str
    days: list[AffectedDay] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    totals: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def site_difference(settings: Settings, profile: Profile) -> SiteDifference:
    """Compute the affected days under a profile in shadows and compare them with the figures shown.

    Raises:
        SiteError: The profile is faulty, or the databases know no site profiles yet.
        StackError: ClickHouse does not answer.
    """
    site = profile.site()
    with closing(clickhouse_client(clickhouse_endpoint(settings), send_receive_timeout=600)) as client:
        if not client.command("EXISTS TABLE te_ops.stale_days"):
            raise SiteError(
                "site diff: the databases are not there yet, or of an older version. Run: te-assets migrate"
            )
        return difference(client, site)


def difference(client: Client, site: Site) -> SiteDifference:
    """As `site_difference`, with a client at hand."""
    from te_assets.lake.preview import preview
    from te_assets.lake.stale import affected_days
    from te_assets.site.tables import horizon, site_shadows

    known = client.query("SELECT hash, yaml FROM te_ops.site_versions ORDER BY applied_at DESC LIMIT 1").result_rows
    if not known:
        return SiteDifference(None, site.hash, notes=["no profile counts yet, so there are no figures to compare with"])
    counts = known[0][0].decode() if isinstance(known[0][0], bytes) else str(known[0][0])
    notes = list(_notes(known[0][1], site))
    with site_shadows(client, site, horizon(site, datetime.now(UTC).date())) as shadows:
        days = affected_days(client, shadows.suffix)
        if not days:
            return SiteDifference(counts, site.hash, notes=notes)
        found = preview(client, days, {f"te_ops.{table}": shadows.of(table) for table in shadows.tables})
    return SiteDifference(counts, site.hash, days, found.differences, found.totals, notes)


def _notes(applied: str, site: Site) -> Iterator[str]:
    try:
        before = parse_site(applied)
    except ProfileFaulty:
        yield "the profile that counts was written under other rules and is compared by its tables alone"
        return
    if before.places() != site.places():
        yield (
            "plants, clocks or names of work centers differ: rows that are typed already keep the plant, instants and "
            "days that they were typed with, until te-assets reprocess SOURCE types them again"
        )
    if before.policies.operator != site.policies.operator:
        yield "the policy operator holds for files that are read from now on; what is in Kafka and raw stays as it is"
