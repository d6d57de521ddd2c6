"""Workbooks of a simulated company through the Dagster assets to the marts, on real servers, beside the truth."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from te_assets.automation.backfill import backfill_days
from te_assets.automation.comparison import TABLES, differences, plant_figures
from te_assets.automation.ingesting import ingest, restate_waiting
from te_assets.automation.jobs import job_name
from te_assets.automation.launch import Launcher
from te_assets.delivery.envelope import event_message
from te_assets.delivery.publisher import publish_events
from te_assets.lake.touched import DayRange
from te_assets.profile import Profile
from te_assets.simulator.run import Simulated, simulate
from te_assets.stack.connect import kafka_config
from te_assets_tests import oracle
from te_assets_tests.conftest import Stack
from te_assets_tests.recomputation import SHOWN, fingerprint

# As long as a hundred other tests. The demo and the containers are compared with the truth each time.
pytestmark = [pytest.mark.stack, pytest.mark.long]

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    """Three production days of two plants."""
    return simulate(tmp_path_factory.mktemp("company"), days=3, plants=2, seed=11, start=FIRST)


@pytest.fixture
def plant(stack: Stack, company: Simulated, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """The stack with the company's site, in the settings and in the environment that Dagster's resources read."""
    settings = stack.settings.model_copy(update={"site": company.site})
    assert settings.clickhouse_password is not None
    monkeypatch.setenv("TE_HOME", str(settings.home_dir))
    monkeypatch.setenv("TE_SITE", str(company.site))
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", str(settings.kafka_bootstrap_servers))
    monkeypatch.setenv("TE_CLICKHOUSE_URL", str(settings.clickhouse_url))
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD", settings.clickhouse_password.get_secret_value())
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    return replace(stack, settings=settings)


def shown(plant: Stack) -> dict[str, tuple[int, int]]:
    return {table: fingerprint(plant.clickhouse, table) for table in SHOWN}


def truth_without_a_row(company: Simulated, folder: Path, plant: Stack) -> list[str]:
    """Tables that the comparison finds wrong, once each, when a row is taken out of the truth of every table."""
    wrong = {}
    for name, path in company.truth.marts.items():
        wrong[name] = folder / path.name
        pl.read_parquet(path)[1:].write_parquet(wrong[name])
    return [difference.table for difference in differences(plant.clickhouse, wrong) if difference.truth is None]


def test_marts_equal_the_truth_and_nothing_is_lost_or_changed_by_repeating(
    plant: Stack, company: Simulated, tmp_path: Path
) -> None:
    reports = ingest(plant.settings, company.workbooks)

    assert [str(d) for d in differences(plant.clickhouse, company.truth.marts)] == []
    figures = plant_figures(plant.clickhouse, company.truth.marts)
    assert {(f.kpi, f.plant) for f in figures} == {
        (k, p) for k in ("availability", "scrap rate") for p in ("1000", "2000")
    }
    assert all(figure.agrees for figure in figures)
    assert all(report.difference == 0 and report.published == report.raw > 0 for report in reports)
    oracle.check(kafka_config(plant.endpoints), plant.clickhouse, profile=Profile.of(plant.settings))

    before = shown(plant)
    assert truth_without_a_row(company, tmp_path, plant) == [table.name for table in TABLES]

    again = ingest(plant.settings, company.workbooks[:2])

    assert shown(plant) == before
    assert all("the same bytes were published before" in report.note for report in again)

    for _ in backfill_days(plant.settings, DayRange(FIRST, LAST), layer="staging"):
        pass
    assert shown(plant) == before


@pytest.mark.long
def test_any_order_of_delivery_gives_the_same_marts(plant: Stack, company: Simulated) -> None:
    first, *others = reversed(company.workbooks)
    ingest(plant.settings, [first])
    ingest(plant.settings, others)

    assert [str(d) for d in differences(plant.clickhouse, company.truth.marts)] == []


@pytest.mark.long
def test_an_open_stop_is_posted_as_an_event_and_closed_later_by_its_id(plant: Stack) -> None:
    start = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)  # noon in Berlin, outside every break
    stop = {
        "plant": "1000",
        "work_center": "PRS01",
        "interaction_id": "EV-1",
        "reason_code": "110",
        "started_at": start.isoformat(),
    }
    ended = {**stop, "ended_at": (start + timedelta(minutes=30)).isoformat()}

    seconds = []
    for number, (event, at) in enumerate([(stop, start), (ended, start + timedelta(minutes=40))]):
        message = event_message(
            "interactions", event, machine="1000/PRS01", event_id=f"e{number}", time=at, contract="operator_log@1"
        )
        publish_events(kafka_config(plant.endpoints), [message])
        launcher = Launcher(plant.settings)
        with launcher.session() as instance:
            launcher.run(instance, job_name("load", "interactions"))
            restate_waiting(plant.clickhouse, launcher, instance, plant.settings, lambda _: None)
        rows = plant.clickhouse.query(
            "SELECT sum(attributed_seconds), max(is_open) FROM te_marts.stops WHERE interaction_id = 'EV-1'"
        ).result_rows
        seconds.append((float(rows[0][0]), bool(rows[0][1])))

    assert seconds == [(0.0, True), (1800.0, False)]
    oracle.check(kafka_config(plant.endpoints), plant.clickhouse, profile=Profile.of(plant.settings))
