"""What is posted goes its way: to the landing store, to Kafka, to the lake; once, however often it is sent."""

from __future__ import annotations

import hashlib
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest

from te_assets.delivery.file_events import FileReceived
from te_assets.delivery.loader import load_topic
from te_assets.delivery.received_files import Place, ReceivedFiles
from te_assets.delivery.topics import INTERACTIONS
from te_assets.gateway.documents import documents
from te_assets.lake.files import of_file
from te_assets.lake.history import type_history
from te_assets.lake.models import MODELS
from te_assets.profile import Profile
from te_assets.stack.connect import kafka_config
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.automation.watching import Watch
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import Gateway, served

pytestmark = pytest.mark.stack

DAY = datetime(2026, 3, 3, tzinfo=UTC).date()
STOP = {"plant": "1000", "work_center": "PRS01", "interaction_id": "I-1", "started_at": "2026-03-02T10:00:00+00:00"}
ENDED = {**STOP, "ended_at": "2026-03-02T10:05:00+00:00"}


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, DAY)])


def received(stack: Stack) -> list[FileReceived]:
    """Everything on te.file-events.v1."""
    with ReceivedFiles(kafka_config(stack.endpoints), Place()) as files:
        found, more = list[FileReceived](), files.read(5.0)
        while more:
            found += more
            more = files.read(0.5)
        return found


def history(stack: Stack) -> list[tuple[Any, ...]]:
    """Load and type; id, end, and how often raw has the event."""
    load_topic(kafka_config(stack.endpoints), stack.clickhouse, INTERACTIONS, run_id="test")
    typing = Profile.of(stack.settings).typing("interactions")
    type_history(stack.clickhouse, MODELS["interactions"], typing, run_id="test")
    rows = stack.clickhouse.query(
        "SELECT interaction_id, toString(argMax(ended_at, version)), count() "
        "FROM te_staging.interactions_history GROUP BY interaction_id ORDER BY interaction_id"
    ).result_rows
    return [tuple(row) for row in rows]


def lines_in_raw(stack: Stack) -> int:
    return int(stack.clickhouse.command("SELECT count() FROM te_raw.interactions"))  # type: ignore[arg-type]


# --- events


def test_an_event_is_answered_when_kafka_has_it(gateway: Gateway, stack: Stack) -> None:
    answer = gateway.post_events("interactions", [ENDED, {**ENDED, "interaction_id": "I-2"}])

    assert answer.status_code == 202
    assert answer.json()["accepted"] == 2
    ended = "2026-03-02 10:05:00.000"
    assert history(stack) == [("I-1", ended, 1), ("I-2", ended, 1)]


def test_the_same_key_is_answered_alike_and_sends_once(gateway: Gateway, stack: Stack) -> None:
    answers = [gateway.post_events("interactions", ENDED, key="k-1") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202] * 3
    assert len({answer.text for answer in answers}) == 1
    assert [answer.headers.get("idempotency-replayed") for answer in answers] == [None, "true", "true"]
    history(stack)
    assert lines_in_raw(stack) == 1


def test_a_key_is_remembered_by_the_next_gateway(stack: Stack) -> None:
    for _ in range(2):
        with served(stack.settings) as gateway:
            assert gateway.post_events("interactions", ENDED, key="k-1").status_code == 202
            stack.settings.gateway_tokens.unlink()
    history(stack)
    assert lines_in_raw(stack) == 1


def test_a_key_with_other_events_is_refused(gateway: Gateway) -> None:
    gateway.post_events("interactions", ENDED, key="k-1")

    answer = gateway.post_events("interactions", STOP, key="k-1")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:te-assets:problem:key-used")


def test_of_many_with_one_key_at_once_one_sends(gateway: Gateway, stack: Stack) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda _: gateway.post_events("interactions", ENDED, key="k").status_code, range(16)))

    assert set(codes) <= {202, 409}
    assert 202 in codes
    history(stack)
    assert lines_in_raw(stack) == 1


