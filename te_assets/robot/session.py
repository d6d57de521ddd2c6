"""A portal as one user sees it: signed in when it has to be, each attempt in a tab of its own and recorded."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from te_assets.errors import TeAssetsError
from te_assets.robot.downloads import check_download
from te_assets.robot.evidence import Evidence
from te_assets.robot.faults import PortalTrouble, SessionExpired, SignInRefused
from te_assets.robot.periods import Period
from te_assets.robot.portal_file import Export, Portal, PortalFaulty, address
from te_assets.robot.secrets import Secrets
from te_assets.robot.visit import Visit
from te_assets.settings import PortalAccess, portal_variable

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_LOOK_MS: Final = 50


class PortalSession:
    """A browser's window on a portal."""

    def __init__(self, browser: Browser, portal: Portal, access: PortalAccess, secrets: Secrets, folder: Path) -> None:
        """Opens a window; nobody is signed in.

        Args:
            browser: Running.
            portal: What to do there.
            access: Who signs in.
            secrets: What must not be shown.
            folder: Where a download is saved, until the next one.

        Raises:
            PortalFaulty: The address that the environment tells is none.
        """
        self._url = _address_of(portal, access)
        self._context = browser.new_context(accept_downloads=True)
        self._portal = portal
        self._access = access
        self._secrets = secrets
        self._folder = folder
        self._visit: Visit | None = None
        self._is_recording = False
        self._last_download: tuple[Path, str] | None = None
        self.is_signed_in = False

    def close(self) -> None:
        """Close the window."""
        from playwright.sync_api import Error

        with suppress(Error):  # it may have died
            self._context.close()

    def sign_in(self) -> None:
        """Sign in, unrecorded: a recording holds what was filled in.

        Raises:
            SignInRefused: The portal does not let this user in.
            PortalTrouble: It failed meanwhile.
        """
        visit = self._fresh_visit(is_recorded=False)
        values = {"user": self._access.user, "password": self._access.password.get_secret_value()}
        before = ""
        for step in self._portal.login:
            before = visit.error()  # "your session has ended", say: no answer to what is filled in now
            visit.do(step, values, self._portal.step_seconds)
        self._await_entry(visit, before)
        self.is_signed_in = True

    def export(self, export: Export, period: Period) -> tuple[Path, str]:
        """Export a period once and check what came.

        Returns:
            The workbook, there until the next export, and what the portal calls it.

        Raises:
            SessionExpired: The portal asks to sign in.
            PortalTrouble: It failed, or gave no good workbook.
        """
        visit = self._fresh_visit(is_recorded=True)
        values: Mapping[str, datetime | str] = {"from": period.starts, "to": period.ends, "last": period.last}
        try:
            for step in export.steps:
                if step.action == "download":
                    self._last_download = visit.download(step, values, export.timeout_seconds, self._folder)
                else:
                    # What is waited for is the slow export itself.
                    seconds = export.timeout_seconds if step.action == "wait_for" else self._portal.step_seconds
                    visit.do(step, values, seconds)
        except SessionExpired:
            self.is_signed_in = False
            raise
        assert self._last_download is not None
        check_download(*self._last_download)
        return self._last_download

    def show_in(self, evidence: Evidence, error: TeAssetsError) -> None:
        """Add what the last attempt shows to evidence, and end its recording."""
        evidence.describe(str(error), self._visit.page if self._visit else None)
        if self._is_recording:
            evidence.add_trace(self._context)
            self._is_recording = False

    @property
    def last_download(self) -> tuple[Path, str] | None:
        """What the last attempt downloaded, and its name; None where nothing came."""
        return self._last_download

    def _fresh_visit(self, *, is_recorded: bool) -> Visit:
        """Another tab: what the last attempt still waits for must not come into this one."""
        if self._visit is not None:
            self._visit.close()
        if self._is_recording:
            self._context.tracing.stop()
        self._is_recording = is_recorded
        self._last_download = None
        if is_recorded:
            self._context.tracing.start(screenshots=True, snapshots=True)
        self._visit = Visit(self._context, self._portal, self._url, self._secrets.hide, is_signing_in=not is_recorded)
        return self._visit

    def _await_entry(self, visit: Visit, before: str) -> None:
        """Wait until the portal shows that one is signed in; `before`: its error message before the last step."""
        portal, until = self._portal, time.monotonic() + self._portal.step_seconds
        while not visit.shows(portal.signed_in):
            visit.look()
            said = visit.error()
            if said and said != before:
                raise self._refusal(f"it says: {said}")
            if time.monotonic() > until:
                # Right or wrong, nobody knows; guessing on may lock the account.
                if visit.shows(portal.signed_out):
                    raise self._refusal("it still asks to sign in" + (f" and says: {said}" if said else ""))
                raise PortalTrouble(f"sign-in: {portal.signed_in} is not shown after {portal.step_seconds:g} s")
            visit.page.wait_for_timeout(_LOOK_MS)

    def _refusal(self, why: str) -> SignInRefused:
        user, password = (portal_variable(self._portal.name, what) for what in ("USER", "PASSWORD"))
        return SignInRefused(
            f"portal {self._portal.name} does not let the user in: {why}. Check {user} and {password}; it is not tried "
            "again, for that may lock the account."
        )


def _address_of(portal: Portal, access: PortalAccess) -> str:
    if access.url is None:
        return portal.url
    try:
        return address(access.url)
    except ValueError as error:
        raise PortalFaulty(f"{portal_variable(portal.name, 'URL')}: {error}. Correct or unset it.") from error
