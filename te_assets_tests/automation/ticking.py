"""A small code location with the daemon's own sensor loop, ticked by hand under a clock that the test moves."""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import dagster as dg
from dagster._core.remote_origin import InProcessCodeLocationOrigin
from dagster._core.test_utils import freeze_time
from dagster._core.types.loadable_target_origin import LoadableTargetOrigin
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import InProcessWorkspaceLoadTarget
from dagster._daemon.sensor import execute_sensor_iteration

DAY = dg.AssetKey("day")
CHECK = dg.AssetCheckKey(DAY, "adds_up")
DAYS = dg.DailyPartitionsDefinition("2026-01-01", end_date="2026-04-01")


@dg.asset(partitions_def=DAYS, pool="restate")
def day(context: dg.AssetExecutionContext) -> dg.MaterializeResult[Any]:
    """A production day."""
    context.log.info("measured")
    return dg.MaterializeResult(metadata={"rows": 1}, data_version=dg.DataVersion("1"))


@dg.asset_check(asset=day)
def adds_up() -> dg.AssetCheckResult:
    """Always."""
    return dg.AssetCheckResult(passed=True)


measure = dg.define_asset_job("measure", selection=dg.AssetSelection.assets(day), executor_def=dg.in_process_executor)


@dg.op
def look() -> None:
    """Nothing to do with any asset."""


@dg.job(executor_def=dg.in_process_executor)
def glance() -> None:
    """A run that leaves no materialization."""
    look()


@dg.sensor(job=glance, default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def watch() -> dg.SkipReason:
    """Finds nothing."""
    return dg.SkipReason("nothing new")


defs = dg.Definitions(assets=[day], asset_checks=[adds_up], jobs=[measure, glance], sensors=[watch])


class Ticking:
    """The sensor loop of the daemon on an instance: `with Ticking(instance) as ticking: ticking.tick(500)`."""

    def __init__(self, instance: dg.DagsterInstance, now: datetime | None = None) -> None:
        self.now = now or datetime.now(UTC)
        self._instance = instance
        target = InProcessWorkspaceLoadTarget(
            InProcessCodeLocationOrigin(LoadableTargetOrigin(module_name=__name__, attribute="defs"))
        )
        self._workspace = WorkspaceProcessContext(instance, target)

    def __enter__(self) -> Self:
        self._workspace.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._workspace.__exit__(kind, error, trace)

    def tick(self, times: int, step: timedelta = timedelta(hours=1)) -> None:
        """Evaluate the sensor; Dagster deletes old ticks at the end of each, as its retention says."""
        for _ in range(times):
            self.now += step
            with freeze_time(self.now):
                list(execute_sensor_iteration(self._workspace, logging.getLogger("ticking"), None, None))

    def statuses(self) -> Mapping[str, int]:
        """How many ticks the storage holds, by their outcome."""
        (state,) = self._instance.all_instigator_state()
        ticks = self._instance.get_ticks(state.instigator_origin_id, state.selector_id)
        return Counter(tick.status.value for tick in ticks)

    def run(self, job: str, partition: str | None = None) -> str:
        """Execute a job to its end at the clock's time; the run's id."""
        with freeze_time(self.now):
            done = defs.resolve_job_def(job).execute_in_process(instance=self._instance, partition_key=partition)
        assert done.success
        return done.run_id
