"""Where loading stands: positions of the ledger, and how far a log is ahead of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from te_assets.delivery.ledger import Shard, read_positions

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class ShardLag:
    """Distance between a log and the ledger.

    Attributes:
        position: Where the next load begins.
        earliest: First offset that the log still has; beyond `position` it is a gap.
        end: Last stable offset, exclusive.
    """

    shard: Shard
    position: int
    earliest: int
    end: int

    @property
    def offsets(self) -> int:
        """Offsets that wait to be loaded; control records count."""
        return max(self.end - self.position, 0)

    @property
    def is_shrunk(self) -> bool:
        """Whether the log lost offsets that were loaded; a load says so and what to do."""
        return self.end < self.position


def ledger_positions(client: Client) -> dict[Shard, int]:
    """Where the next load begins, for each partition that has any ledger line, of all topics and their incarnations."""
    return {shard: position.offset for shard, position in read_positions(client).items()}


def topic_version(lags: Sequence[ShardLag]) -> str:
    """Ends of all partitions: another one when a message was added or the topic was made anew."""
    return ",".join(f"{str(lag.shard.topic_id)[:8]}/{lag.shard.partition}:{lag.end}" for lag in lags)
