"""Inside the network of the compose file: `python -m te_assets_tests.docker.verify [TRUTH]`, exit status 0 or 1."""

from __future__ import annotations

import sys
from contextlib import closing
from itertools import islice
from pathlib import Path

from te_assets.automation.comparison import differences
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints, kafka_config
from te_assets_tests.oracle import check

SHOWN = 20


def main(truth: str | None = None) -> None:
    """Run the oracle; what is above raw is compared with the truth where there is one, else with a recomputation."""
    settings = Settings()
    where = endpoints(settings)
    with closing(clickhouse_client(where)) as client:
        check(kafka_config(where), client, profile=None if truth else Profile.of(settings))
        if truth is not None:
            files = {file.stem: file for file in Path(truth).glob("*.parquet")}
            wrong = [str(one) for one in islice(differences(client, files), SHOWN)]
            assert not wrong, "\n".join(["the marts differ from the truth:", *wrong])


if __name__ == "__main__":
    main(*sys.argv[1:])
