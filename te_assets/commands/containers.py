"""`te-assets serve` and `configuration`: what containers run."""

from __future__ import annotations

from pathlib import Path

import click

from te_assets.settings import Settings
from te_assets.stack.parts import PARTS, become


@click.command()
@click.argument("part", type=click.Choice(list(PARTS)))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on; by default the part's own.")
def serve(part: str, host: str, port: int | None) -> None:
    """Be one service in the foreground until SIGTERM, as containers are.

    Kafka, ClickHouse and Dagster's PostgreSQL are those of the settings; migrate has prepared them.

    Example: te-assets serve gateway --host 0.0.0.0 --port 8000
    """
    become(part, Settings(), host, port)


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--kafka-host", default="kafka", show_default=True, help="Name under which clients reach the broker.")
def configuration(folder: Path, kafka_host: str) -> None:
    """Write the configuration of a clickhouse-server (config.d, users.d) and of a Kafka broker into FOLDER.

    Users, grants and limits are those of the local servers. Of the passwords of te_writer and te_reader the files hold
    hashes alone.

    Example: te-assets configuration /configuration --kafka-host kafka
    """
    from te_assets.stack.server_configuration import write_server_configuration

    for file in write_server_configuration(Settings(), folder, kafka_host):
        click.echo(file)
