"""Lines of a file → Kafka: a publication is committed whole, and once.

One transaction per publication (per two million rows), its last record the manifest on te.files.v1. Whether a
publication is there is asked of te.files.v1 alone, after `init_transactions` has ended whatever a predecessor left open
and no other model's transaction is undecided there. So a killed publisher, a lost answer to a commit, a second call all
meet the same question with one answer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

from te_assets import __version__
from te_assets.delivery.envelope import (
    Manifest,
    Message,
    Publication,
    RowBatch,
    add_hashes,
    lines_hash,
    manifest_message,
    row_message,
)
from te_assets.delivery.errors import KafkaFailed, PublicationFailed
from te_assets.delivery.log_reader import wait_until_readable, wait_until_settled
from te_assets.delivery.manifests import is_whole, read_manifests, summed
from te_assets.delivery.producer import CheckedProducer
from te_assets.delivery.topics import FILES

ROWS_PER_TRANSACTION: Final = 2_000_000
ATTEMPTS: Final = 3

PublishStep = Literal["init", "begin", "sent", "flushed", "commit", "committed"]

log = logging.getLogger(__name__)


def _say_nothing(_: PublishStep) -> None:
    """Where nobody asked for steps."""


@dataclass(frozen=True)
class _Job:
    """What stays the same over the attempts of one publication."""

    kafka: Mapping[str, Any]
    publication: Publication
    batches: Iterable[RowBatch]
    rows_per_transaction: int
    on_step: Callable[[PublishStep], None]
    timeout: float


def publish(
    kafka: Mapping[str, Any],
    publication: Publication,
    batches: Iterable[RowBatch],
    *,
    rows_per_transaction: int = ROWS_PER_TRANSACTION,
    on_step: Callable[[PublishStep], None] = _say_nothing,
    timeout: float = 90.0,
) -> Manifest:
    """Commit a publication to Kafka, unless it is there.

    Args:
        kafka: Keyword arguments of a kafka-python client: servers, security.
        publication: Whose rows they are.
        batches: In row order. An iterator is used once; an iterable that can be iterated again lets a failed
            transaction be sent again here instead of by the next call.
        rows_per_transaction: Above this, the publication takes several transactions.
        on_step: Called before each step.
        timeout: Seconds that a delivery, a flush, a commit may take.

    Returns:
        The manifest, rows and hash summed over its chunks; `was_there` tells that nothing was sent. Whoever reads
        committed messages now gets all of them.

    Raises:
        PublicationFailed: It is not surely committed, or chunks of it that are there differ from the batches. Calling
            again is always safe.
        KafkaFailed: The broker refused or could not be reached.
        KafkaSilent: Another publisher's open transaction hides whether it is there, or hides it from readers.
    """
    from kafka.errors import KafkaError, ProducerFencedError

    job = _Job(kafka, publication, batches, rows_per_transaction, on_step, timeout)
    attempts = 1 if isinstance(batches, Iterator) else ATTEMPTS
    for attempt in range(1, attempts + 1):
        try:
            manifest, sent = _attempt(job)
        except ProducerFencedError as error:
            raise PublicationFailed(
                f"{publication.name} ({publication.key}): another publisher of {publication.model} took over. Let only "
                "one run; publish again when it is done."
            ) from error
        except KafkaError as error:
            if attempt == attempts:
                raise KafkaFailed(
                    f"{publication.name} ({publication.key}): Kafka failed with {type(error).__name__} ({error}). See "
                    "whether it runs (te-assets status), then publish again: what is committed is not sent twice."
                ) from error
            log.warning("%s: attempt %d failed (%s: %s)", publication.key, attempt, type(error).__name__, error)
        else:
            # A later attempt that finds everything there found what an earlier one committed without hearing of it.
            return manifest.model_copy(update={"was_there": not sent and attempt == 1})
    raise AssertionError("the last attempt returns or raises")


def _attempt(job: _Job) -> tuple[Manifest, bool]:
    """Publish what is missing, with a producer of its own; also whether anything was missing."""
    source = _Batches(job.batches)
    with CheckedProducer(job.kafka, f"te-assets-publish-{job.publication.model}", job.timeout) as producer:
        job.on_step("init")
        producer.init()
        wait_until_settled(job.kafka, FILES, job.timeout)
        there = sorted(read_manifests(job.kafka, job.publication.key), key=lambda manifest: manifest.chunk)
        if is_whole(there):
            return summed(there), False
        source.wait()  # before a transaction is open: it would hold readers back for as long as a sheet is parsed
        for manifest in there:
            _skip(job.publication, manifest, source)
        while not is_whole(there):
            there.append(_commit_chunk(job, producer, source, len(there) + 1))
        wait_until_readable(job.kafka, producer.reached, job.timeout)
        return summed(there), True


class _Batches:
    """Batches with a look at whether another one follows; whoever makes them may begin at once."""

    def __init__(self, batches: Iterable[RowBatch]) -> None:
        self._rest = iter(batches)
        self._next: RowBatch | None = None

    def wait(self) -> None:
        """Wait for the first batch."""
        self._next = next(self._rest, None)

    @property
    def is_exhausted(self) -> bool:
        """Whether the last batch was taken."""
        return self._next is None

    def take(self, rows: int) -> Iterator[RowBatch]:
        """Batches until they hold at least so many rows."""
        while self._next is not None and rows > 0:
            batch, self._next = self._next, next(self._rest, None)
            rows -= batch.rows
            yield batch


def _skip(publication: Publication, manifest: Manifest, source: _Batches) -> None:
    """Pass over the batches of a chunk that is committed, and see that they are the same."""
    rows, hashes = 0, [0]
    for batch in source.take(manifest.rows):
        rows += batch.rows
        hashes.append(lines_hash(batch.data))
    if (rows, add_hashes(hashes)) != (manifest.rows, manifest.lines_hash):
        raise PublicationFailed(
            f"{publication.name} ({publication.key}): chunk {manifest.chunk} on te.files.v1 has {manifest.rows} rows, "
            f"hash {manifest.lines_hash}; the file now gives {rows} other ones for it. The reader was changed since: "
            "raise the contract's version and publish under that."
        )


def _commit_chunk(job: _Job, producer: CheckedProducer, source: _Batches, chunk: int) -> Manifest:
    """One transaction: lines in row order, the manifest last."""
    from kafka.errors import KafkaError

    job.on_step("begin")
    producer.begin()
    try:
        manifest = _send_rows(job, producer, source, chunk)
        job.on_step("sent")
        producer.settle()
        job.on_step("flushed")
        message = manifest_message(manifest)
        producer.send(message, producer.partition_of(message.topic, message.key))
        producer.settle()
    except BaseException:
        # The next init_transactions aborts it as well; until then it would hold readers back.
        with suppress(KafkaError):
            producer.abort()
        raise
    job.on_step("commit")
    producer.commit()
    job.on_step("committed")
    return manifest


def _send_rows(job: _Job, producer: CheckedProducer, source: _Batches, chunk: int) -> Manifest:
    rows, hashes, records = 0, 0, dict[int, int]()
    partition: int | None = None
    for batch in source.take(job.rows_per_transaction):
        message = row_message(job.publication, batch)
        if partition is None:
            partition = producer.partition_of(message.topic, message.key)
        producer.send(message, partition)
        rows += batch.rows
        hashes += lines_hash(batch.data)
        records[partition] = records.get(partition, 0) + 1
    return Manifest(
        **job.publication.model_dump(),
        rows=rows,
        records=records,
        lines_hash=add_hashes([hashes]),
        chunk=chunk,
        chunks=chunk if source.is_exhausted else 0,
        publisher=__version__,
    )


def publish_events(kafka: Mapping[str, Any], messages: Iterable[Message], *, timeout: float = 90.0) -> int:
    """Send single events (`envelope.event_message`), each on its own, without a transaction.

    Returns:
        How many were sent; all of them are in the log.

    Raises:
        KafkaFailed: Not all are surely in the log. Send them again: an event that comes twice counts once.
    """
    from kafka.errors import KafkaError

    count = 0
    try:
        with CheckedProducer(kafka, timeout=timeout) as producer:
            for message in messages:
                producer.send(message, producer.partition_of(message.topic, message.key))
                count += 1
            producer.settle()
    except KafkaError as error:
        raise KafkaFailed(
            f"events: Kafka failed with {type(error).__name__} ({error}) at event {count} or before. See whether the "
            "broker runs (te-assets status), then send them again: an event that comes twice counts once."
        ) from error
    return count
