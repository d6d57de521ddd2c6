"""The code server as containers run it: its runs, its end, its site."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.errors import DagsterUserCodeUnreachableError
from dagster._core.launcher import WorkerStatus
from dagster._core.remote_origin import GrpcServerCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.test_utils import create_run_for_test
from dagster._grpc.client import DagsterGrpcClient

from te_assets.automation.jobs import AT_ONCE
from te_assets.automation.run_launcher import CodeServerRunLauncher
from te_assets.automation.run_process import YIELDING
from te_assets.settings import Settings, environment
from te_assets.stack.health import ailment
from te_assets.stack.home import free_port
from te_assets_tests.stack.instances import enter, opened

LIMIT = 60.0  # seconds


class Served:
    """A code server, a site folder that may be edited, and the instance that its runs are of."""

    def __init__(self, instance: dg.DagsterInstance, settings: Settings, told: Path) -> None:
        self.instance = instance
        self.told = told
        self.site = settings.site_dir / "site.yaml"
        self.port = free_port(avoid=set())
        self.client = DagsterGrpcClient(port=self.port, host="127.0.0.1")
        self.log = told.with_name("code-server.log")
        self._environment = environment(settings)
        self.process = self.start()

    def start(self) -> subprocess.Popen[bytes]:
        """Start it and wait until it serves."""
        command = [sys.executable, "-m", "te_assets_tests.automation.serving", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, env=self._environment)
        until(lambda: ailment("code", "127.0.0.1", self.port) is None)
        return self.process

    def launch(self, job: str, tags: dict[str, str] | None = None) -> str:
        """Launch a job of `launching`, as the daemon does; the run's id."""
        location = GrpcServerCodeLocationOrigin(host="127.0.0.1", port=self.port, location_name="te_assets")
        op = {"told": "tell", "endless": "wait"}[job]
        run = create_run_for_test(
            self.instance,
            job,
            run_config={"ops": {op: {"config": {"file": str(self.told)}}}},
            remote_job_origin=RemoteJobOrigin(RemoteRepositoryOrigin(location, "__repository__"), job),
            status=DagsterRunStatus.NOT_STARTED,
            tags=tags or {},
        )
        CodeServerRunLauncher.launch_run_from_grpc_client(self.instance, run, self.client)
        return str(run.run_id)

    def run(self, run_id: str) -> dg.DagsterRun:
        run = self.instance.get_run_by_id(run_id)
        assert run is not None
        return run

    def health(self, run_id: str) -> WorkerStatus:
        """What run monitoring is told."""
        return self.instance.run_launcher.check_run_worker_health(self.run(run_id)).status

    def ended_with(self, run_id: str, status: DagsterRunStatus) -> None:
        until(lambda: self.run(run_id).status is status)

    def at_work(self) -> int:
        """The process of the endless run, once it is at work."""
        until(self.told.exists)
        return int(self.told.read_text().split()[0])


def until(holds: Callable[[], bool]) -> None:
    """Look until it holds."""
    end = time.monotonic() + LIMIT
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    site = shutil.copytree(Settings().site_dir, tmp_path / "site")
    monkeypatch.setenv("TE_SITE", str(site))
    settings = enter(Settings(home=tmp_path / "home", dagster_run_launcher="code_server"), monkeypatch)
    with opened() as instance:
        one = Served(instance, settings, tmp_path / "told")
        yield one
        one.process.kill()
        one.process.wait()


def test_runs_are_forked_from_one_warm_process_and_give_way_unless_they_are_wanted_at_once(served: Served) -> None:
    seen = []
    for tags in ({}, AT_ONCE):
        served.ended_with(served.launch("told", tags), DagsterRunStatus.SUCCESS)
        seen.append([int(number) for number in served.told.read_text().split()])

    (first, parent, nice), (second, same_parent, not_nice) = seen
    assert parent == same_parent
    assert len({first, second, parent, served.process.pid}) == 4
    assert (nice, not_nice) == (os.nice(0) + YIELDING, os.nice(0))


def test_a_run_lives_until_its_server_is_killed_and_the_next_one_does_not_know_it(served: Served) -> None:
    run_id = served.launch("endless")
    orphan = served.at_work()
    assert served.health(run_id) is WorkerStatus.RUNNING

    served.process.kill()
    served.process.wait()
    os.kill(orphan, signal.SIGKILL)  # as the end of its container does
    assert served.health(run_id) is WorkerStatus.RUNNING  # nobody can say; it is asked again later

    served.start()
    assert served.health(run_id) is WorkerStatus.NOT_FOUND


def test_a_run_that_no_server_was_asked_for_has_no_process(served: Served) -> None:
    run = create_run_for_test(served.instance, "endless", status=DagsterRunStatus.STARTED)

    assert served.health(run.run_id) is WorkerStatus.NOT_FOUND


def test_a_run_is_terminated(served: Served) -> None:
    run_id = served.launch("endless")
    served.at_work()

    assert served.instance.run_launcher.terminate(run_id)

    served.ended_with(run_id, DagsterRunStatus.CANCELED)


def test_it_ends_when_its_runs_have_and_takes_no_new_one_meanwhile(served: Served) -> None:
    """What is asked for meanwhile is told that nobody is there: Dagster's queue keeps it for the next server."""
    run_id = served.launch("endless")
    served.at_work()

    served.process.terminate()
    until(lambda: _refuses(served))
    assert served.process.poll() is None
    assert served.instance.run_launcher.terminate(run_id)

    assert served.process.wait(LIMIT) == 0
    assert served.run(run_id).status is DagsterRunStatus.CANCELED


def test_it_ends_once_its_site_has_changed_and_no_run_is_at_work(served: Served) -> None:
    was = served.site.read_text(encoding="utf-8")
    run_id = served.launch("endless")
    served.at_work()

    served.site.write_text("plants: 7\n", encoding="utf-8")
    assert served.instance.run_launcher.terminate(run_id)
    until(lambda: "cannot be used; what was loaded before counts" in served.log.read_text(errors="replace"))
    assert served.process.poll() is None
    assert ailment("code", "127.0.0.1", served.port) is None

    served.site.write_text(f"{was}\n# edited\n", encoding="utf-8")
    assert served.process.wait(LIMIT) == 0


def test_a_port_without_a_server_is_an_ailment() -> None:
    assert ailment("code", "127.0.0.1", free_port(avoid=set())) == "StatusCode.UNAVAILABLE"


def _refuses(served: Served) -> bool:
    try:
        served.launch("told")
    except DagsterUserCodeUnreachableError:
        return True
    return False
