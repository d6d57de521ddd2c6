"""Dagster's instance on SQLite and on a real PostgreSQL: made, migrated, used, and what is said when it cannot be."""

from __future__ import annotations

import contextlib
import importlib
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Literal

import psycopg2
import pytest
from dagster._config import process_config
from dagster._core.instance.config import dagster_instance_config
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin
from dagster._core.workspace.load import location_origins_from_yaml_paths

from te_assets.automation.jobs import IN_TURN
from te_assets.automation.launch import Launcher
from te_assets.errors import SettingsError
from te_assets.settings import Settings, environment
from te_assets.stack.dagster_storage import StorageFailed, storage_of, write_workspace
from te_assets_tests.automation.ticking import DAY, Ticking, defs
from te_assets_tests.stack.instances import OLDER, enter, make_older, opened, prepare, settings_of
from te_assets_tests.stack.postgres import NASTY, Database, Postgres


@pytest.fixture
def on_postgres(postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return enter(settings_of(tmp_path, postgres.database()), monkeypatch)


@pytest.fixture
def on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    return enter(settings_of(tmp_path), monkeypatch)


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.long), "postgres"])
def settings(request: pytest.FixtureRequest) -> Settings:
    """Each storage in turn."""
    found: Settings = request.getfixturevalue(f"on_{request.param}")
    return found


