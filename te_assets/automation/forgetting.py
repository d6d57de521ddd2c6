"""What is deleted from Dagster's storage, and what must stay so that the UI still knows every asset.

`DagsterInstance.delete_run` alone does neither: it takes the only materialization of a partition with it, which is
"missing" from then on, and leaves check executions, compute logs and SQLite's file of the run behind
(docs/decisions/0013-what-dagster-keeps.md). The tables are Dagster's own, by the names of its schema.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import sqlalchemy as sa
from dagster import DagsterRunStatus, RunsFilter
from dagster._core.instance import RUNLESS_RUN_ID
from dagster._core.storage.event_log.schema import (
    AssetCheckExecutionsTable,
    AssetEventTagsTable,
    SqlEventLogStorageTable,
)
from dagster._core.storage.runs.schema import RunsTable

if TYPE_CHECKING:
    from dagster import DagsterInstance

MOST_RUNS: Final = 5_000
"""Runs that one call deletes: what has piled up before the first upkeep is worked off in several nights."""

FINISHED: Final = (DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED)
_BATCH: Final = 500
_LARGEST_REWRITE: Final = 200_000_000  # bytes: a VACUUM locks writers out, and Dagster's give up after 5 s
_EVENTS, _CHECKS = SqlEventLogStorageTable.c, AssetCheckExecutionsTable.c

Item = TypeVar("Item")


@dataclass(frozen=True)
class Forgotten:
    """What was deleted.

    Attributes:
        runs: Finished runs, with their events, check executions and compute logs.
        kept: Runs as old as these that the UI still needs.
        left: Runs that wait for the next call, because one deletes so many at the most.
        events: Events without a run that newer ones had replaced.
    """

    runs: int
    kept: int
    left: int
    events: int


def forget(instance: DagsterInstance, before: datetime, say: Callable[[str], None] = lambda _: None) -> Forgotten:
    """Delete what ended or was reported before an instant and is not needed any more.

    Needed are, whatever their age: runs that have not ended, the newest finished run of each job, and the runs of the
    newest event of each kind and the newest check execution of each asset partition.

    Args:
        instance: Whose storage; SQLite or PostgreSQL.
        before: Aware.
        say: Takes a line per batch.
    """
    before = before.astimezone(UTC)  # the storage compares wall clocks, its own is UTC
    ended = RunsFilter(statuses=list(FINISHED), updated_before=before)
    needed = _needed(instance)
    old = instance.get_run_ids(ended)[::-1]  # oldest first
    to_go = [run_id for run_id in old if run_id not in needed]
    going = to_go[:MOST_RUNS]
    done = 0
    for batch in _batches(going):
        for run_id in batch:
            _forget_run(instance, run_id)
        done += len(batch)
        say(f"{done:,} of {len(going):,} runs deleted")
    events = _forget_runless(instance, before)
    return Forgotten(runs=done, kept=len(old) - len(to_go), left=len(to_go) - done, events=events)


def reclaim(instance: DagsterInstance) -> int:
    """Give SQLite's free pages back to the disk where they are many; bytes. PostgreSQL does so by itself.

    A database that others are writing is left alone: its free pages are used again in any case.
    """
    before = after = 0
    for file in _sqlite_files(instance):
        before += file.stat().st_size
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
            pages, free, size = (
                connection.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            )
            if free * 4 > pages and (pages - free) * size <= _LARGEST_REWRITE:
                with contextlib.suppress(sqlite3.OperationalError):
                    connection.execute("VACUUM")
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        after += file.stat().st_size
    return before - after


def _needed(instance: DagsterInstance) -> set[str]:
    """Runs that the UI shows something of that nothing newer shows."""
    newest_runs = (
        sa.select(sa.func.max(RunsTable.c.id))
        .where(RunsTable.c.status.in_([status.value for status in FINISHED]))
        .group_by(RunsTable.c.pipeline_name)
    )
    newest_checks = sa.select(sa.func.max(_CHECKS.id)).group_by(
        _CHECKS.asset_key, _CHECKS.check_name, _CHECKS.partition, _CHECKS.execution_status
    )
    storage: Any = instance.event_log_storage
    runs: Any = instance.run_storage
    with runs.connect() as connection:
        found = {
            row[0] for row in connection.execute(sa.select(RunsTable.c.run_id).where(RunsTable.c.id.in_(newest_runs)))
        }
    with storage.index_connection() as connection:
        for of, newest in ((_EVENTS, _newest_events()), (_CHECKS, newest_checks)):
            found |= {row[0] for row in connection.execute(sa.select(of.run_id).where(of.id.in_(newest)).distinct())}
    return found


def _newest_events() -> Any:
    """Ids of the newest event of each kind (materialized, planned, failed, observed, fresh) per asset partition."""
    return (
        sa.select(sa.func.max(_EVENTS.id))
        .where(_EVENTS.asset_key.is_not(None))
        .group_by(_EVENTS.dagster_event_type, _EVENTS.asset_key, _EVENTS.partition)
    )


def _forget_run(instance: DagsterInstance, run_id: str) -> None:
    """The run's own record last: whatever stops this in between, the next call finds the run again."""
    storage: Any = instance.event_log_storage
    instance.compute_log_manager.delete_logs(prefix=[run_id])
    with storage.index_connection() as connection:
        connection.execute(AssetCheckExecutionsTable.delete().where(_CHECKS.run_id == run_id))
        storage.delete_events_for_run(connection, run_id)
    storage.free_concurrency_slots_for_run(run_id)
    if (shard := _shard(storage, run_id)) is not None:
        for file in (shard, *(shard.with_name(shard.name + end) for end in ("-wal", "-shm"))):
            file.unlink(missing_ok=True)
    instance.run_storage.delete_run(run_id)


