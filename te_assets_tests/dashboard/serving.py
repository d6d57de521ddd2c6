"""The dashboard on a free port of this process."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from te_assets.dashboard.app import create_app
from te_assets.dashboard.bundle import Bundle
from te_assets.settings import Settings
from te_assets.web.serving import Server

SECONDS = 30.0


@dataclass(frozen=True)
class Dashboard:
    """A dashboard that answers."""

    url: str
    settings: Settings

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        language: str = "en",
        headers: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """A path, or the name of a view; a list is a parameter several times."""
        return requests.get(
            self.url + (path if path.startswith("/") else f"/api/v1/{path}"),
            params=params,
            headers={"Accept-Language": language, **(headers or {})},
            timeout=SECONDS,
        )

    def answer(self, view: str, params: Mapping[str, Any] | None = None, language: str = "en") -> Any:
        """What a view says; it has to say something."""
        response = self.get(view, params, language)
        assert response.status_code == 200, response.text
        return response.json()


@contextmanager
def served(settings: Settings, bundle: Bundle | None = None) -> Iterator[Dashboard]:
    """Serve until the block ends; `bundle` holds the pages, unless given those of the package."""
    server = Server(create_app(settings, bundle), 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until = time.monotonic() + SECONDS
        while not server.started:
            assert thread.is_alive(), "the dashboard did not start"
            assert time.monotonic() < until, "the dashboard does not answer"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Dashboard(f"http://127.0.0.1:{port}", settings)
    finally:
        server.should_exit = True
        thread.join()
