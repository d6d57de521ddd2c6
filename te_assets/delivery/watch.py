"""Looks at a topic for a while: returns as soon as something comes, and says which production days it names."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from datetime import date
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from te_assets.delivery.errors import KafkaFailed
from te_assets.delivery.ledger import Position, Shard, read_positions
from te_assets.delivery.positions import ShardLag
from te_assets.delivery.reader import CONSUMER_SETTINGS
from te_assets.delivery.topics import describe

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka import TopicPartition

MOST_PEEKED: Final = 500
"""Offsets behind which nobody looks into messages: it is a backlog, not an event."""
_SLICE_MS: Final = 500
_PEEK_SECONDS: Final = 3.0


class TopicWatch:
    """A consumer of all partitions of a topic as it is now; positions are those of the load ledger.

    Not thread-safe. Commits nothing, belongs to no group.
    """

    def __init__(self, kafka: Mapping[str, Any], client: Client, topic: str) -> None:
        """Ask Kafka for the partitions.

        Raises:
            TopicMissing: There is no such topic.
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka import KafkaConsumer
        from kafka.admin import KafkaAdminClient
        from kafka.errors import KafkaError

        self._topic, self._lake = topic, client
        try:
            with closing(KafkaAdminClient(**{**kafka, "reconnect_backoff_max_ms": 500})) as admin:
                now = describe(admin, topic)
            self._shards = [Shard(topic, now.topic_id, number) for number in now.partitions]
            self._consumer = KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})
        except KafkaError as error:
            raise _failed(topic, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def lags(self) -> tuple[ShardLag, ...]:
        """What waits to be loaded now, per partition.

        Raises:
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka.errors import KafkaError

        known = read_positions(self._lake)
        places = [_place(shard) for shard in self._shards]
        try:
            first, end = self._consumer.beginning_offsets(places), self._consumer.end_offsets(places)
        except KafkaError as error:
            raise _failed(self._topic, error) from error
        return tuple(
            ShardLag(shard, known.get(shard, Position()).offset, first[place], end[place])
            for shard, place in zip(self._shards, places, strict=True)
        )

    def wait(self, ends: Sequence[ShardLag], seconds: float, *, until: Callable[[], bool] | None = None) -> None:
        """Return once a message is committed at or beyond one of the ends, `until` holds, or the time is over.

        Raises:
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka.errors import KafkaError

        deadline = time.monotonic() + seconds
        try:
            self._seek({_place(lag.shard): lag.end for lag in ends})
            while time.monotonic() < deadline and not (until and until()):
                if not ends:
                    time.sleep(_SLICE_MS / 1000)
                elif self._consumer.poll(_SLICE_MS, max_records=1):
                    return
        except KafkaError as error:
            raise _failed(self._topic, error) from error

    def days(self, lags: Sequence[ShardLag]) -> frozenset[date] | None:
        """Production days that the waiting messages name in `te_days`.

        Returns:
            None where a message names none, where the log no longer has all, or where too many wait to look into.

        Raises:
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka.errors import KafkaError

        behind = [lag for lag in lags if lag.offsets]
        if sum(lag.offsets for lag in behind) > MOST_PEEKED or any(lag.earliest > lag.position for lag in behind):
            return None
        days: set[date] = set()
        deadline = time.monotonic() + _PEEK_SECONDS
        try:
            self._seek({_place(lag.shard): lag.position for lag in behind})
            while any(self._consumer.position(_place(lag.shard)) < lag.end for lag in behind):
                if time.monotonic() > deadline:
                    return None
                for records in self._consumer.poll(50).values():
                    for record in records:
                        named = _named_days(dict(record.headers))
                        if not named:
                            return None
                        days |= named
        except KafkaError as error:
            raise _failed(self._topic, error) from error
        return frozenset(days)

    def _seek(self, offsets: Mapping[TopicPartition, int]) -> None:
        self._consumer.assign(list(offsets))
        for place, offset in offsets.items():
            self._consumer.seek(place, offset)


def lag(kafka: Mapping[str, Any], client: Client, topic: str) -> tuple[ShardLag, ...]:
    """What waits to be loaded, per partition of the topic as it exists now.

    Raises:
        TopicMissing: There is no such topic.
        KafkaFailed: The broker refused or could not be reached.
    """
    with TopicWatch(kafka, client, topic) as watch:
        return watch.lags()


def _named_days(headers: Mapping[str, bytes]) -> set[date]:
    """Days of the header; none where one of them is no date, as nobody may trust the others then."""
    try:
        return {date.fromisoformat(day) for day in headers.get("te_days", b"").decode().split(",") if day}
    except ValueError:  # also of bytes that are no UTF-8
        return set()


def _place(shard: Shard) -> TopicPartition:
    from kafka import TopicPartition

    return TopicPartition(shard.topic, shard.partition)


def _failed(topic: str, error: Exception) -> KafkaFailed:
    return KafkaFailed(
        f"topic {topic}: Kafka failed with {type(error).__name__} ({error}). See whether it runs (te-assets status)."
    )
