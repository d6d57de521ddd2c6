"""What a run does first, done once, by the process that runs are forked from: imported there, this module warms it.

What is kept by content stays right whatever changes later: parsed YAML, compiled templates. The definitions are loaded
anew by a run where site.yaml is another by then (`run_process`).
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final

from te_assets.errors import TeAssetsError

MODULES: Final = (
    "clickhouse_connect",
    "dagster._cli.api",
    "dagster._core.storage.event_log",
    "dagster._core.storage.local_compute_log_manager",
    "dagster._core.storage.runs",
    "dagster._core.storage.schedules",
    "kafka",
    "kafka.admin",
    "te_assets.assets.publishing",
    "te_assets.assets.restating",
    "te_assets.contracts.compilation",
    "te_assets.delivery.loader",
    "te_assets.lake.current",
    "te_assets.lake.history",
    "te_assets.lake.marts",
    "te_assets.lake.snapshots",
    "te_assets.lake.stale",
    "te_assets.site.tables",
    "te_assets.stack.connect",
    "te_assets.stack.standstill",
)


def warm() -> None:
    """Import what runs import, and fill the caches that they would fill."""
    for name in MODULES:
        import_module(name)

    from clickhouse_connect.driver import options

    from te_assets.assets.graph import MODELS
    from te_assets.lake import sql
    from te_assets.profile import Profile
    from te_assets.settings import Settings

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads would not survive the fork
    # The first insert looks whether these are there, and imports them if so.
    _ = options.np, options.pd, options.arrow
    sql.compile_all()
    try:
        from te_assets.definitions import all_jobs, defs

        repository = defs.get_repository_def()
        for job in all_jobs:
            repository.get_job(job.name)
        profile = Profile.of(Settings())
        for model in MODELS:
            profile.typing(model)
        for contract in profile.contracts():
            _ = contract.yaml
    except TeAssetsError:
        pass  # each run says so where people look for it


warm()
