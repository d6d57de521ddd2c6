from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.code_pointer import FileCodePointer
from dagster._core.launcher import DefaultRunLauncher, LaunchRunContext, WorkerStatus
from dagster._core.origin import JobPythonOrigin, RepositoryPythonOrigin
from dagster._core.storage.tags import GRPC_INFO_TAG
from dagster._core.test_utils import create_run_for_test

from te_assets.automation import run_launcher
from te_assets.automation.jobs import AT_ONCE
from te_assets.automation.run_launcher import ForkingRunLauncher
from te_assets.automation.run_process import YIELDING
from te_assets_tests.automation import launching
from te_assets_tests.stack.instances import enter, opened, settings_of

LIMIT = 60.0  # seconds


@pytest.fixture
def instance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    """An instance as the product configures it."""
    enter(settings_of(tmp_path), monkeypatch)
    with opened() as instance:
        yield instance


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """File in which a run says which process it is."""
    return tmp_path / "told"


def launch(instance: dg.DagsterInstance, job: str, told: Path, tags: dict[str, str] | None = None) -> str:
    """Launch a job of `launching`; the run's id."""
    location = RepositoryPythonOrigin(sys.executable, FileCodePointer(launching.__file__, "defs"))
    op = {"told": "tell", "endless": "wait"}[job]
    run = create_run_for_test(
        instance,
        job,
        run_config={"ops": {op: {"config": {"file": str(told)}}}},
        job_code_origin=JobPythonOrigin(job, location),
        status=DagsterRunStatus.NOT_STARTED,
        tags=tags or {},
    )
    instance.run_launcher.launch_run(LaunchRunContext(run, None))
    return str(run.run_id)


def until(holds: Callable[[], bool]) -> None:
    """Look until it holds."""
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def status(instance: dg.DagsterInstance, run_id: str) -> DagsterRunStatus:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def process_and_parent(told: Path) -> tuple[int, int]:
    process, parent = map(int, told.read_text().split()[:2])
    return process, parent


def begun(instance: dg.DagsterInstance, run_id: str, told: Path) -> int:
    """Process of an endless run that is at work."""
    until(told.exists)
    assert status(instance, run_id) is DagsterRunStatus.STARTED
    return process_and_parent(told)[0]


def test_runs_are_forked_from_one_process(instance: dg.DagsterInstance, told: Path) -> None:
    seen = []
    for _ in range(2):
        run_id = launch(instance, "told", told)
        until(lambda run_id=run_id: status(instance, run_id) is DagsterRunStatus.SUCCESS)  # type: ignore[misc]
        seen.append(process_and_parent(told))
    (first, server), (second, same_server) = seen
    assert server == same_server
    assert len({first, second, server, os.getpid()}) == 4


@pytest.mark.parametrize(("tags", "nicer"), [({}, YIELDING), (AT_ONCE, 0)])
def test_only_a_run_that_is_wanted_at_once_does_not_give_way(
    instance: dg.DagsterInstance, told: Path, tags: dict[str, str], nicer: int
) -> None:
    run_id = launch(instance, "told", told, tags)
    until(lambda: status(instance, run_id) is DagsterRunStatus.SUCCESS)

    assert int(told.read_text().split()[2]) == os.nice(0) + nicer


def test_after_a_change_of_the_code_a_run_starts_a_new_python(
    instance: dg.DagsterInstance, told: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    launcher = instance.run_launcher
    assert isinstance(launcher, ForkingRunLauncher)
    run_id = launch(instance, "told", told)
    until(lambda: status(instance, run_id) is DagsterRunStatus.SUCCESS)
    assert process_and_parent(told)[1] != os.getpid()

    changed = run_launcher._newest_change() + 1
    monkeypatch.setattr(run_launcher, "_newest_change", lambda: changed)
    run_id = launch(instance, "told", told)
    until(lambda: status(instance, run_id) is DagsterRunStatus.SUCCESS)
    assert process_and_parent(told)[1] == os.getpid()


def test_a_run_is_terminated_from_another_process_than_the_one_that_launched_it(
    instance: dg.DagsterInstance, told: Path
) -> None:
    run_id = launch(instance, "endless", told)
    begun(instance, run_id, told)
    with opened() as webserver:
        assert webserver.run_launcher.terminate(run_id)
    until(lambda: status(instance, run_id) is DagsterRunStatus.CANCELED)
    assert not instance.run_launcher.terminate(run_id)


def test_a_run_whose_process_is_killed_fails_at_once_and_says_so(instance: dg.DagsterInstance, told: Path) -> None:
    run_id = launch(instance, "endless", told)
    process = begun(instance, run_id, told)
    run = instance.get_run_by_id(run_id)
    assert run is not None
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.RUNNING
    os.kill(process, signal.SIGKILL)
    until(lambda: status(instance, run_id) is DagsterRunStatus.FAILURE)
    messages = [entry.message for entry in instance.all_logs(run_id)]
    assert "The process of the run ended before the run did, with exit status -9." in messages
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.NOT_FOUND


def test_runs_of_another_python_are_left_to_dagsters_launcher(
    instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[LaunchRunContext] = []
    monkeypatch.setattr(DefaultRunLauncher, "launch_run", lambda _, context: left.append(context))
    elsewhere = RepositoryPythonOrigin("/elsewhere/bin/python", FileCodePointer(launching.__file__, "defs"))
    run = create_run_for_test(instance, "told", job_code_origin=JobPythonOrigin("told", elsewhere))
    instance.run_launcher.launch_run(LaunchRunContext(run, None))
    assert [context.dagster_run.run_id for context in left] == [run.run_id]

    instance.add_run_tags(run.run_id, {GRPC_INFO_TAG: "{}"})
    tagged = instance.get_run_by_id(run.run_id)
    assert tagged is not None
    assert instance.run_launcher.check_run_worker_health(tagged).status is WorkerStatus.RUNNING


def test_a_run_without_a_process_cannot_be_interrupted_and_says_what_to_do(
    instance: dg.DagsterInstance,
) -> None:
    run = create_run_for_test(instance, "endless", status=DagsterRunStatus.STARTED)
    assert instance.run_launcher.supports_check_run_worker_health
    assert instance.run_launcher.check_run_worker_health(run).status is WorkerStatus.NOT_FOUND
    assert not instance.run_launcher.terminate(run.run_id)
    said = " ".join(entry.message for entry in instance.all_logs(run.run_id))
    assert "there is nothing to interrupt" in said
