"""Windows of Chromium that reach one server alone, and tell what went wrong in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, Response, Route

_CANCELLED = "net::ERR_ABORTED"  # by the page itself, which has gone on to another question


@contextmanager
def window(browser: Browser, url: str, *, is_guarded: bool = True, **options: Any) -> Iterator[BrowserContext]:
    """A window that reaches nothing but `url`; `options` are those of Playwright.

    Guarding it delays every request, which matters where time is measured.
    """

    def local_only(route: Route) -> None:
        if route.request.url.startswith((url, "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    context = browser.new_context(base_url=url, **options)
    if is_guarded:
        context.route("**/*", local_only)
    yield context
    context.close()


class Watched:
    """What went wrong in pages: errors in the console, among them those of the policy, and requests that failed."""

    def __init__(self) -> None:
        self._faults: list[str] = []
        self._allowed: list[str] = []

    def watch(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)
        page.on("requestfailed", self._on_failure)
        page.on("response", self._on_response)

    def allow(self, pattern: str) -> None:
        """A test causes what this regular expression finds."""
        self._allowed.append(pattern)

    @property
    def faults(self) -> list[str]:
        """What went wrong and was not allowed."""
        return [fault for fault in self._faults if not any(re.search(each, fault) for each in self._allowed)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._faults.append(f"console {message.type}: {message.text} ({message.location.get('url', '')})")

    def _on_error(self, error: Error) -> None:
        self._faults.append(f"error: {error.stack or error.message}")

    def _on_failure(self, request: Request) -> None:
        if request.failure != _CANCELLED:
            self._faults.append(f"request: {request.url}: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self._faults.append(f"response {response.status}: {response.url}")


Scheme = Literal["light", "dark"]
# How many questions to the server wait for their answer; streams of events are no questions.
_ASKED = """
(() => {
  let asked = 0;
  window.teAsked = () => asked;
  const { fetch, XMLHttpRequest } = window;
  window.fetch = (...all) => { asked += 1; return fetch(...all).finally(() => { asked -= 1; }); };
  const { send } = XMLHttpRequest.prototype;
  XMLHttpRequest.prototype.send = function (...all) {
    asked += 1;
    this.addEventListener('loadend', () => { asked -= 1; });
    return send.apply(this, all);
  };
})();
"""


class Windows:
    """Opens pages of one server, as people of several languages and devices have them."""

    def __init__(self, browser: Browser, url: str, patience: float) -> None:
        """`patience` is how long a page is waited for, in milliseconds."""
        self._browser, self._url, self._patience = browser, url, patience
        self._open: list[Any] = []
        self.watched = Watched()

    def open(
        self, *, locale: str = "en-GB", width: int = 1280, height: int = 800, scheme: Scheme = "light", **options: Any
    ) -> Page:
        """A page in a window of its own, on a clock that is no plant's."""
        opened = window(
            self._browser,
            self._url,
            locale=locale,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            timezone_id="Asia/Kolkata",
            **{"reduced_motion": "reduce", **options},
        )
        context = opened.__enter__()
        self._open.append(opened)
        context.set_default_timeout(self._patience)
        context.add_init_script(_ASKED)
        page = context.new_page()
        self.watched.watch(page)
        return page

    def close(self) -> None:
        """Close all windows."""
        for opened in self._open:
            opened.__exit__(None, None, None)
