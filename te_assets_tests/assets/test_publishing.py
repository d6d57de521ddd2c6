"""Landed workbooks that wait are published once each, whatever ended the run before."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from te_assets.assets.publishing import Published, publish_waiting
from te_assets.assets.receiving import receive
from te_assets.contracts.catalog import Catalog, load_contracts
from te_assets.delivery.envelope import Publication
from te_assets.delivery.errors import KafkaFailed
from te_assets.delivery.log_reader import committed_records
from te_assets.delivery.publisher import publish
from te_assets.delivery.topics import CONFIRMATIONS, FILES
from te_assets.intake.landing import LandingStore
from te_assets.intake.opening import reopen
from te_assets.lake.files import FileState, of_file, record, waiting_publications
from te_assets.stack.connect import kafka_config
from te_assets.workbook.reading import Reading
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, name_of
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

EXPORTED = datetime(2026, 3, 9, 6, tzinfo=UTC)
DAY = date(2026, 3, 3)
KEEP = OperatorPolicy("keep")


class Outbox:
    """Workbooks that were received, and what is on the topics."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        self.client, self.kafka = stack.clickhouse, kafka_config(stack.endpoints)
        self.folder, self.store = folder, LandingStore(folder / "landing")
        self.contracts = load_contracts(None)

    def receive(self, number: int, rows: int = 3) -> FileState:
        path = confirmation_book(
            self.folder / name_of(f"Confirmations {number}", EXPORTED),
            [confirmation(100 * number + n, DAY) for n in range(rows)],
        )
        (state,) = receive(self.client, self.store, path, self.contracts.newest, KEEP).publications
        return state

    def publish(self, contracts: Catalog | None = None, kafka: Mapping[str, Any] | None = None) -> Published:
        return publish_waiting(
            self.client,
            kafka or self.kafka,
            self.store,
            contracts or self.contracts,
            KEEP,
            model="confirmations",
            run_id="run",
        )

    def state(self, file: FileState) -> FileState:
        return next(state for state in of_file(self.client, file.sha256) if state.contract)

    def sent(self) -> tuple[int, list[str]]:
        """Committed messages with rows, and the keys of the manifests."""
        manifests = [(entry.key or b"").decode() for entry in committed_records(self.kafka, FILES)]
        return len(list(committed_records(self.kafka, CONFIRMATIONS))), manifests


@pytest.fixture
def outbox(stack: Stack, tmp_path: Path) -> Outbox:
    return Outbox(stack, tmp_path)


def test_waiting_workbooks_are_published_oldest_first_and_then_wait_no_more(outbox: Outbox) -> None:
    first, second = outbox.receive(1, rows=3), outbox.receive(2, rows=4)
    published = outbox.publish()

    assert [(m.name, m.rows, m.was_there) for m in published.manifests] == [
        (first.name, 3, False),
        (second.name, 4, False),
    ]
    assert published.rows == 7
    assert published.rejected == []
    state = outbox.state(first)
    assert (state.state, state.rows_read, state.rows_published, state.run_id) == ("PUBLISHED", 3, 3, "run")
    assert state.lines_hash == published.manifests[0].lines_hash
    assert Publication.model_validate_json(state.manifest).key == f"{first.sha256}@sap_confirmations@2"
    sent = outbox.sent()
    assert sent == (2, [f"{file.sha256}@sap_confirmations@2" for file in (first, second)])
    assert outbox.publish() == Published()
    assert outbox.sent() == sent


def test_what_a_run_committed_before_it_died_is_recorded_and_not_sent_again(outbox: Outbox) -> None:
    """The publisher was killed between Kafka's commit and its line in te_ops.files."""
    file = outbox.receive(1)
    publication = Publication.model_validate_json(file.manifest)
    contract = outbox.contracts.get(file.contract)
    (sheet,) = reopen(outbox.store.path_of(file.sha256), publication, contract, KEEP)
    with sheet.read() as reading:
        committed = publish(outbox.kafka, publication, reading)
    before = outbox.sent()
    assert outbox.state(file).state == "STORED"

    published = outbox.publish()

    assert [(m.rows, m.lines_hash, m.was_there) for m in published.manifests] == [(3, committed.lines_hash, True)]
    assert outbox.sent() == before
    state = outbox.state(file)
    assert (state.state, state.rows_read, state.rows_published) == ("PUBLISHED", 3, 3)
    assert state.lines_hash == committed.lines_hash


@pytest.mark.parametrize("damage", ["gone", "contract"])
def test_a_workbook_that_cannot_be_read_any_more_is_rejected_and_the_next_goes_on(outbox: Outbox, damage: str) -> None:
    lost, good = outbox.receive(1), outbox.receive(2)
    if damage == "gone":
        outbox.store.path_of(lost.sha256).unlink()
    else:
        record(outbox.client, [replace(lost, contract="sap_confirmations@7")])
        record(outbox.client, [replace(lost, state="REJECTED")])
    published = outbox.publish()

    assert [m.name for m in published.manifests] == [good.name]
    (rejected,) = published.rejected
    assert rejected.sha256 == lost.sha256
    words = {
        "gone": "is gone from the landing store. Deliver the file again.",
        "contract": "no contract is called 'sap_confirmations@7'. Close: sap_confirmations@2",
    }
    assert words[damage] in rejected.reason
    assert waiting_publications(outbox.client, "confirmations") == []
    stored = of_file(outbox.client, lost.sha256)
    assert [s.reason for s in stored if s.contract == rejected.contract] == [rejected.reason]


@pytest.mark.parametrize(("kills", "rejected"), [(1, 0), (2, 1)])
def test_a_workbook_whose_reader_is_killed_is_read_once_more_before_it_is_rejected(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch, kills: int, rejected: int
) -> None:
    """At night the machine was short of memory, and good workbooks were rejected for good."""
    outbox.receive(1)
    begin, left = Reading.__init__, [kills]

    def begin_and_be_killed(self: Reading, request: Any, limits: Any) -> None:
        begin(self, request, limits)
        if left[0]:
            left[0] -= 1
            os.kill(self.pid, signal.SIGKILL)

    monkeypatch.setattr(Reading, "__init__", begin_and_be_killed)
    published = outbox.publish()

    assert (len(published.manifests), len(published.rejected)) == (1 - rejected, rejected)
    assert outbox.sent()[0] == 1 - rejected
    assert all("it ended with SIGKILL" in state.reason for state in published.rejected)


def test_a_lost_copy_that_is_delivered_again_is_published(outbox: Outbox) -> None:
    """The message tells people to deliver the file again; that must help."""
    lost = outbox.receive(1)
    outbox.store.path_of(lost.sha256).unlink()
    outbox.publish()
    again = outbox.folder / lost.name
    receive(outbox.client, outbox.store, again, outbox.contracts.newest, KEEP)

    assert [m.name for m in outbox.publish().manifests] == [lost.name]


def test_while_kafka_is_away_everything_waits(outbox: Outbox) -> None:
    """A broker that is restarted at night must cost no file."""
    file = outbox.receive(1)
    nobody = {**outbox.kafka, "bootstrap_servers": ["127.0.0.1:1"]}

    with pytest.raises(KafkaFailed) as caught:
        outbox.publish(kafka={**nobody, "bootstrap_timeout_ms": 500})

    assert file.name in str(caught.value)
    assert outbox.state(file).state == "STORED"
    assert [m.name for m in outbox.publish().manifests] == [file.name]
