"""`te-assets migrate` and `backfill`."""

from __future__ import annotations

from datetime import datetime

import click

from te_assets.settings import Settings

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
def migrate() -> None:
    """Create or upgrade the ClickHouse databases and the Kafka topics; safe to repeat.

    Example: te-assets migrate
    """
    from te_assets.stack.connect import endpoints
    from te_assets.stack.provision import provision

    settings = Settings()
    done = provision(endpoints(settings), settings.kafka_replication_factor)
    click.echo(f"migrations applied: {', '.join(done.migrations) or 'none, up to date'}")
    click.echo(f"topics created: {', '.join(done.topics) or 'none, all there'}")


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
