"""The gateway on a free port of this process, and a client that may what it needs."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn

from te_assets.gateway.app import create_app
from te_assets.gateway.tokens import SCOPES, create
from te_assets.settings import Settings

SECONDS = 30.0


@dataclass(frozen=True)
class Gateway:
    """A gateway that answers."""

    url: str
    settings: Settings
    token: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def get(self, path: str, *, token: str | None = None) -> requests.Response:
        return requests.get(self.url + path, headers=self.headers(token), timeout=SECONDS)

    def post_events(
        self, model: str, events: Any, *, key: str | None = None, token: str | None = None, **more: Any
    ) -> requests.Response:
        headers = self.headers(token) | ({"Idempotency-Key": key} if key else {})
        return requests.post(f"{self.url}/v1/events/{model}", json=events, headers=headers, timeout=SECONDS, **more)

    def post_file(
        self,
        path: Path,
        *,
        name: str | None = None,
        key: str | None = None,
        token: str | None = None,
        fields: Mapping[str, str] | None = None,
    ) -> requests.Response:
        headers = self.headers(token) | ({"Idempotency-Key": key} if key else {})
        with path.open("rb") as file:
            return requests.post(
                f"{self.url}/v1/files",
                files={"file": (name or path.name, file)},
                data=fields,
                headers=headers,
                timeout=SECONDS,
            )

    def headers(self, token: str | None) -> dict[str, str]:
        given = self.token if token is None else token
        return {"Authorization": f"Bearer {given}"} if given else {}

    def stored(self) -> list[str]:
        """Names of all files below the landing store."""
        return sorted(path.name for path in self.settings.landing_dir.rglob("*") if path.is_file())


@contextmanager
def served(settings: Settings) -> Iterator[Gateway]:
    """Serve until the block ends."""
    config = uvicorn.Config(create_app(settings), host="127.0.0.1", port=0, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + SECONDS
        while not server.started:
            assert thread.is_alive(), "the gateway did not start"
            assert time.monotonic() < until, "the gateway does not answer"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Gateway(f"http://127.0.0.1:{port}", settings, create(settings.gateway_tokens, "tests", SCOPES))
    finally:
        server.should_exit = True
        thread.join()