def test_a_stop_that_is_open_is_closed_by_its_id(gateway: Gateway, stack: Stack) -> None:
    """Both may come within a millisecond; the later one counts."""
    for number in range(20):
        gateway.post_events("interactions", {**STOP, "interaction_id": f"I-{number:02}"})
        gateway.post_events("interactions", {**ENDED, "interaction_id": f"I-{number:02}"})

    ended = "2026-03-02 10:05:00.000"
    assert [(name, end) for name, end, _ in history(stack)] == [(f"I-{n:02}", ended) for n in range(20)]


def test_while_kafka_is_away_events_are_refused_and_come_once_when_it_is_back(gateway: Gateway, stack: Stack) -> None:
    assert gateway.post_events("interactions", {**ENDED, "interaction_id": "I-0"}).status_code == 202
    stack.kafka_server.kill()
    try:
        answer = gateway.post_events("interactions", ENDED, key="k-1")
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:te-assets:problem:kafka-away")
        assert answer.headers["retry-after"] == "2"
        assert gateway.get("/readyz").json() == {"status": "not ready", "kafka": False, "clickhouse": True}
        assert gateway.get("/healthz").status_code == 200
    finally:
        stack.kafka_server.start()
    answers = [gateway.post_events("interactions", ENDED, key="k-1").status_code for _ in range(4)]

    assert answers[-1] == 202
    assert gateway.get("/readyz").status_code == 200
    assert [(name, end) for name, end, _ in history(stack)] == [
        ("I-0", "2026-03-02 10:05:00.000"),
        ("I-1", "2026-03-02 10:05:00.000"),
    ]
    counted = stack.clickhouse.command(
        "SELECT uniqExact(version) FROM te_staging.interactions_history WHERE interaction_id = 'I-1'"
    )
    assert counted == 1


# --- files


def test_a_workbook_is_stored_receipted_and_told(gateway: Gateway, stack: Stack, book: Path) -> None:
    sha256 = hashlib.sha256(book.read_bytes()).hexdigest()
    first = gateway.post_file(book, name="C:\\exports\\Confirmations.xlsx")
    second = gateway.post_file(book, name="another name.xlsx")

    assert (first.status_code, second.status_code) == (202, 200)
    receipt = first.json()
    assert second.json() == receipt
    assert first.headers["location"] == receipt["status_url"] == f"/v1/files/{sha256}"
    assert (receipt["sha256"], receipt["name"], receipt["size"]) == (sha256, "Confirmations.xlsx", book.stat().st_size)
    assert receipt["contracts"] == [Profile.of(stack.settings).contracts().of_source("sap_confirmations").contract_id]
    assert gateway.stored() == [sha256]
    told = {(event.sha256, event.name, event.sender) for event in received(stack)}
    assert told == {(sha256, "Confirmations.xlsx", "tests")}


def test_bytes_that_are_known_are_told_again_and_stored_again_where_they_are_gone(
    gateway: Gateway, stack: Stack, book: Path
) -> None:
    """After a restore the receipts know files that neither the store nor the lake has: 200 would have lost them."""
    receipt = gateway.post_file(book).json()
    assert len(received(stack)) == 1
    (stack.settings.landing_dir / receipt["sha256"][:2] / receipt["sha256"]).unlink()
    again = gateway.post_file(book)

    assert (again.status_code, again.json()) == (200, receipt)
    assert gateway.stored() == [receipt["sha256"]]
    assert [event.sha256 for event in received(stack)] == [receipt["sha256"]] * 2
    assert gateway.post_file(book).status_code == 200


def test_of_two_clients_with_the_same_file_one_is_the_first(gateway: Gateway, book: Path) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: gateway.post_file(book), range(6)))

    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [202]
    assert len({answer.text for answer in answers}) == 1
    assert len(gateway.stored()) == 1


def test_a_key_that_was_used_for_another_file_is_refused(gateway: Gateway, book: Path, tmp_path: Path) -> None:
    other = confirmation_book(tmp_path / "other.xlsx", [confirmation(2, DAY)])

    assert gateway.post_file(book, key="k").status_code == 202
    assert gateway.post_file(book, key="k").status_code == 200
    answer = gateway.post_file(other, key="k")
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:te-assets:problem:key-used")
    assert len(gateway.stored()) == 1


