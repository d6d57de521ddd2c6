"""Reads committed messages of assigned offsets from Kafka; no consumer group decides anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from te_assets.delivery.errors import LOAD_AGAIN, KafkaSilent, RangeGone
from te_assets.delivery.ledger import Shard
from te_assets.delivery.messages import Batch, Gathering, Record

if TYPE_CHECKING:
    from kafka import TopicPartition

# Short, because a poll waits its whole time when a transaction's end mark is all that is left.
POLL_MS = 10
POLL_RECORDS = 50
# kafka-python's defaults are the opposite in the first four.
CONSUMER_SETTINGS: Mapping[str, Any] = {
    "enable_auto_commit": False,
    "auto_offset_reset": "none",
    "isolation_level": "read_committed",
    "group_id": None,
    "reconnect_backoff_max_ms": 500,
    "fetch_max_bytes": 16 << 20,
    "max_partition_fetch_bytes": 4 << 20,
    "metrics_enabled": False,
}


@dataclass(frozen=True)
class Bounds:
    """How much one plan may hold; the message that reaches a bound is the last.

    Attributes:
        patience: Seconds without any progress before the broker counts as silent.
    """

    messages: int = 50_000
    lines: int = 50_000
    data: int = 32_000_000
    patience: float = 60.0

    def reached(self, gathered: Gathering) -> bool:
        """Whether a plan of this size takes no further message."""
        return gathered.messages >= self.messages or gathered.lines >= self.lines or gathered.size >= self.data


@dataclass(frozen=True)
class Extent:
    """What the log of a shard has: `earliest` offset to last stable offset `end`, exclusive."""

    earliest: int
    end: int


class TopicReader:
    """Reads one topic. Not thread-safe: one thread at a time may use it."""

    def __init__(self, kafka: Mapping[str, Any], bounds: Bounds) -> None:
        from kafka import KafkaConsumer

        self._bounds = bounds
        self._consumer = KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})
        self._assigned: TopicPartition | None = None
        self._ahead: list[Record] = []
        self._resumes_at: int | None = None
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Make a read in another thread end soon; the reader is of no use afterwards."""
        self._stopped.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    def extent(self, shard: Shard) -> Extent:
        """Earliest and last stable offset of the shard's log now."""
        where = _topic_partition(shard)
        return Extent(self._consumer.beginning_offsets([where])[where], self._consumer.end_offsets([where])[where])

    def read(self, shard: Shard, lo: int, end: int, *, bounded: bool = True) -> Batch:
        """Messages from `lo` until `end`, exclusive, or until a bound is reached.

        Raises:
            RangeGone: The log no longer has `lo`, or was cut off.
            KafkaSilent: The broker delivered nothing for the time of `Bounds.patience`.
        """
        from kafka.errors import LogTruncationError, OffsetOutOfRangeError

        where = self._place(shard, lo)
        gathering = Gathering()
        position, moved_at = self._consumer.position(where), time.monotonic()
        while not self._stopped.is_set():
            for index, record in enumerate(self._ahead):
                full = bounded and self._bounds.reached(gathering)
                if full or record.offset >= end:
                    self._ahead = self._ahead[index:]
                    self._resumes_at = min(end, record.offset) if full else end
                    return gathering.batch(lo, self._resumes_at)
                gathering.add(record)
            self._ahead = []
            if position >= end:
                self._resumes_at = end if position == end else None
                return gathering.batch(lo, end)
            try:
                self._ahead = self._consumer.poll(POLL_MS, max_records=POLL_RECORDS).get(where, [])
                reached = self._consumer.position(where)
            except (OffsetOutOfRangeError, LogTruncationError) as error:
                raise RangeGone(f"{shard}: offset {position} is no longer in the log ({error})") from error
            if reached != position:
                position, moved_at = reached, time.monotonic()
            elif time.monotonic() - moved_at > self._bounds.patience:
                raise KafkaSilent(
                    f"{shard}: nothing came after offset {position} for {self._bounds.patience:.0f} s although the log "
                    f"reaches {end}. {LOAD_AGAIN}"
                )
        raise KafkaSilent(f"{shard}: reading was stopped at offset {position}. Load again: it goes on there.")

    def _place(self, shard: Shard, lo: int) -> TopicPartition:
        """Stand at `lo`; what was fetched beyond the last batch is kept where `lo` follows on it."""
        where = _topic_partition(shard)
        if self._assigned != where:
            self._consumer.assign([where])
            self._assigned, self._resumes_at = where, None
        if self._resumes_at != lo:
            self._consumer.seek(where, lo)
            self._ahead = []
        self._resumes_at = None
        return where


def _topic_partition(shard: Shard) -> TopicPartition:
    from kafka import TopicPartition

    return TopicPartition(shard.topic, shard.partition)
