"""One run in a process of its own, and how others see and interrupt it.

The process holds a lock on a file of its run for as long as it lives, however it ends; inside stands its process id. A
process id alone would soon be somebody else's.
"""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from te_assets.errors import TeAssetsError
from te_assets.profile import Profile
from te_assets.settings import Settings

AT_ONCE_TAG: Final = "te/at_once"
"""Tag of a run that gives way to none, as an event's run does."""
YIELDING: Final = 10
"""Nice value of all other runs: where processors are short, they give way."""


def execute(arguments: str, folder: Path, run_id: str, nice: int = 0) -> None:
    """Be the process of a run, to its end.

    Args:
        arguments: Dagster's ExecuteRunArgs as JSON.
        folder: Of the files that say which runs live.
        run_id: The run.
        nice: How much the process, and what it asks of ClickHouse, gives way to others.
    """
    from dagster._cli.api import execute_run_command

    os.nice(nice)
    _forget_stale_definitions()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / run_id).open("w") as file:
        file.write(str(os.getpid()))
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        execute_run_command.main([arguments], standalone_mode=False)


def execute_for_server(target: Callable[..., None], arguments: str, *rest: Any) -> None:
    """Be the process of a run that a code server was asked for, to its end.

    Args:
        target: What Dagster would have run in a process of its own.
        arguments: Dagster's ExecuteExternalJobArgs as JSON, its first argument.
        rest: Its other arguments.
    """
    from dagster import DagsterInstance
    from dagster._grpc.types import ExecuteExternalJobArgs
    from dagster._serdes import deserialize_value

    asked = deserialize_value(arguments, ExecuteExternalJobArgs)
    assert asked.instance_ref is not None
    with DagsterInstance.from_ref(asked.instance_ref) as instance:
        run = instance.get_run_by_id(asked.run_id)
    os.nice(0 if run and AT_ONCE_TAG in run.tags else YIELDING)
    _forget_stale_definitions()
    target(arguments, *rest)


def _forget_stale_definitions() -> None:
    """Have the definitions loaded anew where they were made with another site profile than the present one."""
    loaded = sys.modules.get("te_assets.definitions")
    if loaded is None:
        return
    try:
        if loaded.site == Profile.of(Settings()).site():
            return
    except TeAssetsError:
        pass  # loading them says so
    del sys.modules["te_assets.definitions"]


def process_of(folder: Path, run_id: str) -> int | None:
    """Process id of a run; None where none lives (any more) on this machine."""
    try:
        with (folder / run_id).open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return int((folder / run_id).read_text())
    except FileNotFoundError:
        pass
    return None


def forget(folder: Path, run_id: str) -> None:
    """Remove what a run that ended has left."""
    (folder / run_id).unlink(missing_ok=True)


def interrupt(folder: Path, run_id: str) -> bool:
    """Ask a run to end, as Ctrl-C would; whether it lives."""
    process = process_of(folder, run_id)
    if process is None:
        return False
    os.kill(process, signal.SIGINT)
    return True
