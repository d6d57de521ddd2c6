"""BACKUP and RESTORE of te_raw, te_ops, te_staging and te_marts, together.

Why a backup holds together is argued in docs/decisions/0012-backups.md. In short: runs stand still meanwhile, and
should one write all the same (from another machine), the ledgers are older than the data that they speak of. What is
loaded but not in its ledger is found at the read-back of the next load; the other way round it would be lost.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from te_assets.errors import BackupError
from te_assets.lake.migrate import shipped

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

DATABASES: Final = ("te_raw", "te_ops", "te_staging", "te_marts")
# In this order: what was typed was loaded before, and what was cleared was computed before.
LEDGERS: Final = ("typing_ledger", "touched_days", "load_ledger")
_FORMER: Final = "te_former_"
_OPS_FIRST: Final = ("te_ops", "te_raw", "te_staging", "te_marts")
_LEDGERS_APART: Final = "te_backup_ledgers"
_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")
_NO_SPACE, _REFUSED, _MISSING = frozenset({243}), frozenset({497}), frozenset({598, 599})
_NO_DISK: Final = frozenset({36, 318, 479})
# A server refuses by default to drop what is larger than 50 GB.
_DROPPING: Final = {"max_table_size_to_drop": 0, "max_partition_size_to_drop": 0}


def back_up(client: Client, disk: str, name: str) -> None:
    """Write a backup of the lake.

    Args:
        client: Writer, patient enough for all data to be copied.
        disk: Of the server, allowed for backups.
        name: Folder on it.

    Raises:
        BackupError: The server has no such disk, no right or no space, or the name is taken.
    """
    with _older_ledgers(client):
        older = ", ".join(f"TABLE {_LEDGERS_APART}.{ledger} AS te_ops.{ledger}" for ledger in LEDGERS)
        whole = ", ".join(f"DATABASE {database}" for database in DATABASES if database != "te_ops")
        # The list of exceptions ends the statement: after a comma the server takes whatever comes for a table.
        ops = f"DATABASE te_ops EXCEPT TABLES {', '.join([*LEDGERS, *_passing_tables(client)])}"
        _run(client, f"BACKUP {older}, {whole}, {ops} TO {_place(disk, name)}", disk)


def size(client: Client) -> int:
    """Bytes that the lake takes on the server's disk, about what a backup takes."""
    rows = client.query(
        "SELECT sum(bytes_on_disk) FROM system.parts WHERE active AND database IN {databases:Array(String)}",
        parameters={"databases": list(DATABASES)},
    ).result_rows
    return int(rows[0][0])


def migrations(client: Client) -> dict[str, str]:
    """Name and SHA-256 of each applied migration."""
    rows = client.query(
        "SELECT DISTINCT name, toString(sha256) FROM te_ops.schema_migrations ORDER BY name"
    ).result_rows
    return {name: sha256 for name, sha256 in rows}


def require_not_newer(applied: Mapping[str, str], what: str) -> None:
    """See that this code knows all migrations of a backup.

    Raises:
        BackupError: Some are unknown here, or have another content.
    """
    known = {migration.name: migration.sha256 for migration in shipped()}
    if unknown := sorted(applied.keys() - known.keys()):
        raise BackupError(
            f"{what} was made by a newer te_assets: this one does not know {', '.join(unknown)}. Install the version "
            "that made it, or a later one, and restore again."
        )
    if edited := sorted(name for name, sha256 in applied.items() if known[name] != sha256):
        raise BackupError(
            f"{what} was made by another te_assets, whose {', '.join(edited)} had another content. Install the version "
            "that made it and restore again."
        )


def holdings(client: Client) -> dict[str, int]:
    """Tables with rows that cannot be had again from the site profile, and how many; empty for a lake without work."""
    rows = client.query(
        "SELECT concat(database, '.', name), total_rows FROM system.tables WHERE total_rows > 0 "
        "AND (database IN ('te_raw', 'te_staging', 'te_marts') OR database = 'te_ops' "
        "AND name IN ('files', 'corrections', 'load_ledger', 'typing_ledger', 'touched_days')) ORDER BY 1"
    ).result_rows
    return {table: rows_there for table, rows_there in rows}


def restore(client: Client, disk: str, name: str, then: Callable[[], object]) -> None:
    """Put a backup in the place of the lake. What was there is kept until the backup is there whole.

    Args:
        client: Writer, patient enough for all data to be copied.
        disk: Of the server, allowed for backups.
        name: Folder on it.
        then: Called when all tables are there and sound; what it raises undoes the restore too.

    Raises:
        BackupError: The server has no such backup, no right or no space, or the backup is damaged. The former lake is
            back in its place.
    """
    finish_cut_restore(client)
    for database in DATABASES:
        client.command(f"CREATE DATABASE IF NOT EXISTS {database}")
    for database in _OPS_FIRST:
        client.command(f"RENAME DATABASE {database} TO {_former(database)}")
    try:
        _run(client, f"RESTORE {', '.join(f'DATABASE {d}' for d in DATABASES)} FROM {_place(disk, name)}", disk)
        _require_sound(client, name)
        then()
    except BaseException:
        finish_cut_restore(client)
        raise
    _drop_former(client, _OPS_FIRST)


