"""Jobs that keep ClickHouse quick: one merges what loads left in pieces, one copies marts by month for long ranges."""

from datetime import UTC, datetime

import dagster as dg

from te_assets.automation.jobs import IN_TURN
from te_assets.resources.clickhouse import ClickHouseResource

COMPACTION_JOB, MONTHS_JOB = "compaction", "months"


@dg.op(name="compact", out=dg.Out(dg.Nothing))
def _compact(context: dg.OpExecutionContext, clickhouse: ClickHouseResource) -> None:
    """Merge the histories' days at rest and drop bookkeeping that tells nothing any more."""
    from te_assets.lake.compaction import compact

    with clickhouse.writer() as lake:  # a backup need not wait: before or after, the lake says the same
        done = compact(lake, datetime.now(UTC))
    context.log.info(
        f"{done.days:,} production days of {done.parts:,} parts merged into one part each, {done.left:,} left for the "
        f"next time; {done.lines:,} lines of bookkeeping dropped"
    )
    context.add_output_metadata(
        {
            "days merged": done.days,
            "parts merged": done.parts,
            "days left for the next time": done.left,
            "lines of bookkeeping dropped": done.lines,
        }
    )


@dg.job(
    name=COMPACTION_JOB,
    executor_def=dg.in_process_executor,
    tags=IN_TURN,
    description=(
        "Merge the production days that loads left in several parts, and drop lines of te_ops that tell nothing any "
        "more. Figures are not touched."
    ),
)
def _compaction() -> None:
    _compact()


@dg.op(name="gather", out=dg.Out(dg.Nothing))
def _gather(context: dg.OpExecutionContext, clickhouse: ClickHouseResource) -> None:
    """Copy the months of marts in which days changed."""
    from te_assets.lake.months import gather

    with clickhouse.writer() as lake:
        done = gather(lake, datetime.now(UTC))
    context.log.info(f"{done.months:,} months of marts copied, {done.rows:,} rows")
    context.add_output_metadata({"months copied": done.months, "rows copied": done.rows})


@dg.job(
    name=MONTHS_JOB,
    executor_def=dg.in_process_executor,
    tags=IN_TURN,
    description=(
        "Copy marts into monthly partitions, from which the dashboard reads long ranges quickly. Days that changed "
        "since are read from the marts themselves: figures are the same without it."
    ),
)
def _months() -> None:
    _gather()


def lake_jobs() -> list[dg.JobDefinition]:
    """The jobs; they belong to no asset."""
    return [_compaction, _months]
