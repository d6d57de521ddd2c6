from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType

import pytest

from te_assets.automation import run_process
from te_assets.profile import Profile
from te_assets.settings import Settings

SPAWN = multiprocessing.get_context("spawn")
RUN = "6f1c3d0e"
DEFINITIONS = "te_assets.definitions"


def be_a_run(folder: Path, ready: Connection) -> None:
    """A run that lasts until it is interrupted; Dagster's part is in test_run_launcher."""
    from dagster._cli import api

    def wait(arguments: list[str], standalone_mode: bool) -> None:
        try:
            ready.send(arguments)
            while True:  # a signal just before signal.pause() would never end it
                signal.sigtimedwait([], 0.1)
        except KeyboardInterrupt:
            ready.send(["interrupted"])

    api.execute_run_command.main = wait  # type: ignore[method-assign, assignment]
    run_process.execute("{}", folder, RUN)


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[BaseProcess, Connection]]:
    """A living run and what it says."""
    said, ready = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=be_a_run, args=(tmp_path / "runs", ready))
    process.start()
    assert said.poll(30)
    assert said.recv() == ["{}"]
    yield process, said
    process.kill()
    process.join()


def test_a_run_gives_way_as_much_as_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dagster._cli import api

    asked: list[int] = []
    monkeypatch.setattr("te_assets.automation.run_process.os.nice", asked.append)
    monkeypatch.setattr(api.execute_run_command, "main", lambda *_, **__: None)

    run_process.execute("{}", tmp_path, RUN, nice=10)

    assert asked == [10]


def test_a_run_is_seen_while_it_lives_and_ends_when_interrupted(
    started: tuple[BaseProcess, Connection], tmp_path: Path
) -> None:
    process, said = started
    assert run_process.process_of(tmp_path / "runs", RUN) == process.pid
    assert run_process.interrupt(tmp_path / "runs", RUN)
    assert said.poll(30)
    assert said.recv() == ["interrupted"]
    process.join()
    assert run_process.process_of(tmp_path / "runs", RUN) is None
    assert not run_process.interrupt(tmp_path / "runs", RUN)


def test_a_killed_run_is_seen_as_gone_and_forgotten(started: tuple[BaseProcess, Connection], tmp_path: Path) -> None:
    process, _ = started
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert run_process.process_of(tmp_path / "runs", RUN) is None
    run_process.forget(tmp_path / "runs", RUN)
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_process_id_that_is_another_ones_by_now_is_not_taken_for_the_run(tmp_path: Path) -> None:
    (tmp_path / RUN).write_text(str(os.getpid()))
    assert run_process.process_of(tmp_path, RUN) is None
    assert not run_process.interrupt(tmp_path, RUN)


def test_a_run_that_never_began_here_has_no_process(tmp_path: Path) -> None:
    assert run_process.process_of(tmp_path / "runs", RUN) is None
    run_process.forget(tmp_path / "runs", RUN)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The definitions, as if they had been made with the site profile that counts now."""
    module = ModuleType(DEFINITIONS)
    module.__dict__["site"] = Profile.of(Settings()).site()
    monkeypatch.setitem(sys.modules, DEFINITIONS, module)
    return module


def test_definitions_of_the_present_site_profile_are_used_as_they_are(loaded: ModuleType) -> None:
    run_process._forget_stale_definitions()
    assert sys.modules[DEFINITIONS] is loaded


@pytest.mark.parametrize("text", ["name: Other\nplants: []\n", None], ids=["faulty", "missing"])
def test_definitions_are_loaded_anew_where_the_site_profile_changed(
    loaded: ModuleType, text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if text is not None:
        (tmp_path / "site.yaml").write_text(text)
    monkeypatch.setenv("TE_SITE", str(tmp_path))
    run_process._forget_stale_definitions()
    assert DEFINITIONS not in sys.modules


def test_definitions_of_another_site_profile_are_loaded_anew(loaded: ModuleType) -> None:
    loaded.__dict__["site"] = loaded.__dict__["site"].model_copy(update={"name": "Before"})
    run_process._forget_stale_definitions()
    assert DEFINITIONS not in sys.modules
