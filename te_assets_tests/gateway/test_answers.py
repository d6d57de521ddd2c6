"""What a client is answered when something is wrong; nothing may be half-stored then."""

from __future__ import annotations

import errno
import logging
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

from te_assets.delivery.topics import ROW_TOPICS
from te_assets.delivery.watch import lag
from te_assets.errors import SiteError
from te_assets.gateway.tokens import create, revoke
from te_assets.stack.connect import kafka_config
from te_assets_tests.assets.deliveries import ENCRYPTED, confirmation, confirmation_book
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import SECONDS, Gateway, served

pytestmark = pytest.mark.stack

DAY = datetime(2026, 3, 3, tzinfo=UTC).date()
STOP = {"plant": "1000", "work_center": "PRS01", "interaction_id": "I-1", "started_at": "2026-03-02T10:00:00+00:00"}


def problem(answer: requests.Response, status: int, kind: str) -> dict[str, object]:
    """The document of an answer other than success."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    document: dict[str, object] = answer.json()
    assert document["type"] == f"urn:te-assets:problem:{kind}"
    assert document["status"] == status
    assert document["request_id"] == answer.headers["x-request-id"]
    return document


def messages_in_kafka(stack: Stack) -> int:
    kafka = kafka_config(stack.endpoints)
    return sum(shard.end for topic in ROW_TOPICS.values() for shard in lag(kafka, stack.clickhouse, topic))


def test_without_a_right_token_nothing_is_taken(gateway: Gateway, stack: Stack, tmp_path: Path) -> None:
    tokens = stack.settings.gateway_tokens
    expired = create(tokens, "old", ["files", "events", "read"], datetime.now(UTC) - timedelta(seconds=1))
    reader = create(tokens, "reader", ["read"])
    gone = create(tokens, "gone", ["files", "events", "read"])
    revoke(tokens, "gone")
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)])

    for token, status, kind in (
        ("", 401, "no-token"),
        ("te_unknown", 401, "unknown-token"),
        (gone, 401, "unknown-token"),
        (expired, 401, "expired-token"),
        (reader, 403, "scope-missing"),
    ):
        for answer in (
            gateway.post_file(book, token=token),
            gateway.post_events("interactions", STOP, token=token),
        ):
            document = problem(answer, status, kind)
            assert ("www-authenticate" in answer.headers) == (status == 401)
            assert not token or token not in str(document)
    problem(gateway.get("/v1/files/" + "0" * 64, token=""), 401, "no-token")
    assert gateway.stored() == []
    assert messages_in_kafka(stack) == 0


def test_a_token_that_asks_too_often_is_told_when_to_come_again(stack: Stack) -> None:
    slow = stack.settings.model_copy(update={"gateway_requests_per_second": 0.01})
    with served(slow) as gateway:
        answers = [gateway.get("/v1/files/" + "0" * 64) for _ in range(2)]

    problem(answers[-1], 429, "too-many-requests")
    assert 90 <= int(answers[-1].headers["retry-after"]) <= 100


@pytest.mark.parametrize(
    ("content", "status", "kind", "said"),
    [
        (b"", 415, "no-workbook", "zero bytes"),
        (b"MZ\x90\x00" + bytes(200), 415, "no-workbook", "not"),
        (ENCRYPTED, 415, "no-workbook", "Remove the password in Excel"),
        (b"PK\x03\x04" + bytes(100), 415, "no-workbook", "damaged"),
        (b"a,b\n1,2\n", 422, "no-layout", ""),
    ],
    ids=["empty", "program", "encrypted", "half a zip", "unknown layout"],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    gateway: Gateway, tmp_path: Path, content: bytes, status: int, kind: str, said: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    document = problem(gateway.post_file(path), status, kind)

    assert said in str(document["detail"])
    assert "a.xlsx" in str(document["detail"])
    assert gateway.stored() == []


def test_a_workbook_of_another_source_is_refused(gateway: Gateway, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)])

    problem(gateway.post_file(book, fields={"source": "operator_log"}), 422, "no-layout")
    problem(gateway.post_file(book, fields={"source": "nobodys"}), 422, "no-layout")
    assert gateway.stored() == []
    assert gateway.post_file(book, fields={"source": "sap_confirmations"}).status_code == 202


def test_a_file_beyond_the_limit_is_refused_while_it_comes(stack: Stack, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(1_000_001))
    with served(stack.settings.model_copy(update={"gateway_largest_file_mb": 1})) as gateway:
        document = problem(gateway.post_file(path), 413, "too-large")
        assert gateway.stored() == []

    assert document["largest_bytes"] == 1_000_000
    assert "TE_GATEWAY_LARGEST_FILE_MB" in str(document["detail"])


def test_a_body_that_is_cut_leaves_nothing(gateway: Gateway, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)]).read_bytes()
    begin = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + book
    with socket.create_connection(("127.0.0.1", gateway.port), SECONDS) as connection:
        connection.sendall(
            b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + f"Authorization: Bearer {gateway.token}\r\nContent-Length: {len(begin) + 1000}\r\n\r\n".encode()
            + begin
        )
        connection.shutdown(socket.SHUT_WR)
        connection.recv(10_000)

    assert gateway.get("/healthz").status_code == 200
    assert gateway.stored() == []


def test_a_full_disk_is_said_and_leaves_nothing(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, DAY)])

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("te_assets.intake.landing.os.fsync", full)
    answer = gateway.post_file(book)

    problem(answer, 507, "disk-full")
    assert answer.headers["retry-after"] == "300"
    assert gateway.stored() == []
    monkeypatch.undo()
    assert gateway.post_file(book).status_code == 202


@pytest.mark.parametrize(
    ("full", "status", "kind"),
    [("database or disk is full", 507, "disk-full"), ("disk I/O error", 500, "defect")],
)
def test_receipts_that_cannot_be_written_are_said(
    gateway: Gateway, stack: Stack, monkeypatch: pytest.MonkeyPatch, full: str, status: int, kind: str
) -> None:
    def broken(*_: object) -> None:
        raise sqlite3.OperationalError(full)

    monkeypatch.setattr("te_assets.gateway.receipts.Receipts.claim", broken)

    problem(gateway.post_events("interactions", STOP), status, kind)
    assert messages_in_kafka(stack) == 0


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [(b"{", 400, "no-json"), (b"[" * 100_000, 400, "no-json"), (b" " * 2_000_001, 413, "too-large")],
)
def test_events_that_are_none_are_refused(gateway: Gateway, stack: Stack, body: bytes, status: int, kind: str) -> None:
    url = f"{gateway.url}/v1/events/interactions"

    problem(requests.post(url, data=body, headers=gateway.headers(None), timeout=SECONDS), status, kind)
    assert messages_in_kafka(stack) == 0


def test_of_a_request_with_one_faulty_event_none_is_taken(gateway: Gateway, stack: Stack) -> None:
    answer = gateway.post_events("interactions", [STOP, {**STOP, "started_at": "soon"}])

    assert problem(answer, 422, "event-faulty")["faults_in_all"] == 1
    assert messages_in_kafka(stack) == 0


def test_events_of_a_source_of_the_other_model_are_refused(gateway: Gateway) -> None:
    problem(gateway.post_events("interactions", STOP, params={"source": "sap_confirmations"}), 422, "other-model")
    problem(gateway.post_events("interactions", STOP, params={"source": "nobodys"}), 422, "unknown-source")


def test_what_is_not_there_is_said_as_a_problem_too(gateway: Gateway) -> None:
    problem(gateway.get("/v2"), 404, "not-found")
    problem(gateway.get("/v1/files"), 405, "method-not-allowed")
    problem(gateway.get("/v1/files/" + "0" * 64), 404, "unknown-file")
    problem(gateway.get("/v1/files/short"), 422, "invalid-request")
    problem(gateway.post_events("machines", STOP), 422, "invalid-request")


def test_a_slash_too_many_is_said_and_not_redirected(gateway: Gateway) -> None:
    """.NET follows a redirect without its token: the robot was told 401, and its owner looked for a wrong token."""
    problem(gateway.get("/v1/files/"), 404, "not-found")
    problem(gateway.get("/v1/files/" + "0" * 64 + "/"), 404, "not-found")


def test_neither_tokens_nor_bodies_reach_the_log(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        gateway.post_events("interactions", {**STOP, "operator": "Erika Muster"})
        gateway.post_events("interactions", {**STOP, "operator": "Erika Muster"}, token="te_wrong")

    lines = [record for record in caplog.records if record.name == "te_assets.web.audit"]
    assert [(line.getMessage(), vars(line)["bearer"]) for line in lines] == [
        ("POST /v1/events/interactions 202", "tests"),
        ("POST /v1/events/interactions 401", ""),
    ]
    everything = "\n".join(str(vars(record)) for record in caplog.records if record.name.startswith("te_assets"))
    assert "Muster" not in everything
    assert gateway.token not in everything
    assert "te_wrong" not in everything


def test_a_broken_site_profile_is_said_without_its_paths(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> None:
        raise SiteError("/plant/site.yaml, line 3: no such time zone")

    monkeypatch.setattr("te_assets.profile.Profile.site", broken)
    monkeypatch.setattr("te_assets.gateway.site._SECONDS", -1.0)
    document = problem(gateway.post_events("interactions", STOP), 503, "not-available")

    assert "site.yaml" not in str(document)
    assert "/plant/site.yaml, line 3" in caplog.text


def test_a_defect_is_answered_with_the_id_that_stands_in_the_log(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("te_assets.gateway.receipts.Receipts.claim", broken)
    document = problem(gateway.post_events("interactions", STOP), 500, "defect")

    assert f"request {document['request_id']} failed" in caplog.text
