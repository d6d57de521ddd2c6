"""The job that keeps Dagster's storage from growing without bound."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from te_assets.automation.jobs import IN_TURN
from te_assets.resources.profile import ProfileResource

UPKEEP_JOB = "upkeep"


@dg.op(name="forget_runs", out=dg.Out(dg.Nothing))
def _forget_runs(context: dg.OpExecutionContext, profile: ProfileResource) -> None:
    """Delete finished runs that are older than the site's policy, except those that the UI still needs."""
    from te_assets.automation.forgetting import forget, reclaim

    days = profile.profile().site().policies.keep_runs_days
    done = forget(context.instance, datetime.now(UTC) - timedelta(days=days), context.log.info)
    freed = reclaim(context.instance)
    context.log.info(
        f"{done.runs:,} runs that ended more than {days} days ago deleted, {done.kept:,} of that age kept (each is the "
        f"newest of its job or of an asset partition), {done.left:,} left for the next time; {done.events:,} reported "
        f"events deleted; {freed:,} bytes given back to the disk"
    )
    context.add_output_metadata(
        {
            "runs deleted": done.runs,
            "old runs kept": done.kept,
            "runs left for the next time": done.left,
            "reported events deleted": done.events,
            "bytes given back": freed,
        }
    )


@dg.job(
    name=UPKEEP_JOB,
    executor_def=dg.in_process_executor,
    tags=IN_TURN,
    description="Delete finished runs older than the site's policy keep_runs_days. Figures are not touched.",
)
def _upkeep() -> None:
    _forget_runs()


def upkeep_job() -> dg.JobDefinition:
    """The job; it belongs to no asset."""
    return _upkeep
