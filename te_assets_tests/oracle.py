"""The checks after a fault that prove nothing was lost or doubled.

It reads Kafka, te_raw and the ledger by code of its own and compares; the layers above raw are computed anew in a fresh
engine.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import xxhash
from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient

from te_assets.delivery.envelope import Manifest
from te_assets.delivery.topics import FILES, RAW_TABLES
from te_assets.profile import Profile
from te_assets_tests.recomputation import differences, fresh_lake, recompute

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

MODULUS = 1 << 64
# A shard is (topic id, partition), a publication (sha256, contract).
Shard = tuple[UUID, int]
PublicationKey = tuple[str, str]


@dataclass
class Sum:
    """Lines and the sum of their hashes."""

    lines: int = 0
    hash: int = 0

    def add(self, lines: int, line_hash: int) -> None:
        self.lines += lines
        self.hash = (self.hash + line_hash) % MODULUS


@dataclass
class Log:
    """What a row topic holds, committed."""

    topic_id: UUID
    begin: dict[int, int] = field(default_factory=dict)
    end: dict[int, int] = field(default_factory=dict)
    shards: dict[int, Sum] = field(default_factory=lambda: defaultdict(Sum))
    publications: dict[PublicationKey, Sum] = field(default_factory=lambda: defaultdict(Sum))


@dataclass(frozen=True)
class LedgerRange:
    """A line of te_ops.load_ledger."""

    lo: int
    next: int
    lines: int
    hash: int
    state: str
    surplus: int
    plan_id: UUID


class World:
    """Everything that the checks look at, read once."""

    def __init__(
        self, kafka: Mapping[str, Any], client: Client, *, gaps_allowed: bool, profile: Profile | None = None
    ) -> None:
        self.kafka = kafka
        self.client = client
        self.gaps_allowed = gaps_allowed
        self.profile = profile

    @property
    def typed(self) -> bool:
        """Whether the layers above raw are part of the scenario."""
        return self.profile is not None

    @cached_property
    def manifests(self) -> dict[PublicationKey, Sum]:
        """Per publication what its manifests say, all chunks together."""
        newest: dict[bytes, bytes | None] = {}
        for record in self._records(FILES, {}, {}):
            newest[record.key] = record.value
        result: dict[PublicationKey, Sum] = defaultdict(Sum)
        for value in newest.values():
            if value is not None:
                manifest = Manifest.from_json(value)
                result[manifest.sha256, manifest.contract].add(manifest.rows, manifest.lines_hash)
        return result

    @cached_property
    def logs(self) -> dict[str, Log]:
        """Per row topic what Kafka holds."""
        with closing(KafkaAdminClient(**self.kafka)) as admin:
            ids = {topic["name"]: UUID(str(topic["topic_id"])) for topic in admin.describe_topics()}
        logs = {}
        for topic in RAW_TABLES:
            log = logs[topic] = Log(ids[topic])
            for record in self._records(topic, log.begin, log.end):
                lines = (record.value or b"").rstrip(b"\n").split(b"\n")
                found = len(lines), sum(map(xxhash.xxh64_intdigest, lines))
                log.shards[record.partition].add(*found)
                headers = dict(record.headers)
                if sha256 := headers.get("te_file_sha256"):
                    log.publications[sha256.decode(), headers["ce_dataschema"].decode()].add(*found)
        return logs

    def ledger(self, topic_id: UUID, partition: int) -> list[LedgerRange]:
        """Lines of the ledger of one shard in the order of their ranges."""
        rows = self.client.query(
            "SELECT lo, next, lines, hash, toString(state), surplus, plan_id FROM te_ops.load_ledger "
            "WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32} ORDER BY lo, next, at",
            parameters={"topic_id": topic_id, "partition": partition},
        ).result_rows
        return [LedgerRange(*row) for row in rows]

    def _records(self, topic: str, begin: dict[int, int], end: dict[int, int]) -> Iterator[Any]:
        with closing(
            KafkaConsumer(
                **self.kafka, enable_auto_commit=False, auto_offset_reset="none", isolation_level="read_committed"
            )
        ) as consumer:
            places = [TopicPartition(topic, number) for number in sorted(consumer.partitions_for_topic(topic) or ())]
            begin.update({place.partition: offset for place, offset in consumer.beginning_offsets(places).items()})
            end.update({place.partition: offset for place, offset in consumer.end_offsets(places).items()})
            for place in places:
                consumer.assign([place])
                consumer.seek(place, begin[place.partition])
                while consumer.position(place) < end[place.partition]:
                    yield from consumer.poll(50).get(place, [])


def published_lines_are_in_kafka(world: World) -> Iterator[str]:
    """Manifests against the rows that were committed with them."""
    in_kafka: dict[PublicationKey, Sum] = {}
    for log in world.logs.values():
        in_kafka |= log.publications
    if any(offset for log in world.logs.values() for offset in log.begin.values()):
        return  # retention took messages; only te_raw can tell now
    for key in world.manifests.keys() | in_kafka.keys():
        says, has = world.manifests.get(key, Sum()), in_kafka.get(key, Sum())
        if says != has:
            yield f"publication {key}: its manifest says {says}, its messages have {has}"


def published_lines_are_in_raw(world: World) -> Iterator[str]:
    """Manifests against te_raw, over distinct positions."""
    if world.gaps_allowed:
        return
    in_raw: dict[PublicationKey, Sum] = {}
    for table in RAW_TABLES.values():
        rows = world.client.query(
            "SELECT sha256, version, count(), sum(hash) FROM "
            "(SELECT any(file_sha256) AS sha256, any(contract) AS version, any(xxHash64(payload)) AS hash "
            f"FROM {table} WHERE file_sha256 != '' GROUP BY topic_id, partition, offset, line) "
            "GROUP BY sha256, version SETTINGS optimize_aggregation_in_order = 1"
        ).result_rows
        for sha256, contract, lines, line_hash in rows:
            in_raw.setdefault((sha256, contract), Sum()).add(lines, line_hash)
    for key in world.manifests.keys() | in_raw.keys():
        says, has = world.manifests.get(key, Sum()), in_raw.get(key, Sum())
        if says != has:
            yield f"publication {key}: its manifest says {says}, te_raw has {has}"


def raw_equals_the_log(world: World) -> Iterator[str]:
    """Distinct (topic_id, partition, offset, line) of te_raw against the lines that Kafka still has."""
    for topic, log in world.logs.items():
        for partition, begin in log.begin.items():
            lines, line_hash, different = world.client.query(
                "SELECT count(), sum(hash), countIf(hash != other) FROM "
                "(SELECT min(xxHash64(payload)) AS hash, max(xxHash64(payload)) AS other "
                f"FROM {RAW_TABLES[topic]} WHERE topic_id = {{topic_id:UUID}} AND partition = {{partition:UInt32}} "
                "AND offset >= {begin:UInt64} GROUP BY topic_id, partition, offset, line) "
                "SETTINGS optimize_aggregation_in_order = 1",
                parameters={"topic_id": log.topic_id, "partition": partition, "begin": begin},
            ).result_rows[0]
            published = log.shards[partition]
            if Sum(lines, line_hash) != published:
                yield f"{topic} partition {partition}: published {published}, te_raw has {Sum(lines, line_hash)}"
            if different:
                yield f"{topic} partition {partition}: {different} positions hold two different lines"


def ledger_is_contiguous(world: World) -> Iterator[str]:
    """LOADED and GAP ranges cover the log from 0 to its end; nothing planned was left; gaps only where allowed."""
    for topic, log in world.logs.items():
        for partition, end in log.end.items():
            where = f"{topic} partition {partition}"
            ledger = world.ledger(log.topic_id, partition)
            done = [line for line in ledger if line.state != "PLANNED"]
            position = 0
            for line in done:
                if line.lo > position:
                    yield f"{where}: offsets {position} to {line.lo - 1} are neither LOADED nor GAP"
                position = max(position, line.next)
            if position != end:
                yield f"{where}: the ledger ends at {position}, the log at {end}"
            if not world.gaps_allowed:
                yield from (f"{where}: GAP from {gap.lo} to {gap.next - 1}" for gap in done if gap.state == "GAP")


def plans_were_carried_out(world: World) -> Iterator[str]:
    """Each LOADED line says what its PLANNED line said, and no plan reaches beyond what is loaded."""
    for topic, log in world.logs.items():
        for partition in log.end:
            where = f"{topic} partition {partition}"
            ledger = world.ledger(log.topic_id, partition)
            planned = {line.plan_id: line for line in ledger if line.state == "PLANNED"}
            for line in ledger:
                if line.state == "LOADED" and (plan := planned.get(line.plan_id)) is None:
                    yield f"{where}: LOADED from {line.lo} has no plan"
                elif line.state == "LOADED" and replace(line, state="PLANNED", surplus=0) != plan:
                    yield f"{where}: {line} does not match its plan {plan}"
            reached = max((line.next for line in ledger if line.state != "PLANNED"), default=0)
            for plan in planned.values():
                if plan.next > reached:
                    yield f"{where}: planned from {plan.lo} to {plan.next - 1}, never loaded"


def surplus_is_on_record(world: World) -> Iterator[str]:
    """Lines that are in te_raw more than once were found at read-back."""
    for topic, log in world.logs.items():
        for partition in log.end:
            surplus = world.client.query(
                f"SELECT count() - uniqExact(offset, line) FROM {RAW_TABLES[topic]} "
                "WHERE topic_id = {topic_id:UUID} AND partition = {partition:UInt32}",
                parameters={"topic_id": log.topic_id, "partition": partition},
            ).result_rows[0][0]
            recorded = sum(line.surplus for line in world.ledger(log.topic_id, partition) if line.state == "LOADED")
            if surplus > recorded:
                yield f"{topic} partition {partition}: te_raw has {surplus} surplus lines, {recorded} are on record"


def every_line_is_typed_once(world: World) -> Iterator[str]:
    """te_ops.conservation: rows read = published = raw = accepted + rejected + skipped + duplicates."""
    if not world.typed:
        return
    rows = world.client.query("SELECT * FROM te_ops.conservation WHERE difference != 0")
    for row in rows.named_results():
        yield f"te_ops.conservation: {row}"


def every_touched_day_is_restated(world: World) -> Iterator[str]:
    """No production day waits."""
    if not world.typed:
        return
    for model, days in world.client.query(
        "SELECT model, groupArray(toString(production_day)) FROM te_ops.waiting_days GROUP BY model"
    ).result_rows:
        yield f"{model}: production days {', '.join(sorted(days))} wait to be restated"


def marts_follow_from_raw(world: World) -> Iterator[str]:
    """Staging and marts equal a recomputation from raw in a fresh engine."""
    if world.profile is None:
        return
    with tempfile.TemporaryDirectory(prefix="te-oracle-") as folder, fresh_lake(Path(folder)) as fresh:
        recompute(world.client, fresh, world.profile)
        for difference in differences(world.client, fresh):
            yield f"a recomputation from te_raw differs in {difference}"


CHECKS: list[Callable[[World], Iterator[str]]] = [
    published_lines_are_in_kafka,
    published_lines_are_in_raw,
    raw_equals_the_log,
    ledger_is_contiguous,
    plans_were_carried_out,
    surplus_is_on_record,
    every_line_is_typed_once,
    every_touched_day_is_restated,
    marts_follow_from_raw,
]


def check(
    kafka: Mapping[str, Any], client: Client, *, gaps_allowed: bool = False, profile: Profile | None = None
) -> None:
    """Raise AssertionError listing everything that is wrong.

    Args:
        kafka: Keyword arguments of a kafka-python client.
        client: A ClickHouse client that may read te_raw and te_ops.
        gaps_allowed: Whether GAP lines are part of the scenario.
        profile: Site and contracts; with it the layers above raw are checked too.
    """
    world = World(kafka, client, gaps_allowed=gaps_allowed, profile=profile)
    wrong = [sentence for one in CHECKS for sentence in one(world)]
    assert not wrong, "\n".join(["the oracle found:", *wrong])
