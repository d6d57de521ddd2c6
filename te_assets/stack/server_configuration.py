"""Configuration files for servers that somebody else runs, as containers do: from the templates of the local ones."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from te_assets.errors import SettingsError
from te_assets.settings import Settings
from te_assets.stack.clickhouse_config import BACKUP_DISK
from te_assets.stack.home import make_folder
from te_assets.stack.render import render

BACKUPS: Final = "/var/lib/clickhouse/backups"
KAFKA_DATA: Final = "/var/lib/kafka/data"
HTTP_PORT, NATIVE_PORT, KAFKA_PORT, CONTROLLER_PORT = 8123, 9000, 9092, 9093
ANYWHERE: Final = "::/0"
_READABLE: Final = 0o644  # by the server's own user; of passwords it holds hashes alone


def write_server_configuration(settings: Settings, folder: Path, kafka_host: str) -> list[Path]:
    """Write `clickhouse/config.d`, `clickhouse/users.d` and `kafka/server.properties` below a folder.

    Args:
        settings: With the passwords of te_writer and te_reader, and all else that services in containers need.
        folder: Where to; what is there is replaced.
        kafka_host: Name under which clients reach the broker.

    Returns:
        The files.

    Raises:
        SettingsError: A secret is missing or empty; all that are, are named.
        HomeError: The folder cannot be written.
    """
    known = secrets_of(settings)
    texts = {
        "clickhouse/config.d/te_assets.xml": render(
            "clickhouse/config.xml.jinja",
            embedded=False,
            listen="0.0.0.0",  # noqa: S104 (of a container)
            http_port=HTTP_PORT,
            native_port=NATIVE_PORT,
            backup_disk=BACKUP_DISK,
            backups=BACKUPS,
        ),
        "clickhouse/users.d/te_assets.xml": render(
            "clickhouse/users.xml.jinja",
            embedded=False,
            writer_sha256=_sha256(known["TE_CLICKHOUSE_PASSWORD"]),
            reader_sha256=_sha256(known["TE_CLICKHOUSE_READER_PASSWORD"]),
            networks=[ANYWHERE],
            extra_writer_grants=(),
        ),
        "kafka/server.properties": render(
            "server.properties.jinja",
            container=True,
            listen="",
            host=kafka_host,
            port=KAFKA_PORT,
            controller_port=CONTROLLER_PORT,
            data=KAFKA_DATA,
            overrides={},
        ),
    }
    written = []
    for name, text in texts.items():
        file = folder / name
        make_folder(file.parent)
        fresh = file.with_name(f".{file.name}.fresh")
        fresh.write_text(text, encoding="utf-8")
        fresh.chmod(_READABLE)
        fresh.replace(file)
        written.append(file)
    return written


def secrets_of(settings: Settings) -> Mapping[str, str]:
    """What services in containers cannot do without, by the name of the setting.

    Raises:
        SettingsError: One is missing or empty; all that are, are named.
    """
    wanted = {
        "TE_CLICKHOUSE_PASSWORD": settings.clickhouse_password,
        "TE_CLICKHOUSE_READER_PASSWORD": settings.clickhouse_reader_password,
        "TE_DAGSTER_POSTGRES_PASSWORD": settings.dagster_postgres_password,
        "TE_OPERATOR_KEY": settings.operator_key,
    }
    if missing := [name for name, value in wanted.items() if not value]:
        raise SettingsError(
            f"{', '.join(missing)}: not set, or the file that {missing[0]}_FILE names is empty. Nothing was started. "
            "docker/make-secrets writes those that are missing."
        )
    return {name: value.get_secret_value() for name, value in wanted.items() if value}


def _sha256(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()
