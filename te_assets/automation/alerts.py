"""Two sensors that tell a webhook what a person should know: failed runs, failed checks, stale assets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Final, TypeVar

import dagster as dg
from pydantic import BaseModel, ValidationError

from te_assets.automation.alert_conditions import ConditionsState, compare
from te_assets.automation.alert_messages import Alert, body
from te_assets.automation.alert_runs import RunsState, follow
from te_assets.automation.alerting import Step, deliver
from te_assets.automation.launch import daemon_url
from te_assets.settings import Settings

State = TypeVar("State", bound=BaseModel)

NOT_SET: Final = "TE_ALERT_WEBHOOK_URL is not set"


def alert_sensors() -> list[dg.SensorDefinition]:
    """Both sensors; they tell nothing until TE_ALERT_WEBHOOK_URL is set. See docs/alerts.md."""
    return [_run_failures_sensor(), _conditions_sensor()]


def _run_failures_sensor() -> dg.SensorDefinition:
    @dg.sensor(
        name="run_failures",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=15,
        description=(
            "Posts an alert when a run fails, once per request until it succeeds or 6 hours pass. The cursor goes "
            "past what was delivered only; without one the last hour is looked at."
        ),
    )
    def run_failures_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        from te_assets.automation.alert_sources import new_run_ends

        settings = Settings()
        now = datetime.now(UTC)
        if not _is_on(settings):
            return dg.SensorResult(skip_reason=NOT_SET)
        state = (_state(RunsState, context.cursor) or RunsState.at_first(now)).aged(now)
        ends = new_run_ends(context.instance, state)
        ui = _ui(settings)
        looked = f"{sum(end.failed for end in ends)} of {len(ends)} runs that ended had failed"
        return _told(context, state, follow(state, ends, now, ui), settings, ui, looked)

    return run_failures_sensor


def _conditions_sensor() -> dg.SensorDefinition:
    @dg.sensor(
        name="checks_and_freshness",
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=30,
        description=(
            "Posts an alert when an asset check turns from passed to failed or an asset turns stale, and one when it "
            "is well again. The cursor (what was told) may be thrown away: what is bad is then told once more."
        ),
    )
    def conditions_sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        from te_assets.automation.alert_sources import checks, freshness

        settings = Settings()
        if not _is_on(settings):
            return dg.SensorResult(skip_reason=NOT_SET)
        assert context.repository_def is not None, "a sensor is evaluated in its repository"
        graph = context.repository_def.asset_graph
        state = _state(ConditionsState, context.cursor) or ConditionsState()
        ui = _ui(settings)
        found = [*checks(context.instance, graph, state, ui), *freshness(context.instance, graph, ui)]
        looked = f"{sum(one.is_bad is True for one in found)} of {len(found)} checks and assets are bad"
        return _told(context, state, compare(state, found), settings, ui, looked)

    return conditions_sensor


def _told(
    context: dg.SensorEvaluationContext,
    state: State,
    steps: Iterable[Step[State]],
    settings: Settings,
    ui: str | None,
    looked: str,
) -> dg.SensorResult:
    """Deliver, and say in numbers what was delivered and what waits."""
    done = deliver(state, steps, _poster(settings), ui)
    reason = f"{looked}; {done.sent} alerts delivered"
    if done.waiting:
        reason += f", {done.waiting} wait: {done.why}"
        context.log.warning(reason)
    return dg.SensorResult(skip_reason=reason, cursor=done.state.model_dump_json())


def _poster(settings: Settings) -> Callable[[Alert], None]:
    from te_assets.automation.webhook import post

    def send(alert: Alert) -> None:
        assert settings.alert_webhook_url is not None
        post(settings.alert_webhook_url.get_secret_value(), body(alert, settings.alert_format))

    return send


def _state(kind: type[State], cursor: str | None) -> State | None:
    """What the cursor holds, None where it was thrown away or is no cursor of this sensor."""
    try:
        return kind.model_validate_json(cursor) if cursor else None
    except ValidationError:
        return None


def _is_on(settings: Settings) -> bool:
    # Compose files pass on variables that nobody set as empty ones.
    return settings.alert_webhook_url is not None and bool(settings.alert_webhook_url.get_secret_value())


def _ui(settings: Settings) -> str | None:
    """Address of the UI for links."""
    found = settings.dagster_url or daemon_url(settings)
    return found.rstrip("/") if found else None
