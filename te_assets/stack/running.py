"""Who runs the services of a home: a lock that lives exactly as long as the supervisor, and its record."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import time
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from te_assets.errors import StackError
from te_assets.stack.home import Home, write_private

PAUSE: Final = 0.05  # seconds between two looks
LOCK_LIMIT: Final = 2.0  # seconds: somebody may just be looking whether the lock is held


class AlreadyRunning(StackError):
    """Another supervisor holds the home."""


class Record(BaseModel):
    """What a supervisor says of itself and its services."""

    model_config = ConfigDict(frozen=True)

    pid: int
    services: dict[str, dict[str, Any]]
    """What each service that answers says of itself, by its name."""


@contextlib.contextmanager
def hold(home: Home) -> Iterator[None]:
    """Be the one supervisor of a home.

    Raises:
        AlreadyRunning: Another process is.
    """
    with (home.run / "supervisor.lock").open("a+") as file:
        until = time.monotonic() + LOCK_LIMIT
        while not _try(file.fileno(), fcntl.LOCK_EX):
            if time.monotonic() > until:
                raise AlreadyRunning(
                    f"Home {home.root} has running services (supervisor: process {pid(home)}). "
                    "See them with te-assets status, stop them with te-assets down."
                )
            time.sleep(PAUSE)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        try:
            yield
        finally:
            (home.run / "services.json").unlink(missing_ok=True)


def write(home: Home, record: Record) -> None:
    """Publish what runs; by the holder of the home alone."""
    write_private(home.run / "services.json", record.model_dump_json(indent=1))


def pid(home: Home) -> int | None:
    """Process id of the supervisor, None where none runs."""
    try:
        with (home.run / "supervisor.lock").open() as file:
            if _try(file.fileno(), fcntl.LOCK_SH):
                return None
            return int(file.read() or 0) or None
    except FileNotFoundError:
        return None


def record(home: Home) -> Record | None:
    """What runs in a home, None where nothing does."""
    if pid(home) is None:
        return None
    try:
        return Record.model_validate_json((home.run / "services.json").read_bytes())
    except (FileNotFoundError, ValidationError):  # it has only begun, or is about to end
        return None


def announce_stop(home: Home) -> None:
    """Say that Dagster of a home is about to be stopped: what waits for news in it ends."""
    (home.run / "stopping").touch()


def withdraw_stop(home: Home) -> None:
    """It is started again."""
    (home.run / "stopping").unlink(missing_ok=True)


def is_stopping(home: Home) -> bool:
    """Whether Dagster of a home is being stopped, or was."""
    return (home.run / "stopping").exists()


def stop(home: Home, limit: float = 180.0) -> bool:
    """Ask the supervisor to stop all services and wait until it has; whether one ran.

    Raises:
        StackError: It did not stop within `limit` seconds.
    """
    running = pid(home)
    if running is None:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(running, signal.SIGTERM)
    until = time.monotonic() + limit
    while pid(home) is not None:
        if time.monotonic() > until:
            raise StackError(
                f"The supervisor of home {home.root} (process {running}) has not stopped after {limit:.0f} s. "
                f"Look into {home.logs}; kill -9 {running} ends it with all its services."
            )
        time.sleep(PAUSE)
    return True


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
