"""Upkeep on a real instance on disk and on a real PostgreSQL: what goes, what stays, and that nothing grows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import psycopg2
import pytest
import sqlalchemy as sa
from dagster import DagsterEventType, DagsterRunStatus
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetEventTagsTable

from te_assets.automation import forgetting
from te_assets.automation.forgetting import Forgotten, forget, reclaim
from te_assets.automation.runs import REQUEST_TAG, failures
from te_assets.automation.upkeep import upkeep_job
from te_assets.profile import Profile
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets_tests.automation.ticking import CHECK, DAY, Ticking
from te_assets_tests.stack.instances import enter, opened, settings_of
from te_assets_tests.stack.postgres import Postgres

KEEP = timedelta(days=90)
LONG_AGO = datetime(2026, 2, 1, 12, tzinfo=UTC)
LATER = LONG_AGO + timedelta(days=100)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home on each storage in turn."""
    if request.param == "sqlite":
        return enter(settings_of(tmp_path), monkeypatch)
    server: Postgres = request.getfixturevalue("postgres")
    return enter(settings_of(tmp_path, server.database()), monkeypatch)


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    with opened() as found:
        yield found


@pytest.fixture
def ticking(instance: dg.DagsterInstance) -> Iterator[Ticking]:
    with Ticking(instance, LONG_AGO) as found:
        yield found


def forget_at(instance: dg.DagsterInstance, now: datetime) -> Forgotten:
    return forget(instance, now - KEEP)


def run_ids(instance: dg.DagsterInstance) -> set[str]:
    return set(instance.get_run_ids())


def rows(instance: dg.DagsterInstance, table: sa.Table) -> int:
    storage: Any = instance.event_log_storage
    with storage.index_connection() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar())


def files_naming(settings: Settings, run_id: str) -> list[Path]:
    return [path for path in settings.dagster_home.rglob("*") if run_id in path.name]


# --- what goes and what stays


def test_an_old_run_goes_with_everything_that_it_left(
    settings: Settings, instance: dg.DagsterInstance, ticking: Ticking
) -> None:
    first, again = (ticking.run("measure", "2026-01-01") for _ in range(2))
    assert files_naming(settings, first)
    checks = rows(instance, AssetCheckExecutionsTable)

    done = forget_at(instance, LATER)

    assert (done.runs, done.kept, done.left) == (1, 1, 0)
    assert run_ids(instance) == {again}
    assert files_naming(settings, first) == []
    assert instance.all_logs(again)
    assert rows(instance, AssetCheckExecutionsTable) == checks / 2 > 0


def test_a_young_run_stays(instance: dg.DagsterInstance, ticking: Ticking) -> None:
    runs = {ticking.run("glance") for _ in range(3)}

    assert forget_at(instance, LONG_AGO + KEEP - timedelta(seconds=1)).runs == 0
    assert run_ids(instance) == runs


def test_the_newest_run_of_each_job_stays(instance: dg.DagsterInstance, ticking: Ticking) -> None:
    runs = [ticking.run("glance") for _ in range(3)]

    forget_at(instance, LATER)

    assert run_ids(instance) == {runs[-1]}


def test_a_run_in_flight_stays_however_old(instance: dg.DagsterInstance, ticking: Ticking) -> None:
    ended = [ticking.run("glance") for _ in range(2)]
    flying = dg.DagsterRun("glance", run_id="0" * 8, status=DagsterRunStatus.STARTED)
    instance.add_run(flying)

    forget_at(instance, LATER + timedelta(days=10_000))

    assert run_ids(instance) == {ended[-1], flying.run_id}


def test_the_ui_still_knows_each_partition_and_check_after_the_runs_are_gone(
    instance: dg.DagsterInstance, ticking: Ticking
) -> None:
    """`delete_run` alone makes partitions "missing": measured with 1.13.27."""
    days = [f"2026-01-0{n}" for n in range(1, 6)]
    for _ in range(2):
        for each in days:
            ticking.run("measure", each)
    versions = instance.get_latest_data_version_record(DAY)
    latest = instance.event_log_storage.get_latest_storage_id_by_partition(DAY, DagsterEventType.ASSET_MATERIALIZATION)

    done = forget_at(instance, LATER)

    assert (done.runs, done.kept) == (5, 5)
    assert instance.get_materialized_partitions(DAY) == set(days)
    assert (
        instance.event_log_storage.get_latest_storage_id_by_partition(DAY, DagsterEventType.ASSET_MATERIALIZATION)
        == latest
    )
    assert instance.get_latest_data_version_record(DAY) == versions
    (record,) = instance.event_log_storage.get_latest_asset_check_execution_by_key([CHECK]).values()
    assert record.run_id in run_ids(instance)
    event = instance.get_latest_materialization_event(DAY)
    assert event is not None
    assert event.run_id in run_ids(instance)


def test_what_was_reported_without_a_run_goes_once_something_newer_was_reported(
    instance: dg.DagsterInstance, ticking: Ticking
) -> None:
    """A topic reports what arrived every half minute: a million events a year."""
    for number in range(20):
        for partition in ("2026-01-01", "2026-01-02"):
            tags = {"dagster/data_version": str(number)}
            instance.report_runless_asset_event(dg.AssetMaterialization(DAY, partition=partition, tags=tags))
    now = datetime.now(UTC)

    assert forget(instance, now - timedelta(hours=1)).events == 0
    assert forget(instance, now + timedelta(hours=1)).events == 38

    assert instance.get_materialized_partitions(DAY) == {"2026-01-01", "2026-01-02"}
    left = [record.asset_materialization for record in instance.fetch_materializations(DAY, limit=10).records]
    assert [(event.tags or {})["dagster/data_version"] for event in left if event] == ["19", "19"]
    assert rows(instance, AssetEventTagsTable) == 2


