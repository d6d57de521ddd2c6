"""`te-assets robot`: export workbooks from a portal and deliver them; and a portal to try it on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

import click

from te_assets.settings import Settings

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
Command = TypeVar("Command", bound=Callable[..., object])


def _say(line: str) -> None:
    click.echo(line, err=True)


def _days(command: Command) -> Command:
    """The options --from and --to."""
    last = click.option("--to", "last", type=_DAY, help="Last local day, inclusive.")
    first = click.option("--from", "first", type=_DAY, help="First local day; default: the last periods that ended.")
    return first(last(command))


@click.group()
def robot() -> None:
    """Export workbooks from a web portal as a person would, and deliver each of them once.

    Example: te-assets robot run portal.yaml
    """


@robot.command()
@click.argument("portal_file", metavar="PORTAL.yaml", type=_FILE)
@_days
@click.option("--again", is_flag=True, help="Export periods too that were delivered before.")
@click.option("--url", help="Of the gateway; default: the one that te-assets up started.")
@click.option(
    "--token-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File with the token, for another gateway than the home's own; default $TE_HOME/robot/token.",
)
@click.option("--patience", default=600, show_default=True, help="Seconds for which sending is repeated.")
@click.option("--json", "as_json", is_flag=True, help="What became of each period on standard output.")
def run(
    portal_file: Path,
    first: datetime | None,
    last: datetime | None,
    again: bool,
    url: str | None,
    token_file: Path | None,
    patience: int,
    as_json: bool,
) -> None:
    """Fetch what is missing from a portal, and deliver it to the gateway.

    User and password come from TE_PORTAL_<NAME>_USER and TE_PORTAL_<NAME>_PASSWORD, or from files that these names with
    _FILE tell. Exits 0 when everything is delivered or was before, else 1.

    Example: te-assets robot run portal.yaml --from 2026-03-02 --to 2026-03-08
    """
    from te_assets.robot.at_home import run_at_home
    from te_assets.robot.portal_file import load_portal

    outcome = run_at_home(
        load_portal(portal_file),
        Settings(),
        url=url,
        token_file=token_file,
        patience=patience,
        days=_range(first, last),
        again=again,
        say=_say,
    )
    if as_json:
        click.echo(json.dumps(outcome.as_json()))
    for each in outcome.failed:
        _say(f"te-assets: {each.export} {each.period}: {each.reason}")
        if each.evidence is not None:
            _say(f"  evidence: {each.evidence}")
    if outcome.failed:
        sys.exit(1)


@robot.command()
@click.argument("portal_file", metavar="PORTAL.yaml", type=_FILE)
@_days
def check(portal_file: Path, first: datetime | None, last: datetime | None) -> None:
    """Read a portal file and say which periods are missing; nothing is fetched.

    Example: te-assets robot check portal.yaml
    """
    from te_assets.robot import ledger as ledgers
    from te_assets.robot.alone import alone
    from te_assets.robot.portal_file import load_portal
    from te_assets.robot.run import missing, periods_of, portal_folder

    portal = load_portal(portal_file)
    folder = portal_folder(Settings().home_dir, portal)
    periods = periods_of(portal, datetime.now(UTC), _range(first, last))
    with alone(folder), ledgers.opened(folder, portal.zone) as ledger:
        lacking = missing(portal, ledger, periods)
    for export, period, kept in lacking:
        click.echo(f"{export.name}  {period}  {'downloaded, to be delivered' if kept else 'missing'}")
    _say(f"{portal.name}: {len(lacking)} of {len(periods) * len(portal.exports)} exports are missing.")


@robot.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8300, show_default=True, help="0: one that is free.")
@click.option("--days", type=click.IntRange(1, 366), default=14, show_default=True, help="Production days.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the plant and of the moods.")
@click.option("--start", type=_DAY, help="First production day; default: so that the last one is today.")
@click.option("--moods", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Share of bad exports.")
@click.option("--seconds", type=click.FloatRange(0), default=1.0, show_default=True, help="That an export takes.")
def portal(port: int, days: int, seed: int, start: datetime | None, moods: float, seconds: float) -> None:
    """Serve a portal to try the robot on, until Ctrl-C: records of a simulated plant, on loopback.

    Its user and password are those that the robot uses: TE_PORTAL_DEMO_USER and TE_PORTAL_DEMO_PASSWORD. Prints the
    portal file to use.

    Example: te-assets robot portal --moods 0.3 > portal.yaml
    """
    from te_assets.robot.portal.desk import Desk
    from te_assets.robot.portal.example import example
    from te_assets.robot.portal.moods import Moods
    from te_assets.robot.portal.records import PlantRecords
    from te_assets.robot.portal.serving import serving, until_told
    from te_assets.settings import portal_access

    access = portal_access("demo")
    first = start.date() if start else datetime.now(UTC).date() - timedelta(days=days - 1)
    _say(f"simulating {days} days from {first}")
    records = PlantRecords(first, days, seed)
    with TemporaryDirectory(prefix="te-assets-portal-") as folder:
        desk = Desk(records, access, Moods(share=moods, seed=seed), Path(folder), seconds)
        with serving(desk, port) as address:
            click.echo(example(address), nl=False)
            sys.stdout.flush()
            _say(f"portal at {address} for user {access.user}, until Ctrl-C")
            until_told()


def _range(first: datetime | None, last: datetime | None) -> tuple[date, date] | None:
    if (first is None) != (last is None):
        raise click.UsageError("--from and --to go together. Name both days, or none for the last periods.")
    if first is None or last is None:
        return None
    if last < first:
        raise click.UsageError(f"--from {first:%Y-%m-%d} is after --to {last:%Y-%m-%d}. Name the earlier day first.")
    return first.date(), last.date()
