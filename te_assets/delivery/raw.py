"""Writes planned lines into te_raw and reads back what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from te_assets.delivery.errors import NoRawTable
from te_assets.delivery.ledger import Plan, Shard
from te_assets.delivery.statements import statement
from te_assets.delivery.topics import RAW_TABLES

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class Held:
    """What te_raw holds of a range of offsets.

    Attributes:
        lines: Distinct (offset, line).
        hash: Sum of xxHash64 over the distinct lines, modulo 2^64.
        surplus: Lines that are there more than once; they count once.
    """

    lines: int
    hash: int
    surplus: int

    def fulfils(self, plan: Plan) -> bool:
        """Whether the range is complete."""
        return (self.lines, self.hash) == (plan.lines, plan.hash)


class RawTable:
    """The table of te_raw that a row topic is loaded into."""

    def __init__(self, client: Client, topic: str) -> None:
        if topic not in RAW_TABLES:
            raise NoRawTable(f"topic {topic} has no table in te_raw. Load one of {', '.join(RAW_TABLES)}.")
        self._client = client
        self._name = RAW_TABLES[topic].removeprefix("te_raw.")

    def held(self, shard: Shard, plan: Plan) -> Held:
        """What is there of a planned range."""
        row = self._client.query(
            statement("raw_held"), parameters=self._range(shard, plan), settings={"max_block_size": 65_536}
        ).result_rows[0]
        return Held(*row)

    def last_message(self, shard: Shard, lo: int, hi: int) -> tuple[int, Held] | None:
        """Offset and lines of the last message between two offsets, both inclusive; None where there is none."""
        rows = self._client.query(
            statement("raw_last_message"),
            parameters={
                "table": self._name,
                "topic_id": shard.topic_id,
                "partition": shard.partition,
                "lo": lo,
                "hi": hi,
            },
        ).result_rows
        return (rows[0][0], Held(rows[0][1], rows[0][2], 0)) if rows else None

    def insert(self, shard: Shard, plan: Plan, data: bytes) -> None:
        """Write the lines of a planned range that are missing, as one block.

        The plan's id is the query id: the server refuses (error 216) while an earlier attempt still runs.
        """
        self._client.command(
            statement("raw_insert"),
            parameters=self._range(shard, plan) | {"topic": shard.topic},
            data=data,
            settings={"query_id": str(plan.plan_id)},
        )

    def _range(self, shard: Shard, plan: Plan) -> dict[str, object]:
        return {
            "table": self._name,
            "topic_id": shard.topic_id,
            "partition": shard.partition,
            "lo": plan.lo,
            "hi": plan.hi,
        }
