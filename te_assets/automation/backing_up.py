"""Takes a backup of a home's lake and landing store, and puts one back in their place."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from te_assets import __version__
from te_assets.errors import BackupError
from te_assets.lake import backup as lake
from te_assets.lake.migrate import migrate
from te_assets.settings import Settings
from te_assets.stack import backup_folder as folders
from te_assets.stack import restoration, running
from te_assets.stack.backup_folder import Copied, Record
from te_assets.stack.clickhouse_config import BACKUP_DISK, backups_folder
from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint
from te_assets.stack.home import Home
from te_assets.stack.standstill import WAIT, standstill

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_HOURS: Final = 12 * 3600  # seconds that BACKUP or RESTORE may take
_LEFTOVER_SECONDS: Final = 86_400
Say = Callable[[str], None]


def _quietly(_: str) -> None:
    """Where nobody listens."""


@dataclass(frozen=True)
class BackedUp:
    """A backup that is whole.

    Attributes:
        lake_on_server: Where ClickHouse keeps the lake's part; empty where it is in the folder.
    """

    folder: Path
    lake_on_server: str
    record: Record


@dataclass(frozen=True)
class Restored:
    """A backup that stands in the place of what was there.

    Attributes:
        migrations: Applied because the backup was older than this te_assets.
        landing: Workbooks brought over; None where the backup has none.
    """

    record: Record
    migrations: tuple[str, ...]
    landing: Copied | None
    rows: dict[str, int]


def back_up(
    settings: Settings, folder: Path, *, with_landing: bool = True, wait: float = WAIT, say: Say = _quietly
) -> BackedUp:
    """Back up te_raw, te_ops, te_staging, te_marts and the landing store.

    Args:
        settings: Whose home and ClickHouse.
        folder: To be made; its parents too.
        with_landing: Whether the landing store goes with it.
        wait: Seconds for runs that write at the moment.
        say: Takes a line of progress.

    Raises:
        BackupError: The folder exists, there is no space or no right, or runs did not end in time.
        StackError: ClickHouse does not answer.
    """
    folder = folder.expanduser().absolute()
    local = _local_disk(settings)
    disk, name = _disk(settings), f"te_{datetime.now(UTC):%Y%m%dT%H%M%SZ}_{uuid4().hex[:8]}"
    with closing(_patient_client(settings)) as client:
        if not client.command("EXISTS TABLE te_ops.schema_migrations"):
            raise BackupError(f"{settings.home_dir}: there is no lake to back up yet. Make one: te-assets migrate.")
        made = folders.unfinished(folder)
        if local is not None:
            _require_space(lake.size(client), local.parent, made)
        with standstill(settings, wait, say):
            made_at = datetime.now(UTC)
            say("copying te_raw, te_ops, te_staging and te_marts")
            applied = lake.migrations(client)
            if local is not None:
                _sweep(local)
            lake.back_up(client, disk, name)
        version = str(client.server_version)
    extent = None
    if local is not None:
        folders.move(local / name, made / folders.LAKE)
        extent = folders.extent(made / folders.LAKE)
    # After the lake: a file that te_ops.files names was in the store before.
    landing = None
    if with_landing:
        say("copying the landing store")
        folders.copy_workbooks(settings.landing_dir, made / folders.LANDING)
        landing = folders.extent(made / folders.LANDING)
    record = Record(
        format=folders.FORMAT,
        made_at=made_at,
        te_assets=__version__,
        clickhouse=version,
        migrations=applied,
        disk=disk,
        lake_name=name,
        lake=extent,
        landing=landing,
    )
    folders.finish(made, folder, record)
    return BackedUp(folder, "" if extent is not None else f"Disk('{disk}', '{name}')", record)


def restore(
    settings: Settings, folder: Path, *, replace: bool = False, wait: float = WAIT, say: Say = _quietly
) -> Restored:
    """Put a backup in the place of the lake, bring its workbooks to the landing store, and migrate.

    Args:
        settings: Whose home and ClickHouse.
        folder: As `back_up` made it.
        replace: Also where the lake is not empty.
        wait: Seconds for runs that write at the moment.
        say: Takes a line of progress.

    Raises:
        BackupError: It is not a whole backup, or a newer te_assets made it; the lake is not empty; Dagster runs. The
            lake is as it was.
        StackError: ClickHouse does not answer.
    """
    folder = folder.expanduser().absolute()
    record = folders.read(folder)
    lake.require_not_newer(record.migrations, str(folder))
    _require_no_daemon(settings)
    landing: Copied | None = None
    applied: list[str] = []
    with closing(_patient_client(settings)) as client, standstill(settings, wait, say):
        lake.finish_cut_restore(client)
        if not replace:
            _require_empty(client, settings)
        if record.landing is not None:
            # Before the lake: what te_ops.files names must be in the store.
            say("copying workbooks to the landing store")
            landing = folders.copy_workbooks(folder / folders.LANDING, settings.landing_dir)
        say("restoring te_raw, te_ops, te_staging and te_marts")
        with _on_disk(settings, folder, record) as (disk, name):
            # Before: killed in between, Dagster is asked too often rather than never.
            restoration.mark(settings, record.lake_name)
            lake.restore(client, disk, name, lambda: applied.extend(migrate(client)))
        rows = lake.holdings(client)
    return Restored(record, tuple(applied), landing, rows)


@contextmanager
def _on_disk(settings: Settings, folder: Path, record: Record) -> Iterator[tuple[str, str]]:
    """The lake's part where ClickHouse can read it: disk and name."""
    local, own = _local_disk(settings), folder / folders.LAKE
    if local is None:
        yield _disk(settings), record.lake_name
        return
    if not own.is_dir():
        raise BackupError(
            f"{folder} does not hold the lake: ClickHouse kept it on its own "
            f"Disk('{record.disk}', '{record.lake_name}'). Copy that folder to {own} and restore again."
        )
    shown = local / record.lake_name
    shutil.rmtree(shown, ignore_errors=True)
    try:
        folders.lend(own, shown)
        yield BACKUP_DISK, record.lake_name
    finally:
        shutil.rmtree(shown, ignore_errors=True)


