"""Which ends of runs are told, as a pure function: a failing request once, and once when it succeeds again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict

from te_assets.automation.alert_messages import Alert, shortened
from te_assets.automation.alerting import Days, Step, run_link

QUIET: Final = timedelta(hours=6)
"""A request that keeps failing is told again after this."""
FORGOTTEN: Final = timedelta(days=7)
"""A failure without an end, and failures that could not be delivered, are let go after this."""
FIRST_LOOK: Final = timedelta(hours=1)
"""How far back a first tick, or one whose cursor was thrown away, looks."""
OVERLAP: Final = timedelta(minutes=5)
"""How far back every tick looks: a run's end is written by its own process, maybe late and by another clock."""


@dataclass(frozen=True)
class RunEnd:
    """A run that has ended.

    Attributes:
        request: What asked for it (`te/request`), empty where a person did.
        days: The production days it covers, first and last.
        assets: The assets it was narrowed to, for a run without a job of its own.
        cause: Of a failure.
    """

    run_id: str
    job: str
    at: datetime
    failed: bool
    request: str = ""
    days: Days | None = None
    assets: tuple[str, ...] = ()
    cause: str = ""


class Told(BaseModel):
    """A failure that was told and has not ended."""

    model_config = ConfigDict(frozen=True)

    run_id: str
    job: str
    request: str
    days: Days | None
    assets: tuple[str, ...]
    cause: str
    """A short hash: the same cause with other numbers in it is the same."""
    failed_at: AwareDatetime
    told_at: AwareDatetime


class RunsState(BaseModel):
    """The cursor: from when and up to when runs were looked at, which of the last minutes were, and what was told."""

    model_config = ConfigDict(frozen=True)

    begun: AwareDatetime
    until: AwareDatetime
    seen: dict[str, AwareDatetime] = {}
    told: tuple[Told, ...] = ()

    @classmethod
    def at_first(cls, now: datetime) -> RunsState:
        """Where there is no cursor."""
        return cls(begun=now - FIRST_LOOK, until=now - FIRST_LOOK)

    def aged(self, now: datetime) -> RunsState:
        """Without what is too old to matter, so that the cursor stays small."""
        return self.model_copy(
            update={
                "until": max(self.until, now - FORGOTTEN),
                "told": tuple(told for told in self.told if told.told_at > now - FORGOTTEN),
            }
        )

    def is_new(self, run_id: str, at: datetime) -> bool:
        """Whether the end of a run has not been looked at."""
        return run_id not in self.seen and at > max(self.begun, self.until - OVERLAP)


def follow(state: RunsState, ends: Iterable[RunEnd], now: datetime, ui: str | None) -> Iterator[Step[RunsState]]:
    """What is told of runs that ended, in their order; each step carries the state once it is delivered.

    Args:
        state: After the last delivered alert.
        ends: New ends of runs.
        now: Present.
        ui: Address of Dagster's UI.
    """
    for end in sorted(ends, key=lambda end: (end.at, end.run_id)):
        if end.failed:
            same = [told for told in state.told if _is_same(told, end)]
            if any(now - told.told_at < QUIET for told in same):
                state = _seen(state, end, now)
                yield Step(state)
                continue
            told = Told(
                **{name: getattr(end, name) for name in ("run_id", "job", "request", "days", "assets")},
                cause=_fingerprint(end.cause),
                failed_at=end.at,
                told_at=now,
            )
            others = tuple(told for told in state.told if told not in same)
            state = _seen(state.model_copy(update={"told": (*others, told)}), end, now)
            yield Step(state, _failure(end, told, ui))
            continue
        for told in [told for told in state.told if _ends(end, told)]:
            state = state.model_copy(update={"told": tuple(other for other in state.told if other != told)})
            yield Step(state, _resolved(end, told, ui))
        state = _seen(state, end, now)
        yield Step(state)


def _is_same(told: Told, end: RunEnd) -> bool:
    """Whether a failure is one that was told.

    A request for production days is the same for the same days, whatever touched them since. One without days grows
    with each message that arrives while it fails, under another key: there the cause decides.
    """
    if (told.job, told.assets) != (end.job, end.assets):
        return False
    if told.request == end.request != "":
        return True
    if told.days is not None and end.days is not None:
        return told.days[0] <= end.days[0] and end.days[1] <= told.days[1]
    return told.days is None and end.days is None and told.cause == _fingerprint(end.cause)


def _ends(end: RunEnd, told: Told) -> bool:
    """Whether a success is the end of a failure that was told: it did the same, or more."""
    if (told.job, told.assets) != (end.job, end.assets) or end.at < told.failed_at:
        return False
    if told.request == end.request != "" or told.days is None:
        return True
    return end.days is not None and end.days[0] <= told.days[0] and told.days[1] <= end.days[1]


def _seen(state: RunsState, end: RunEnd, now: datetime) -> RunsState:
    until = max(state.until, min(end.at, now))  # a clock that is ahead must not hide what comes until then
    seen = {run: at for run, at in {**state.seen, end.run_id: end.at}.items() if at > until - OVERLAP}
    return state.model_copy(update={"until": until, "seen": seen})


def _fingerprint(cause: str) -> str:
    return hashlib.sha256(re.sub(r"[0-9a-f-]{8,}|\d+", "#", cause).encode()).hexdigest()[:12]


def _name(job: str, days: Days | None, assets: tuple[str, ...]) -> str:
    of = [", ".join(assets) if assets else job, *([_partitions(days) or ""] if days else [])]
    return shortened(", ".join(of), 200)


def _identity(told: Told) -> str:
    parts = [told.job, *told.assets, _partitions(told.days) or told.request]
    text = ":".join(part for part in parts if part)
    return f"run:{text}" if len(text) <= 120 else f"run:{told.job}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _partitions(days: Days | None) -> str | None:
    return None if days is None else days[0] if days[0] == days[1] else f"{days[0]}…{days[1]}"


def _failure(end: RunEnd, told: Told, ui: str | None) -> Alert:
    todo = (
        "The sensor asks for it again by itself, after a pause that grows from 30 s to 1 h; mend the cause."
        if end.request
        else "Nothing asks for it again: mend the cause, then re-execute the run."
    )
    return Alert(
        kind="run_failed",
        id=_identity(told),
        subject=f"Run failed: {_name(end.job, end.days, end.assets)}",
        what=f"{shortened(end.cause, 1500)}\n{todo}",
        since=end.at,
        link=run_link(ui, end.run_id),
        run_id=end.run_id,
        job=end.job,
        partitions=_partitions(end.days),
    )


def _resolved(end: RunEnd, told: Told, ui: str | None) -> Alert:
    return Alert(
        kind="resolved",
        id=_identity(told),
        subject=f"Run succeeded again: {_name(told.job, told.days, told.assets)}",
        what=f"It had failed in run {told.run_id}. Nothing to do.",
        since=end.at,
        link=run_link(ui, end.run_id),
        run_id=end.run_id,
        job=end.job,
        partitions=_partitions(told.days),
    )
