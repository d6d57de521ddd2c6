"""A loader in a process of its own, which a fault test kills; tells each step on stdout.

Reads one JSON line (Kafka arguments, ClickHouse address, topic) and then loads once for each further line.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import clickhouse_connect

from te_assets.delivery.loaded import Step
from te_assets.delivery.loader import load_topic
from te_assets.delivery.reader import Bounds
from te_assets.errors import TeAssetsError


def tell(**what: Any) -> None:
    """One JSON line, at once."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> int:
    """Load whenever a line comes in; 1 when a load failed with an error that a person could act on."""
    config = json.loads(sys.stdin.readline())
    client = clickhouse_connect.get_client(**config["clickhouse"], autogenerate_session_id=False)
    tell(ready=True)

    def on_step(step: Step) -> None:
        tell(step=step.name, lo=step.lo)

    for _ in sys.stdin:
        try:
            done = load_topic(
                config["kafka"],
                client,
                config["topic"],
                run_id="faults",
                on_step=on_step,
                bounds=Bounds(**config["bounds"]),
            )
        except TeAssetsError as error:
            tell(failed=f"{type(error).__name__}: {error}")
            return 1
        tell(done=done.lines, surplus=done.surplus)
    return 0


if __name__ == "__main__":
    sys.exit(main())
