"""`te-assets retract` and `reprocess`: what was delivered wrongly, and what was read wrongly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import click

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.automation.correcting import Reread

_DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.argument("sha256", metavar="SHA256")
@click.option("--reason", required=True, help="Why; it is kept with the file.")
@click.option("--undo", is_flag=True, help="Let the file count again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def retract(sha256: str, reason: str, undo: bool, as_json: bool) -> None:
    """Let a wrongly delivered file stop counting; its production days are restated, nothing is deleted.

    What its rows had replaced counts again. SHA256 may be cut to its first digits; te_ops.files lists the files.

    Example: te-assets retract 3fb1c09a --reason "export of the wrong plant"
    """
    from te_assets.automation.correcting import retract_file
    from te_assets.automation.launch import quiet_dagster
    from te_assets.stack.connect import clickhouse_client, endpoints

    quiet_dagster()
    settings = Settings()
    client = clickhouse_client(endpoints(settings), send_receive_timeout=600)
    try:
        done = retract_file(settings, client, sha256, reason, undo=undo, say=lambda line: click.echo(line, err=True))
    finally:
        client.close()
    if as_json:
        click.echo(json.dumps(asdict(done), default=str, ensure_ascii=False, indent=2))
        return
    click.echo(f"{done.name} ({done.sha256[:12]}) {'counts again' if undo else 'does not count any more'}")
    for model, days in done.days.items():
        click.echo(f"{model}: {len(days)} production days restated, {days[0]} … {days[-1]}")


@click.command()
@click.argument("source", metavar="SOURCE")
@click.option("--from", "first", type=_DAY, help="Only files with rows on this production day or later.")
@click.option("--to", "last", type=_DAY, help="Only files with rows on this production day or earlier.")
@click.option("--dry-run", is_flag=True, help="Show what would change; nothing is sent or kept.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array on standard output.")
def reprocess(source: str, first: datetime | None, last: datetime | None, dry_run: bool, as_json: bool) -> None:
    """Read the delivered files of a layout again under the newest version of its contract.

    The dry run shows accepted and rejected rows and the sums over accepted ones, before and after, file by file.

    Example: te-assets reprocess operator_log --from 2026-03-01 --dry-run
    """
    from te_assets.automation.correcting import compare_readings
    from te_assets.automation.correcting import reprocess as run
    from te_assets.automation.launch import quiet_dagster
    from te_assets.commands.files import show_reports
    from te_assets.stack.connect import clickhouse_client, endpoints

    quiet_dagster()
    settings = Settings()
    days = (first.date() if first else None, last.date() if last else None)
    client = clickhouse_client(endpoints(settings), send_receive_timeout=600)
    try:
        if dry_run:
            found = list(compare_readings(settings, client, source, *days))
            if as_json:
                click.echo(json.dumps([asdict(one) for one in found], default=str, ensure_ascii=False, indent=2))
            else:
                _show_readings(found)
            return
        reports = run(settings, client, source, *days, say=lambda line: click.echo(line, err=True))
    finally:
        client.close()
    if as_json:
        click.echo(json.dumps([asdict(report) for report in reports], default=str, ensure_ascii=False, indent=2))
    elif reports:
        show_reports(reports)
    else:
        click.echo(f"every file of {source} was read under the newest version of its contract", err=True)


def _show_readings(found: Sequence[Reread]) -> None:
    if not found:
        click.echo("every file was read under the newest version of its contract", err=True)
    for one in found:
        click.echo(f"{one.name} ({one.sha256[:12]})")
        for reading in (one.before, one.after):
            if reading is not None:
                sums = ", ".join(f"{name} {value.normalize():f}" for name, value in reading.sums.items())
                click.echo(
                    f"  {reading.contract}: {reading.accepted:,} accepted, {reading.rejected:,} rejected; {sums}"
                )
        if one.refusal:
            click.echo(f"  refused: {one.refusal}", err=True)
