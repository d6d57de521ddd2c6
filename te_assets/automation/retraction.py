"""The job that lets a delivered file stop counting, or count again; its touched days are restated like any others."""

from typing import Any

import dagster as dg

from te_assets.assets.graph import MODELS, load_pool
from te_assets.automation.jobs import IN_TURN
from te_assets.contracts.layout import Model
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource

RETRACT_JOB = "retract"


class RetractConfig(dg.Config):
    """Which file, and why."""

    sha256: str
    reason: str
    undo: bool = False


@dg.op(name="plan", out=dg.Out(dict))
def _plan(context: dg.OpExecutionContext, config: RetractConfig, clickhouse: ClickHouseResource) -> dict[str, Any]:
    """Write down that the file does not count any more, or counts again."""
    from dataclasses import asdict

    from te_assets.lake.corrections import plan, retraction

    with clickhouse.steady_writer() as lake:
        correction = retraction(lake, config.sha256, config.reason, undo=config.undo)
        plan(lake, correction, context.run_id)
    return asdict(correction)


def _settle(model: Model) -> dg.OpDefinition:
    @dg.op(name=f"settle_{model}", pool=load_pool(model), out=dg.Out(dict))
    def settle(context: dg.OpExecutionContext, correction: dict[str, Any], clickhouse: ClickHouseResource) -> Any:
        from te_assets.lake.corrections import Correction
        from te_assets.lake.corrections import settle as settle_model
        from te_assets.lake.models import MODELS as LAKE_MODELS

        with clickhouse.steady_writer() as lake:
            done = settle_model(lake, LAKE_MODELS[model], Correction(**correction), context.run_id)
        days = sorted({day for _, _, day in done.touched})
        context.add_output_metadata({"rows": done.rows, "touched days": len(days), "days": ", ".join(days)})
        return correction

    return settle


@dg.op(name="finish", ins={"settled": dg.In(list)}, out=dg.Out(dg.Nothing))
def _finish(
    context: dg.OpExecutionContext,
    settled: list[dict[str, Any]],
    clickhouse: ClickHouseResource,
    kafka: KafkaResource,
) -> None:
    """Write down that every model is settled, and tell it."""
    from datetime import UTC, datetime

    from te_assets.delivery.file_events import FileChanged
    from te_assets.delivery.telling import Teller
    from te_assets.lake.corrections import Correction, finish

    correction = Correction(**settled[0])
    with clickhouse.steady_writer() as lake:
        finish(lake, correction, context.run_id)
    event = FileChanged(
        sha256=correction.sha256,
        change="restored" if correction.counts else "retracted",
        reason=correction.reason,
        run_id=context.run_id,
        changed_at=datetime.now(UTC),
    )
    with Teller(kafka.config(), context.log.warning) as tell:
        tell([event])


def retract_job() -> dg.JobDefinition:
    """Plan → settle each model, while nothing types it → finish."""
    settle = [_settle(model) for model in MODELS]

    @dg.job(
        name=RETRACT_JOB,
        executor_def=dg.in_process_executor,
        tags=IN_TURN,
        description="A wrongly delivered file stops counting, or counts again; nothing is deleted.",
    )
    def retract() -> None:
        correction = _plan()
        _finish([op(correction) for op in settle])

    return retract
