"""The load ledger te_ops.load_ledger: what is planned, loaded, or known to be lost. Decisions are pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid4

from te_assets.delivery.errors import LedgerBroken
from te_assets.delivery.statements import statement

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

State = Literal["PLANNED", "LOADED", "GAP"]


@dataclass(frozen=True)
class Shard:
    """One partition of one incarnation of a topic; the unit that has positions."""

    topic: str
    topic_id: UUID
    partition: int

    def __str__(self) -> str:
        return f"topic {self.topic} ({self.topic_id}), partition {self.partition}"


@dataclass(frozen=True)
class Plan:
    """A range of offsets to load.

    Attributes:
        lo: First offset.
        hi: Last offset that the range covers; `next - 1` where it ends in control records.
        next: Where the next range begins.
        messages: Messages in it; control records and aborted messages are none.
        lines: Lines of the messages.
        hash: Sum of xxHash64 over the lines, modulo 2^64.
        plan_id: Query id of the insert.
    """

    lo: int
    hi: int
    next: int
    messages: int
    lines: int
    hash: int
    plan_id: UUID

    @classmethod
    def of(cls, lo: int, next_offset: int, *, messages: int, lines: int, line_hash: int) -> Plan:
        """A new plan with an id of its own."""
        return cls(lo, next_offset - 1, next_offset, messages, lines, line_hash, uuid4())


@dataclass(frozen=True)
class LedgerLine:
    """One line of te_ops.load_ledger."""

    plan: Plan
    state: State
    surplus: int = 0


@dataclass(frozen=True)
class Position:
    """How far a shard is loaded.

    Attributes:
        offset: Where the next range begins.
        last_range: Where the last loaded range with messages begins; equal to `offset` where there is none.
    """

    offset: int = 0
    last_range: int = 0


@dataclass(frozen=True)
class Standing:
    """Where loading of a shard stands: everything before `position` is loaded or a gap; `pending` begins there."""

    position: int
    pending: Plan | None


def standing(lines: Iterable[LedgerLine], position: int = 0) -> Standing:
    """Where loading stands, from the ledger lines whose ranges end behind `position`, up to which all is loaded.

    Two loaders may have planned the same offsets in different ranges. What one of them finished counts; plans that
    begin before the position are done by that, and their loader notices the same when it goes on.

    Raises:
        LedgerBroken: A range begins beyond the position: offsets in between are neither loaded nor a gap.
    """
    rest = sorted(lines, key=lambda line: line.plan.lo)
    for line in rest:
        if line.state != "PLANNED" and line.plan.lo <= position < line.plan.next:
            position = line.plan.next
    beyond = [line.plan.lo for line in rest if line.plan.lo > position]
    if beyond:
        raise LedgerBroken(
            f"offsets {position} to {min(beyond) - 1} are neither loaded nor a gap, but a later range begins at "
            f"{min(beyond)}. Lines of te_ops.load_ledger are missing: restore it from its backup, then load again."
        )
    pending = next((line.plan for line in rest if line.state == "PLANNED" and line.plan.lo == position), None)
    return Standing(position, pending)


@dataclass(frozen=True)
class Resume:
    """Go on with a plan that a loader left unfinished."""

    plan: Plan


@dataclass(frozen=True)
class Read:
    """Read new messages from `lo` up to `end`, exclusive."""

    lo: int
    end: int


@dataclass(frozen=True)
class Lost:
    """Offsets `lo` to `next - 1` are gone from the topic: put a GAP on record and fail."""

    lo: int
    next: int


@dataclass(frozen=True)
class Shrunk:
    """The log ends before what was already loaded from it: fail; offsets would be given out twice."""

    position: int
    end: int


@dataclass(frozen=True)
class UpToDate:
    """Nothing to do."""

    position: int


Decision = Resume | Read | Lost | Shrunk | UpToDate


def decide(where: Standing, *, earliest: int, end: int) -> Decision:
    """The next thing to do for a shard.

    Args:
        where: From the ledger.
        earliest: First offset that the log still has.
        end: Last stable offset, exclusive: where committed messages end.
    """
    if end < where.position:
        return Shrunk(where.position, end)
    if where.pending is not None:
        return Resume(where.pending)
    if earliest > where.position:
        return Lost(where.position, earliest)
    return Read(where.position, end) if end > where.position else UpToDate(where.position)


@dataclass(frozen=True)
class Again:
    """The lines of a plan were read again as planned: insert them."""


@dataclass(frozen=True)
class Shortened:
    """Part of a planned range is gone from the topic; what is left is a plan of its own, the rest a gap."""

    lost: Lost
    messages_lost: int
    left: Plan | None


@dataclass(frozen=True)
class Replaced:
    """The offsets of a plan hold other messages now."""


def compare(plan: Plan, found: Plan, *, earliest: int) -> Again | Shortened | Replaced:
    """Judge a planned range that was read again, `found` being what is there now."""
    if (found.messages, found.lines, found.hash) == (plan.messages, plan.lines, plan.hash):
        return Again()
    if found.messages >= plan.messages:
        return Replaced()
    lost = plan.messages - found.messages
    if earliest > plan.lo:
        return Shortened(Lost(plan.lo, min(earliest, plan.next)), lost, None)
    return Shortened(Lost(plan.lo, plan.next), lost, found)


class Ledger:
    """te_ops.load_ledger of one topic."""

    def __init__(self, client: Client, run_id: str) -> None:
        self._client = client
        self._run_id = run_id

    def positions(self, topic: str) -> dict[Shard, Position]:
        """Position of each shard that has any ledger line, also of earlier incarnations of the topic."""
        return read_positions(self._client, topic)

    def tail(self, shard: Shard, since: int) -> list[LedgerLine]:
        """Lines of a shard whose ranges end behind `since`; another loader's may begin before it."""
        rows = self._client.query(
            statement("ledger_tail"),
            parameters={"topic_id": shard.topic_id, "partition": shard.partition, "since": since},
        ).result_rows
        return [LedgerLine(Plan(*row[:7]), *row[7:]) for row in rows]

    def append(self, shard: Shard, state: State, plan: Plan, surplus: int = 0) -> None:
        """Add a line. Adding it twice is harmless: lines are told apart by plan and state."""
        self._client.command(
            statement("ledger_append"),
            parameters={
                "topic": shard.topic,
                "topic_id": shard.topic_id,
                "partition": shard.partition,
                "lo": plan.lo,
                "hi": plan.hi,
                "next": plan.next,
                "messages": plan.messages,
                "lines": plan.lines,
                "hash": plan.hash,
                "state": state,
                "surplus": surplus,
                "plan_id": plan.plan_id,
                "run_id": self._run_id,
            },
        )


def read_positions(client: Client, topic: str = "") -> dict[Shard, Position]:
    """Position of each shard in the ledger; of all topics where none is named."""
    rows = client.query(statement("ledger_positions"), parameters={"topic": topic}).result_rows
    return {Shard(*row[:3]): Position(*row[3:]) for row in rows}
