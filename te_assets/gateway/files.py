"""Posted workbooks: streamed to disk, judged, stored by SHA-256, receipted, and then told to Kafka."""

from __future__ import annotations

import asyncio
import errno
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter, to_thread
from pydantic import AwareDatetime, BaseModel, Field
from starlette.requests import ClientDisconnect, Request

from te_assets.delivery.file_events import FileReceived
from te_assets.errors import ContractError, WorkbookError
from te_assets.gateway.broker import Broker, KafkaAway
from te_assets.gateway.receipts import Receipts
from te_assets.gateway.refusals import disk_full
from te_assets.gateway.uploads import Upload, receive
from te_assets.intake.landing import Incoming, LandingStore
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.gateway.site import Known

_JUDGED_AT_ONCE: Final = 2  # opening a workbook takes a processor
_AGAIN_AFTER: Final = 1.0  # seconds until Kafka is told again
log = logging.getLogger(__name__)


class Receipt(BaseModel):
    """What a client gets for a workbook, and gets again for the same bytes.

    Attributes:
        contracts: Layouts that the workbook fits, `<source>@<version>`.
        status_url: Path of its status.
    """

    sha256: str
    name: str
    size: int = Field(description="bytes")
    source: str = Field("", description="the only source that is tried; empty: all")
    sender: str = Field(description="name of the token")
    received_at: AwareDatetime
    contracts: tuple[str, ...]
    status_url: str


class FileDesk:
    """Takes workbooks in."""

    def __init__(self, store: LandingStore, receipts: Receipts, known: Callable[[], Known]) -> None:
        """Nothing is taken yet."""
        self._store = store
        self._receipts = receipts
        self._known = known
        self._judging = CapacityLimiter(_JUDGED_AT_ONCE)
        self.news = asyncio.Event()

    async def take(self, request: Request, sender: str, key: str | None, limit: int) -> tuple[Receipt, bool]:
        """Store the workbook of a request.

        Returns:
            Its receipt, and whether it is a new one.

        Raises:
            Problem: It is not taken; nothing of it is stored.
        """
        try:
            with self._store.incoming() as copy:
                upload = await receive(request.stream(), request.headers.get("content-type", ""), copy, limit)
                return await self._settle(copy, upload, sender, key)
        except ClientDisconnect as error:
            raise Problem(400, "body-cut", "The connection was closed before the body was complete.") from error
        except OSError as error:
            if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
                raise
            log.warning("the landing store is full: %s", error)
            raise disk_full() from error

    async def _settle(self, copy: Incoming, upload: Upload, sender: str, key: str | None) -> tuple[Receipt, bool]:
        if upload.file_name is None:
            raise Problem(422, "no-file", "The body has no part “file”. Send the workbook as `curl -F file=@…` does.")
        if key:
            self._receipts.claim(sender, key, f"file {copy.sha256}", datetime.now(UTC))
        given = self._receipts.receipt(copy.sha256)
        if given is not None and self._store.path_of(copy.sha256).exists():
            self._tell_again(copy.sha256)
            return Receipt.model_validate_json(given), False
        name, source = base_name(upload.file_name), upload.fields.get("source", "")
        await to_thread.run_sync(copy.flush)
        contracts = await to_thread.run_sync(self._judge, copy.path, copy.sha256, name, source, limiter=self._judging)
        landed = await to_thread.run_sync(copy.settle, name)
        receipt = Receipt(
            sha256=landed.sha256,
            name=name,
            size=landed.size,
            source=source,
            sender=sender,
            received_at=datetime.now(UTC),
            contracts=contracts,
            status_url=f"/v1/files/{landed.sha256}",
        )
        counts, is_new = await to_thread.run_sync(self._receipts.give, landed.sha256, receipt.model_dump_json())
        if is_new:
            self.news.set()
        else:
            self._tell_again(landed.sha256)
        return Receipt.model_validate_json(counts), is_new

    def _tell_again(self, sha256: str) -> None:
        """A lake that was restored may not know the file, or has rejected it; one that knows it does nothing."""
        self._receipts.announce_again(sha256)
        self.news.set()

    def _judge(self, path: Path, sha256: str, name: str, source: str) -> tuple[str, ...]:
        """Contracts that the workbook fits."""
        from te_assets.intake.opening import open_workbook
        from te_assets.workbook.sniff import sniff

        try:
            sniff(path, name)
        except WorkbookError as error:
            raise Problem(415, "no-workbook", str(error)) from error
        known = self._known()
        try:
            opened = open_workbook(
                path,
                name,
                known.contracts.newest,
                only=source or None,
                first_seen=datetime.now(UTC),
                operator=known.operator,
                sha256=sha256,
            )
        except (ContractError, WorkbookError) as error:
            raise Problem(422, "no-layout" if isinstance(error, ContractError) else "unreadable", str(error)) from error
        return tuple(dict.fromkeys(sheet.publication.contract for sheet in opened.sheets))

    async def announce(self, broker: Broker) -> None:
        """Tell Kafka of every receipt, those of earlier lives first; runs until it is cancelled."""
        await broker.wait_until_up()
        while True:
            self.news.clear()
            try:
                while waiting := self._receipts.to_announce():
                    for text in waiting:
                        receipt = Receipt.model_validate_json(text)
                        event = receipt.model_dump(
                            include={"sha256", "name", "size", "source", "sender", "received_at"}
                        )
                        await broker.tell(FileReceived(**event))
                        self._receipts.announced(receipt.sha256)
            except KafkaAway as error:
                log.warning("Kafka was not told of received files yet, they wait: %s", error)
                await asyncio.sleep(_AGAIN_AFTER)
                continue
            await self.news.wait()


def base_name(sent: str) -> str:
    """The last part of what a sender calls its file; browsers and robots may send a whole path."""
    name = re.split(r"[/\\]", sent)[-1].strip()
    return "".join(character for character in name if character.isprintable())[:255] or "workbook"
