"""A publisher in a process of its own, which a fault test kills; tells each step on stdout.

Reads one JSON line (Kafka arguments, file name, rows) and then publishes once for each further line.
"""

from __future__ import annotations

import json
import sys

from te_assets.delivery.publisher import PublishStep, publish
from te_assets.errors import TeAssetsError
from te_assets_tests.delivery.builders import batches, publication
from te_assets_tests.faults.loading import tell


def main() -> int:
    """Publish whenever a line comes in; 1 when that failed with an error that a person could act on."""
    config = json.loads(sys.stdin.readline())
    source = batches(config["rows"], per_message=1_000, salt=config["name"])
    tell(ready=True)

    def on_step(step: PublishStep) -> None:
        tell(step=step)

    for _ in sys.stdin:
        try:
            manifest = publish(config["kafka"], publication(config["name"]), source, on_step=on_step)
        except TeAssetsError as error:
            tell(failed=f"{type(error).__name__}: {error}")
            return 1
        tell(done=manifest.rows, was_there=manifest.was_there)
    return 0


if __name__ == "__main__":
    sys.exit(main())
