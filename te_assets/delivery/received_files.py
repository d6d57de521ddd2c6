"""Which files were received, read from te.file-events.v1 on from a place."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from types import TracebackType
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from te_assets.delivery.errors import KafkaFailed
from te_assets.delivery.file_events import FileReceived, parse
from te_assets.delivery.topics import FILE_EVENTS, describe


class Place(BaseModel):
    """How far a reader of the topic has come; thrown away it costs reading the topic once more.

    Attributes:
        topic_id: The topic of this name that the offsets belong to.
        next: Partition → first offset that was not read.
    """

    model_config = ConfigDict(frozen=True)

    topic_id: str = ""
    next: Mapping[int, int] = {}


class ReceivedFiles:
    """Reads what was received since a place; other events, and messages that are none, are passed over.

    Not thread-safe. Commits nothing, belongs to no group.
    """

    def __init__(self, kafka: Mapping[str, Any], place: Place) -> None:
        """Ask Kafka for the topic.

        Raises:
            TopicMissing: There is no such topic.
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka import KafkaConsumer, TopicPartition
        from kafka.admin import KafkaAdminClient
        from kafka.errors import KafkaError

        from te_assets.delivery.reader import CONSUMER_SETTINGS

        try:
            with closing(KafkaAdminClient(**{**kafka, "reconnect_backoff_max_ms": 500})) as admin:
                topic = describe(admin, FILE_EVENTS)
            self._topic_id = str(topic.topic_id)
            known = place.next if place.topic_id == self._topic_id else {}
            self._places = [TopicPartition(FILE_EVENTS, number) for number in topic.partitions]
            self._consumer = KafkaConsumer(**{**kafka, **CONSUMER_SETTINGS})
            first = self._consumer.beginning_offsets(self._places)
            end = self._consumer.end_offsets(self._places)
            self._consumer.assign(self._places)
            for each in self._places:
                self._consumer.seek(each, min(max(known.get(each.partition, 0), first[each]), end[each]))
        except KafkaError as error:
            raise _failed(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._consumer.close()

    @property
    def place(self) -> Place:
        """Behind what was read."""
        return Place(
            topic_id=self._topic_id, next={each.partition: self._consumer.position(each) for each in self._places}
        )

    def read(self, seconds: float) -> list[FileReceived]:
        """What has come, oldest first; waits for it for as long at the most.

        Raises:
            KafkaFailed: The broker refused or could not be reached.
        """
        from kafka.errors import KafkaError

        try:
            polled = self._consumer.poll(int(seconds * 1000))
        except KafkaError as error:
            raise _failed(error) from error
        events = (parse(record.headers, record.value or b"") for records in polled.values() for record in records)
        return [event for event in events if isinstance(event, FileReceived)]


def _failed(error: Exception) -> KafkaFailed:
    return KafkaFailed(
        f"{FILE_EVENTS}: Kafka failed with {type(error).__name__} ({error}). See whether it runs (te-assets status)."
    )
