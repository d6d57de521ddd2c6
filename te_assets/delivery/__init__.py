"""From lines to te_raw: Kafka topics, publications, the load ledger. Knows nothing of Excel."""

from te_assets.delivery.envelope import Manifest, Message, Publication, RowBatch, event_message, lines_hash
from te_assets.delivery.loaded import Loaded, ShardLoaded, Step
from te_assets.delivery.loader import load_topic
from te_assets.delivery.manifests import is_whole, read_manifests, summed
from te_assets.delivery.positions import ShardLag, ledger_positions
from te_assets.delivery.publisher import publish, publish_events
from te_assets.delivery.topics import (
    CONFIRMATIONS,
    FILE_EVENTS,
    FILES,
    INTERACTIONS,
    RAW_TABLES,
    ROW_TOPICS,
    create_topics,
    topic_ids,
)
from te_assets.delivery.watch import lag

__all__ = [
    "CONFIRMATIONS",
    "FILES",
    "FILE_EVENTS",
    "INTERACTIONS",
    "RAW_TABLES",
    "ROW_TOPICS",
    "Loaded",
    "Manifest",
    "Message",
    "Publication",
    "RowBatch",
    "ShardLag",
    "ShardLoaded",
    "Step",
    "create_topics",
    "event_message",
    "is_whole",
    "lag",
    "ledger_positions",
    "lines_hash",
    "load_topic",
    "publish",
    "publish_events",
    "read_manifests",
    "summed",
    "topic_ids",
]
