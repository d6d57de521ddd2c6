"""`te-assets backup` and `restore`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click

from te_assets.settings import Settings

_WAIT: Final = click.option(
    "--wait",
    type=click.FloatRange(0),
    default=600,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for runs that write at the moment.",
)
_FOLDER: Final = click.argument("folder", type=click.Path(path_type=Path), metavar="FOLDER")
_JSON: Final = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@_FOLDER
@click.option("--without-landing", is_flag=True, help="Leave out the landed workbooks: you copy them yourself.")
@_WAIT
@_JSON
def backup(folder: Path, without_landing: bool, wait: float, as_json: bool) -> None:
    """Back up the lake and the landed workbooks to a FOLDER that does not exist yet.

    Runs go on: those at work are waited for, new ones wait until the lake is copied. What a backup does not hold:
    docs/backup.md.

    Example: te-assets backup /backups/te-2026-03-10
    """
    from te_assets.automation.backing_up import back_up

    done = back_up(Settings(), folder, with_landing=not without_landing, wait=wait, say=_say)
    if as_json:
        told = {"folder": str(done.folder), "lake_on_server": done.lake_on_server}
        click.echo(json.dumps(told | done.record.model_dump(mode="json"), indent=2))
        return
    lake, landing = done.record.lake, done.record.landing
    where = f"on ClickHouse's own {done.lake_on_server}: keep it with the folder" if lake is None else ""
    click.echo(f"backup   {done.folder}")
    click.echo(f"lake     {where}" if lake is None else f"lake     {lake.files:,} files, {lake.bytes:,} bytes")
    workbooks = "left out: copy the landing store yourself"
    click.echo(f"landing  {workbooks if landing is None else f'{landing.files:,} workbooks, {landing.bytes:,} bytes'}")


@click.command()
@_FOLDER
@click.option("--replace", is_flag=True, help="Also where the lake is not empty: the backup takes its place.")
@_WAIT
@_JSON
def restore(folder: Path, replace: bool, wait: float, as_json: bool) -> None:
    """Put the backup in FOLDER in the place of the lake, and its workbooks into the landing store.

    What was there is kept until the backup is there whole. Start the servers alone before, and everything after:

    te-assets up --detach --only kafka,clickhouse

    Example: te-assets restore /backups/te-2026-03-10
    """
    from te_assets.automation.backing_up import restore as put_back

    settings = Settings()
    done = put_back(settings, folder, replace=replace, wait=wait, say=_say)
    if as_json:
        told = {"migrations": done.migrations, "rows": done.rows}
        click.echo(json.dumps(told | {"backup": done.record.model_dump(mode="json")}, indent=2))
        return
    click.echo(f"restored   the lake of {done.record.made_at:%Y-%m-%d %H:%M:%S} UTC")
    for table, rows in done.rows.items():
        if table.startswith("te_raw."):
            click.echo(f"           {table}: {rows:,} rows")
    if done.migrations:
        click.echo(f"migrated   {', '.join(done.migrations)}")
    if done.landing is None:
        click.echo(f"landing    not in the backup: copy the landing store to {settings.landing_dir}")
    else:
        click.echo(f"landing    {done.landing.fresh:,} workbooks brought, {done.landing.known:,} were there")
    _say("Next: te-assets up, then te-assets doctor. What is not in a backup: docs/backup.md")
