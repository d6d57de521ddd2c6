"""Topics → te_raw, each line exactly once.

State machine of one range of offsets; every state is in te_ops.load_ledger or te_raw, none in a consumer group:

    position = end of the last LOADED or GAP range
    (nothing)  --read, append PLANNED-->  PLANNED   the lines are counted and hashed, none is in te_raw yet
    PLANNED    --insert, read back-->     complete  te_raw holds exactly the planned lines of the range
    complete   --append LOADED-->         LOADED    position moves on

Killed anywhere, the next load finds PLANNED without LOADED and goes on with the read-back: what is missing is inserted,
from the same offsets, after the same count and hash were found there again. Each step may be done twice: ledger lines
are told apart by plan and state, te_raw by (topic_id, partition, offset, line). So an unknown outcome is never a
problem, and a second loader on the same partition costs work, not truth.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from te_assets.delivery.errors import (
    LOAD_AGAIN,
    REPUBLISH,
    KafkaFailed,
    LogReplaced,
    LogShrunk,
    RangeGone,
)
from te_assets.delivery.fulfil import Fulfilment
from te_assets.delivery.guards import require_same_log, require_same_topic, shrunk
from te_assets.delivery.lag_signal import LagSignal
from te_assets.delivery.ledger import (
    Ledger,
    Lost,
    Plan,
    Position,
    Read,
    Resume,
    Shard,
    Shrunk,
    UpToDate,
    decide,
    standing,
)
from te_assets.delivery.loaded import Loaded, ShardLoaded, Step, StepName, Stopwatch
from te_assets.delivery.messages import Batch
from te_assets.delivery.patience import Patience
from te_assets.delivery.raw import RawTable
from te_assets.delivery.reader import Bounds, Extent, TopicReader
from te_assets.delivery.topics import describe
from te_assets.errors import DeliveryError, OffsetGap

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka.admin import KafkaAdminClient

# The admin client describes the topic and sets the signal of lag; neither is worth a long wait.
ADMIN_SETTINGS: Final[Mapping[str, Any]] = {"reconnect_backoff_max_ms": 500, "request_timeout_ms": 10_000}

log = logging.getLogger(__name__)
T = TypeVar("T")


def _say_nothing(_: Step) -> None:
    """Where nobody asked for steps."""


def load_topic(
    kafka: Mapping[str, Any],
    client: Client,
    topic: str,
    *,
    run_id: str,
    max_lines: int = 2_000_000,
    on_step: Callable[[Step], None] = _say_nothing,
    bounds: Bounds | None = None,
    patience: Patience | None = None,
) -> Loaded:
    """Load the committed messages of a row topic into te_raw, up to the log's end as it is now.

    Partitions are loaded one after the other, each up to an equal share of `max_lines`. A partition that cannot go on
    does not hold up the others; its error is raised after them.

    Args:
        kafka: Keyword arguments of a kafka-python client: servers, security.
        client: Writes te_raw and te_ops.
        topic: A row topic.
        run_id: Goes into the ledger.
        max_lines: Stop after about so many lines; `Loaded.more` tells.
        on_step: Called when a step begins.
        bounds: How much one range may hold.
        patience: With passing errors of ClickHouse.

    Raises:
        OffsetGap: Offsets are gone that were not loaded. The gap is on record; loading again goes on after it.
        LogShrunk: The log lost offsets that were loaded.
        DeliveryError: Kafka is silent, te_raw or the ledger contradicts the plan. Loading again resumes.
        LakeError: ClickHouse stays away or refuses. Loading again resumes.
    """
    from kafka.admin import KafkaAdminClient
    from kafka.errors import KafkaError

    bounds = bounds or Bounds()
    try:
        with ExitStack() as stack:
            admin = stack.enter_context(closing(KafkaAdminClient(**{**kafka, **ADMIN_SETTINGS})))
            now = describe(admin, topic)
            reader = stack.enter_context(TopicReader(kafka, bounds))
            load = _Load(
                admin=admin,
                ledger=Ledger(client, run_id),
                raw=RawTable(client, topic),
                reader=reader,
                on_step=on_step,
                patience=patience or Patience(),
            )
            stack.callback(load.close)
            return load.run([Shard(topic, now.topic_id, partition) for partition in now.partitions], max_lines)
    except KafkaError as error:
        raise KafkaFailed(f"topic {topic}: Kafka failed with {type(error).__name__} ({error}). {LOAD_AGAIN}") from error


class _Load:
    """One call of `load_topic`."""

    def __init__(
        self,
        *,
        admin: KafkaAdminClient,
        ledger: Ledger,
        raw: RawTable,
        reader: TopicReader,
        on_step: Callable[[Step], None],
        patience: Patience,
    ) -> None:
        self._ledger = ledger
        self._raw = raw
        self._reader = reader
        self._admin = admin
        self._signal = LagSignal(admin)
        self._on_step = on_step
        self._patience = patience
        self._watch = Stopwatch()
        # One thread owns the reader: the next batch is read while the last one is inserted.
        self._reading = ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead")
        self._ahead: tuple[Shard, int, Future[Batch]] | None = None
        self._fulfil = Fulfilment(ledger, raw, self._read_again, self._begin, self._watch, patience)

    def close(self) -> None:
        """End the reading thread."""
        self._reader.stop()
        self._reading.shutdown(wait=True, cancel_futures=True)

    def run(self, shards: list[Shard], max_lines: int) -> Loaded:
        """Load every shard in turn."""
        topic = shards[0].topic
        known = self._patience.keep_trying("reading te_ops.load_ledger", lambda: self._ledger.positions(topic))
        extents = {shard: self._in_reader(partial(self._reader.extent, shard)) for shard in shards}
        waiting = sum(extents[shard].end > known.get(shard, Position()).offset for shard in shards)
        share = max(max_lines // max(waiting, 1), 1)
        outcomes: list[ShardLoaded] = []
        failures: list[DeliveryError] = []
        for shard in shards:
            try:
                outcomes.append(self._load_shard(shard, known.get(shard, Position()), extents[shard], share))
            except (OffsetGap, LogShrunk, LogReplaced) as error:
                failures.append(error)
        if failures:
            for other in failures[1:]:
                failures[0].add_note(str(other))
            raise failures[0]
        return Loaded(
            topic=topic,
            topic_id=shards[0].topic_id,
            partitions=tuple(outcomes),
            seconds=dict(self._watch.seconds),
            more=any(outcome.lag for outcome in outcomes),
            recreated=any(shard.topic_id != shards[0].topic_id for shard in known),
        )

    def _load_shard(self, shard: Shard, known: Position, extent: Extent, share: int) -> ShardLoaded:
        """Range after range until the end of the log or of the share."""
        if extent.end > known.offset:
            self._patience.keep_trying(
                f"{shard}: comparing the last message of te_raw with the log",
                partial(require_same_log, self._raw, self._read_exactly, shard, known, extent),
            )
        position = known.offset
        outcome = ShardLoaded(shard.partition, position, position, extent.end)
        while True:
            tail = self._patience.keep_trying(
                f"{shard}: reading te_ops.load_ledger", partial(self._ledger.tail, shard, position)
            )
            where = standing(tail, position)
            decision = decide(where, earliest=extent.earliest, end=extent.end)
            if isinstance(decision, UpToDate) or (isinstance(decision, Read) and outcome.lines >= share):
                return replace(outcome, next=where.position)
            try:
                plan, surplus = self._advance(shard, decision, share - outcome.lines)
            except RangeGone:
                # Retention passed by while we read: judge anew by what the log has now.
                extent = self._in_reader(partial(self._reader.extent, shard))
                continue
            position = plan.next
            outcome = replace(
                outcome,
                next=plan.next,
                messages=outcome.messages + plan.messages,
                lines=outcome.lines + plan.lines,
                surplus=outcome.surplus + surplus,
            )
            self._signal.loaded_up_to(shard, plan.next)

    def _advance(self, shard: Shard, decision: Resume | Read | Lost | Shrunk, lines_left: int) -> tuple[Plan, int]:
        """Do what was decided; returns the range that is loaded now and the surplus found in it."""
        match decision:
            case Resume(plan):
                return plan, self._fulfil.resume(shard, plan)
            case Read(lo, end):
                batch = self._next_batch(shard, lo, end)
                plan = self._plan(shard, batch)
                if plan.next < end and plan.lines < lines_left:
                    self._read_ahead(shard, plan.next, end)
                return plan, self._fulfil.fresh(shard, plan, batch)
            case Lost(lo, first):
                raise self._recorded_gap(shard, lo, first)
            case Shrunk(loaded, end):
                raise shrunk(shard, loaded, end)

    def _read_exactly(self, shard: Shard, lo: int, end: int) -> Batch:
        return self._in_reader(partial(self._reader.read, shard, lo, end, bounded=False))

    def _recorded_gap(self, shard: Shard, lo: int, first: int) -> OffsetGap:
        gap = Plan.of(lo, first, messages=0, lines=0, line_hash=0)
        self._begin("gap", shard, lo, first)
        self._patience.keep_trying(f"{shard}: recording a gap", lambda: self._ledger.append(shard, "GAP", gap))
        return OffsetGap(
            f"{shard}: offsets {lo} to {first - 1} are gone from the topic and were never loaded. The gap is on record "
            f"in te_ops.load_ledger; the next load goes on after it. Lengthen the topic's retention. {REPUBLISH}"
        )

    def _plan(self, shard: Shard, batch: Batch) -> Plan:
        require_same_topic(self._admin, shard)
        plan = Plan.of(batch.lo, batch.next, messages=batch.messages, lines=batch.lines, line_hash=batch.hash)
        self._begin("plan", shard, plan.lo, plan.next)
        with self._watch.step("plan"):
            self._patience.keep_trying(
                f"{shard}: planning offsets {plan.lo} to {plan.hi}",
                lambda: self._ledger.append(shard, "PLANNED", plan),
            )
        return plan

    def _begin(self, name: StepName, shard: Shard, lo: int, next_offset: int) -> None:
        self._on_step(Step(name, shard, lo, next_offset))

    def _in_reader(self, call: Callable[[], T]) -> T:
        return self._reading.submit(call).result()

    def _read_ahead(self, shard: Shard, lo: int, end: int) -> None:
        self._ahead = (shard, lo, self._reading.submit(self._reader.read, shard, lo, end))

    def _next_batch(self, shard: Shard, lo: int, end: int) -> Batch:
        """The batch at `lo`: the one that was read ahead, unless another loader moved the position meanwhile."""
        self._begin("read", shard, lo, lo)
        with self._watch.step("read"):
            ahead, self._ahead = self._ahead, None
            if ahead is None or ahead[:2] != (shard, lo):
                return self._reading.submit(self._reader.read, shard, lo, end).result()
            return ahead[2].result()

    def _read_again(self, shard: Shard, lo: int, end: int) -> tuple[Batch, int]:
        """A planned range as it is in the topic now, from the first offset that is still there, and that offset."""
        while True:
            extent = self._in_reader(partial(self._reader.extent, shard))
            if extent.end < end:
                raise shrunk(shard, end, extent.end)
            first = min(max(lo, extent.earliest), end)
            try:
                batch = self._read_exactly(shard, first, end)
            except RangeGone:
                log.warning("%s: offset %d went from the topic while it was read again", shard, first)
            else:
                require_same_topic(self._admin, shard)
                return batch, extent.earliest