def finish_cut_restore(client: Client) -> None:
    """Bring a restore that was killed to its end: undone, unless its backup was there whole.

    te_former_ops is made first and dropped first: while it exists, the former lake is the one that counts.
    """
    rows = client.query(
        "SELECT name FROM system.databases WHERE startsWith(name, {former:String})", {"former": _FORMER}
    )
    there = {name for (name,) in rows.result_rows}
    if _former("te_ops") not in there:
        _drop_former(client, DATABASES)
        return
    for database in reversed(_OPS_FIRST):
        if _former(database) in there:
            client.command(f"DROP DATABASE IF EXISTS {database} SYNC", settings=_DROPPING)
            client.command(f"RENAME DATABASE {_former(database)} TO {database}")


def _drop_former(client: Client, databases: Sequence[str]) -> None:
    for database in databases:
        client.command(f"DROP DATABASE IF EXISTS {_former(database)} SYNC", settings=_DROPPING)


def _former(database: str) -> str:
    return f"{_FORMER}{database.removeprefix('te_')}"


@contextmanager
def _older_ledgers(client: Client) -> Iterator[None]:
    """The ledgers as they are now, in a database of their own: hard links, whatever their size."""
    client.command(f"DROP DATABASE IF EXISTS {_LEDGERS_APART} SYNC")  # of a backup that was killed
    client.command(f"CREATE DATABASE {_LEDGERS_APART}")
    try:
        for ledger in LEDGERS:
            client.command(f"CREATE TABLE {_LEDGERS_APART}.{ledger} CLONE AS te_ops.{ledger}")
        yield
    finally:
        client.command(f"DROP DATABASE {_LEDGERS_APART} SYNC")


def _passing_tables(client: Client) -> list[str]:
    """Shadows of a site profile that is being applied, or was when its process ended."""
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = 'te_ops' AND match(name, '__site_[0-9a-f]{12}$')"
    ).result_rows
    return [name for (name,) in rows]


def _require_sound(client: Client, name: str) -> None:
    """Read every restored table and compare its check sums; a damaged disk shows here."""
    tables = client.query(
        "SELECT database, name FROM system.tables "
        "WHERE engine LIKE '%MergeTree' AND database IN {databases:Array(String)}",
        parameters={"databases": list(DATABASES)},
    ).result_rows
    for database, table in tables:
        answer = client.raw_query(
            f"CHECK TABLE {database}.`{table}`", settings={"check_query_single_value_result": 0}, fmt="JSONEachRow"
        )
        for part in map(json.loads, answer.splitlines()):
            if not part["is_passed"]:
                raise BackupError(
                    f"{name}: {database}.{table} is damaged in the backup ({part['message'][:200]}). Nothing was "
                    "restored, the former lake is back. Restore an older backup."
                )


def _place(disk: str, name: str) -> str:
    for part in (disk, name):
        if not _NAME.fullmatch(part):
            raise BackupError(
                f"{part!r} cannot be the name of a disk or a backup: letters, digits, _ and - only. Correct "
                "TE_CLICKHOUSE_BACKUP_DISK."
            )
    return f"Disk('{disk}', '{name}')"


def _run(client: Client, statement: str, disk: str) -> None:
    """Run BACKUP or RESTORE.

    Raises:
        BackupError: What the server says, with what to do about it.
    """
    from clickhouse_connect.driver.exceptions import DatabaseError

    try:
        client.command(statement)
    except DatabaseError as error:
        raise BackupError(f"{_advice(error.code, str(error), disk)} ClickHouse says: {str(error)[:500]}") from error


def _advice(code: int | None, said: str, disk: str) -> str:
    if code in _NO_DISK:
        return (
            f"ClickHouse has no disk {disk} for backups. Add to its configuration <storage_configuration><disks>"
            f"<{disk}><type>local</type><path>/var/lib/clickhouse/backups/</path></{disk}></disks>"
            f"</storage_configuration> and <backups><allowed_disk>{disk}</allowed_disk></backups>, or name another by "
            "TE_CLICKHOUSE_BACKUP_DISK."
        )
    if code in _REFUSED:
        return (
            "ClickHouse does not let this user make or restore backups. Grant: GRANT BACKUP ON te_*.* and "
            "GRANT READ, WRITE ON DISK, beside what te_writer has (docs/backup.md)."
        )
    if code in _NO_SPACE or "No space left on device" in said:
        return f"ClickHouse has no space left on disk {disk} or on that of its tables. Free some and try again."
    if code in _MISSING:
        return (
            f"Disk {disk} of ClickHouse does not have the backup, or has one of that name already. For a restore, copy "
            "the folder lake of the backup, or what another server kept, to that disk under the name below."
        )
    return "ClickHouse could not do it; the lake is as it was."
