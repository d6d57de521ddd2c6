"""`te-assets simulate` and `demo`."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.automation.demonstration import Outcome
    from te_assets.gateway.tokens import Scope


_FIRST_DAY = "2026-03-02"
_EXPORTED = timedelta(hours=12, minutes=30)  # of UTC's day, when the westernmost plant has exported its day before
_DAY = click.DateTime(["%Y-%m-%d"])
_start = click.option("--start", type=_DAY, default=_FIRST_DAY, show_default=True, help="First production day.")


@click.command()
@click.argument("out_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Production days.")
@click.option("--plants", type=click.IntRange(1, 20), default=2, show_default=True, help="Plants.")
@click.option(
    "--work-centers", type=click.IntRange(6, 120), default=6, show_default=True, help="Work centers of each plant."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@click.option(
    "--start", type=_DAY, help=f"First production day; {_FIRST_DAY} unless given, with --live so many days ago."
)
@click.option("--live", is_flag=True, help="Deliver to a gateway: events as they happen, workbooks day by day.")
@click.option("--url", help="Of the gateway, with --live; the home's own unless given.")
@click.option(
    "--token-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds a token with the scopes events and files; needed with --url.",
)
@click.option(
    "--speed",
    type=click.FloatRange(1),
    default=60,
    show_default=True,
    help="Simulated seconds per second, with --live; at 1 its clock is the one on the wall.",
)
def simulate(
    out_dir: Path,
    days: int,
    plants: int,
    work_centers: int,
    seed: int,
    start: datetime | None,
    live: bool,
    url: str | None,
    token_file: Path | None,
    speed: float,
) -> None:
    """Write workbooks of a simulated company, its site profile, and the truth as Parquet.

    With --live they are delivered too, together with single events: a stop when it begins and when it ends, a
    confirmation when it is entered. Ended and started again, the same command goes on: nothing counts twice. A stop
    without an end lasts until now, so live days had better be the last ones.

    Example: te-assets simulate /tmp/plant --days 365 --plants 3 --work-centers 20

    Example: te-assets simulate /tmp/plant --days 1 --live --speed 600
    """
    if live:
        if url and token_file is None:
            raise click.UsageError("--url needs --token-file: te-assets token create makes tokens.")
        first = start.date() if start else _live_start(datetime.now(UTC), days if speed > 1 else 0)
        _deliver(out_dir, days, plants, work_centers, seed, first, url, token_file, speed)
        return
    from te_assets.simulator.run import simulate as run

    first = start.date() if start else date.fromisoformat(_FIRST_DAY)
    made = run(out_dir, days=days, plants=plants, seed=seed, start=first, work_centers=work_centers)
    for path in made.workbooks:
        click.echo(str(path))
    click.echo(f"site profile: {made.site} (export TE_SITE={made.site}); truth: {out_dir / 'truth'}", err=True)


def _live_start(now: datetime, days: int) -> date:
    """First day of so many that have ended and were exported, wherever the plants are; today for none.

    What happens later than now is not delivered before it does: by its calendar the last day could have hours to go.
    """
    return (now - _EXPORTED if days else now).date() - timedelta(days=days)


def _deliver(
    out_dir: Path,
    days: int,
    plants: int,
    work_centers: int,
    seed: int,
    start: date,
    url: str | None,
    token_file: Path | None,
    speed: float,
) -> None:
    from te_assets.gateway.reaching import reached
    from te_assets.simulator.live import live_company
    from te_assets.simulator.pace import deliver

    def say(line: str) -> None:
        click.echo(line, err=True)

    made = live_company(
        out_dir,
        days=days,
        plants=plants,
        seed=seed,
        start=start,
        work_centers=work_centers,
        step=max(1000, round(speed * 1000)),
    )
    longest = timedelta(days=2 * days + 1)
    scopes: tuple[Scope, ...] = ("events", "files")
    with reached(Settings(), "simulate", scopes, longest, url=url, token_file=token_file, say=say) as gateway:
        done = deliver(made.pieces, gateway.client, begins=made.begins, speed=speed, say=say)
    say(f"{done.events:,} events and {done.files} workbooks delivered; truth: {out_dir / 'truth'}")


@click.command()
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Production days.")
@click.option("--seed", type=int, default=1, show_default=True, help="Of the simulation.")
@_start
def demo(days: int, seed: int, start: datetime) -> None:
    """Take a simulated company from workbooks to both KPIs and compare every figure with the truth.

    Runs in a home of its own, $TE_HOME/demo, which is emptied first; its servers are stopped at the end.
    Exits 0 only if every figure agrees. Sixty days have all cases: clock changes in two zones, late weeks, a silent
    machine, reversals of another month.

    Example: te-assets demo --days 60
    """
    from te_assets.automation.demonstration import run_demo
    from te_assets.automation.launch import quiet_dagster
    from te_assets.commands.files import show_reports

    quiet_dagster()
    outcome = run_demo(
        Settings(), days=days, seed=seed, start=start.date(), say=lambda line: click.echo(line, err=True)
    )
    show_reports(outcome.reports)
    _show_figures(outcome)
    for difference in outcome.differences[:20]:
        click.echo(str(difference), err=True)
    if not outcome.agrees:
        click.echo(f"{len(outcome.differences)} rows or counts differ from the truth.", err=True)
        sys.exit(1)
    click.echo(f"All figures agree with the truth: {outcome.compared:,} mart rows, to the millisecond and the piece.")


def _show_figures(outcome: Outcome) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("figure", "plant", "from the marts", "truth", "")
    for figure in outcome.figures:
        table.add_row(
            figure.kpi,
            figure.plant,
            *(_ratio(*side, figure.unit) for side in (figure.mart, figure.truth)),
            "equal" if figure.agrees else "DIFFERS",
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)


def _ratio(top: Decimal, bottom: Decimal, unit: str) -> str:
    share = f"{100 * top / bottom:.4f} %" if bottom else "no base"
    digits = 0 if unit == "ms" else 3
    return f"{share}  ({top:,.{digits}f} / {bottom:,.{digits}f} {unit})"
