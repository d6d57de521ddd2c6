"""Sees that a log is still the one that was loaded: not recreated, not shortened, not written anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from te_assets.delivery.errors import REPUBLISH, LogReplaced, LogShrunk, RawDiffers, TopicRecreated
from te_assets.delivery.ledger import Position, Shard
from te_assets.delivery.messages import Batch
from te_assets.delivery.raw import RawTable
from te_assets.delivery.reader import Extent
from te_assets.delivery.topics import describe

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient


def require_same_topic(admin: KafkaAdminClient, shard: Shard) -> None:
    """See, after messages were read by the topic's name, that the name still means the same topic.

    Raises:
        TopicRecreated: It does not.
    """
    now = describe(admin, shard.topic)
    if now.topic_id != shard.topic_id:
        raise TopicRecreated(
            f"{shard}: the topic was deleted and created again while it was loaded; its id is {now.topic_id} now. What "
            f"was read last is not kept. Load again: the new topic is loaded from its begin. {REPUBLISH}"
        )


def require_same_log(
    raw: RawTable, read: Callable[[Shard, int, int], Batch], shard: Shard, known: Position, extent: Extent
) -> None:
    """See that the log still has what was loaded last: a broker that lost data gives the same offsets out again.

    Raises:
        LogReplaced: Another message stands there.
        RawDiffers: te_raw lacks it.
    """
    if known.last_range == known.offset:
        return
    last = raw.last_message(shard, known.last_range, known.offset - 1)
    if last is None:
        raise RawDiffers(
            f"{shard}: te_raw has no line at offsets {known.last_range} to {known.offset - 1}, which the ledger calls "
            "loaded. One of both was restored from an older backup: restore te_raw and te_ops.load_ledger from the "
            "same one, then load again."
        )
    if last[0] < extent.earliest:
        return
    offset, held = last
    there = read(shard, offset, offset + 1)
    if (there.lines, there.hash) != (held.lines, held.hash):
        raise LogReplaced(
            f"{shard}: offset {offset} holds another message than te_raw. The broker lost data and gave offsets out "
            f"again. Delete the topic and create it (te-assets migrate). {REPUBLISH}"
        )


def shrunk(shard: Shard, loaded: int, end: int) -> LogShrunk:
    """The error for a log that ends before what was planned or loaded from it."""
    return LogShrunk(
        f"{shard}: the log ends at offset {end}, but was planned or loaded up to {loaded}. The broker lost data and "
        f"will give these offsets out again. Delete the topic and create it (te-assets migrate). {REPUBLISH}"
    )
