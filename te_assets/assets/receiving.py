"""Where a delivered file enters: landed by SHA-256, judged, and put on record with the publications that it gives."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from te_assets.contracts.model import Contract
from te_assets.delivery.envelope import Publication
from te_assets.errors import TeAssetsError
from te_assets.intake.landing import FileChanging, FileUnavailable, Landed, LandingStore
from te_assets.intake.settling import Seen, settled_files
from te_assets.lake.files import FileState, first_seen, of_file, record
from te_assets.settings import Settings
from te_assets.stack import restoration
from te_assets.workbook.request import OperatorPolicy

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

    from te_assets.delivery.file_events import FileEvent, FileReceived
    from te_assets.intake.opening import OpenedSheet

QUIET_SECONDS = 2.0
_RESTORED = ""  # key in the cursor; no file has an empty name


@dataclass(frozen=True)
class Received:
    """What a delivered file is.

    Attributes:
        publications: State of each publication under a present contract; empty for a rejected file.
        rejection: Why the file as a whole was rejected; None otherwise.
        was_known: The same bytes were received before, and nothing new came of them.
        warnings: What a person should know, in whole sentences.
    """

    landed: Landed
    publications: tuple[FileState, ...]
    rejection: str | None = None
    was_known: bool = False
    warnings: tuple[str, ...] = ()
    sheets: tuple[OpenedSheet, ...] = ()


def receive(
    client: Client,
    store: LandingStore,
    path: Path,
    contracts: Sequence[Contract],
    operator: OperatorPolicy,
    *,
    only: str | None = None,
    name: str | None = None,
) -> Received:
    """Land a file, judge it, record what it gives. Receiving the same bytes again changes nothing.

    Args:
        client: Writer.
        store: Landing store.
        path: The file as delivered.
        contracts: Newest version of each layout.
        operator: What becomes of operators' names.
        only: Source of the only contract to try.
        name: What the sender called it; by default the name of `path`.

    Raises:
        FileUnavailable: It cannot be read.
        FileChanging: It is still being written.
    """
    return receive_landed(client, store.land(path, name), contracts, operator, only=only)


def receive_landed(
    client: Client,
    landed: Landed,
    contracts: Sequence[Contract],
    operator: OperatorPolicy,
    *,
    only: str | None = None,
) -> Received:
    """As `receive`, of a file that lies in the landing store."""
    from te_assets.intake.opening import open_workbook

    # What was rejected is judged again: people are told to deliver the file once more.
    tried = {contract.contract_id for contract in contracts if only is None or contract.source == only}
    states = of_file(client, landed.sha256)
    known = {state.contract: state for state in states if state.contract in tried and state.state != "REJECTED"}
    if known.keys() == tried:
        return Received(landed, tuple(known.values()), was_known=True)
    # Read again under a newer contract it is as old as it was: its rows must not win over later exports.
    name, seen = landed.name, first_seen(client, landed.sha256) or datetime.now(UTC)
    if not known:
        file = FileState(sha256=landed.sha256, state="SEEN", name=name, size=landed.size)
        record(client, [file, replace(file, state="STORED")])
    try:
        opened = open_workbook(
            landed.path, name, contracts, only=only, first_seen=seen, operator=operator, sha256=landed.sha256
        )
    except TeAssetsError as error:
        record(
            client, [FileState(sha256=landed.sha256, state="REJECTED", name=name, size=landed.size, reason=str(error))]
        )
        return Received(landed, (), rejection=str(error))
    # A call with `only`, or a contract that is new, leaves layouts of the workbook to be found by a later one.
    found = {sheet.publication.contract: sheet.publication for sheet in opened.sheets}
    fresh = [_stored(publication) for contract, publication in found.items() if contract not in known]
    record(client, fresh)
    return Received(
        landed,
        tuple(known.values()) + tuple(fresh),
        was_known=not fresh,
        warnings=tuple(w for sheet in opened.sheets for w in sheet.warnings),
        sheets=opened.sheets,
    )


def _stored(publication: Publication) -> FileState:
    return FileState(
        sha256=publication.sha256,
        state="STORED",
        name=publication.name,
        size=publication.size,
        contract=publication.contract,
        model=publication.model,
        exported_at=publication.exported_at,
        exported_at_origin=publication.exported_at_origin,
        manifest=publication.model_dump_json(),
    )


def receive_posted(
    client: Client,
    store: LandingStore,
    events: Sequence[FileReceived],
    contracts: Sequence[Contract],
    operator: OperatorPolicy,
    tell: Callable[[Sequence[FileEvent]], None] = lambda _: None,
) -> int:
    """Receive files that the gateway has stored; how many were not known.

    An event whose file is gone from the store is put on record as rejected.

    Args:
        client: Writer.
        store: Landing store.
        events: Of the gateway.
        contracts: Newest version of each layout.
        operator: What becomes of operators' names.
        tell: Takes what was rejected.
    """
    fresh = 0
    for event in events:
        path = store.path_of(event.sha256)
        if not path.exists():
            why = f"{event.name}: its copy {path} is gone from the landing store. Deliver the file again."
            record(client, [FileState(event.sha256, "REJECTED", event.name, event.size, reason=why)])
            tell([_rejected(event, why)])
            continue
        landed = Landed(event.sha256, event.name, event.size, path, was_there=True)
        received = receive_landed(client, landed, contracts, operator, only=event.source or None)
        fresh += not received.was_known
        if received.rejection is not None:
            tell([_rejected(event, received.rejection)])
    return fresh


def _rejected(event: FileReceived, why: str) -> FileEvent:
    from te_assets.delivery.file_events import FileChanged

    return FileChanged(
        sha256=event.sha256, name=event.name, change="rejected", reason=why, changed_at=datetime.now(UTC)
    )


@dataclass(frozen=True)
class InboxSeen:
    """One look at the inbox: how many files, and the cursor for the next look."""

    files: int
    unsettled: int
    landed: int
    cursor: str


def receive_inbox(
    client: Client,
    store: LandingStore,
    inbox: Path,
    contracts: Sequence[Contract],
    operator: OperatorPolicy,
    cursor: str | None,
) -> InboxSeen:
    """Receive what has settled in the inbox and was not received before.

    Args:
        client: Writer.
        store: Landing store.
        inbox: Folder that people drop workbooks into; files stay there.
        contracts: Newest version of each layout.
        operator: What becomes of operators' names.
        cursor: Of the look before; without it every file is hashed anew and found known.
    """
    restored = restoration.last(Settings())
    before = _read_cursor(cursor, restored)
    look = settled_files(inbox, QUIET_SECONDS, {name: seen for name, (seen, _) in before.items()})
    taken = {
        name for name, (seen, done) in before.items() if done and name in look.seen and look.seen[name].looks_like(seen)
    }
    landed = 0
    for path in look.settled:
        if path.name in taken:
            continue
        try:
            receive(client, store, path, contracts, operator)
        except (FileChanging, FileUnavailable):
            continue  # it is looked at again: gone, or not settled after all
        taken.add(path.name)
        landed += 1
    cursor = json.dumps(
        {name: [asdict(seen), name in taken] for name, seen in look.seen.items()}
        | ({_RESTORED: restored} if restored else {})
    )
    return InboxSeen(len(look.seen), len(look.waiting), landed, cursor)


def _read_cursor(cursor: str | None, restored: str) -> dict[str, tuple[Seen, bool]]:
    """Cursor → file name → how it looked and whether it was received.

    One that cannot be read is thrown away, and so is one of the lake before its restore: it names files as received
    that the restored lake does not know.
    """
    try:
        stored = json.loads(cursor or "{}")
        if stored.pop(_RESTORED, "") != restored:
            return {}
        return {name: (Seen(**seen), bool(done)) for name, (seen, done) in stored.items()}
    except (ValueError, TypeError, AttributeError):
        return {}