def _forget_runless(instance: DagsterInstance, before: datetime) -> int:
    """Delete what was reported without a run, but the newest per asset partition."""
    storage: Any = instance.event_log_storage
    old = (_EVENTS.run_id == RUNLESS_RUN_ID) & (_EVENTS.timestamp < before.replace(tzinfo=None))
    with storage.index_connection() as connection:
        ids = [
            row[0] for row in connection.execute(sa.select(_EVENTS.id).where(old, _EVENTS.id.not_in(_newest_events())))
        ]
    for batch in _batches(ids):
        with storage.index_connection() as connection:
            connection.execute(AssetEventTagsTable.delete().where(AssetEventTagsTable.c.event_id.in_(batch)))
            connection.execute(SqlEventLogStorageTable.delete().where(_EVENTS.id.in_(batch)))
    if (shard := _shard(storage, RUNLESS_RUN_ID)) is not None and shard.exists():
        with storage.run_connection(RUNLESS_RUN_ID) as connection:  # a copy; what is asked stands in the index
            connection.execute(SqlEventLogStorageTable.delete().where(old))
    return len(ids)


def _shard(storage: Any, run_id: str) -> Path | None:
    """SQLite's file with the events of a run; other storages have none."""
    path_for_shard = getattr(storage, "path_for_shard", None)
    return None if path_for_shard is None else Path(path_for_shard(run_id))


def _sqlite_files(instance: DagsterInstance) -> Iterator[Path]:
    """Databases of an instance on SQLite that grow and shrink."""
    events: Any = instance.event_log_storage
    for connect in (
        getattr(instance.run_storage, "connect", None),
        getattr(instance.schedule_storage, "connect", None),
        events.index_connection,
    ):
        if connect is not None:
            with connect() as connection:
                url = connection.engine.url
            if url.get_backend_name() == "sqlite" and url.database and Path(url.database).is_file():
                yield Path(url.database)
    if (shard := _shard(events, RUNLESS_RUN_ID)) is not None and shard.is_file():
        yield shard


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))