def test_what_has_piled_up_is_worked_off_oldest_first(
    instance: dg.DagsterInstance, ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgetting, "MOST_RUNS", 2)
    monkeypatch.setattr(forgetting, "_BATCH", 1)
    runs = [ticking.run("glance") for _ in range(4)]
    said: list[str] = []

    first = forget(instance, LATER - KEEP, said.append)

    assert (first.runs, first.left) == (2, 1)
    assert run_ids(instance) == set(runs[2:])
    assert said == ["1 of 2 runs deleted", "2 of 2 runs deleted"]
    assert forget_at(instance, LATER).runs == 1


def test_a_run_whose_deletion_was_cut_off_is_deleted_the_next_time(
    settings: Settings, instance: dg.DagsterInstance, ticking: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events without a run would stay for ever: nothing would find them."""
    old, newest = ticking.run("glance"), ticking.run("glance")

    def killed(run_id: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(instance.run_storage, "delete_run", killed)
        with pytest.raises(KeyboardInterrupt):
            forget_at(instance, LATER)

    assert forget_at(instance, LATER).runs == 1
    assert run_ids(instance) == {newest}
    assert files_naming(settings, old) == []


def test_the_next_attempt_of_a_failing_request_has_a_new_key_after_its_first_runs_were_deleted(
    instance: dg.DagsterInstance,
) -> None:
    """Dagster drops a run key that was used: counting what is left would use one again."""
    for number in range(3, 6):
        run = dg.DagsterRun(
            "load_interactions",
            run_id=f"{number:08d}",
            status=DagsterRunStatus.FAILURE,
            tags={REQUEST_TAG: "k", "dagster/run_key": f"load_interactions:k#{number}"},
        )
        instance.add_run(run)

    assert failures(instance, "load_interactions", "k").number == 6
    assert failures(instance, "load_interactions", "other").number == 0


# --- the job


def test_the_job_keeps_to_the_site_s_policy(
    settings: Settings, instance: dg.DagsterInstance, ticking: Ticking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    site.mkdir()
    text = (Profile.of(settings).folder / "site.yaml").read_text(encoding="utf-8")
    assert "policies: {" in text
    (site / "site.yaml").write_text(text.replace("policies: {", "policies: {keep_runs_days: 3, "), encoding="utf-8")
    monkeypatch.setenv("TE_SITE", str(site))
    ticking.now = datetime.now(UTC) - timedelta(days=4)
    runs = [ticking.run("glance") for _ in range(2)]
    ticking.now = datetime.now(UTC) - timedelta(days=2)
    runs += [ticking.run("glance") for _ in range(2)]

    done = upkeep_job().execute_in_process(instance=instance, resources={"profile": ProfileResource()})

    assert done.success
    assert run_ids(instance) == {*runs[2:], done.run_id}
    said = [entry.user_message for entry in instance.all_logs(done.run_id)]
    assert any(line.startswith("2 runs that ended more than 3 days ago deleted") for line in said)


# --- growth


def bytes_of(settings: Settings) -> int:
    """Size of the instance on disk, or of its tables with their indexes once they are vacuumed."""
    if not settings.dagster_postgres_host:
        return sum(path.stat().st_size for path in settings.dagster_home.rglob("*") if path.is_file())
    assert settings.dagster_postgres_password
    with closing(
        psycopg2.connect(
            host=settings.dagster_postgres_host,
            port=settings.dagster_postgres_port,
            dbname=settings.dagster_postgres_db,
            user=settings.dagster_postgres_user,
            password=settings.dagster_postgres_password.get_secret_value(),
        )
    ) as connection:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")  # what autovacuum does in its time
            cursor.execute(
                "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND relname !~ '^pg_'"
            )
            return int(cursor.fetchone()[0])


def work(instance: dg.DagsterInstance, ticking: Ticking) -> None:
    """500 ticks, a run with each tenth, of which one in five restates the same production day; then upkeep."""
    for number in range(50):
        ticking.tick(10)
        ticking.run("measure" if number % 5 == 0 else "glance", "2026-01-01" if number % 5 == 0 else None)
    forget(instance, ticking.now - timedelta(days=7))
    reclaim(instance)


@pytest.mark.long
def test_500_ticks_and_50_runs_more_do_not_make_it_larger(settings: Settings, instance: dg.DagsterInstance) -> None:
    """A tick an hour, ticks that skip kept a day, runs a week: after three weeks as large as after six."""
    with Ticking(instance, LONG_AGO) as ticking:
        work(instance, ticking)
        ticks, runs, size = ticking.statuses(), len(run_ids(instance)), bytes_of(settings)
        work(instance, ticking)

        assert ticking.statuses() == ticks == {"SKIPPED": 25}
        assert len(run_ids(instance)) == runs
        grown = bytes_of(settings)
        print(f"\n{size:,} bytes after 500 ticks and 50 runs, {grown:,} after 1,000 and 100")
        assert grown <= 1.2 * size
