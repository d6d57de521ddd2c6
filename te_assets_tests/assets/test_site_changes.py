"""A changed site profile: its stale days are shown in Dagster, and stay as they are until someone restates them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

import te_assets.simulator
from te_assets.assets.site_changes import SITE_CHECK
from te_assets.automation.jobs import range_tags
from te_assets.definitions import defs
from te_assets.lake import stale
from te_assets.lake.history import type_history
from te_assets.lake.models import CONFIRMATIONS
from te_assets.lake.touched import DayRange
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets_tests.assets.test_restating import CONTRACT, DAYS, rows
from te_assets_tests.conftest import Stack
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

SCRAP_RATE, AVAILABILITY = dg.AssetKey(["marts", "scrap_rate"]), dg.AssetKey(["marts", "availability"])


@pytest.fixture
def folder(plant: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of one's own, with a week of confirmations in raw."""
    shipped = Path(te_assets.simulator.__file__).parent / "site" / "site.yaml"
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "site.yaml").write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setenv("TE_SITE", str(folder))
    RawLog(plant.clickhouse, CONFIRMATIONS, CONTRACT).file("a.xlsx", datetime(2026, 3, 9, tzinfo=UTC), rows(10))
    profile = Profile.of(Settings())
    profile.apply(plant.clickhouse)
    type_history(plant.clickhouse, CONFIRMATIONS, profile.typing("confirmations"), run_id="test")
    return folder


def edit(folder: Path, was: str, becomes: str) -> None:
    path = folder / "site.yaml"
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes), encoding="utf-8")


def restate(instance: dg.DagsterInstance, days: list[date], model: str = "confirmations") -> dg.ExecuteInProcessResult:
    job = defs.resolve_job_def(f"restate_{model}")
    result = job.execute_in_process(instance=instance, tags=range_tags(DayRange(days[0], days[-1])))
    assert result.success
    return result


def site_checks(result: dg.ExecuteInProcessResult) -> dict[dg.AssetKey, dg.AssetCheckEvaluation]:
    return {c.asset_key: c for c in result.get_asset_check_evaluations() if c.check_name == SITE_CHECK}


def test_stale_days_are_shown_and_stay_until_they_are_restated(plant: Stack, folder: Path) -> None:
    """A holiday was entered a week late; the figures of a year must not change overnight, nor pretend to be new."""
    figures = "SELECT production_day, work_center, refreshed_at FROM te_marts.scrap_rate ORDER BY ALL"
    with dg.DagsterInstance.ephemeral() as instance:
        passed = site_checks(restate(instance, DAYS))
        before = plant.clickhouse.query(figures).result_rows
        edit(folder, "rework_in_produced: true", "rework_in_produced: false")

        told = site_checks(restate(instance, DAYS[:1]))[SCRAP_RATE]

        assert all(check.passed for check in passed.values())
        assert passed[SCRAP_RATE].metadata["stale days"].value == 0
        assert (told.passed, told.severity) == (False, dg.AssetCheckSeverity.WARN)
        assert {key: told.metadata[key].value for key in ("stale days", "first", "last", "why")} == {
            "stale days": 4,
            "first": str(DAYS[1]),
            "last": str(DAYS[-1]),
            "why": "policy rework_in_produced",
        }
        assert (told.description or "").endswith(f"Restate them: te-assets backfill {DAYS[1]} {DAYS[-1]}")
        assert plant.clickhouse.query(figures).result_rows[1:] == before[1:]
        assert versions(instance, "confirmations") == set(map(str, DAYS))

        assert site_checks(restate(instance, DAYS[1:]))[SCRAP_RATE].passed
        assert stale.stale(plant.clickhouse) == []


def test_marts_that_the_run_does_not_compute_are_told_too(plant: Stack, folder: Path) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        restate(instance, DAYS, "interactions")
        edit(folder, "holidays: [2026-04-03, 2026-05-01]", f"holidays: [2026-04-03, {DAYS[2]}]")

        restate(instance, DAYS[:1])

        key = dg.AssetCheckKey(AVAILABILITY, SITE_CHECK)
        (latest,) = instance.event_log_storage.get_asset_check_execution_history(key, limit=1)
        assert latest.event is not None
        assert latest.event.dagster_event is not None
        told = latest.event.dagster_event.asset_check_evaluation_data
        assert not told.passed
        assert told.metadata["stale days"].value == 1
        assert told.metadata["first"].value == str(DAYS[2])
        assert versions(instance, "interactions") == {str(DAYS[2])}
        assert versions(instance, "confirmations") == set()  # none was computed before


def versions(instance: dg.DagsterInstance, model: str) -> set[str]:
    """Days that a change of the site gave a new data version."""
    key = dg.AssetKey(["staging", f"{model}_days"])
    return {
        str(record.partition_key)
        for record in instance.fetch_materializations(key, limit=100).records
        if record.asset_materialization is not None
        and str((record.asset_materialization.tags or {}).get("dagster/data_version")).startswith("site-")
    }
