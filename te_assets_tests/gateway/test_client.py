"""The client repeats what did not get through, and tells apart what will never."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from te_assets.gateway.client import GatewayClient, Refused, Unreachable
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.gateway.test_app import DAY, ENDED, history, lines_in_raw


class Scripted:
    """A server that answers with what it was told to, in order; the last answer again and again.

    An answer is a status, or None for a connection that is closed without one.
    """

    def __init__(self, *answers: int | None) -> None:
        self.answers = list(answers)
        self.keys: list[str | None] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                script.keys.append(self.headers["Idempotency-Key"])
                status = script.answers.pop(0) if len(script.answers) > 1 else script.answers[0]
                if status is None:
                    self.close_connection = True
                    return
                body = b'{"accepted": 1, "id": "k", "detail": "so it is"}'
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Retry-After", "1")
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Scripting = Callable[..., tuple[GatewayClient, Scripted]]


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the client would have slept."""
    slept: list[float] = []
    monkeypatch.setattr("te_assets.gateway.client.time.sleep", slept.append)
    monkeypatch.setattr("te_assets.gateway.client._CHANCE.uniform", lambda *_: 1.0)
    return slept


@pytest.fixture
def client_of() -> Iterator[Scripting]:
    servers: list[Scripted] = []

    def make(*answers: int | None, patience: float = 60.0) -> tuple[GatewayClient, Scripted]:
        servers.append(Scripted(*answers))
        return GatewayClient(servers[-1].url, "te_x", patience=patience), servers[-1]

    yield make
    for server in servers:
        server.close()


def test_what_may_pass_is_repeated_with_the_same_key(client_of: Scripting, pauses: list[float]) -> None:
    client, server = client_of(None, 503, 429, 500, 202)

    assert client.send_events("interactions", {"plant": "1000"}) == 1
    assert len(set(server.keys)) == 1
    assert len(server.keys) == 5
    assert pauses == [0.5, 1.0, 2.0, 4.0]  # its own, but never sooner than it was told


@pytest.mark.parametrize("status", [400, 401, 403, 413, 415, 422])
def test_what_will_not_pass_is_not_repeated(client_of: Scripting, pauses: list[float], status: int) -> None:
    client, server = client_of(status)

    with pytest.raises(Refused, match=f"interactions: {status} so it is") as caught:
        client.send_events("interactions", {})
    assert (caught.value.status, len(server.keys), pauses) == (status, 1, [])


def test_patience_has_an_end(client_of: Scripting, pauses: list[float]) -> None:
    client, _ = client_of(503, patience=0.9)

    with pytest.raises(Unreachable, match=r"did not take it within 1 s: 503 so it is\. Send it again: it goes on"):
        client.send_events("interactions", {})
    assert pauses == []


def test_nobody_there_is_said_so() -> None:
    client = GatewayClient("http://127.0.0.1:9", "te_x", patience=0.0)

    with pytest.raises(Unreachable, match=r"no answer \(ConnectionError\)"):
        client.send_events("interactions", {})


@pytest.mark.stack
def test_a_workbook_is_sent_once_and_followed(gateway: Gateway, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / 'Rück "7".xlsx', [confirmation(1, DAY)])
    client = GatewayClient(gateway.url, gateway.token)
    first, second = client.send_file(book), client.send_file(book)

    assert first.sha256 == hashlib.sha256(book.read_bytes()).hexdigest()
    assert (first.was_known, second.was_known) == (False, True)
    assert second.receipt == first.receipt
    assert first.receipt["name"] == 'Rück "7".xlsx'
    assert client.wait(first.sha256, 0)["receipt"] == first.receipt


@pytest.mark.stack
def test_a_workbook_that_is_none_is_refused_with_the_reason(gateway: Gateway, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"")

    with pytest.raises(Refused, match=r"a\.xlsx: 415 a\.xlsx: the file is empty"):
        GatewayClient(gateway.url, gateway.token).send_file(path)


@pytest.mark.stack
def test_events_come_once_with_a_key_of_ones_own(gateway: Gateway, stack: Stack) -> None:
    client = GatewayClient(gateway.url, gateway.token)

    assert client.send_events("interactions", [ENDED], key="k") == 1
    assert client.send_events("interactions", [ENDED], key="k") == 1
    history(stack)
    assert lines_in_raw(stack) == 1
