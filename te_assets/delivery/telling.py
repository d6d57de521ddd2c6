"""Tells te.file-events.v1 what happened to files: a courtesy to whoever waits, te_ops.files has the truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from te_assets.delivery.topics import FILE_EVENTS

if TYPE_CHECKING:
    from te_assets.delivery.file_events import FileEvent
    from te_assets.delivery.producer import CheckedProducer

_SECONDS: Final = 5.0
_IMPATIENT: Final[Mapping[str, Any]] = {
    "bootstrap_timeout_ms": 5_000,
    "max_block_ms": 5_000,
    "delivery_timeout_ms": 5_000,
    "request_timeout_ms": 4_000,
}


class Teller:
    """Sends events; connects with the first. Kafka that is away is said once, and then nothing is told any more."""

    def __init__(self, kafka: Mapping[str, Any], say: Callable[[str], None] = lambda _: None) -> None:
        """Nothing is connected yet.

        Args:
            kafka: Options of kafka-python.
            say: Takes a line where Kafka is away.
        """
        self._kafka = kafka
        self._say = say
        self._held = ExitStack()
        self._producer: CheckedProducer | None = None
        self._is_silent = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def __call__(self, events: Sequence[FileEvent]) -> None:
        """Tell; returns when Kafka has acknowledged, or is away."""
        from kafka.errors import KafkaError

        if self._is_silent or not events:
            return
        try:
            self._tell(events)
        except KafkaError as failed:
            self._is_silent = True
            self._say(
                f"{FILE_EVENTS} was not told what became of {events[0].sha256[:12]}… ({type(failed).__name__}). Who "
                "waits for it learns it later. Nothing is lost, te_ops.files has it."
            )

    def _tell(self, events: Sequence[FileEvent]) -> None:
        from te_assets.delivery.producer import CheckedProducer

        if self._producer is None:
            self._producer = self._held.enter_context(CheckedProducer({**self._kafka, **_IMPATIENT}, timeout=_SECONDS))
        for message in (event.message() for event in events):
            self._producer.send(message, self._producer.partition_of(message.topic, message.key))
        self._producer.settle()
