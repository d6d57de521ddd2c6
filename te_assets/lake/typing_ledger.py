"""Which raw offsets were typed into history: te_ops.typing_ledger, the twin of the load ledger one layer up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_COLUMNS = (
    "topic",
    "topic_id",
    "partition",
    "lo",
    "next",
    "lines",
    "accepted",
    "rejected",
    "skipped",
    "duplicates",
    "state",
    "plan_id",
    "run_id",
)


@dataclass(frozen=True)
class TypingRange:
    """Offsets [lo, next) of one partition whose lines are typed together."""

    topic: str
    topic_id: UUID
    partition: int
    lo: int
    next: int
    lines: int

    @property
    def condition(self) -> str:
        """SQL condition on the raw line; built from numbers and a UUID alone."""
        return (
            f"(topic_id = '{self.topic_id}' AND partition = {self.partition} AND offset >= {self.lo} AND "
            f"offset < {self.next})"
        )


@dataclass(frozen=True)
class Verdicts:
    """What became of the lines of a range."""

    accepted: int = 0
    rejected: int = 0
    skipped: int = 0
    duplicates: int = 0

    @property
    def lines(self) -> int:
        """All of them."""
        return self.accepted + self.rejected + self.skipped + self.duplicates

    def __add__(self, other: Verdicts) -> Verdicts:
        """Sum of both."""
        return Verdicts(
            self.accepted + other.accepted,
            self.rejected + other.rejected,
            self.skipped + other.skipped,
            self.duplicates + other.duplicates,
        )


@dataclass(frozen=True)
class Unit:
    """Ranges, at most one per partition, that are typed in one step; `resumed` when a killed run planned it before."""

    ranges: tuple[TypingRange, ...]
    resumed: bool

    @property
    def lines(self) -> int:
        """Lines of all ranges."""
        return sum(r.lines for r in self.ranges)

    @property
    def condition(self) -> str:
        """SQL condition on the raw lines of the unit."""
        return " OR ".join(r.condition for r in self.ranges)


def plan(
    loaded: list[TypingRange], typed_to: dict[tuple[UUID, int], int], planned: list[TypingRange], max_lines: int
) -> Unit | None:
    """The next unit: what a killed run had planned, else loaded ranges from where typing stands, up to `max_lines`.

    Args:
        loaded: LOADED ranges of the load ledger, by partition and offset.
        typed_to: Next offset to type per (topic_id, partition).
        planned: PLANNED ranges of the typing ledger that were never finished.
        max_lines: Bound of the unit; one loaded range is never split.
    """
    open_plans = tuple(r for r in planned if r.next > typed_to.get((r.topic_id, r.partition), r.lo))
    if open_plans:
        return Unit(open_plans, resumed=True)
    ranges: dict[tuple[UUID, int], TypingRange] = {}
    budget = max_lines
    for candidate in sorted(loaded, key=lambda r: (str(r.topic_id), r.partition, r.lo, r.next)):
        key = (candidate.topic_id, candidate.partition)
        before = ranges.get(key)
        start = before.next if before else max(typed_to.get(key, candidate.lo), candidate.lo)
        # Two loaders at once may have recorded overlapping ranges: the raw lines are distinct all the same.
        if candidate.next <= start:
            continue
        if ranges and candidate.lines > budget:
            continue
        if before and candidate.lo > before.next:
            continue
        budget -= candidate.lines
        lo = before.lo if before else start
        lines = candidate.lines + (before.lines if before else 0)
        ranges[key] = TypingRange(candidate.topic, candidate.topic_id, candidate.partition, lo, candidate.next, lines)
    return Unit(tuple(ranges.values()), resumed=False) if ranges else None


def next_unit(client: Client, topic: str, max_lines: int) -> Unit | None:
    """Read both ledgers and plan; None when every loaded line is typed."""
    bound = {"topic": topic}
    typed_to = {
        (topic_id, partition): offset
        for topic_id, partition, offset in client.query(
            "SELECT topic_id, partition, max(next) FROM te_ops.typing_ledger WHERE topic = "
            "{topic:String} AND state = 'LOADED' GROUP BY ALL",
            parameters=bound,
        ).result_rows
    }
    planned = client.query(
        "SELECT topic, topic_id, partition, lo, next, lines FROM te_ops.typing_ledger WHERE topic = {topic:String} "
        "AND state = 'PLANNED' AND plan_id NOT IN (SELECT plan_id FROM te_ops.typing_ledger WHERE state = 'LOADED')",
        parameters=bound,
    ).result_rows
    loaded = client.query(
        "SELECT DISTINCT topic, topic_id, partition, lo, next, lines FROM te_ops.load_ledger WHERE topic "
        "= {topic:String} AND state = 'LOADED'",
        parameters=bound,
    ).result_rows
    return plan(
        [TypingRange(*row) for row in loaded if row[4] > typed_to.get((row[1], row[2]), -1)],
        typed_to,
        [TypingRange(*row) for row in planned],
        max_lines,
    )


def record(
    client: Client, unit: Unit, state: str, plan_id: UUID, run_id: str, verdicts: dict[tuple[UUID, int], Verdicts]
) -> None:
    """Append one line per range; the insert is one block, so it is there whole or not at all."""
    rows = []
    for r in unit.ranges:
        v = verdicts.get((r.topic_id, r.partition), Verdicts())
        lines = v.lines if state == "LOADED" else r.lines
        rows.append(
            [
                r.topic,
                r.topic_id,
                r.partition,
                r.lo,
                r.next,
                lines,
                v.accepted,
                v.rejected,
                v.skipped,
                v.duplicates,
                state,
                plan_id,
                run_id,
            ]
        )
    client.insert("te_ops.typing_ledger", rows, column_names=_COLUMNS)
