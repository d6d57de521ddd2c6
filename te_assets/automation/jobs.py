"""Jobs, one of each kind per model.

deliver: workbooks → topic → raw → history; load: topic → raw → history; restate: touched days → current rows → marts;
stream: topic → raw → history → the touched ones of the named days → marts, in one run; marts: the marts alone.
"""

from collections.abc import Sequence

import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

from te_assets.assets.graph import MARTS, MODELS, TOUCHED_ONLY_TAG
from te_assets.automation.run_process import AT_ONCE_TAG
from te_assets.contracts.layout import Model
from te_assets.lake.touched import DayRange

Job = UnresolvedAssetJobDefinition
# What a plant waits for goes before a backfill of a year, in the queue and where a pool is full.
LIVE_PRIORITY = {"dagster/priority": "10"}
# An event's run goes before all others, which take minutes with a backlog of a million rows in any case.
AT_ONCE = {AT_ONCE_TAG: "true", "dagster/priority": "20"}
# All other jobs share the places that dagster.yaml gives to runs with this tag: the rest is left to events.
IN_TURN = {"te/in_turn": "true"}
LONGEST_PIECE = 31  # days of one run
LONGEST_STREAM = 7  # days that messages may name for one run to take them all the way
# A run with this tag restates, of its range, what waits in te_ops.touched_days and nothing else.
TOUCHED_ONLY = {TOUCHED_ONLY_TAG: "true"}


def job_name(kind: str, model: Model) -> str:
    """Name of a job: `deliver_interactions`, `restate_confirmations`."""
    return f"{kind}_{model}"


def range_tags(days: DayRange) -> dict[str, str]:
    """Tags that make a run of a restate job cover a range of production days."""
    return {
        "dagster/asset_partition_range_start": days.first.isoformat(),
        "dagster/asset_partition_range_end": days.last.isoformat(),
    }


def jobs(apart: Sequence[dg.AssetChecksDefinition] = ()) -> list[Job]:
    """Five asset jobs per model; each run is one process, because starting processes is most of the latency.

    Args:
        apart: Checks that have jobs of their own; a job takes all checks of its assets otherwise.
    """
    return [job for model in MODELS for job in _jobs(model, apart)]


def _jobs(model: Model, apart: Sequence[dg.AssetChecksDefinition]) -> list[Job]:
    def of(*keys: Sequence[str]) -> dg.AssetSelection:
        selection = dg.AssetSelection.assets(*keys)
        return selection - dg.AssetSelection.checks(*apart) if apart else selection

    topic, raw, history = ["kafka", model], ["raw", model], ["staging", f"{model}_history"]
    marts = [["marts", name] for name in MARTS[model]]
    restated = [["staging", f"{model}_days"], ["staging", model], *marts]
    return [
        dg.define_asset_job(
            job_name("deliver", model),
            selection=of(topic, raw, history),
            executor_def=dg.in_process_executor,
            tags=IN_TURN,
            description=f"Publish the landed workbooks with {model} that wait, load the topic, type what is new.",
        ),
        dg.define_asset_job(
            job_name("load", model),
            selection=of(raw, history),
            executor_def=dg.in_process_executor,
            tags=IN_TURN,
            description=f"Load what is new on te.{model}.v1 and type it.",
        ),
        dg.define_asset_job(
            job_name("stream", model),
            selection=of(raw, history, *restated),
            executor_def=dg.in_process_executor,
            tags=AT_ONCE,
            description=(
                f"Load what is new on te.{model}.v1, type it and restate the production days that it touches: events "
                "and other small things, all the way in one run."
            ),
        ),
        dg.define_asset_job(
            job_name("restate", model),
            selection=of(*restated),
            executor_def=dg.in_process_executor,
            tags=IN_TURN,
            description=f"Restate production days of {model}: current rows, then the marts, each day swapped in whole.",
        ),
        dg.define_asset_job(
            job_name("marts", model),
            selection=of(*marts),
            executor_def=dg.in_process_executor,
            tags=IN_TURN,
            description=f"Compute the marts of {model} anew from the current rows.",
        ),
    ]
