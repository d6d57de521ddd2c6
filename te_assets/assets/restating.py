"""Body of the mart assets: compute all shadows, check them, swap the good days in, say which failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import dagster as dg

from te_assets.assets.graph import MARTS
from te_assets.assets.reporting import count, kpi_metadata
from te_assets.assets.site_changes import site_check
from te_assets.contracts.layout import Model
from te_assets.lake.touched import DayRange, clear

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.lake.marts import Finding, Mart


def restate_marts(
    context: dg.AssetExecutionContext,
    client: Client,
    model: Model,
    names: Sequence[Mart],
    days: DayRange,
    *,
    check: str,
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    """Restate a range of production days; one bad day fails alone, its neighbours are in place.

    Raises:
        dagster.Failure: At the end, naming the days that kept their old figures and why.
    """
    from te_assets.lake.concurrently import concurrently
    from te_assets.lake.days import drop_shadow
    from te_assets.lake.marts import checks, compute, mart_of_check, swap

    tables = {name: f"te_marts.{name}" for name in names}
    try:
        compute(client, names, days.first, days.last, run_id=context.run.run_id)
        findings = checks(client, names, days.first, days.last, shadow_suffix=context.run.run_id)
        bad = {finding.production_day for finding in findings}
        good = [day for day in days.days if day not in bad]
        swaps = concurrently(partial(swap, client, name, context.run.run_id, good) for name in names)
        rows = dict(zip(names, swaps, strict=True))
    finally:
        for table in tables.values():
            drop_shadow(client, table, context.run.run_id)
    if set(names) == set(MARTS[model]):
        clear(client, model, context.run.run_id, good)

    for name in names:
        key = dg.AssetKey(["marts", name])
        metadata = {
            "rows": sum(rows[name].values()),
            "dagster/row_count": count(client, tables[name]),
            **kpi_metadata(client, name, days),
        }
        if bad:
            for day in good:
                context.log_event(
                    dg.AssetMaterialization(key, partition=day.isoformat(), metadata={"rows": rows[name][day]})
                )
        else:
            if len(good) > 1:
                for day in good:
                    context.add_asset_metadata({"rows": rows[name][day]}, asset_key=key, partition_key=day.isoformat())
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)
        yield _check_result(key, check, [f for f in findings if mart_of_check(f.check) == name])
        yield site_check(client, name)
    if bad:
        listed = ", ".join(str(day) for day in sorted(bad))
        raise dg.Failure(
            f"Production days {listed} kept their old figures: {findings[0]}. The other {len(good)} days are in place."
        )


def report_untouched(client: Client, names: Sequence[Mart], *, check: str) -> Iterator[dg.MaterializeResult[Any]]:
    """What a run says whose production days nobody touched: nothing was restated, the figures stand."""
    for name in names:
        key = dg.AssetKey(["marts", name])
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={"rows": 0, "dagster/row_count": count(client, f"te_marts.{name}")},
            check_results=[_check_result(key, check, []), site_check(client, name)],
        )


def _check_result(key: dg.AssetKey, check: str, findings: Sequence[Finding]) -> dg.AssetCheckResult:
    records = [
        dg.TableRecord({"day": str(f.production_day), "check": f.check, "rows": f.rows, "example": f.example})
        for f in findings[:100]
    ]
    return dg.AssetCheckResult(
        passed=not findings,
        asset_key=key,
        check_name=check,
        description=str(findings[0]) if findings else None,
        metadata={"findings": dg.MetadataValue.table(records)} if records else {},
    )
