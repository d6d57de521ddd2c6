"""One process that makes or migrates an instance's storage and sets its pools: `python -m … restate=2`.

What `dagster instance migrate` and `dagster instance concurrency set` do, in one start of Python instead of two.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(pools: Sequence[str]) -> None:
    """Prepare the instance of DAGSTER_HOME."""
    from dagster import DagsterInstance

    with DagsterInstance.get() as instance:
        instance.upgrade()
        for pool in pools:
            name, _, slots = pool.partition("=")
            instance.event_log_storage.set_concurrency_slots(name, int(slots))


if __name__ == "__main__":
    main(sys.argv[1:])
