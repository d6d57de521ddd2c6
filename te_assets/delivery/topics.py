"""The topics of te_assets: names, partitions, retention, and the ids by which offsets are kept."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from te_assets.contracts.layout import Model
from te_assets.delivery.errors import TopicMissing

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient

INTERACTIONS: Final = "te.interactions.v1"
CONFIRMATIONS: Final = "te.confirmations.v1"
FILES: Final = "te.files.v1"
FILE_EVENTS: Final = "te.file-events.v1"

ROW_TOPICS: Final[dict[Model, str]] = {"interactions": INTERACTIONS, "confirmations": CONFIRMATIONS}
RAW_TABLES: Final = {INTERACTIONS: "te_raw.interactions", CONFIRMATIONS: "te_raw.confirmations"}

_DAY_MS: Final = 24 * 60 * 60 * 1000
VISIBLE_WITHIN: Final = 10.0  # seconds
_SIZE_LIMIT: Final = {"max.message.bytes": "4000000"}


@dataclass(frozen=True)
class TopicSpec:
    """How a topic is created."""

    name: str
    partitions: int
    configs: tuple[tuple[str, str], ...]


def _delete_after(days: int) -> tuple[tuple[str, str], ...]:
    return (("cleanup.policy", "delete"), ("retention.ms", str(days * _DAY_MS)), *_SIZE_LIMIT.items())


TOPICS: Final = (
    TopicSpec(INTERACTIONS, 3, _delete_after(30)),
    TopicSpec(CONFIRMATIONS, 3, _delete_after(30)),
    TopicSpec(FILES, 1, (("cleanup.policy", "compact"), *_SIZE_LIMIT.items())),
    TopicSpec(FILE_EVENTS, 1, _delete_after(7)),
)


def create_topics(admin: KafkaAdminClient, replication_factor: int = 1) -> tuple[str, ...]:
    """Create the topics that are missing; existing ones are left as they are. Safe to repeat and to run twice at once.

    Returns:
        Names of the topics created now.

    Raises:
        TopicMissing: The created topics do not become visible.
        kafka.errors.KafkaError: The cluster refuses, e.g. fewer brokers than `replication_factor`.
    """
    from kafka.errors import TopicAlreadyExistsError

    created: dict[str, UUID] = {}
    for spec in TOPICS:
        wanted = {
            "num_partitions": spec.partitions,
            "replication_factor": replication_factor,
            "configs": dict(spec.configs),
        }
        # Asked of the controller and not of the list of topics, which a broker shows with a delay.
        with suppress(TopicAlreadyExistsError):
            created[spec.name] = _uuid(admin.create_topics({spec.name: wanted})["topics"][0]["topic_id"])
    _wait_until_visible(admin, created)
    return tuple(created)


def _wait_until_visible(admin: KafkaAdminClient, created: Mapping[str, UUID]) -> None:
    """Wait until the brokers show all topics; the created ones with their ids, not those of deleted namesakes."""
    deadline = time.monotonic() + VISIBLE_WITHIN
    while True:
        admin.wait_for_topics([spec.name for spec in TOPICS])
        shown = topic_ids(admin)
        if created.items() <= shown.items():
            return
        if time.monotonic() > deadline:
            raise TopicMissing(
                f"topics {', '.join(created)} were created but are not visible after {VISIBLE_WITHIN:.0f} s. Look into "
                "the broker's log, then run te-assets migrate again."
            )
        time.sleep(0.05)


def topic_ids(admin: KafkaAdminClient) -> dict[str, UUID]:
    """Topic id of each topic of the cluster by name; a topic that is deleted and created again has another id."""
    return {topic["name"]: _uuid(topic["topic_id"]) for topic in admin.describe_topics()}


@dataclass(frozen=True)
class TopicIdentity:
    """A topic as it exists now."""

    name: str
    topic_id: UUID
    partitions: tuple[int, ...]


def describe(admin: KafkaAdminClient, topic: str) -> TopicIdentity:
    """Id and partitions of one topic.

    Raises:
        TopicMissing: The topic does not exist.
    """
    from kafka.errors import for_code

    found = admin.describe_topics([topic])[0]
    if found["error_code"]:
        raise TopicMissing(
            f"topic {topic}: {for_code(found['error_code']).__name__}. Create it with te-assets migrate, or check "
            "TE_KAFKA_BOOTSTRAP_SERVERS."
        )
    partitions = tuple(sorted(partition["partition_index"] for partition in found["partitions"]))
    return TopicIdentity(topic, _uuid(found["topic_id"]), partitions)


def _uuid(value: object) -> UUID:
    return value if isinstance(value, UUID) else UUID(str(value))
