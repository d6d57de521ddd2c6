"""What a run shows in the UI: metadata of materializations, and which production days a load touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import dagster as dg

from te_assets.assets.graph import TOUCHED_ONLY_TAG, production_day_partitions
from te_assets.contracts.layout import Model
from te_assets.lake.touched import DayRange

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.assets.publishing import Published
    from te_assets.delivery.loaded import Loaded
    from te_assets.lake.history import Typed

TOTALS_CHECK = "sheet_totals_agree"
_SAMPLE_ROWS, _LISTED_TOTALS = 5, 100


def partition_range(context: dg.AssetExecutionContext) -> DayRange:
    """The run's production days: one, or a contiguous range."""
    days = sorted(date.fromisoformat(key) for key in context.partition_keys)
    return DayRange(days[0], days[-1])


def days_to_restate(context: dg.AssetExecutionContext, client: Client, model: Model) -> DayRange | None:
    """The run's production days; of a run that is for touched days alone those that wait, the newest contiguous ones.

    Returns:
        None where the run is for touched days alone and none of its days was touched.
    """
    from te_assets.lake.touched import contiguous_pieces, waiting_days

    wanted = partition_range(context)
    if TOUCHED_ONLY_TAG not in context.run.tags:
        return wanted
    waiting = set(waiting_days(client, model)).intersection(wanted.days)
    return next(iter(contiguous_pieces(waiting, len(wanted.days))), None)


def seconds_table(seconds: Mapping[Any, float]) -> dg.MetadataValue[Any]:
    """Wall time by step."""
    return dg.MetadataValue.table(
        [dg.TableRecord({"step": step, "seconds": round(value, 3)}) for step, value in seconds.items()]
        or [dg.TableRecord({"step": "none", "seconds": 0.0})]
    )


def sample(
    client: Client, table: str, columns: str, where: str, parameters: Mapping[str, Any] | None = None
) -> dg.MetadataValue[Any]:
    """A few rows as a table."""
    found = client.query(
        f"SELECT {columns} FROM {table} WHERE {where} LIMIT {_SAMPLE_ROWS}", parameters=dict(parameters or {})
    )
    records = [
        dg.TableRecord({name: str(value) for name, value in zip(found.column_names, row, strict=True)})
        for row in found.result_rows
    ]
    return dg.MetadataValue.table(records or [dg.TableRecord({"rows": "none"})])


def count(client: Client, table: str) -> int:
    """Rows of a table, from its parts."""
    database, name = table.split(".")
    found = client.query(
        "SELECT total_rows FROM system.tables WHERE database = {database:String} AND name = {name:String}",
        parameters={"database": database, "name": name},
    ).result_rows
    return int(found[0][0] or 0) if found else 0


def published_metadata(published: Published) -> dict[str, Any]:
    """Files and rows of a publishing run, and what was rejected."""
    files = [
        dg.TableRecord(
            {"file": m.name, "contract": m.contract, "rows": m.rows, "sha256": m.sha256, "was there": m.was_there}
        )
        for m in published.manifests
    ]
    rejected = [dg.TableRecord({"file": state.name, "reason": state.reason}) for state in published.rejected]
    return {
        "files": len(files),
        "rows": published.rows,
        "seconds": seconds_table(published.seconds),
        **({"publications": dg.MetadataValue.table(files)} if files else {}),
        **({"rejected files": dg.MetadataValue.table(rejected)} if rejected else {}),
    }


def loaded_metadata(client: Client, model: Model, loaded: Loaded) -> dict[str, Any]:
    """Offsets, lag and lines of a load."""
    return {
        "lines": loaded.lines,
        "messages": loaded.messages,
        "lag": loaded.lag,
        "surplus": loaded.surplus,
        "offsets": dg.MetadataValue.table(
            [
                dg.TableRecord({"partition": p.partition, "from": p.lo, "next": p.next, "end": p.end, "lines": p.lines})
                for p in loaded.partitions
            ]
        ),
        "seconds": seconds_table(loaded.seconds),
        "dagster/row_count": count(client, f"te_raw.{model}"),
        "sample": sample(
            client, f"te_raw.{model}", "partition, offset, line, file_sha256, sheet, row, payload", "true"
        ),
    }


