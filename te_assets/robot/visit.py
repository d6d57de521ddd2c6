"""One tab at the portal: does steps in it, and notices at each moment what the portal shows instead."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from te_assets.robot.faults import PortalTrouble, SessionExpired
from te_assets.robot.placeholders import Values, filled
from te_assets.robot.portal_file import Portal
from te_assets.robot.steps import Entry, Locator, Step

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Download, Page, Response
    from playwright.sync_api import Locator as Found

_LOOK_MS: Final = 50
_GONE_MS: Final = 1000
_SERVER_FAULT: Final = 500
_LONGEST_TEXT: Final = 500


class Visit:
    """A tab, and what arrived in it."""

    def __init__(
        self, context: BrowserContext, portal: Portal, url: str, hide: Callable[[str], str], *, is_signing_in: bool
    ) -> None:
        """Opens a tab.

        Args:
            context: Of the browser.
            portal: What to find there.
            url: Address of the portal.
            hide: Takes secrets out of a text.
            is_signing_in: Its steps are those of the login, where being asked to sign in is as it should be.
        """
        self.page: Page = context.new_page()
        self._portal = portal
        self._url = url
        self._hide = hide
        self._is_signing_in = is_signing_in
        self._failed = ""
        self._downloads: list[Download] = []
        self._progress: dict[str, str] = {}
        self.page.set_default_timeout(portal.step_seconds * 1000)
        self.page.on("response", lambda response: self._answered(response))
        self.page.on("download", lambda download: self._downloads.append(download))
        self.page.on("popup", lambda popup: popup.on("download", lambda download: self._downloads.append(download)))
        # Playwright waits without end for a download that stands still; this tells when one is complete.
        told = context.new_cdp_session(self.page)
        told.send("Page.enable")
        told.on("Page.downloadProgress", lambda event: self._moved(event))

    def close(self) -> None:
        """Close the tab and its popups; a download that is late goes with them: it is not the next period's."""
        self._settle()
        for page in self.page.context.pages:
            page.close()

    def do(self, step: Step, values: Values, seconds: float) -> None:
        """Do a step that is no download.

        Args:
            step: The step.
            values: Of placeholders.
            seconds: To wait for its element.

        Raises:
            SessionExpired: The portal asks to sign in.
            PortalTrouble: It shows an error, or not what the step needs.
        """
        with self._explained(step):
            if step.open is not None:
                self.page.goto(self._url + "/" + filled(step.open, values).lstrip("/"))
            else:
                self._act(step, self._await_shown(step, values, seconds), values)
        self.look()

    def download(self, step: Step, values: Values, seconds: float, folder: Path) -> tuple[Path, str]:
        """Click what starts a download, wait for it, and save it; of several, the first one.

        Args:
            step: The step.
            values: Of placeholders.
            seconds: To wait for the complete file.
            folder: Where to save it.

        Returns:
            The file, and what the portal calls it.

        Raises:
            SessionExpired: The portal asks to sign in.
            PortalTrouble: It shows an error, or the file did not come in time.
        """
        until = time.monotonic() + seconds
        with self._explained(step):
            self._await_shown(step, values, self._portal.step_seconds).click()
            while not self._has_arrived():
                self.look()
                if time.monotonic() > until:
                    what = "began, but did not end" if self._downloads else "did not begin"
                    raise PortalTrouble(f"{step}: the download {what} within {seconds:g} s (timeout_seconds)")
                self.page.wait_for_timeout(_LOOK_MS)
            first = self._downloads[0]
            if (why := first.failure()) is not None:
                raise PortalTrouble(f"{step}: the download broke off ({why})")
            name = safe_name(first.suggested_filename)
            path = folder / "download"
            first.save_as(path)
        return path, name

    def look(self) -> None:
        """See what the portal shows.

        Raises:
            SessionExpired: It asks to sign in.
            PortalTrouble: It shows its error, or answered with a server's fault.
        """
        if self._failed:
            self._settle()
            raise PortalTrouble(self._failed)
        if self._is_signing_in:  # who signs in judges messages by what was there before
            return
        if self.shows(self._portal.signed_out):
            raise SessionExpired("the portal asks to sign in again")
        if error := self.error():
            raise PortalTrouble(f"the portal says: {error}")

    def _settle(self) -> None:
        """Have the page loaded that is on its way: a tab that is closed amid a change of pages may hang for ever."""
        from playwright.sync_api import Error

        with suppress(Error):
            self.page.wait_for_load_state()

    def shows(self, element: Locator) -> bool:
        """Whether an element is shown now."""
        return self._find(element, {}).first.is_visible()

    def error(self) -> str:
        """Text of the portal's error message, without secrets; empty where none is shown."""
        if self._portal.error is None or not self.shows(self._portal.error):
            return ""
        from playwright.sync_api import Error

        try:
            text = self._find(self._portal.error, {}).first.inner_text(timeout=_GONE_MS)
        except Error:
            return ""  # gone again with its page
        return self._hide(" ".join(text.split()))[:_LONGEST_TEXT] or "an error without words"

    def _find(self, element: Locator, values: Values) -> Found:
        """The element, whether it is shown or not; names and labels as a whole, texts in part."""
        page = self.page
        if element.role is not None:
            if element.name is None:
                return page.get_by_role(cast("Any", element.role))
            return page.get_by_role(cast("Any", element.role), name=filled(element.name, values), exact=True)
        if element.label is not None:
            return page.get_by_label(filled(element.label, values), exact=True)
        if element.text is not None:
            return page.get_by_text(filled(element.text, values))
        if element.test_id is not None:
            return page.get_by_test_id(element.test_id)
        assert element.css is not None
        return page.locator(element.css)

    def _await_shown(self, step: Step, values: Values, seconds: float) -> Found:
        """The element of a step, once it is shown."""
        assert step.element is not None
        found, until = self._find(step.element, values), time.monotonic() + seconds
        while not found.first.is_visible():
            self.look()
            if time.monotonic() > until:
                raise PortalTrouble(f"{step}: it is not shown after {seconds:g} s (at {without_query(self.page.url)})")
            self.page.wait_for_timeout(_LOOK_MS)
        return found

    def _act(self, step: Step, found: Found, values: Values) -> None:
        if step.action == "click":
            found.click()
        elif step.action == "check":
            found.check()
        elif step.action in ("fill", "select"):
            assert isinstance(step.element, Entry)
            value = filled(step.element.value, values)
            found.fill(value) if step.action == "fill" else found.select_option(value)

    def _has_arrived(self) -> bool:
        # Of a popup's download no progress is told: Playwright then waits for its end.
        state = next(iter(self._progress.values()), "completed")
        return bool(self._downloads) and state != "inProgress"

    def _answered(self, response: Response) -> None:
        if response.status >= _SERVER_FAULT and response.request.is_navigation_request():
            self._failed = f"the portal answered {response.status} to {without_query(response.url)}"

    def _moved(self, event: Mapping[str, Any]) -> None:
        self._progress[event["guid"]] = event["state"]

    @contextmanager
    def _explained(self, step: Step) -> Iterator[None]:
        """Playwright's errors in our words: its own tell what was filled in, and that may be a password."""
        from playwright.sync_api import Error

        try:
            yield
        except Error as error:
            self.look()
            why = self._hide(error.message.splitlines()[0])
            raise PortalTrouble(f"{step}: {why} (at {without_query(self.page.url)})") from None


def without_query(url: str) -> str:
    """An address without what may be secret in it."""
    return re.split(r"[?#]", url, maxsplit=1)[0]


def safe_name(name: str) -> str:
    """A portal's name of a file as a name alone, never a path."""
    plain = re.sub(r"[\x00-\x1f\x7f]", "", name.replace("\\", "/").rpartition("/")[2]).strip(". ")
    return plain[-200:] or "export.xlsx"
