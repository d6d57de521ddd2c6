"""Posted events: each request once, however often it is sent; an answer only when Kafka has it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from te_assets.contracts.catalog import ContractUnknown
from te_assets.gateway.broker import Broker, KafkaAway
from te_assets.gateway.events import SOURCES, messages, parse
from te_assets.gateway.receipts import Receipts
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.contracts.layout import Model
    from te_assets.gateway.site import Known

_AGAIN_AFTER: Final = "2"  # seconds, as Retry-After
_TICK: Final = timedelta(milliseconds=1)  # the resolution of an instant on Kafka


@dataclass(frozen=True)
class Answer:
    """Status, JSON body, number of events; `is_repeated`: the request had been answered before, and like this."""

    status: int
    body: str
    number: int = 0
    is_repeated: bool = False


class EventDesk:
    """Takes events in."""

    def __init__(self, broker: Broker, receipts: Receipts, known: Callable[[], Known]) -> None:
        self._broker = broker
        self._receipts = receipts
        self._known = known
        self._in_work: set[tuple[str, str]] = set()
        self._last = datetime.fromtimestamp(0, UTC)

    async def take(self, model: Model, body: bytes, sender: str, key: str | None, source: str) -> Answer:
        """Publish the events of a request.

        Args:
            model: Which they are.
            body: JSON, one object or an array.
            sender: Name of the token.
            key: Idempotency key; without one each request counts as a new one.
            source: Source whose contract reads them; empty: the model's default.

        Raises:
            Problem: None was taken, or Kafka did not acknowledge all: the same request with the same key goes on.
        """
        known = self._known()
        try:
            contract = known.contracts.of_source(source or SOURCES[model])
        except ContractUnknown as error:
            raise Problem(422, "unknown-source", str(error)) from error
        if contract.feeds != model:
            raise Problem(422, "other-model", f"Source {contract.source} feeds {contract.feeds}, not {model}.")
        events = parse(known.event_model(contract), _json(body))
        key = key or str(uuid.uuid4())
        request = hashlib.sha256(b"\0".join((model.encode(), contract.source.encode(), body))).hexdigest()
        with self._alone(sender, key):
            at = self._now()
            if (before := self._receipts.claim(sender, key, request, at)) is not None:
                if before.status is not None:
                    return Answer(before.status, before.body or "", is_repeated=True)
                at = before.at  # nobody knows what became of it: the same messages once more count once
            sent = messages(
                events, contract, known.site, known.operator, event_id=key, source=f"/gateway/{sender}", at=at
            )
            try:
                await self._broker.publish(model, sent)
            except KafkaAway as error:
                raise Problem(
                    503,
                    "kafka-away",
                    "Kafka did not acknowledge the events in time. Send the same request with the same "
                    "Idempotency-Key again: each event counts once.",
                    headers={"Retry-After": _AGAIN_AFTER},
                ) from error
            answer = Answer(202, json.dumps({"accepted": len(events), "id": key}), len(events))
            self._receipts.end(sender, key, answer.status, answer.body)
            return answer

    @contextmanager
    def _alone(self, sender: str, key: str) -> Iterator[None]:
        if (sender, key) in self._in_work:
            raise Problem(
                409,
                "in-work",
                "A request with this Idempotency-Key is being worked on. Send it again in a moment for its answer.",
                headers={"Retry-After": "1"},
            )
        self._in_work.add((sender, key))
        try:
            yield
        finally:
            self._in_work.discard((sender, key))

    def _now(self) -> datetime:
        """This instant in milliseconds, later than each before: of two versions of an event the later one counts."""
        now = datetime.now(UTC)
        self._last = max(now.replace(microsecond=now.microsecond // 1000 * 1000), self._last + _TICK)
        return self._last


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Problem(
            400, "no-json", f"The body is no JSON ({error}). Send one object, or an array of them."
        ) from error
