"""One run at a time per portal: a lock that lives exactly as long as the run."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from te_assets.errors import RobotError


class PortalBusy(RobotError):
    """Another run is at the portal."""


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only run in a portal's folder.

    Raises:
        PortalBusy: Another process is at it; says which one and since when.
    """
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise PortalBusy(
                f"portal {folder.name}: another run is at it ({file.read().strip() or 'it has only begun'}). Nothing "
                "was done; run it again when that one has ended."
            ) from error
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
        file.flush()
        yield
