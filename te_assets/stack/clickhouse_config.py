"""The configuration files of the local ClickHouse: ports, users with their grants and limits, and what is closed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from te_assets.stack.home import Home, write_private
from te_assets.stack.render import render

HOST: Final = "127.0.0.1"
BACKUP_DISK: Final = "te_backups"
FILE_CLOSED: Final = "The function file() is closed: queries read tables, not files"


def backups_folder(home: Home) -> Path:
    """Where the engine's disk for backups is: beside its tables, because it may write nowhere else."""
    return home.clickhouse / "data" / "backups"


def write_configuration(home: Home, http_port: int, native_port: int, extra_writer_grants: Sequence[str] = ()) -> None:
    """Write what the engine reads at its start, into folders below the home's `clickhouse/`."""
    passwords = home.secrets()
    configuration, functions = home.clickhouse / "run", home.clickhouse / "data" / "user_defined"
    users = configuration / "users.xml"
    texts = {
        users: render(
            "clickhouse/users.xml.jinja",
            embedded=True,
            writer_sha256=hashlib.sha256(passwords.te_writer.encode()).hexdigest(),
            reader_sha256=hashlib.sha256(passwords.te_reader.encode()).hexdigest(),
            networks=[HOST],
            extra_writer_grants=extra_writer_grants,
        ),
        configuration / "config.xml": render(
            "clickhouse/config.xml.jinja",
            embedded=True,
            listen=HOST,
            users=users,
            logs=home.clickhouse / "log",
            http_port=http_port,
            native_port=native_port,
            backup_disk=BACKUP_DISK,
            backups=backups_folder(home),
        ),
        # The scalar file() asks for no grant: te_reader could read the parts of te_raw. A function of the user's
        # own stands before the built-in one, and nobody has the grant to create or drop functions.
        functions / "function_file.sql": render("clickhouse/function_file.sql.jinja", sentence=FILE_CLOSED),
    }
    for path, text in texts.items():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, text)