def _patient_client(settings: Settings) -> Client:
    return clickhouse_client(clickhouse_endpoint(settings), send_receive_timeout=_HOURS)


def _local_disk(settings: Settings) -> Path | None:
    """Folder of the home's own engine for backups; None where the user's own server is used."""
    return None if settings.clickhouse_url else backups_folder(Home(settings.home_dir))


def _disk(settings: Settings) -> str:
    return settings.clickhouse_backup_disk if settings.clickhouse_url else BACKUP_DISK


def _sweep(local: Path) -> None:
    """Remove what killed backups and restores left on the engine's disk."""
    for left in local.glob("te_*"):
        if time.time() - left.stat().st_mtime > _LEFTOVER_SECONDS:
            shutil.rmtree(left, ignore_errors=True)


def _require_space(needed: int, *places: Path) -> None:
    for place in places:
        free = shutil.disk_usage(place).free
        if free < needed:
            raise BackupError(
                f"{place}: the lake takes {needed / 1024**3:.1f} GiB, {free / 1024**3:.1f} GiB are free. Free some, or "
                "name a folder on a larger disk."
            )


def _require_empty(client: Client, settings: Settings) -> None:
    if held := lake.holdings(client):
        first = ", ".join(f"{table} ({rows:,} rows)" for table, rows in list(held.items())[:3])
        where = settings.clickhouse_url or f"home {settings.home_dir}"
        raise BackupError(
            f"The lake of {where} is not empty: {first}. Restore into an empty home, or with --replace: then the "
            "backup takes its place and what came later is read again from Kafka, as far as that still has it."
        )


def _require_no_daemon(settings: Settings) -> None:
    found = running.record(Home(settings.home_dir))
    if found is not None and "dagster" in found.services:
        raise BackupError(
            f"Dagster runs in home {settings.home_dir}: its sensors would write while the lake is replaced. Stop it, "
            "and start the servers alone: te-assets down, then te-assets up --detach --only kafka,clickhouse"
        )
