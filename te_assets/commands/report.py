"""`te-assets report`: the overview as one file for people without access."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import click

from te_assets.errors import LakeError
from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.dashboard.filters import Language

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_ENDINGS: Final = (".html", ".xlsx")


@click.command()
@click.option("--from", "first", type=_DAY, required=True, help="First production day.")
@click.option("--to", "last", type=_DAY, required=True, help="Last production day, inclusive.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write: .html or .xlsx."
)
@click.option("--plant", "plants", multiple=True, help="Only this plant; may be repeated. Default: all.")
@click.option("--language", type=click.Choice(["en", "de", "fr"]), default="en", show_default=True)
def report(first: datetime, last: datetime, out: Path, plants: tuple[str, ...], language: str) -> None:
    """Write the overview of a period as ONE file to mail: a page without scripts, or an Excel workbook.

    It holds the figures beside those of the period before, trends, the worst machines and reasons, scrap, and what
    the figures mean.

    Example: te-assets report --from 2026-03-02 --to 2026-03-08 --out week10.html --language de
    """
    from te_assets.dashboard.report.content import content, filters_of
    from te_assets.web.problems import Problem

    if out.suffix.lower() not in _ENDINGS:
        raise click.UsageError(f"--out {out}: name a file that ends in .html or .xlsx.")
    if last < first:
        raise click.UsageError(f"--from {first:%Y-%m-%d} is after --to {last:%Y-%m-%d}. Name the earlier day first.")
    try:
        filters = filters_of(first.date(), last.date(), plants)
        made = content(Settings(), filters, cast("Language", language))
    except ValueError as wrong:  # pydantic's: more days than one answer spans
        raise click.UsageError(f"--from and --to: {wrong}") from wrong
    except Problem as problem:
        if problem.kind == "unknown-plant":
            raise click.UsageError(f"--{problem.detail}") from problem
        raise LakeError(f"report: {problem.detail}") from problem
    if out.suffix.lower() == ".html":
        from te_assets.dashboard.report.page import html

        written = html(made).encode()
    else:
        from te_assets.dashboard.report.book import xlsx

        written = xlsx(made)
    out.write_bytes(written)
    for note in made.overview.about.notes:
        click.echo(note.text, err=True)
    click.echo(f"{out}: {len(written):,} bytes, production days {first:%Y-%m-%d} to {last:%Y-%m-%d}", err=True)
