"""The robot in the graph: what a portal file brings, and what a run of it shows."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from te_assets.assets.portals import portal_assets
from te_assets.automation.fetching import fetch_name, fetching
from te_assets.profile import Profile
from te_assets.robot.fetching import Surroundings
from te_assets.robot.portal.example import FILE
from te_assets.robot.portal_file import load_portal
from te_assets.settings import Settings
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.conftest import gateway as gateway
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.robot.conftest import NOW, PASSWORD, USER, Opening
from te_assets_tests.robot.conftest import chromium as chromium
from te_assets_tests.robot.conftest import portal_of as portal_of
from te_assets_tests.robot.conftest import records as records


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with the demo portal."""
    folder = Path(shutil.copytree(Settings().site_dir, tmp_path / "site"))
    (folder / "portals").mkdir()
    shutil.copy(FILE, folder / "portals" / "demo.yaml")
    return folder


def edited(site: Path, old: str, new: str, name: str = "demo.yaml") -> None:
    file = site / "portals" / name
    text = (site / "portals" / "demo.yaml").read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_portal_file_brings_an_asset_before_the_workbooks_a_job_and_a_schedule(site: Path) -> None:
    found = fetching(site)
    defs = dg.Definitions(assets=found.sources, jobs=found.jobs, schedules=found.schedules)
    graph = defs.resolve_asset_graph()

    for model in ("interactions", "confirmations"):
        assert graph.get(dg.AssetKey(["excel", model])).parent_keys == {dg.AssetKey(["portals", "demo"])}
    schedule = defs.resolve_schedule_def("fetch_demo")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("15 * * * *", "Europe/Berlin")
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING
    keys = defs.resolve_job_def("fetch_demo").asset_layer.executable_asset_keys
    assert keys == {dg.AssetKey(["portals", "demo"])}


def test_without_portal_files_the_graph_begins_with_the_workbooks(tmp_path: Path) -> None:
    found = fetching(tmp_path)

    assert [str(spec.key) for spec in found.sources if isinstance(spec, dg.AssetSpec) and spec.deps] == []
    assert (len(found.sources), found.jobs, found.schedules) == (2, [], [])


def test_a_faulty_portal_file_takes_nothing_along(site: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One wrong key in the evening, and no asset of the plant was there in the morning."""
    edited(site, "attempts:", "atempts:", "broken.yaml")
    edited(site, "url: ", "url:  ", "twin.yaml")
    edited(site, '"15 * * * *"', '"15 25 * * *"')

    with caplog.at_level(logging.WARNING):
        found = fetching(site)

    assert ([job.name for job in found.jobs], found.schedules) == (["fetch_demo"], [])
    told = [record.message for record in caplog.records]
    assert "broken.yaml" in told[0]
    assert "atempts" in told[0]
    assert "a portal 'demo' stands in another file too" in told[1]
    assert "schedule '15 25 * * *' is no cron line" in told[2]
    assert sum("broken.yaml" in fault or "twin.yaml" in fault for fault in Profile(site).faults()) == 2


def test_names_of_jobs_are_names_for_dagster() -> None:
    portal = load_portal(FILE).model_copy(update={"name": "sap-web-2"})

    assert fetch_name(portal) == "fetch_sap_web_2"


@pytest.fixture
def robots_home(stack: Stack, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The environment of a run: who signs in, the robot's token, the gateway's address."""
    home = stack.settings.home_dir
    monkeypatch.setenv("TE_HOME", str(home))
    monkeypatch.setenv("TE_PORTAL_DEMO_USER", USER)
    monkeypatch.setenv("TE_PORTAL_DEMO_PASSWORD", PASSWORD)
    monkeypatch.setattr("te_assets.stack.connect.gateway_url", lambda _: gateway.url)
    then = partial(Surroundings, now=lambda: NOW, pause=lambda _: None)
    monkeypatch.setattr("te_assets.robot.fetching.Surroundings", then)
    yield stack.settings
    shutil.rmtree(home / "robot")


def materialized(portal: Any, instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    return dg.materialize(portal_assets([portal]), instance=instance, raise_on_error=False)


@pytest.mark.stack
@pytest.mark.browser
def test_a_run_shows_what_was_fetched_at_the_portal_and_at_the_workbooks(
    robots_home: Settings, portal_of: Opening, chromium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = portal_of(period=load_portal(FILE).period.model_copy(update={"catch_up": 1}))
    monkeypatch.setenv("TE_PORTAL_DEMO_URL", portal.url)
    with dg.DagsterInstance.ephemeral() as instance:
        first, second = materialized(portal.file, instance), materialized(portal.file, instance)
        seen = [
            instance.get_latest_materialization_event(dg.AssetKey(["portals", "demo"])),
            *(
                instance.fetch_observations(dg.AssetKey(["excel", model]), limit=2).records[0].event_log_entry
                for model in ("interactions", "confirmations")
            ),
        ]

    assert (first.success, second.success) == (True, True)
    yesterday = f"{NOW - timedelta(days=1):%Y-%m-%d}"
    assert [what for what, day, _ in portal.asked() if day == yesterday] == ["interactions", "confirmations"]
    (made,) = first.asset_materializations_for_node(first.all_node_events[0].node_name)
    numbers = {name: made.metadata[name].value for name in ("delivered", "known", "failed")}
    assert numbers == {"delivered": 2, "known": 0, "failed": 0}
    for entry in seen:
        assert entry is not None
        event = entry.asset_materialization or entry.asset_observation
        assert event is not None
        assert (event.metadata["portal"].value, event.metadata["known"].value) == ("demo", 2)
    assert len(list(robots_home.landing_dir.rglob("[0-9a-f]" * 64))) == 2


@pytest.mark.stack
@pytest.mark.browser
def test_a_run_that_fails_says_why_and_where_the_evidence_lies(
    robots_home: Settings, portal_of: Opening, chromium: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = portal_of("error", "error", attempts=1, period=load_portal(FILE).period.model_copy(update={"catch_up": 1}))
    monkeypatch.setenv("TE_PORTAL_DEMO_URL", portal.url)
    with dg.DagsterInstance.ephemeral() as instance:
        result = materialized(portal.file, instance)

    assert not result.success
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    told = failure.step_failure_data.user_failure_data
    assert told is not None
    assert "interactions 2026-03-04 00:00 … 2026-03-05 00:00: the portal says: Export failed" in str(told.description)
    assert told.metadata["failed"].value == 2
    folders = str(told.metadata["evidence"].value).splitlines()
    assert [(Path(folder) / "trace.zip").is_file() for folder in folders] == [True, True]
