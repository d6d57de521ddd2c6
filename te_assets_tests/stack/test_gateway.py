"""The gateway as a process of the home: started, asked, stopped without leaving anyone without an answer."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from te_assets.delivery.topics import TOPICS
from te_assets.gateway.tokens import create
from te_assets.settings import Settings
from te_assets.stack.connect import kafka_admin
from te_assets.stack.gateway import GatewayService
from te_assets.stack.home import Home, PortTaken
from te_assets.stack.process import ServiceFailed
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, enter
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
def service(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Iterator[GatewayService]:
    """On the session's servers, in a home of its own."""
    enter(stack, monkeypatch)
    service = GatewayService(Home(stack.settings.home_dir), Settings())
    yield service
    service.stop()


def ask(service: GatewayService, path: str) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection(service.url.removeprefix("http://"), timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    document: dict[str, object] = json.loads(answer.read())
    connection.close()
    return answer.status, document


def test_it_answers_once_it_is_started_and_no_more_once_it_is_stopped(service: GatewayService) -> None:
    assert not service.is_running
    service.start()

    assert service.is_running
    assert service.describe() == {"url": service.url}
    assert ask(service, "/healthz") == (200, {"status": "ok"})
    assert ask(service, "/readyz")[1]["clickhouse"] is True
    service.start()  # does nothing
    service.stop()
    assert not service.is_running
    assert not service.answers()
    assert "GET /healthz 200" in service.log.read_text(encoding="utf-8")


def test_it_makes_the_topics_that_it_needs(service: GatewayService, stack: Stack) -> None:
    """`te-assets up --only kafka,clickhouse,gateway`: nobody else has made them."""
    with kafka_admin(stack.endpoints) as admin:
        admin.delete_topics([spec.name for spec in TOPICS])
        service.start()
        assert {spec.name for spec in TOPICS} <= set(admin.list_topics())


def test_a_port_of_somebody_else_is_said(service: GatewayService) -> None:
    port = int(service.url.rpartition(":")[2])
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken, match=rf"Port {port} .* for gateway"):
        service.start()


def test_a_gateway_that_cannot_start_says_why(service: GatewayService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_GATEWAY_LARGEST_FILE_MB", "0")

    with pytest.raises(ServiceFailed, match="The gateway ended before it answered") as caught:
        service.start()
    assert "TE_GATEWAY_LARGEST_FILE_MB" in str(caught.value)


def test_a_stop_lets_an_upload_end(service: GatewayService, stack: Stack, tmp_path: Path) -> None:
    """Whoever began to send before the stop gets an answer, and the file is there."""
    service.start()
    token = create(Settings().gateway_tokens, "robot", ["files"])
    book = confirmation_book(tmp_path / "a.xlsx", [confirmation(1, date(2026, 3, 3))]).read_bytes()
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n' + book + b"\r\n--b--\r\n"
    port = int(service.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), 30) as connection, ThreadPoolExecutor(1) as pool:
        connection.sendall(
            b"POST /v1/files HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
            + f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[:2000]
        )
        assert ask(service, "/healthz")[0] == 200  # so it has read the head of the request
        stopping = pool.submit(service.stop)
        with pytest.raises(TimeoutError):
            stopping.result(timeout=0.5)
        connection.sendall(body[2000:])
        answer = connection.recv(100_000)
        stopping.result(timeout=30)

    assert answer.startswith(b"HTTP/1.1 202 ")
    assert [path.name for path in stack.settings.landing_dir.rglob("*") if path.is_file()] != []
