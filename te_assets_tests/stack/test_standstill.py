"""A backup and the work of a home keep apart, and no one waits for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from te_assets.errors import BackupError
from te_assets.settings import Settings
from te_assets.stack.standstill import standstill, steady
from te_assets_tests.stack.processes import wait_for


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_work_goes_on_beside_other_work(settings: Settings) -> None:
    with steady(settings), steady(settings):
        pass


def test_a_backup_that_work_keeps_waiting_says_so_and_gives_up(settings: Settings) -> None:
    said: list[str] = []

    with (
        steady(settings),
        pytest.raises(BackupError, match=r"after 0 s runs still write .* Nothing was changed.*--wait"),
        standstill(settings, 0, said.append),
    ):
        pass

    assert said == ["waiting for the runs that write at the moment; new ones wait for this"]
    with standstill(settings, 0):
        pass


def test_two_backups_at_once_are_refused(settings: Settings) -> None:
    with (
        standstill(settings, 0),
        pytest.raises(BackupError, match="another backup or restore of this home runs"),
        standstill(settings, 0),
    ):
        pass


def test_new_work_waits_for_a_backup_that_waits(settings: Settings) -> None:
    """Runs overlapped all day long, and the backup never found a moment without one."""
    order: list[str] = []
    waiting, early_may_end = threading.Event(), threading.Event()

    def early() -> None:
        with steady(settings):
            started.set()
            early_may_end.wait(20)
            order.append("early")

    def backup() -> None:
        with standstill(settings, 20, lambda _: waiting.set()):
            order.append("backup")

    def late() -> None:
        with steady(settings):
            order.append("late")

    started = threading.Event()
    threads = [threading.Thread(target=work) for work in (early, backup, late)]
    threads[0].start()
    assert started.wait(10)
    threads[1].start()
    assert waiting.wait(10)
    threads[2].start()
    early_may_end.set()
    for thread in threads:
        thread.join(20)
    wait_for(lambda: len(order) == 3, 10, "all three did their work")

    assert order == ["early", "backup", "late"]
