"""`te-assets up`, `down`, `status`, `doctor`: the local services."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import click

from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets.stack.services import SERVICES, build, replaced, to_start


def say(line: str) -> None:
    """One line of progress; standard output belongs to results."""
    click.echo(line, err=True)


class Names(click.ParamType[tuple[str, ...]]):
    """Comma-separated names of services."""

    name = "services"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        """Each name once; anything else is wrong usage."""
        names = tuple(dict.fromkeys(name.strip() for name in value.split(",") if name.strip()))
        if wrong := [name for name in names if name not in SERVICES]:
            self.fail(f"{', '.join(wrong)}: no such service. There are {', '.join(SERVICES)}.", param, ctx)
        return names


@click.command()
@click.option("--detach", is_flag=True, help="Return when the services answer; te-assets down stops them.")
@click.option("--only", type=Names(), default="", metavar="NAMES", help=f"Some of {','.join(SERVICES)}.")
def up(detach: bool, only: Sequence[str]) -> None:
    """Start the local services and wait until each answers.

    Without --detach they run until Ctrl-C. A Kafka or ClickHouse of your own (TE_KAFKA_BOOTSTRAP_SERVERS,
    TE_CLICKHOUSE_URL) is used and none of that kind is started. With TE_DAGSTER_POSTGRES_HOST, Dagster keeps its runs,
    events and ticks in that PostgreSQL instead of SQLite.

    Example: te-assets up --detach --only kafka,clickhouse
    """
    from te_assets.stack.supervisor import detach as start_detached
    from te_assets.stack.supervisor import serve

    settings = Settings()
    for name, variable in replaced(settings).items():
        say(f"{name}: {variable} is set, so your own is used and none is started")
    names = to_start(settings, only)
    if not names:
        say("Nothing to start.")
        return
    home = Home.open(settings)
    found = running.record(home)
    if detach and found is not None and set(names) <= set(found.services):
        say(f"Already running in {home.root}: {', '.join(found.services)}")
        return
    if detach:
        start_detached(home, names, say)
        _addresses(home)
    else:
        serve(home, build(names, home, settings, say), say, lambda _: _addresses(home))


@click.command()
def down() -> None:
    """Stop the local services cleanly.

    Example: te-assets down
    """
    home = Home(Settings().home_dir)
    say(f"Stopped the services of {home.root}" if running.stop(home) else f"Nothing runs in {home.root}")


@click.command()
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object on standard output; it holds te_writer's password."
)
def status(as_json: bool) -> None:
    """Say what runs, where, in which version, and how far loading is behind.

    Exits 0 when Kafka and ClickHouse answer, else 1.

    Example: te-assets status --json
    """
    from te_assets.stack.status import Status

    found = Status.of(Settings())
    if as_json:
        click.echo(found.model_dump_json(indent=2))
    else:
        click.echo(f"home        {found.home}")
        kafka, clickhouse = found.kafka, found.clickhouse
        told = f"{kafka.bootstrap_servers}{f', version {kafka.version}' if kafka.version else ''}" if kafka else NOT_UP
        click.echo(f"kafka       {told}")
        where = f"{clickhouse.host}:{clickhouse.port}, version {clickhouse.version}" if clickhouse else NOT_UP
        click.echo(f"clickhouse  {where}")
        for name in ("dagster", "gateway", "dashboard"):
            if name in SERVICES:
                service = getattr(found, name)
                click.echo(f"{name:<11} {service.url if service else NOT_UP}")
        for topic, behind in found.lag.items():
            click.echo(f"lag         {topic}: {behind:,} offsets")
        for model, until in found.newest_data.items():
            click.echo(f"newest data {model}: {until:%Y-%m-%d %H:%M} UTC")
        for model, days in found.stale_days.items():
            click.echo(
                f"stale days  {model}: {days:,} with figures of an earlier site profile; te-assets doctor says which"
            )
        for problem in found.problems:
            say(problem)
    if not found.healthy:
        sys.exit(1)


@click.command()
def doctor() -> None:
    """Check what the services need and say how to mend what is wrong.

    Exits 1 when something that is needed is wrong.

    Example: te-assets doctor
    """
    from te_assets.automation.examination import CHECKS
    from te_assets.stack.doctor import examine

    wrong = 0
    for finding in examine(Settings(), CHECKS):
        click.echo(f"{finding.verdict.value:<5} {finding.check}: {finding.what}")
        if finding.mend:
            click.echo(f"      {finding.mend}")
        wrong += finding.is_wrong
    if wrong:
        say(f"{wrong} of the checks failed.")
        sys.exit(1)


def _addresses(home: Home) -> None:
    found = running.record(home)
    for name, told in (found.services if found else {}).items():
        where = told.get("url") or told.get("bootstrap_servers") or f"http://{told['host']}:{told['port']}"
        say(f"{name:<11} {where}")


NOT_UP: Final = "not up"
COMMANDS: Final[tuple[click.Command, ...]] = (up, down, status, doctor)
