"""`te-assets site init`, `check` and `diff`: a site folder made, judged, and compared with what counts."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from te_assets.settings import Settings

if TYPE_CHECKING:
    from te_assets.automation.site_difference import SiteDifference
    from te_assets.lake.preview import Difference, Figure

_QUESTIONS: Mapping[str, tuple[str, str | None]] = {
    "plant": ("Id of the plant, as the exports name it", None),
    "name": ("Its name for people", ""),
    "time_zone": ("Its time zone", "Europe/Berlin"),
    "day_start": ("Its production day starts at", "06:00"),
    "work_centers": ("Ids of its work centers, with commas", None),
    "shifts": ("Shifts, with commas, or always", "06:00-14:00,14:00-22:00,22:00-06:00"),
    "weekdays": ("Days on which they are worked", "mon-fri"),
}
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group()
def site() -> None:
    """The site profile: plants, calendars, reasons, units, targets and policies (docs/kpi.md).

    Example: te-assets site check
    """


@site.command()
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--plant", help="Id of the plant, as the exports name it.")
@click.option("--name", help="Name of the plant for people.")
@click.option("--time-zone", help="IANA name, such as Europe/Berlin.")
@click.option("--day-start", help="Start of the production day, HH:MM of the clock on the wall.")
@click.option("--work-centers", help="Ids with commas: PRS01,PRS02.")
@click.option("--shifts", help='Such as "06:00-14:00,14:00-22:00"; "always" for every hour of every day.')
@click.option("--weekdays", help="Days on which they are worked, such as mon-fri or mon,sat.")
@click.option("--since", help="First production day to count; default: the first of this year.")
def init(folder: Path, since: str | None, **given: str | None) -> None:
    """Write a new site folder DIR: site.yaml with one plant, calendar and reasons, and an empty sources/.

    On a terminal it asks for what no option gives; elsewhere --plant and --work-centers are needed.

    Example: te-assets site init my-site --plant 1000 --name "Werk Nord" --work-centers PRS01,PRS02 --weekdays mon-sat
    """
    from te_assets.site.starter import Answers, write_starter

    asks = _on_a_terminal()
    answers: dict[str, str] = {}
    for key, (question, default) in _QUESTIONS.items():
        value = given[key]
        if value is None and asks and not (key == "weekdays" and answers["shifts"] == "always"):
            value = click.prompt(question, default=default, err=True)
        if value is None and default is None:
            raise click.UsageError(f"name --{key.replace('_', '-')}: there is no terminal to ask on.")
        answers[key] = str(default if value is None else value)
    written = write_starter(folder, Answers(since=since, **answers))
    click.echo(
        f"written: {written}. Put in what is particular to your plant, then: te-assets site check {folder}", err=True
    )
    click.echo(f"It is used where TE_SITE names it: export TE_SITE={folder.resolve()}", err=True)


@site.command()
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
def check(folder: Path | None) -> None:
    """Check site.yaml and sources/*.yaml of DIR (default: $TE_SITE); all faults at once, with file and line.

    Exits 1 when there is one. No server is needed.

    Example: te-assets site check my-site
    """
    from te_assets.profile import Profile

    profile = Profile(folder) if folder is not None else Profile.of(Settings())
    faults = list(profile.faults())
    for fault in faults:
        click.echo(fault)
    if faults:
        click.echo(f"{profile.folder}: {len(faults)} faults; nothing of it is used before they are mended", err=True)
        sys.exit(1)
    found = profile.site()
    machines = sum(len(plant.work_centers) for plant in found.plants)
    own = sorted(path.name for path in (profile.folder / "sources").glob("*.yaml"))
    click.echo(
        f"{profile.folder}: good. {len(found.plants)} plants, {machines} work centers, {len(found.calendars)} "
        f"calendars, {len(found.reasons)} reasons, since {found.since}; own contracts: {', '.join(own) or 'none'}"
    )


@site.command()
@click.argument("folder", metavar="[DIR]", required=False, type=_FOLDER)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Most figures to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object with everything on standard output.")
def diff(folder: Path | None, limit: int, as_json: bool) -> None:
    """Show the production days and the figures that the profile in DIR (default: $TE_SITE) would change.

    The figures are computed beside those that count, and nothing is changed. For an edited contract in sources/, see
    te-assets reprocess SOURCE --dry-run.

    Example: te-assets site diff my-site
    """
    from te_assets.automation.site_difference import site_difference
    from te_assets.profile import Profile

    settings = Settings()
    found = site_difference(settings, Profile(folder) if folder is not None else Profile.of(settings))
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, ensure_ascii=False, indent=2))
        return
    for line in _lines(found, limit):
        click.echo(line)
    for note in found.notes:
        click.echo(f"note: {note}", err=True)


def _on_a_terminal() -> bool:
    return sys.stdin.isatty()


def _lines(found: SiteDifference, limit: int) -> Iterator[str]:
    from te_assets.lake.preview import FIGURES

    if found.counts == found.edited:
        yield "this profile is the one that counts"
    if not found.days:
        yield "no figure would change"
        return
    for model in dict.fromkeys(day.model for day in found.days):
        days = sorted({day.production_day for day in found.days if day.model == model})
        why = sorted({cause for day in found.days if day.model == model for cause in day.why})
        yield f"{model}: {len(days)} production days, {days[0]} … {days[-1]}: {', '.join(why)}"
    figures: dict[str, Figure] = {figure.mart: figure for of_model in FIGURES.values() for figure in of_model}
    for difference in found.differences[:limit]:
        yield f"  {_line(difference, figures[difference.figure])}"
    if len(found.differences) > limit:
        yield f"  the first {limit:,} of {len(found.differences):,} figures that change; --limit shows more"
    yield f"{len(found.differences):,} figures would change; all rows of these days together:"
    for total in found.totals:
        yield f"  {_line(total, figures[total.figure])}"
    first, last = min(day.production_day for day in found.days), max(day.production_day for day in found.days)
    yield "Nothing was changed. The profile counts from the next run on; these days then stay as they are, shown as"
    yield f"stale, until they are restated: te-assets backfill {first} {last}"


def _line(difference: Difference, figure: Figure) -> str:
    place = " ".join(value or "(no shift)" for value in difference.place.values())
    before, after = difference.before, difference.after
    changes = [
        f"{name} {_number(before, name)} → {_number(after, name)}"
        for name in figure.values
        if (before or {}).get(name, 0) != (after or {}).get(name, 0)
    ]
    ratio = f" {_percent(before, figure)} → {_percent(after, figure)}" if figure.ratio else ""
    return f"{figure.mart} {place}:{ratio}{'; ' if ratio and changes else ' '}{', '.join(changes) or 'the same'}"


def _number(values: Mapping[str, Decimal] | None, name: str) -> str:
    return "none" if values is None else f"{values[name].normalize():,f}"


def _percent(values: Mapping[str, Decimal] | None, figure: Figure) -> str:
    if values is None or figure.ratio is None or not values[figure.ratio[1]]:
        return "none"
    return f"{100 * values[figure.ratio[0]] / values[figure.ratio[1]]:.4f} %"