def test_the_landing_sensor_takes_a_posted_file_without_the_inbox(
    gateway: Gateway, stack: Stack, book: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 30.0)
    sha256 = gateway.post_file(book).json()["sha256"]
    shutil.copytree(stack.settings.landing_dir, watch.inbox.parent / "landing")  # where these sensors have their store
    tick = watch.tick("landing")
    again = watch.tick("landing", tick.cursor)

    assert [request.job_name for request in tick.run_requests or ()] == ["deliver_confirmations"]
    assert [request.run_key for request in again.run_requests or ()] == [
        request.run_key for request in tick.run_requests or ()
    ]
    assert [(state.contract, state.state) for state in of_file(stack.clickhouse, sha256)] == [
        ("", "STORED"),
        (Profile.of(stack.settings).contracts().of_source("sap_confirmations").contract_id, "STORED"),
    ]
    status = gateway.get(f"/v1/files/{sha256}").json()
    assert status["receipt"]["sha256"] == sha256
    assert [(each["model"], each["stage"]) for each in status["publications"]] == [("confirmations", "received")]


def test_a_file_that_came_while_kafka_was_away_is_told_later(stack: Stack, book: Path) -> None:
    """The answer was 202: the file must not wait for somebody to send it again."""
    stack.kafka_server.stop()
    try:
        with served(stack.settings) as gateway:
            sha256 = gateway.post_file(book).json()["sha256"]
    finally:
        stack.kafka_server.start()
    stack.settings.gateway_tokens.unlink()
    with served(stack.settings):
        assert [event.sha256 for event in received(stack)] == [sha256]


def test_status_without_clickhouse_is_a_problem_and_taking_files_goes_on(
    gateway: Gateway, stack: Stack, book: Path
) -> None:
    stack.clickhouse_server.kill()
    try:
        answer = gateway.post_file(book)
        status = gateway.get(f"/v1/files/{answer.json()['sha256']}")
        ready = gateway.get("/readyz")
    finally:
        stack.clickhouse_server.start()

    assert answer.status_code == 202
    assert (status.status_code, status.json()["type"]) == (503, "urn:te-assets:problem:clickhouse-away")
    assert (ready.status_code, ready.json()["clickhouse"]) == (503, False)


# --- what is told


def test_requests_and_what_they_brought_are_counted(gateway: Gateway, book: Path) -> None:
    gateway.post_events("interactions", [ENDED, {**ENDED, "interaction_id": "I-2"}], key="k")
    gateway.post_events("interactions", [ENDED, {**ENDED, "interaction_id": "I-2"}], key="k")
    gateway.post_file(book)
    gateway.post_file(book)
    gateway.get("/v1/files/" + "0" * 64)
    lines = gateway.get("/metrics", token="").text.splitlines()

    assert 'te_gateway_events_total{model="interactions"} 2.0' in lines
    assert f"te_gateway_file_bytes_total {float(book.stat().st_size)}" in lines
    assert 'te_gateway_requests_total{method="POST",route="/v1/events/{model}",status="202"} 2.0' in lines
    assert 'te_gateway_requests_total{method="POST",route="/v1/files",status="200"} 1.0' in lines
    assert 'te_gateway_requests_total{method="GET",route="/v1/files/{sha256}",status="404"} 1.0' in lines
    assert not [line for line in lines if "0" * 64 in line]


@pytest.mark.parametrize("page", ["/docs", "/asyncapi"])
def test_the_pages_of_the_interface_need_nothing_from_outside(gateway: Gateway, page: str) -> None:
    shown = gateway.get(page, token="")
    wanted = [urljoin(page, address) for address in re.findall(r'(?:src|href)="([^"]+)"', shown.text)]

    assert shown.status_code == 200
    assert [address for address in wanted if not address.startswith(("/", "data:"))] == []
    assert {gateway.get(address, token="").status_code for address in wanted if address.startswith("/")} == {200}


@pytest.mark.parametrize("document", ["/openapi.json", "/asyncapi.json"])
def test_the_documents_are_served(gateway: Gateway, document: str) -> None:
    name = document.removeprefix("/")

    assert gateway.get(document, token="").json() == documents()[name]
