"""Instances of Dagster on each storage, made as the product makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.storage.event_log.sqlite import sqlite_event_log
from dagster._core.storage.runs.sqlite import sqlite_run_storage
from dagster._core.storage.schedules.sqlite import sqlite_schedule_storage
from dagster._core.storage.sql import get_alembic_config, run_alembic_downgrade
from dagster_postgres import utils as postgres_utils
from dagster_postgres.event_log import event_log as postgres_event_log
from pydantic import SecretStr

from te_assets.settings import Settings, environment
from te_assets.stack import dagster_instance
from te_assets.stack.dagster_storage import write_instance
from te_assets.stack.home import Home
from te_assets.stack.orchestrator import DagsterService
from te_assets_tests.stack.postgres import Database

OLDER = "6b7fb194ff9c"
"""Revision of the schema before concurrency limits got a default: Dagster 1.9."""


def settings_of(folder: Path, database: Database | None = None) -> Settings:
    """A home with Dagster's storage in SQLite, or in a database."""
    if database is None:
        return Settings(home=folder / "home")
    return Settings(
        home=folder / "home",
        dagster_postgres_host=database.host,
        dagster_postgres_port=database.port,
        dagster_postgres_db=database.name,
        dagster_postgres_user=database.user,
        dagster_postgres_password=SecretStr(database.password),
    )


def enter(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Make the home, and put the settings into the environment as the product does, until the end of the test."""
    Home.open(settings)
    settings.dagster_home.mkdir(exist_ok=True)
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    write_instance(settings)
    return settings


def prepare(settings: Settings) -> list[str]:
    """What `te-assets up` does before it starts anything of Dagster, and what it says."""
    said: list[str] = []
    service = DagsterService(Home(settings.home_dir), settings, progress=said.append)
    dagster_instance.prepare(settings, service._make_instance, said.append)
    return said


@contextmanager
def opened() -> Iterator[dg.DagsterInstance]:
    """The instance that the environment names."""
    with dg.DagsterInstance.get() as instance:
        yield instance


def make_older(settings: Settings) -> None:
    """Take the schema back to what an older Dagster left."""
    with opened() as instance, ExitStack() as stack:
        runs: Any = instance.run_storage
        events: Any = instance.event_log_storage
        ticks: Any = instance.schedule_storage
        if settings.dagster_postgres_host:
            databases = [(postgres_utils.pg_alembic_config(postgres_event_log.__file__), events.index_connection())]
        else:
            databases = [
                (get_alembic_config(sqlite_run_storage.__file__), runs.connect()),
                (get_alembic_config(sqlite_event_log.__file__), events.index_connection()),
                (get_alembic_config(sqlite_schedule_storage.__file__), ticks.connect()),
            ]
        for config, connect in databases:
            run_alembic_downgrade(config, stack.enter_context(connect), OLDER)
