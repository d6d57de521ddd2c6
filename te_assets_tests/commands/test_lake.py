"""`te-assets migrate`, `backfill` and `simulate`, as the shell calls them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from te_assets.cli import cli
from te_assets.commands import lake
from te_assets.errors import SettingsError, StackError
from te_assets.stack import provision
from te_assets.stack.connect import Endpoints
from te_assets_tests.conftest import Stack


@pytest.mark.stack
def test_migrate_creates_what_is_missing_and_then_nothing(plant: Stack) -> None:
    for database in ("te_raw", "te_staging", "te_marts", "te_ops"):
        plant.clickhouse.command(f"DROP DATABASE {database} SYNC")

    first, second = (CliRunner().invoke(cli, ["migrate"]) for _ in range(2))

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "migrations applied: 0001_databases.sql, 0002_raw.sql" in first.output
    assert second.output == "migrations applied: none, up to date\ntopics created: none, all there\n"


@pytest.mark.stack
def test_migrate_waits_for_a_server_that_does_not_answer_yet(plant: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[int] = []

    def late(where: Endpoints, replication_factor: int) -> provision.Provisioned:
        tries.append(1)
        if len(tries) == 1:
            raise StackError("Kafka does not answer.")
        return really(where, replication_factor)

    really = provision.provision
    monkeypatch.setattr(provision, "provision", late)
    monkeypatch.setattr(lake, "_PAUSE", 0.0)

    at_once = CliRunner().invoke(cli, ["migrate"])
    tries.clear()
    patient = CliRunner().invoke(cli, ["migrate", "--wait", "60"])

    assert isinstance(at_once.exception, StackError)
    assert patient.exit_code == 0
    assert "waiting, and trying again: Kafka does not answer." in patient.output
    assert "migrations applied: " in patient.output


@pytest.mark.stack
def test_backfill_runs_both_models_and_names_the_runs(plant: Stack) -> None:
    done = CliRunner().invoke(cli, ["backfill", "2026-03-02", "2026-03-03", "--layer", "marts"])

    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert [line.split(", run ")[0] for line in lines] == [
        "marts_interactions: 2026-03-02 … 2026-03-03",
        "marts_confirmations: 2026-03-02 … 2026-03-03",
    ]
    # A scheduled window has a row also where nobody delivered.
    assert plant.clickhouse.query("SELECT count() > 0, max(availability) FROM te_marts.availability").result_rows == [
        (1, None)
    ]


def test_backfill_refuses_days_that_are_no_partitions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TE_HOME", str(tmp_path))

    done = CliRunner().invoke(cli, ["backfill", "2025-12-30", "2026-01-02"])

    assert isinstance(done.exception, SettingsError)
    assert "2025-12-30 … 2026-01-02 leaves the site's production days, 2026-01-01" in str(done.exception)


def test_simulate_writes_workbooks_site_and_truth(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["simulate", str(tmp_path), "--days", "1", "--plants", "1"])

    assert done.exit_code == 0, done.output
    workbooks = [Path(line) for line in done.stdout.splitlines()]
    assert len(workbooks) == 2
    assert all(path.exists() and path.suffix == ".xlsx" for path in workbooks)
    assert {path.name for path in (tmp_path / "truth").iterdir()} >= {"availability.parquet", "scrap_rate.parquet"}
    assert (tmp_path / "site" / "site.yaml").exists()
