"""Which checks and assets are told, as a pure function: once when they turn bad, once when they are well again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from te_assets.automation.alert_messages import Alert
from te_assets.automation.alerting import Step


class Bad(BaseModel):
    """Something bad that was told."""

    model_config = ConfigDict(frozen=True)

    days: tuple[str, ...] = ()
    """Production days that a check named and that no later execution has found good; empty: it speaks for all."""
    execution: int = 0
    """Of the check, when it was told."""


class ConditionsState(BaseModel):
    """The cursor: what was told and is still bad, by its id."""

    model_config = ConfigDict(frozen=True)

    bad: dict[str, Bad] = {}


@dataclass(frozen=True)
class Condition:
    """A check or an asset as it is now.

    Attributes:
        is_bad: None where nothing can be said: it was never materialized, or never checked.
        tell: Gives what is told if it has turned bad or well; asked for then only, because it looks things up.
        days: Production days that a failed check names.
        found_good: Production days that executions since it was told found good.
        execution: Of the check.
    """

    id: str
    is_bad: bool | None
    tell: Callable[[], Alert]
    days: frozenset[str] = frozenset()
    found_good: frozenset[str] = frozenset()
    execution: int = 0


def compare(state: ConditionsState, conditions: Iterable[Condition]) -> Iterator[Step[ConditionsState]]:
    """What is told of checks and assets; each step carries the state once it is delivered.

    What is no longer defined is forgotten without a word.
    """
    now = {condition.id: condition for condition in conditions}
    state = ConditionsState(bad={key: bad for key, bad in state.bad.items() if key in now})
    yield Step(state)
    for key, condition in sorted(now.items()):
        before = state.bad.get(key)
        after, is_told = _after(before, condition)
        if after != before:
            others = {other: bad for other, bad in state.bad.items() if other != key}
            state = ConditionsState(bad=others if after is None else {**others, key: after})
        yield Step(state, condition.tell() if is_told else None)


def _after(before: Bad | None, now: Condition) -> tuple[Bad | None, bool]:
    """What is on record of it from now on, and whether that is told."""
    if now.is_bad is None:
        return before, False
    if before is None:
        return (_bad(now.days, now.execution), True) if now.is_bad else (None, False)
    if not before.days:  # it speaks for all, so its newest execution decides
        return (before, False) if now.is_bad else (None, True)
    left = frozenset(before.days) - (now.found_good - now.days)
    if now.is_bad:
        is_new = not now.days.issubset(before.days)
        return _bad(left | now.days, now.execution if is_new else before.execution), is_new
    return (_bad(left, before.execution), False) if left else (None, True)


def _bad(days: frozenset[str], execution: int) -> Bad:
    return Bad(days=tuple(sorted(days)), execution=execution)
