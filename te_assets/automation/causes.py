"""Why a run failed, in the words of the innermost error."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dagster import DagsterInstance
    from dagster._core.events import JobFailureData
    from dagster_shared.error import SerializableErrorInfo

UNKNOWN = "it failed before a step began; look at the run's log"


def cause_of_failure(instance: DagsterInstance, run_id: str) -> str:
    """What the run's failed steps give as innermost causes; without a failed step, what the run itself gives."""
    from dagster import DagsterEventType

    of_steps: list[str] = []
    of_run: list[str] = []
    for entry in instance.all_logs(run_id, of_type={DagsterEventType.STEP_FAILURE, DagsterEventType.RUN_FAILURE}):
        event = entry.dagster_event
        if event is None:
            continue
        if event.is_step_failure:
            if cause := _innermost(event.step_failure_data.error):
                of_steps.append(f"{event.step_key}: {cause}")
        else:  # a run that Dagster's monitoring or a person marked as failed carries no data
            data: JobFailureData | None = event.job_failure_data
            of_run.append(_innermost(data.error if data else None) or (event.message or "").strip())
    return "; ".join(of_steps or filter(None, of_run)) or UNKNOWN


def failure_text(instance: DagsterInstance, run_id: str, job: str) -> str:
    """One sentence with job, run and cause."""
    return f"job {job}, run {run_id}: {cause_of_failure(instance, run_id)}"


def _innermost(error: SerializableErrorInfo | None) -> str:
    while error is not None and error.cause is not None:
        error = error.cause
    return error.message.strip() if error is not None else ""
