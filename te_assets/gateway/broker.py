"""The gateway's connection to Kafka: FastStream's broker, which comes and goes while the gateway stays up."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from faststream import AckPolicy, StreamMessage
from faststream.kafka import KafkaBroker
from faststream.security import BaseSecurity, SASLPlaintext, SASLScram256, SASLScram512

from te_assets.delivery.envelope import Message
from te_assets.delivery.file_events import FileEvent, FileReceived, parse
from te_assets.delivery.topics import FILE_EVENTS, ROW_TOPICS

if TYPE_CHECKING:
    from te_assets.contracts.layout import Model
    from te_assets.stack.connect import KafkaEndpoint

_AGAIN_AFTER: Final = 1.0  # seconds between two attempts to reach Kafka
_ACK_SECONDS: Final = 5.0  # a publish that takes longer is answered as failed; its outcome is unknown
GROUP: Final = "te-gateway"
"""Consumer group of the gateways."""
Listener = Callable[[FileEvent], Awaitable[None]]
_STOP_SECONDS: Final = 2.0  # that an event in work gets when the gateway stops; Kafka keeps it for the next one
log = logging.getLogger(__name__)


class KafkaAway(Exception):
    """Kafka did not acknowledge in time; whether it has the message is not known."""


class Broker:
    """Publishes to the topics; keeps trying to reach Kafka for as long as it is entered."""

    def __init__(self, kafka: KafkaEndpoint) -> None:
        """Nothing is connected yet."""
        self.broker = KafkaBroker(
            [server.strip() for server in kafka.bootstrap_servers.split(",")],
            security=_security(kafka.security),
            acks="all",
            enable_idempotence=True,
            linger_ms=3,
            request_timeout_ms=int(_ACK_SECONDS * 1000),
            graceful_timeout=_STOP_SECONDS,
            logger=None,
        )
        self._received = self.broker.publisher(
            FILE_EVENTS, schema=FileReceived, title="te.file-events.v1", description=FileReceived.__doc__
        )
        self._rows = {
            model: self.broker.publisher(
                topic, schema=bytes, title=topic, description=f"Lines of {model}, as in the documents of the envelope."
            )
            for model, topic in ROW_TOPICS.items()
        }
        self._connecting: asyncio.Task[None] | None = None
        self._is_up = asyncio.Event()

    async def __aenter__(self) -> Broker:
        self._connecting = asyncio.create_task(self._connect())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connecting is not None:
            self._connecting.cancel()
        await self.broker.stop()

    @property
    def is_up(self) -> bool:
        """Whether Kafka was reached; it may be gone again."""
        return self._is_up.is_set()

    async def answers(self) -> bool:
        """Whether Kafka answers now."""
        return self.is_up and await self.broker.ping(timeout=1.0)

    async def wait_until_up(self) -> None:
        """Until Kafka was reached for the first time."""
        await self._is_up.wait()

    async def publish(self, model: Model, messages: Sequence[Message]) -> None:
        """Send rows; returns when Kafka has acknowledged each.

        Raises:
            KafkaAway: It did not in time.
        """
        publisher = self._rows[model]
        await self._acknowledged(
            *(partial(publisher.publish, m.value, key=m.key, headers=_text(m.headers)) for m in messages)
        )

    async def tell(self, event: FileReceived) -> None:
        """Say that a file is there.

        Raises:
            KafkaAway: Kafka did not acknowledge in time.
        """
        sent = event.message()
        await self._acknowledged(partial(self._received.publish, sent.value, key=sent.key, headers=_text(sent.headers)))

    def subscribe(self, note: Listener, tell: Listener) -> None:
        """Read te.file-events.v1; before the broker is entered.

        Args:
            note: Gets each event at least once, whatever happens to this gateway: one of all gateways does.
            tell: Gets each event that happens from now on, of every gateway.
        """
        kept = self.broker.subscriber(
            FILE_EVENTS,
            group_id=GROUP,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.NACK_ON_ERROR,
            decoder=_decoded,
            title=f"{FILE_EVENTS}.record",
            description="Received files are written into te_ops.files.",
        )
        live = self.broker.subscriber(
            FILE_EVENTS,
            auto_offset_reset="latest",
            decoder=_decoded,
            title=f"{FILE_EVENTS}.live",
            description="Whoever waits for a file's status is woken.",
        )

        @kept
        async def on_record(event: FileEvent | None) -> None:
            if event is not None:
                await note(event)

        @live
        async def woken(event: FileEvent | None) -> None:
            if event is not None:
                await tell(event)

    async def _acknowledged(self, *sends: Callable[[], Awaitable[object]]) -> None:
        try:
            async with asyncio.timeout(_ACK_SECONDS):
                await self._is_up.wait()  # it may just have begun
                await asyncio.gather(*(send() for send in sends))
        except Exception as error:  # aiokafka's errors have no common base beside Exception
            raise KafkaAway(f"{type(error).__name__}: {error}") from error

    async def _connect(self) -> None:
        said = ""
        while True:
            try:
                await self.broker.start()
            except Exception as error:  # noqa: BLE001 - of aiokafka, asyncio or the system: none may end the gateway
                if str(error) != said:
                    said = str(error)
                    log.warning("Kafka is not there yet: %s", said)
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                self._is_up.set()
                return


async def _decoded(message: StreamMessage[Any]) -> FileEvent | None:
    return parse(((name, str(text).encode()) for name, text in message.headers.items()), message.body)


def _text(headers: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    return {name: value.decode() for name, value in headers}


def _security(options: Mapping[str, Any]) -> BaseSecurity | None:
    """kafka-python's TLS and SASL options as FastStream takes them."""
    protocol = str(options.get("security_protocol", "PLAINTEXT"))
    context = None
    if protocol.endswith("SSL"):
        context = ssl.create_default_context(cafile=options.get("ssl_cafile"))
        if certificate := options.get("ssl_certfile"):
            context.load_cert_chain(certificate, options.get("ssl_keyfile"))
    if not protocol.startswith("SASL"):
        return BaseSecurity(ssl_context=context, use_ssl=True) if context else None
    kinds = {"PLAIN": SASLPlaintext, "SCRAM-SHA-256": SASLScram256, "SCRAM-SHA-512": SASLScram512}
    return kinds[options["sasl_mechanism"]](
        username=options["sasl_plain_username"],
        password=options["sasl_plain_password"],
        ssl_context=context,
        use_ssl=context is not None,
    )
