"""Tells other tools how far te_raw is, in the offsets of a consumer group. Nothing here reads them back."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from te_assets.delivery.ledger import Shard

if TYPE_CHECKING:
    from kafka.admin import KafkaAdminClient

GROUP: Final = "te-assets-load"

log = logging.getLogger(__name__)


class LagSignal:
    """Offsets of the group `te-assets-load`."""

    def __init__(self, admin: KafkaAdminClient) -> None:
        self._admin = admin
        self._is_broken = False

    def loaded_up_to(self, shard: Shard, offset: int) -> None:
        """Set the group's offset. A failure is logged and ends the signal; the ledger decides where loading goes on."""
        from kafka import OffsetAndMetadata, TopicPartition
        from kafka.errors import KafkaError, NoError

        if self._is_broken:
            return
        where = TopicPartition(shard.topic, shard.partition)
        try:
            outcome = self._admin.alter_group_offsets(GROUP, {where: OffsetAndMetadata(offset, "", -1)})[where]
        except KafkaError as error:
            outcome = type(error)
        if outcome is not NoError:
            self._is_broken = True
            # Just after the first start the coordinator is not there yet: worth a line in a log, not on a terminal.
            log.info("%s: lag of group %s not updated: %s", shard, GROUP, outcome.__name__)
