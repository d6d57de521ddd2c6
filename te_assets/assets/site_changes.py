"""The site profile in the asset graph: made to count by each run, and which production days it left stale."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import dagster as dg

from te_assets.assets.graph import MARTS, MODELS, production_day_partitions

if TYPE_CHECKING:
    from datetime import date

    from clickhouse_connect.driver.client import Client

    from te_assets.lake.marts import Mart
    from te_assets.profile import Applied, Profile

SITE_CHECK = "site_profile_applied"


def site_check_spec(mart: Mart) -> dg.AssetCheckSpec:
    """The check of a mart that tells which of its days have figures of an earlier site profile."""
    return dg.AssetCheckSpec(
        SITE_CHECK,
        asset=["marts", mart],
        description="No production day has figures of an earlier site profile; stale days wait to be restated.",
    )


def apply_profile(context: dg.AssetExecutionContext, client: Client, profile: Profile) -> None:
    """Make the profile count for this run; where it changed, its stale days turn stale in the UI.

    Raises:
        SiteError: site.yaml is faulty.
        ContractError: A contract is faulty, or a used version was edited.
    """
    report_stale_days(context.instance, client, profile.apply(client, run_id=context.run.run_id), profile.site().since)


def report_stale_days(instance: dg.DagsterInstance, client: Client, applied: Applied, since: date) -> None:
    """Give each day that a changed profile made stale a new data version, and each of its marts a failed check."""
    if not applied.stale:
        return
    partitions = set(production_day_partitions(since).get_partition_keys())
    version = f"site-{applied.change.hash[:12]}-{datetime.now(UTC):%Y%m%dT%H%M%S.%f}"
    for model in MODELS:
        days = {day.production_day for day in applied.stale if day.model == model}
        for day in sorted({day.isoformat() for day in days} & partitions):
            instance.report_runless_asset_event(
                dg.AssetMaterialization(
                    ["staging", f"{model}_days"], partition=day, tags={"dagster/data_version": version}
                )
            )
        for mart in MARTS[model] if days else ():
            result = site_check(client, mart)
            instance.report_runless_asset_event(
                dg.AssetCheckEvaluation(
                    asset_key=dg.AssetKey(["marts", mart]),
                    check_name=SITE_CHECK,
                    passed=result.passed,
                    metadata=result.metadata,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=result.description,
                    blocking=False,
                )
            )


def site_check(client: Client, mart: Mart) -> dg.AssetCheckResult:
    """Whether all days of a mart have figures of the profile that counts."""
    from te_assets.lake.marts import table_of
    from te_assets.lake.stale import stale

    found = stale(client, table_of(mart))
    metadata: dict[str, Any] = {"stale days": sum(one.days for one in found)}
    for one in found:
        metadata |= {"first": one.first.isoformat(), "last": one.last.isoformat(), "why": "\n".join(one.why)}
    return dg.AssetCheckResult(
        passed=not found,
        asset_key=dg.AssetKey(["marts", mart]),
        check_name=SITE_CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{found[0]}. Restate them: te-assets backfill {found[0].first} {found[0].last}" if found else None,
        metadata=metadata,
    )
