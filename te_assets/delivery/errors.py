"""What can go wrong between a file's lines and te_raw."""

from __future__ import annotations

from typing import Final

from te_assets.errors import DeliveryError, LakeError

# What to do about messages that are gone; te.files.v1 knows their publications, so only a new version goes out again.
REPUBLISH: Final = (
    "te_ops.conservation shows which files lack rows: publish them once more under a new contract version "
    "(te-assets reprocess)."
)
LOAD_AGAIN: Final = "See whether it runs (te-assets status), then load again: it goes on where it stood."


class EnvelopeError(DeliveryError):
    """Lines or a manifest do not have the shape that the topics carry."""


class TopicMissing(DeliveryError):
    """A topic that is needed does not exist."""


class TopicRecreated(DeliveryError):
    """A topic's name means another topic than when the load began."""


class NoRawTable(DeliveryError):
    """The topic is none whose lines go to te_raw."""


class KafkaFailed(DeliveryError):
    """The broker refused or could not be reached."""


class KafkaSilent(DeliveryError):
    """The broker does not deliver what it says it has."""


class PublicationFailed(DeliveryError):
    """A publication could not be committed, or does not continue what was committed before."""


class RangeGone(DeliveryError):
    """The broker no longer has the offsets that were asked for."""


class LogShrunk(DeliveryError):
    """A topic ends before what was already loaded from it."""


class LogReplaced(DeliveryError):
    """The offsets of a plan hold other messages than when it was made."""


class LedgerBroken(DeliveryError):
    """The ledger contradicts itself."""


class LakeUnavailable(LakeError):
    """ClickHouse did not answer, or refused for a passing reason, for too long."""


class RawDiffers(LakeError):
    """te_raw holds other lines than were planned."""
