"""`te-assets simulate` and `demo`."""

from __future__ import annotations

import sys
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.automation.demonstration import Outcome


_start = click.option(
    "--start", type=click.DateTime(["%Y-%m-%d"]), default="2026-03-02", show_default=True, help="First production day."
)


@click.command()
@click.argument("out_dir", type=click.Path(file_okay=False, path_type=Path))
@click.option("--days", type=click.IntRange(1, 366), default=7, show_default=True, help="Production days.")
@click.option("--plants", type=click.IntRange(1, 20), default=2, show_default=True, help="Plants.")
@click.option(
    "--work-centers", type=click.IntRange(6, 120), default=6, show_default=True, help="Work centers of each plant."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same bytes.")
@_start
def simulate(out_dir: Path, days: int, plants: int, work_centers: int, seed: int, start: datetime) -> None:
    """Write workbooks of a simulated company, its site profile, and the truth as Parquet.

    Example: te-assets simulate /tmp/plant --days 365 --plants 3 --work-centers 20
    """
    from te_assets.simulator.run import simulate as run

    made = run(out_dir, days=days, plants=plants, seed=seed, start=start.date(), work_centers=work_centers)
    for path in made.workbooks:
        click.echo(str(path))
    click.echo(f"site profile: {made.site} (export TE_SITE={made.site}); truth: {out_dir / 'truth'}", err=True)


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
