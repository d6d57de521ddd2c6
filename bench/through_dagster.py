"""The same path through Dagster's jobs, as `te-assets ingest` takes it where no daemon is up."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from bench.chain import MODEL, MODULES, receive_timed, touched
from bench.files import BulkFile, require_figures
from bench.isolation import preload
from bench.measurement import Clock, Timed
from bench.memory import largest_child_peak, own_peak
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints

if TYPE_CHECKING:
    from dagster import DagsterInstance


def run_through_dagster(file: BulkFile) -> Timed:
    """Take a workbook to the marts of its model by jobs deliver and restate; the servers must be empty.

    The instance and the definitions are there before the clock starts, as with a code server that runs.

    Raises:
        RunFailed: A job failed.
        WrongFigures: The marts do not show what the workbook holds.
    """
    preload(*MODULES, "te_assets.definitions")
    from te_assets.automation.jobs import LIVE_PRIORITY, job_name, range_tags
    from te_assets.automation.launch import Launcher, quiet_dagster

    quiet_dagster()
    settings, clock, runs = Settings(), Clock(), []
    profile = Profile.of(settings)
    client = clickhouse_client(endpoints(settings), send_receive_timeout=600)
    launcher = Launcher(settings)
    try:
        with launcher.session() as instance:
            profile.apply(client)
            begin = time.perf_counter()
            receive_timed(client, settings, profile, file.path, clock)
            with clock.step("job deliver"):
                runs.append(launcher.run(instance, job_name("deliver", MODEL), LIVE_PRIORITY).run_id)
            for days in touched(client, MODEL):
                with clock.step("job restate"):
                    tags = {**LIVE_PRIORITY, **range_tags(days)}
                    runs.append(launcher.run(instance, job_name("restate", MODEL), tags).run_id)
            seconds = time.perf_counter() - begin
            within = {name: took for run_id in runs for name, took in _steps(instance, run_id).items()}
        require_figures(client, file.expected)
    finally:
        client.close()
    peaks = {"Dagster run": own_peak(), "reader": largest_child_peak()}
    return Timed(seconds, clock.steps, within, peaks)


def _steps(instance: DagsterInstance, run_id: str) -> Mapping[str, float]:
    """Seconds by step of a run as Dagster's own events tell them; what is left of the run is its frame."""
    return {
        f"step {stats.step_key}": stats.end_time - stats.start_time
        for stats in instance.get_run_step_stats(run_id)
        if stats.start_time is not None and stats.end_time is not None
    }
