"""What a load reports: its steps while it runs, its outcome at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Literal
from uuid import UUID

from te_assets.delivery.ledger import Shard

StepName = Literal["read", "plan", "insert", "read_back", "loaded", "gap"]


@dataclass(frozen=True)
class Step:
    """A step that begins now; `next` is exclusive and unknown (equal to `lo`) before the range was read."""

    name: StepName
    shard: Shard
    lo: int
    next: int


@dataclass(frozen=True)
class ShardLoaded:
    """Outcome for one partition.

    Attributes:
        lo: Offset where this load began.
        next: Offset where the next one begins.
        end: Last stable offset when this load began.
        surplus: Lines found twice at read-back; they count once.
    """

    partition: int
    lo: int
    next: int
    end: int
    messages: int = 0
    lines: int = 0
    surplus: int = 0

    @property
    def lag(self) -> int:
        """Offsets that were committed when the load began and are not loaded."""
        return max(self.end - self.next, 0)


@dataclass
class Stopwatch:
    """Seconds by step. `read` is what the load waited for messages; reading ahead costs nothing here."""

    seconds: dict[StepName, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: StepName) -> Iterator[None]:
        """Add the time of a block to a step."""
        begin = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = self.seconds.get(name, 0.0) + perf_counter() - begin


@dataclass(frozen=True)
class Loaded:
    """Outcome of a load.

    Attributes:
        seconds: By step.
        more: The bound on lines ended the load before the log's end.
        recreated: The ledger knows the topic's name under another id: it was deleted and made again.
    """

    topic: str
    topic_id: UUID
    partitions: tuple[ShardLoaded, ...]
    seconds: dict[StepName, float]
    more: bool
    recreated: bool

    @property
    def lines(self) -> int:
        """Lines loaded now."""
        return sum(shard.lines for shard in self.partitions)

    @property
    def messages(self) -> int:
        """Messages loaded now."""
        return sum(shard.messages for shard in self.partitions)

    @property
    def surplus(self) -> int:
        """Lines that were found twice; they count once."""
        return sum(shard.surplus for shard in self.partitions)

    @property
    def lag(self) -> int:
        """Offsets that wait to be loaded."""
        return sum(shard.lag for shard in self.partitions)
