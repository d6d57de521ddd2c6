"""Makes or migrates the storage of a Dagster instance and sets its pools, before anything else of Dagster starts.

As a process, `python -m … restate=4`: what `dagster instance migrate` and `dagster instance concurrency set` do, in one
start of Python instead of two.
"""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from te_assets.settings import Settings
from te_assets.stack.dagster_storage import storage_of
from te_assets.stack.jars import Progress

POOLS: Final = ("restate=4",)
"""Name and slots; dagster.yaml knows one limit for all pools."""


def main(pools: Sequence[str] = POOLS) -> None:
    """Prepare the instance of DAGSTER_HOME."""
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        instance.upgrade()
        for pool in pools:
            name, _, slots = pool.partition("=")
            instance.event_log_storage.set_concurrency_slots(name, int(slots))


def prepare(settings: Settings, make: Callable[[], None], progress: Progress) -> bool:
    """Make or migrate the storage in one process, since two at once corrupt SQLite's databases; whether it was needed.

    The marker holds what was found after it was done. Another Dagster, another server, or a database that was
    restored or emptied meanwhile makes the difference that has it done again.

    Args:
        settings: Whose instance; its dagster.yaml is written.
        make: Does it.
        progress: Takes a line where a storage of an older version was migrated.

    Raises:
        StorageFailed: The storage cannot be reached.
    """
    marker = settings.dagster_home / "prepared"
    storage = storage_of(settings)
    version = importlib.metadata.version("dagster")

    def state(revisions: Mapping[str, str]) -> str:
        return f"dagster {version}, pools {POOLS}, {storage.where}, {dict(revisions)}"

    before = storage.revisions()
    if before and marker.exists() and marker.read_text(encoding="utf-8") == state(before):
        return False
    make()
    after = storage.revisions()
    if older := [f"{name} {before[name]} → {after[name]}" for name in before if before[name] != after[name]]:
        progress(
            f"dagster: its storage ({storage.where}) was of an older version and was migrated to {version}: "
            f"{', '.join(older)}"
        )
    marker.write_text(state(after), encoding="utf-8")
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
