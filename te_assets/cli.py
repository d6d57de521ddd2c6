"""`te-assets`: the command line. Each command lives in te_assets.commands and is imported when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from te_assets.errors import TeAssetsError

# Command → its module; only the module of the command that runs is imported.
_COMMANDS: Final = {
    "up": "stack",
    "down": "stack",
    "status": "stack",
    "doctor": "stack",
    "serve": "containers",
    "configuration": "containers",
    "migrate": "lake",
    "backfill": "lake",
    "lineage": "lake",
    "backup": "backup",
    "restore": "backup",
    "retract": "corrections",
    "reprocess": "corrections",
    "ingest": "files",
    "check": "files",
    "suggest": "files",
    "rejects": "files",
    "site": "site",
    "report": "report",
    "token": "gateway",
    "send": "gateway",
    "robot": "robot",
    "simulate": "simulation",
    "demo": "simulation",
}
_SERVERS: Final = {"clickhouse_connect": "ClickHouse", "kafka": "Kafka"}


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(importlib.import_module(f"te_assets.commands.{module}"), cmd_name)
        return command


@click.command(cls=_Group)
@click.version_option(package_name="te_assets")
def cli() -> None:
    """Availability and scrap rate from plant workbooks, through Kafka and ClickHouse, as a Dagster asset graph."""


def main() -> None:
    """Entry point: exits 0 on success, 2 on wrong usage, 1 on failure with a message that says what to do."""
    try:
        cli(standalone_mode=False)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except click.Abort:
        sys.exit(130)
    except TeAssetsError as error:
        click.echo(f"te-assets: {error}", err=True)
        sys.exit(1)
    except Exception as error:
        server = _SERVERS.get(type(error).__module__.partition(".")[0])
        if server is None:
            raise  # a defect of ours: its traceback is what a report needs
        click.echo(
            f"te-assets: {server} failed: {str(error)[:1000]}\nSee te-assets status and $TE_HOME/logs, then "
            "run the command again: it goes on where it stood.",
            err=True,
        )
        sys.exit(1)


if __name__ == "__main__":
    main()
