"""`te-assets migrate`, `backfill` and `lineage`."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from te_assets.errors import StackError
from te_assets.settings import Settings, export

if TYPE_CHECKING:
    from te_assets.lake.lineage import Fate, Source

_DAY = click.DateTime(["%Y-%m-%d"])
_PAUSE = 2.0  # seconds between two tries


@click.command()
@click.option(
    "--wait", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="For servers that do not answer yet."
)
def migrate(wait: float) -> None:
    """Create or upgrade the ClickHouse databases, the Kafka topics, and Dagster's PostgreSQL; safe to repeat.

    Example: te-assets migrate --wait 60
    """
    until = time.monotonic() + wait
    while True:
        try:
            _migrate()
        except StackError as error:
            if time.monotonic() > until:
                raise
            click.echo(f"waiting, and trying again: {error}", err=True)
            time.sleep(_PAUSE)
        else:
            return


def _migrate() -> None:
    from te_assets.stack.connect import endpoints
    from te_assets.stack.dagster_instance import main as make_instance
    from te_assets.stack.dagster_instance import prepare
    from te_assets.stack.dagster_storage import write_instance
    from te_assets.stack.provision import provision
    from te_assets.stack.standstill import steady

    settings = Settings()
    with steady(settings):
        done = provision(endpoints(settings), settings.kafka_replication_factor)
    click.echo(f"migrations applied: {', '.join(done.migrations) or 'none, up to date'}")
    click.echo(f"topics created: {', '.join(done.topics) or 'none, all there'}")
    if settings.dagster_postgres_host:
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        write_instance(settings)
        export(settings)
        made = prepare(settings, make_instance, click.echo)
        click.echo(f"dagster's storage: {'prepared' if made else 'up to date'}")


@click.command()
@click.argument("first", type=_DAY, metavar="FROM")
@click.argument("last", type=_DAY, metavar="TO")
@click.option(
    "--layer",
    type=click.Choice(["staging", "marts"]),
    default="staging",
    show_default=True,
    help="Restate from here downwards.",
)
def backfill(first: datetime, last: datetime, layer: str) -> None:
    """Restate production days FROM … TO (both inclusive) through Dagster.

    Example: te-assets backfill 2026-03-02 2026-03-08
    """
    from te_assets.automation.backfill import backfill_days
    from te_assets.errors import SettingsError
    from te_assets.lake.touched import DayRange

    days = DayRange(first.date(), last.date())
    if days.last < days.first:
        raise SettingsError(f"backfill: FROM {days.first} is after TO {days.last}. Name the earlier day first.")
    for ran in backfill_days(Settings(), days, layer=layer):
        click.echo(f"{ran.job}: {ran.days}, run {ran.run_id}, {ran.seconds:.1f} s")


@click.command()
@click.argument("table", required=False)
@click.option("--where", default="true", help="SQL condition on the mart's columns.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most rows to show.")
@click.option("--file", "sha256", metavar="SHA256", help="The other way: a delivered workbook …")
@click.option("--row", type=click.IntRange(1), help="… and an Excel row number.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def lineage(table: str | None, where: str, limit: int, sha256: str | None, row: int | None, as_json: bool) -> None:
    """From a row of a mart TABLE to the workbooks, sheets and cells behind it; or what became of a row of a workbook.

    Example: te-assets lineage te_marts.scrap_rate --where "production_day = '2026-03-03' AND work_center = 'PRS01'"

    Example: te-assets lineage --file 3fb1c09a --row 118
    """
    from te_assets.lake.lineage import fates, sources
    from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

    if (table is None) == (sha256 is None) or (sha256 is None) != (row is None):
        raise click.UsageError("name a mart, or a file and a row: TABLE [--where …], or --file SHA256 --row N.")
    client = clickhouse_client(clickhouse_endpoint(Settings()))
    try:
        found: Sequence[Source | Fate]
        if table is not None:
            found = sources(client, table, where, limit=limit)
        else:
            found = fates(client, str(sha256), int(row or 0))
    finally:
        client.close()
    if as_json:
        click.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False, indent=2))
        return
    if not found:
        click.echo("no row of a workbook and no event is behind that", err=True)
    for one in found:
        click.echo("  ".join(str(value) for value in asdict(one).values() if value not in (None, "")))
    if table is not None and len(found) == limit:
        click.echo(f"the first {limit:,}; --limit shows more", err=True)
