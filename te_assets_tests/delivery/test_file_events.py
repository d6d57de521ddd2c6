"""Messages of te.file-events.v1: those of every version are read, by gateways and sensors older and newer than they."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from te_assets.delivery.file_events import FileChanged, FileEvent, FileReceived, parse
from te_assets.delivery.received_files import Place, ReceivedFiles
from te_assets.delivery.telling import Teller
from te_assets_tests.conftest import Stack

KEPT = Path(__file__).with_name("file_events")
"""Values of messages as versions of te_assets wrote them; topics keep them for a week, so they are never edited."""
SHA256 = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"
RECEIVED = FileReceived(
    sha256=SHA256,
    name="Rückmeldungen.xlsx",
    size=20480,
    source="sap_confirmations",
    sender="uipath",
    received_at=datetime(2026, 3, 3, 10, 15, 30, 250_000, UTC),
)
CHANGED = FileChanged(
    sha256=SHA256,
    name="Rückmeldungen.xlsx",
    contract="sap_confirmations@2",
    change="published",
    rows=812,
    run_id="0a1b2c3d",
    changed_at=datetime(2026, 3, 3, 10, 15, 34, tzinfo=UTC),
)
HEADERS = {
    "received": [("ce_type", b"te.files.received.v1")],
    "changed": [("ce_type", b"te.files.changed.v1")],
}


@pytest.mark.parametrize(("kind", "event"), [("received", RECEIVED), ("changed", CHANGED)])
def test_what_version_1_wrote_is_read(kind: str, event: FileEvent) -> None:
    assert parse(HEADERS[kind], (KEPT / f"{kind}-1.json").read_bytes()) == event


@pytest.mark.parametrize("event", [RECEIVED, CHANGED])
def test_what_is_written_is_what_the_newest_kept_message_holds(event: FileEvent) -> None:
    """A field that is added needs a kept message of the version before."""
    kind = event.kind.split(".")[2]
    kept = json.loads((KEPT / f"{kind}-{event.schema_version}.json").read_bytes())

    assert json.loads(event.message().value) == kept


def test_a_later_version_is_read_by_the_fields_that_are_known() -> None:
    """A gateway is updated before the code server."""
    later = json.loads((KEPT / "received-1.json").read_bytes()) | {"schema_version": 7, "checked_by": ["virus scanner"]}

    event = parse(HEADERS["received"], json.dumps(later).encode())

    assert event == RECEIVED.model_copy(update={"schema_version": 7})


def _changed(**fields: Any) -> bytes:
    return json.dumps(json.loads((KEPT / "changed-1.json").read_bytes()) | fields).encode()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (b"te.files.changed.v2", _changed()),
        (b"te.files.changed.v1", _changed(change="melted")),
        (b"te.files.changed.v1", _changed(sha256="../landing")),
        (b"te.files.received.v1", b"{"),
        (b"\xff", b"{}"),
        (b"", b""),
    ],
)
def test_what_cannot_be_read_is_passed_over(kind: bytes, value: bytes) -> None:
    assert parse([("ce_type", kind)], value) is None


def test_a_message_is_a_cloud_event_keyed_by_its_file() -> None:
    message = CHANGED.message()

    assert (message.topic, message.key) == ("te.file-events.v1", SHA256.encode())
    assert dict(message.headers) == {
        "ce_specversion": b"1.0",
        "ce_id": f"{SHA256}/sap_confirmations@2/published/2026-03-03T10:15:34.000Z".encode(),
        "ce_source": b"/dagster",
        "ce_type": b"te.files.changed.v1",
        "ce_time": b"2026-03-03T10:15:34.000Z",
        "content-type": b"application/json",
    }


@pytest.mark.stack
def test_of_what_is_told_a_reader_of_received_files_sees_these_alone(stack: Stack, kafka: dict[str, Any]) -> None:
    with Teller(kafka) as tell:
        tell([CHANGED, RECEIVED])
        tell([CHANGED])

    with ReceivedFiles(kafka, Place()) as files:
        assert files.read(10.0) == [RECEIVED]
        assert files.place.next == {0: 3}


@pytest.mark.stack
def test_kafka_that_is_away_is_said_once_and_holds_up_nothing(stack: Stack, kafka: dict[str, Any]) -> None:
    said: list[str] = []
    stack.kafka_server.stop()
    try:
        with Teller(kafka, said.append) as tell:
            tell([CHANGED])
            tell([CHANGED])
    finally:
        stack.kafka_server.start()

    assert len(said) == 1
    assert said[0].startswith(f"te.file-events.v1 was not told what became of {SHA256[:12]}… (")
