"""Delivers what sensors tell: in order, each once, and the rest of a flood in one alert."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from te_assets.automation.alert_messages import Alert, shortened
from te_assets.automation.webhook import AlertNotDelivered

Days = tuple[str, str]
S = TypeVar("S")

MOST: Final = 20
"""Alerts of a tick; what is more is told in one."""
LONGEST: Final = 30.0
"""Seconds that a tick may spend on delivering: Dagster ends it after 60."""


@dataclass(frozen=True)
class Step(Generic[S]):
    """A state that is reached once the alert, if there is one, is delivered."""

    state: S
    alert: Alert | None = None


@dataclass(frozen=True)
class Delivered(Generic[S]):
    """What became of a tick's alerts."""

    state: S
    sent: int
    waiting: int
    why: str = ""


def deliver(before: S, steps: Iterable[Step[S]], post: Callable[[Alert], None], ui: str | None = None) -> Delivered[S]:
    """Post the alerts of the steps; the state only goes past what was delivered.

    Args:
        before: The state so far.
        steps: What follows.
        post: Posts one alert; raises AlertNotDelivered.
        ui: Address of Dagster's UI.
    """
    left = _bounded(list(steps), ui)
    until = time.monotonic() + LONGEST
    state, sent = before, 0
    while left:
        step = left[0]
        if step.alert is not None:
            if time.monotonic() > until:
                return Delivered(state, sent, _alerts(left), "the receiver is slow; the next tick goes on")
            try:
                post(step.alert)
            except AlertNotDelivered as error:
                return Delivered(state, sent, _alerts(left), str(error))
            sent += 1
        state = step.state
        del left[0]
    return Delivered(state, sent, 0)


def run_link(ui: str | None, run_id: str | None) -> str | None:
    """Page of a run."""
    return f"{ui.rstrip('/')}/runs/{run_id}" if ui and run_id else None


def _alerts(steps: list[Step[S]]) -> int:
    return sum(step.alert is not None for step in steps)


def _bounded(steps: list[Step[S]], ui: str | None) -> list[Step[S]]:
    """At most `MOST` alerts, then one that stands for the rest."""
    telling = [n for n, step in enumerate(steps) if step.alert is not None]
    if len(telling) <= MOST:
        return steps
    rest = [step.alert for step in steps[telling[MOST] :] if step.alert is not None]
    return [*steps[: telling[MOST]], Step(steps[-1].state, _summary(rest, ui))]


def _summary(alerts: list[Alert], ui: str | None) -> Alert:
    lines = [f"{alert.kind}: {shortened(alert.subject, 75)}" for alert in alerts[:MOST]]
    more = [f"and {len(alerts) - MOST} more"] if len(alerts) > MOST else []
    return Alert(
        kind="summary",
        id="summary",
        subject=f"{len(alerts)} further alert{'s' if len(alerts) > 1 else ''} at the same time",
        what="\n".join(["They are not told one by one:", *lines, *more]),
        since=min(alert.since for alert in alerts),
        link=ui,
    )
