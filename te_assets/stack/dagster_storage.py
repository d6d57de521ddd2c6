"""Where Dagster keeps runs, events and ticks: SQLite in its home, or the PostgreSQL that the settings name."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from te_assets.errors import SettingsError, StackError
from te_assets.settings import Settings, handed_on
from te_assets.stack.home import write_private
from te_assets.stack.postgres import reading
from te_assets.stack.render import render

_REVISION: Final = "SELECT version_num FROM alembic_version"


class StorageFailed(StackError):
    """Dagster's storage cannot be reached."""


class Storage(Protocol):
    """A storage before Dagster opens it."""

    @property
    def where(self) -> str:
        """What a person calls it; without the password."""

    def revisions(self) -> Mapping[str, str]:
        """Schema revision of each database that exists; none where nothing was made yet.

        Raises:
            StorageFailed: The storage cannot be reached.
        """


@dataclass(frozen=True)
class SqliteStorage:
    """Files below the instance's folder."""

    folder: Path

    @property
    def where(self) -> str:
        """The folder."""
        return f"SQLite in {self.folder}"

    def revisions(self) -> Mapping[str, str]:
        """One for runs, events and ticks each; the events of single runs follow the index."""
        databases = {"runs": "history/runs.db", "events": "history/runs/index.db", "ticks": "schedules/schedules.db"}
        found = {}
        for name, path in databases.items():
            file = self.folder / path
            if not file.exists():
                continue
            try:
                with contextlib.closing(sqlite3.connect(file)) as connection:
                    row = connection.execute(_REVISION).fetchone()
            except sqlite3.OperationalError:  # made by a Dagster that did not write one down
                row = None
            except sqlite3.DatabaseError as error:
                raise StorageFailed(
                    f"{file} is no SQLite database ({error}). Restore {self.folder} from a backup, or move it away: "
                    "Dagster starts with an empty history, figures are not touched."
                ) from error
            found[name] = row[0] if row else "none"
        return found


@dataclass(frozen=True)
class PostgresStorage:
    """A database of somebody's PostgreSQL."""

    host: str
    port: int
    database: str
    user: str
    password: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"PostgresStorage({self.where})"

    @property
    def where(self) -> str:
        """Address and database."""
        return f"PostgreSQL at {self.host}:{self.port}, database {self.database}"

    def revisions(self) -> Mapping[str, str]:
        """One for the whole database."""
        import psycopg2

        try:
            with reading(self.host, self.port, self.database, self.user, self.password) as cursor:
                cursor.execute("SELECT to_regclass('alembic_version') IS NOT NULL")
                if cursor.fetchone() != (True,):
                    return {}
                cursor.execute(_REVISION)
                row = cursor.fetchone()
                return {"database": row[0] if row else "none"}
        except psycopg2.Error as error:
            why = " ".join(str(error).split()) or type(error).__name__
            raise StorageFailed(
                f"Dagster's {self.where}, does not let user {self.user} in, or does not answer: {why}. Start it, or "
                "check TE_DAGSTER_POSTGRES_HOST, _PORT, _DB, _USER and _PASSWORD (or _PASSWORD_FILE); the database "
                "must exist and belong to the user. Without TE_DAGSTER_POSTGRES_HOST, SQLite in the home is used."
            ) from error


def storage_of(settings: Settings) -> Storage:
    """The storage that the settings name."""
    if not settings.dagster_postgres_host:
        return SqliteStorage(settings.dagster_home / "storage")
    password = settings.dagster_postgres_password
    return PostgresStorage(
        settings.dagster_postgres_host,
        settings.dagster_postgres_port,
        settings.dagster_postgres_db,
        settings.dagster_postgres_user,
        password.get_secret_value() if password else "",
    )


def write_instance(settings: Settings) -> None:
    """Write the instance's dagster.yaml from the one template; PostgreSQL's password stays in the environment."""
    folder = settings.dagster_home
    text = render(
        "dagster.yaml.jinja",
        local=not settings.dagster_postgres_host,
        dagster_home=str(folder),
        run_launcher=settings.dagster_run_launcher,
        artifacts=settings.dagster_artifacts,
        handed_on=handed_on(settings),
        volumes=settings.run_volumes.split(),
    )
    write_private(folder / "dagster.yaml", text)


def write_workspace(settings: Settings, file: Path) -> None:
    """Write a workspace.yaml from the one template: where the definitions of te_assets are.

    Raises:
        SettingsError: TE_DAGSTER_CODE_SERVER is no address.
    """
    server = settings.dagster_code_server
    host, _, port = (server or "").rpartition(":")
    if server and not (host and port.isdigit()):
        raise SettingsError(f"TE_DAGSTER_CODE_SERVER is {server!r}. It must be host:port, as code:4000.")
    write_private(
        file, render("workspace.yaml.jinja", code_server={"host": host, "port": int(port)} if server else None)
    )
