"""Keeps a backup and the writers of one home apart: a backup waits for the work that runs, new work waits for it."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Final

from te_assets.errors import BackupError
from te_assets.settings import Settings

WAIT: Final = 600.0  # seconds that a backup waits for running work
_PAUSE: Final = 0.05  # seconds between two looks


@contextmanager
def steady(settings: Settings) -> Iterator[None]:
    """Do work of which a backup must see all or nothing; any number of processes at once.

    Do not nest it: a backup that waits in between would wait for the outer one, and the inner one for the backup.
    """
    with ExitStack() as held:
        # A waiting backup holds the gate, so that ever new work cannot keep it waiting.
        with _opened(settings, "gate") as gate:
            fcntl.flock(gate, fcntl.LOCK_SH)
            work = held.enter_context(_opened(settings, "work"))
            fcntl.flock(work, fcntl.LOCK_SH)
        yield


@contextmanager
def standstill(settings: Settings, wait: float = WAIT, say: Callable[[str], None] = lambda _: None) -> Iterator[None]:
    """Hold all steady work of the home from beginning, once what runs has ended.

    Args:
        settings: Whose home.
        wait: Seconds for what runs.
        say: Takes a line of progress.

    Raises:
        BackupError: Work still runs after `wait` seconds, or another backup or restore is at it.
    """
    with _opened(settings, "gate") as gate, _opened(settings, "work") as work:
        until = time.monotonic() + wait
        if not _try(gate):
            say("waiting for another backup or restore, or for a run that is just beginning")
            _wait(gate, until, wait, "another backup or restore of this home runs")
        if not _try(work):
            say("waiting for the runs that write at the moment; new ones wait for this")
            _wait(work, until, wait, "runs still write (te-assets status, or Runs in the Dagster UI)")
        yield


def _wait(file: IO[str], until: float, wait: float, why: str) -> None:
    while not _try(file):
        if time.monotonic() > until:
            raise BackupError(
                f"{Path(file.name).parent}: after {wait:.0f} s {why}. Nothing was changed. Try again when it has "
                "ended, or give it longer with --wait."
            )
        time.sleep(_PAUSE)


def _try(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(settings: Settings, name: str) -> IO[str]:
    folder = settings.home_dir / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return (folder / f"{name}.lock").open("a")