def typed_metadata(client: Client, model: Model, typed: Typed, run_id: str) -> dict[str, Any]:
    """Accepted and rejected rows, and why."""
    reasons = client.query(
        "SELECT rule, count() AS rows, any(message) AS example FROM te_staging.rejected_rows FINAL WHERE "
        "model = {model:String} "
        "AND (topic_id, partition, offset) IN (SELECT r.topic_id, r.partition, r.offset FROM "
        "te_staging.rejected_rows AS r "
        "INNER JOIN te_ops.typing_ledger AS l ON r.topic_id = l.topic_id AND r.partition = l.partition "
        "WHERE l.run_id = {run:String} AND r.offset >= l.lo AND r.offset < l.next) GROUP BY rule ORDER BY rows DESC",
        parameters={"model": model, "run": run_id},
    ).result_rows
    table = [dg.TableRecord({"rule": rule, "rows": int(rows), "example": example}) for rule, rows, example in reasons]
    return {
        "accepted": typed.verdicts.accepted,
        "rejected": typed.verdicts.rejected,
        "skipped": typed.verdicts.skipped,
        "duplicates": typed.verdicts.duplicates,
        "touched days": len({day for _, day in typed.touched}),
        "seconds": seconds_table(typed.seconds),
        "dagster/row_count": count(client, f"te_staging.{model}_history"),
        **({"rejections": dg.MetadataValue.table(table)} if table else {}),
    }


def totals_check_spec(model: Model) -> dg.AssetCheckSpec:
    """Declares the check of `totals_check`."""
    return dg.AssetCheckSpec(
        TOTALS_CHECK,
        asset=["staging", f"{model}_history"],
        description="Subtotals and totals that sheets hold are what their accepted rows add up to.",
    )


def totals_check(client: Client, model: Model) -> dg.AssetCheckResult:
    """Whether the totals in the files that count agree with their rows; the newest that do not are listed."""
    from te_assets.lake.totals import differing

    found = differing(client, model, limit=_LISTED_TOTALS)
    records = [
        dg.TableRecord(
            {
                "file": one.sha256,
                "sheet": one.sheet,
                "row": one.fault.row,
                "column": one.fault.column,
                "what": one.fault.message,
            }
        )
        for one in found
    ]
    return dg.AssetCheckResult(
        passed=not found,
        asset_key=dg.AssetKey(["staging", f"{model}_history"]),
        check_name=TOTALS_CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{found[0].sheet}, row {found[0].fault.row}: {found[0].fault.message}" if found else None,
        metadata={"differing": dg.MetadataValue.table(records)} if records else {},
    )


def report_touched_days(context: dg.AssetExecutionContext, model: Model, typed: Typed, since: date) -> None:
    """Give each touched production day a new data version, so that exactly these days turn stale below.

    Days that are no partition yet (tomorrow's tomorrow) wait in te_ops.touched_days until they are.
    """
    partitions = set(production_day_partitions(since).get_partition_keys())
    for day in sorted({day for _, day in typed.touched} & partitions):
        context.instance.report_runless_asset_event(
            dg.AssetMaterialization(
                ["staging", f"{model}_days"], partition=day, tags={"dagster/data_version": context.run.run_id}
            )
        )


def current_metadata(
    context: dg.AssetExecutionContext, client: Client, table: str, rows: Mapping[date, int]
) -> dict[str, Any]:
    """Rows of the swapped days; per production day where the run has several."""
    if len(rows) > 1:
        for day, number in rows.items():
            context.add_asset_metadata({"rows": number}, partition_key=day.isoformat())
    return {
        "rows": sum(rows.values()),
        "dagster/row_count": count(client, table),
        "sample": sample(
            client,
            table,
            "* EXCEPT (version, topic_id, partition, offset, line)",
            "production_day IN {days:Array(Date)}",
            {"days": list(rows)},
        ),
    }


_KPI: Mapping[str, str] = {
    "availability": "SELECT plant, 100 * sum(production_seconds) / nullIf(sum(planned_busy_seconds), 0) "
    "FROM te_marts.availability "
    "WHERE coverage != 'none' AND production_day BETWEEN {first:Date} AND {last:Date} GROUP BY plant ORDER BY plant",
    "scrap_rate": "SELECT concat(plant, ' ', unit), 100 * sum(scrap_qty) / nullIf(sum(produced_qty), 0) "
    "FROM te_marts.scrap_rate "
    "WHERE production_day BETWEEN {first:Date} AND {last:Date} GROUP BY plant, unit ORDER BY plant, unit",
}


def kpi_metadata(client: Client, mart: str, days: DayRange) -> dict[str, Any]:
    """The figure of the run's days per plant, for marts that carry one."""
    query = _KPI.get(mart)
    if query is None:
        return {}
    rows = client.query(query, parameters={"first": days.first, "last": days.last}).result_rows
    return {f"{mart} % {plant}": round(float(percent), 2) for plant, percent in rows if percent is not None}
