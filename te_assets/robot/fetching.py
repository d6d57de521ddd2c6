"""Exports a period, as often as it takes and no oftener than is wise."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from te_assets.errors import TeAssetsError
from te_assets.robot.browser import launched
from te_assets.robot.evidence import Evidence
from te_assets.robot.faults import ExportEmpty, NotFetched, PortalTrouble, SessionExpired, SignInRefused
from te_assets.robot.hanging import within
from te_assets.robot.periods import Period
from te_assets.robot.portal_file import Export, Portal
from te_assets.robot.secrets import Secrets
from te_assets.robot.session import PortalSession
from te_assets.settings import PortalAccess

MOST_EXPIRED: Final = 3
"""So often a session may end during one export before it counts as a failed attempt."""
SLACK: Final = 60.0
"""Seconds that an attempt may take beside what the portal file grants to its steps; then the browser is killed."""
BROWSER_FOLDERS: Final = "browser-"
"""How folders of running browsers begin; one that a killed run left behind may go."""
_CHANCE: Final = random.SystemRandom()


def _now() -> datetime:
    return datetime.now(UTC)


def _nothing(_: str) -> None:
    return


@dataclass(frozen=True)
class Surroundings:
    """What a run takes from outside, so that a test can give it.

    Attributes:
        now: The time, aware.
        pause: Waits for so many seconds.
        say: Takes a line of progress.
    """

    now: Callable[[], datetime] = _now
    pause: Callable[[float], None] = time.sleep
    say: Callable[[str], None] = field(default=_nothing)


class Fetcher:
    """Fetches from one portal in one browser, which starts with the first export."""

    def __init__(
        self,
        portal: Portal,
        access: PortalAccess,
        chromium: Callable[[], Path],
        folder: Path,
        around: Surroundings,
        secrets: Secrets,
    ) -> None:
        """Nothing is started yet.

        Args:
            portal: What to do there.
            access: Who signs in.
            chromium: Finds the browser.
            folder: The portal's own.
            around: Time, pauses, progress.
            secrets: What must not be shown.
        """
        self._portal = portal
        self._access = access
        self._chromium = chromium
        self._folder = folder
        self._around = around
        self._secrets = secrets
        self._session: PortalSession | None = None
        self._refused: SignInRefused | None = None
        self._kill: Callable[[], None] = lambda: None
        self._open = ExitStack()

    def close(self) -> None:
        """Close the browser; its downloads and recordings go with it."""
        self._open.close()
        self._session = None

    def fetch(self, export: Export, period: Period) -> tuple[Path, str] | None:
        """Export a period.

        Returns:
            The workbook, there until the next export, and what the portal calls it; None: the period has no rows, and
            may have none.

        Raises:
            NotFetched: It failed for good.
            BrowserMissing: There is no browser.
        """
        if self._refused is not None:
            raise NotFetched(str(self._refused), None)
        failures, expired = 0, 0
        while True:
            try:
                return self._attempt(export, period)
            except SessionExpired as trouble:
                expired += 1
                if expired <= MOST_EXPIRED:
                    self._around.say(f"{export.name} {period}: {trouble}")
                    continue
                last: PortalTrouble = trouble
            except PortalTrouble as trouble:
                last = trouble
            except SignInRefused as refusal:
                self._refused = refusal
                raise self._give_up(export, refusal) from refusal
            failures += 1
            if failures >= self._portal.attempts:
                if isinstance(last, ExportEmpty) and export.may_be_empty:
                    return None
                raise self._give_up(export, last, f" ({failures} attempts)") from last
            seconds = self._portal.pause_seconds * 2 ** (failures - 1) * _CHANCE.uniform(0.8, 1.2)
            self._around.say(f"{export.name} {period}: {last}; again in {seconds:.0f} s")
            self._around.pause(seconds)

    def evidence(self, export: str, error: TeAssetsError, refused: tuple[Path, str] | None = None) -> Path:
        """A folder that shows why an export failed; `refused`: a workbook that nobody wants, and its name."""
        evidence = Evidence(self._folder / "evidence", export, self._around.now(), self._secrets)
        if self._session is None:
            evidence.describe(str(error), None)
        else:
            with within(SLACK, self._kill):
                self._session.show_in(evidence, error)
            refused = refused or self._session.last_download
        if refused is not None:
            evidence.add_workbook(*refused)
        return evidence.close()

    def _attempt(self, export: Export, period: Period) -> tuple[Path, str]:
        session = self._session or self._begin()
        from playwright.sync_api import Error

        try:
            with within(self._bound(export), self._kill):
                if not session.is_signed_in:
                    session.sign_in()
                return session.export(export, period)
        except Error as error:  # steps explain theirs: this is a browser that died
            self.close()
            raise PortalTrouble(f"the browser failed: {self._secrets.hide(error.message.splitlines()[0])}") from None

    def _bound(self, export: Export) -> float:
        """Seconds within which an attempt ends if the browser answers at all."""
        steps = len(self._portal.login) + len(export.steps) + 1
        waits = sum(step.action in ("wait_for", "download") for step in export.steps)
        # Each step waits for its element, and then for what it does.
        return 2 * steps * self._portal.step_seconds + waits * export.timeout_seconds + SLACK

    def _begin(self) -> PortalSession:
        folder = Path(self._open.enter_context(TemporaryDirectory(dir=self._folder, prefix=BROWSER_FOLDERS)))
        launch = self._open.enter_context(launched(self._chromium(), folder))
        self._kill = launch.kill
        self._session = PortalSession(launch.browser, self._portal, self._access, self._secrets, folder)
        self._open.callback(self._session.close)
        return self._session

    def _give_up(self, export: Export, error: TeAssetsError, more: str = "") -> NotFetched:
        return NotFetched(self._secrets.hide(f"{error}{more}"), self.evidence(export.name, error))


@contextmanager
def fetching(fetcher: Fetcher) -> Iterator[Fetcher]:
    """The fetcher, closed at the end."""
    try:
        yield fetcher
    finally:
        fetcher.close()
