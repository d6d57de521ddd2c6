"""What a sensor decides, as pure functions of what it saw."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from te_assets.delivery.positions import ShardLag
from te_assets.lake.touched import DayRange, contiguous_pieces
from te_assets.lake.typing_ledger import Unit

_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Failures:
    """Earlier runs for the same request that failed."""

    number: int
    last: datetime | None


def load_key(lags: Sequence[ShardLag]) -> str | None:
    """Run key of a load: the full range of each partition; None when nothing is new.

    A log that is shorter than what was loaded is asked for too: the run fails and says what to do, where a sensor that
    waits for the next offset would be silent until the log is as long again.
    """
    behind = [lag for lag in lags if lag.offsets or lag.is_shrunk]
    ranges = [f"{lag.shard.topic_id}/{lag.shard.partition}:{lag.position}-{lag.end}" for lag in behind]
    return ",".join(ranges) or None


def typing_key(unit: Unit | None) -> str | None:
    """Run key of a load that has only to type, what an earlier run did not come to; None when nothing waits."""
    if unit is None:
        return None
    return "typing " + ",".join(f"{r.topic_id}/{r.partition}:{r.lo}-{r.next}" for r in unit.ranges)


def streamed_days(days: Collection[date] | None, first: date, last: date, longest: int) -> DayRange | None:
    """The range that one run takes from the topic to the marts; None: load first, and let the touched days tell.

    Args:
        days: Production days that the waiting messages name; None where one names none.
        first: First production day that is a partition.
        last: Last one.
        longest: Days of the range at the most.
    """
    if not days or min(days) < first or max(days) > last or (max(days) - min(days)).days >= longest:
        return None
    return DayRange(min(days), max(days))


def deliver_key(publications: Iterable[str]) -> str | None:
    """Run key of a delivery: the publications (sha256@contract) that wait; None when none does."""
    waiting = sorted(publications)
    return hashlib.sha256("\n".join(waiting).encode()).hexdigest() if waiting else None


def attempt_key(key: str, failures: Failures, now: datetime) -> str | None:
    """Run key of the next attempt, or None while a failed request pauses: 30 s, doubling up to an hour.

    Dagster remembers run keys for ever: with the bare key a failed range would never be tried again.
    """
    if not failures.number:
        return key
    pause = min(_FIRST_PAUSE * 2 ** min(failures.number - 1, 10), _LONGEST_PAUSE)
    if failures.last is not None and now - failures.last < pause:
        return None
    return f"{key}#{failures.number}"


def attempt_number(run_key: str) -> int:
    """Number of the attempt that a run key of `attempt_key` stands for; the first is 0."""
    number = run_key.rpartition("#")[2] if "#" in run_key else ""
    return int(number) if number.isdecimal() else 0


def pieces_to_restate(
    waiting: Mapping[date, int], in_flight: Iterable[DayRange], first: date, last: date, longest: int
) -> list[DayRange]:
    """Contiguous pieces of the waiting days that are partitions and that no run works on yet, newest first.

    Args:
        waiting: Touched days with their sequence.
        in_flight: Ranges of runs that have not ended.
        first: First production day that is a partition.
        last: Last one.
        longest: Days of a piece at the most.
    """
    busy = {day for days in in_flight for day in days.days}
    return contiguous_pieces((day for day in waiting if first <= day <= last and day not in busy), longest)


def restate_key(piece: DayRange, waiting: Mapping[date, int]) -> str:
    """Run key of a piece: its days and the newest change among them."""
    newest = max(waiting[day] for day in piece.days)
    return f"{piece.first}/{piece.last}@{newest}"