def empty(settings: Settings) -> None:
    """As if a new server stood there, or somebody had cleared up."""
    if not settings.dagster_postgres_host:
        shutil.rmtree(settings.dagster_home / "storage")
        return
    assert settings.dagster_postgres_password
    with contextlib.closing(
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
            cursor.execute("DROP OWNED BY CURRENT_USER")
            cursor.execute("CREATE SCHEMA IF NOT EXISTS public")


def slots(pool: str) -> int:
    with opened() as instance:
        return instance.event_log_storage.get_concurrency_info(pool).slot_count


# --- the template


@pytest.mark.parametrize("storage", ["sqlite", "postgres"])
def test_dagster_takes_every_key_of_the_template(storage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that this Dagster does not know stops every command with a page of text."""
    database = Database("db", 5433, "runs", "dagster", NASTY) if storage == "postgres" else None
    settings = enter(settings_of(tmp_path, database), monkeypatch)

    config, _ = dagster_instance_config(str(settings.dagster_home))

    assert list(config["storage"]) == [storage]
    assert config["concurrency"]["pools"] == {"default_limit": 1, "granularity": "op"}
    assert config["concurrency"]["runs"] == {
        "max_concurrent_runs": 6,
        "tag_concurrency_limits": [
            *({"key": tag, "limit": 3} for tag in IN_TURN),
            {"key": "dagster/backfill", "limit": 1},
        ],
    }
    assert config["run_monitoring"] == {
        "enabled": True,
        "start_timeout_seconds": 60,
        "poll_interval_seconds": 10,
        "free_slots_after_run_end_seconds": 30,
        "max_runtime_seconds": 7200,
    }
    assert config["run_retries"] == {"enabled": True, "max_retries": 2, "retry_on_asset_or_op_failure": False}
    assert set(config["retention"]) == {"sensor", "schedule", "auto_materialize"}
    if database:
        names = {"hostname": "HOST", "port": "PORT", "db_name": "DB", "username": "USER", "password": "PASSWORD"}
        found = config["storage"]["postgres"]["postgres_db"]
        assert {key: found[key] for key in names} == {
            key: {"env": f"TE_DAGSTER_POSTGRES_{name}"} for key, name in names.items()
        }


@pytest.mark.parametrize(
    ("launcher", "name"),
    [
        ("fork", "ForkingRunLauncher"),
        ("code_server", "CodeServerRunLauncher"),
        ("docker", "DockerRunLauncher"),
        ("kubernetes", "K8sRunLauncher"),
    ],
)
def test_each_run_launcher_takes_its_part_of_the_template(
    launcher: Literal["fork", "code_server", "docker", "kubernetes"],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("TE_RUN_NETWORK", "TE_RUN_NAMESPACE", "TE_RUN_SERVICE_ACCOUNT"):
        monkeypatch.setenv(variable, "plant")
    volumes = "plant_state:/var/lib/state /etc/secrets:/run/secrets:ro"
    settings = Settings(
        home=tmp_path / "home", dagster_run_launcher=launcher, run_volumes=volumes, dagster_postgres_host="db"
    )
    enter(settings, monkeypatch)

    config, _ = dagster_instance_config(str(settings.dagster_home))

    found = config["run_launcher"]
    launches = getattr(importlib.import_module(found["module"]), name)
    assert found["class"] == name
    taken = process_config(launches.config_type(), found.get("config", {}))
    assert taken.success, taken.errors
    assert taken.value is not None
    if launcher == "docker":
        assert taken.value["container_kwargs"]["volumes"] == volumes.split()
        assert {"TE_HOME", "TE_DAGSTER_POSTGRES_PASSWORD"} <= set(taken.value["env_vars"])
        assert [variable for variable in taken.value["env_vars"] if variable.startswith("TE_RUN_")] == []


@pytest.mark.parametrize(
    ("server", "origin"),
    [(None, "ManagedGrpcPythonEnvCodeLocationOrigin"), ("code:4000", "GrpcServerCodeLocationOrigin")],
)
def test_the_workspace_names_the_definitions_or_their_server(server: str | None, origin: str, tmp_path: Path) -> None:
    file = tmp_path / "workspace.yaml"

    write_workspace(Settings(home=tmp_path, dagster_code_server=server), file)

    (found,) = location_origins_from_yaml_paths([str(file)])
    assert (type(found).__name__, found.location_name) == (origin, "te_assets")
    if server:
        assert isinstance(found, GrpcServerCodeLocationOrigin)
        assert (found.host, found.port) == ("code", 4000)


@pytest.mark.parametrize("wrong", ["code", "code:", ":4000", "code:port"])
def test_a_code_server_without_an_address_is_refused(wrong: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="TE_DAGSTER_CODE_SERVER"):
        write_workspace(Settings(home=tmp_path, dagster_code_server=wrong), tmp_path / "workspace.yaml")


def test_the_password_stands_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = enter(settings_of(tmp_path, Database("db", 5432, "dagster", "dagster", "s3cret")), monkeypatch)

    files = [path for path in settings.home_dir.rglob("*") if path.is_file()]

    assert settings.dagster_home / "dagster.yaml" in files
    assert [path for path in files if b"s3cret" in path.read_bytes()] == []


def test_a_password_in_a_file_and_defaults_reach_dagster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """dagster.yaml refers to variables, which nobody has set where the password is a container's secret."""
    (tmp_path / "secret").write_text(f"{NASTY}\n", encoding="utf-8")
    monkeypatch.setenv("TE_DAGSTER_POSTGRES_HOST", "db")
    monkeypatch.setenv("TE_DAGSTER_POSTGRES_PASSWORD_FILE", str(tmp_path / "secret"))

    found = environment(Settings())

    assert {name: found[f"TE_DAGSTER_POSTGRES_{name}"] for name in ("HOST", "PORT", "DB", "USER", "PASSWORD")} == {
        "HOST": "db",
        "PORT": "5432",
        "DB": "dagster",
        "USER": "dagster",
        "PASSWORD": NASTY,
    }


# --- what `te-assets up` does before it starts Dagster


@pytest.mark.long
def test_a_new_storage_gets_the_pool_and_is_not_called_old(settings: Settings) -> None:
    assert prepare(settings) == []

    assert slots("restate") == 4
    assert set(storage_of(settings).revisions()) in ({"database"}, {"runs", "events", "ticks"})


@pytest.mark.long
def test_a_storage_that_is_ready_is_left_alone(settings: Settings) -> None:
    """Dagster's own command takes seconds; each start would wait for it."""
    prepare(settings)
    log = settings.home_dir / "logs" / "dagster-instance.log"
    before = log.read_bytes()

    assert prepare(settings) == []

    assert log.read_bytes() == before


def test_an_older_storage_is_migrated_and_that_is_said_in_one_line(settings: Settings) -> None:
    prepare(settings)
    newest = storage_of(settings).revisions()
    make_older(settings)
    assert set(storage_of(settings).revisions().values()) == {OLDER}

    (line,) = prepare(settings)

    assert "was of an older version and was migrated" in line
    assert all(f"{name} {OLDER} → {revision}" in line for name, revision in newest.items())
    assert storage_of(settings).where in line
    assert "\n" not in line
    assert storage_of(settings).revisions() == newest


@pytest.mark.long
def test_a_storage_that_was_emptied_is_made_again_with_the_pool(settings: Settings) -> None:
    """The note that all was prepared stood in the home, the database was another."""
    prepare(settings)
    empty(settings)

    prepare(settings)

    assert slots("restate") == 4


# --- use


def test_jobs_pools_and_sensors_work_on_postgresql(on_postgres: Settings) -> None:
    prepare(on_postgres)
    with opened() as instance:
        job = defs.resolve_job_def("measure")
        done = job.execute_in_process(instance=instance, partition_key="2026-03-01")

        assert done.success
        assert instance.get_materialized_partitions(DAY) == {"2026-03-01"}

        storage = instance.event_log_storage
        claims = [storage.claim_concurrency_slot("restate", f"run-{n}", "step") for n in range(5)]
        assert [claim.is_claimed for claim in claims] == [True, True, True, True, False]

        with Ticking(instance) as ticking:
            ticking.tick(3)
            assert ticking.statuses() == {"SKIPPED": 3}


# --- what is said when it cannot be reached


def test_a_wrong_password_is_said_in_a_sentence_without_it(on_postgres: Settings) -> None:
    settings = on_postgres.model_copy(update={"dagster_postgres_password": None})
    wrong = settings_of(
        on_postgres.home_dir.parent,
        Database(
            on_postgres.dagster_postgres_host or "",
            on_postgres.dagster_postgres_port,
            on_postgres.dagster_postgres_db,
            on_postgres.dagster_postgres_user,
            "hunter2",
        ),
    )

    for each in (settings, wrong):
        with pytest.raises(StorageFailed) as caught:
            prepare(each)
        said = str(caught.value)
        assert f"PostgreSQL at 127.0.0.1:{on_postgres.dagster_postgres_port}" in said
        assert f"database {on_postgres.dagster_postgres_db}" in said
        assert "TE_DAGSTER_POSTGRES_HOST" in said
        assert "hunter2" not in said
        assert NASTY not in said
        assert "\n" not in said
    assert "password authentication failed" in said


@pytest.mark.parametrize("wrong", ["port", "database"])
def test_a_server_or_database_that_is_not_there_is_said(
    wrong: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.database()
    elsewhere = replace(database, port=1) if wrong == "port" else replace(database, name="nowhere")
    settings = enter(settings_of(tmp_path, elsewhere), monkeypatch)

    with pytest.raises(StorageFailed, match="Connection refused" if wrong == "port" else '"nowhere" does not exist'):
        prepare(settings)


def test_a_command_without_a_daemon_says_it_too(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster's own answer is a traceback after five tries."""
    settings = enter(settings_of(tmp_path, replace(postgres.database(), password="hunter2")), monkeypatch)

    with pytest.raises(StorageFailed, match="password authentication failed"), Launcher(settings).session():
        pass


def test_a_file_that_is_no_database_is_named(on_sqlite: Settings) -> None:
    file = on_sqlite.dagster_home / "storage" / "history" / "runs.db"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"x" * 4096)

    with pytest.raises(StorageFailed, match=r"runs\.db is no SQLite database"):
        prepare(on_sqlite)


def test_the_password_is_not_shown_where_the_storage_is_printed() -> None:
    storage = storage_of(settings_of(Path("/nowhere"), Database("db", 5432, "dagster", "dagster", "hunter2")))

    assert "hunter2" not in f"{storage!r} {storage}"
