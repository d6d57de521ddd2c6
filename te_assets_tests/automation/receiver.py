"""A local webhook that records what it is sent and answers as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "T012-B345-s3cr3t"


class Receiver:
    """Answers each POST with `status`; None hangs until the receiver is closed."""

    def __init__(self) -> None:
        self.status: int | None = 200
        self.only_first: int | None = None  # so many are taken, then `status` is 500
        self.bodies: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, str]] = []
        self._end = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.take(self)

            def do_GET(self) -> None:
                receiver.take(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """With a secret in its path, as Slack's are."""
        return f"http://127.0.0.1:{self._server.server_port}/services/{SECRET}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def take(self, request: BaseHTTPRequestHandler) -> None:
        data = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.requests.append((request.command, request.path, request.headers.get("Content-Type", "")))
        if self.only_first is not None and len(self.bodies) >= self.only_first:
            self.status = 500
        if self.status is None:
            self._end.wait(30)
            return
        if self.status < 300:
            self.bodies.append(json.loads(data))
        request.send_response(self.status)
        if 300 <= self.status < 400:
            request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()

    def taken(self) -> list[dict[str, Any]]:
        """What came since the last time this was asked."""
        bodies, self.bodies = self.bodies, []
        return bodies

    def kinds(self) -> list[tuple[str, str]]:
        """Kind and subject of what came since the last time."""
        return [(body["kind"], body["subject"]) for body in self.taken()]

    def close(self) -> None:
        self._end.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver on a free port for as long as the block lasts."""
    receiver = Receiver()
    try:
        yield receiver
    finally:
        receiver.close()
