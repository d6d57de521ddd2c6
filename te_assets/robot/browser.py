"""The distribution's Chromium, driven without a window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from te_assets.robot.faults import BrowserMissing
from te_assets.robot.hanging import children, kill, within
from te_assets.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_CLOSING: Final = 30.0  # seconds
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Launched:
    """A running browser; `kill` ends it from whatever thread, and what waits for it fails."""

    browser: Browser
    kill: Callable[[], None]


def find_chromium(settings: Settings) -> Path:
    """The browser: `TE_CHROMIUM`, else the first of the usual names on the path.

    Raises:
        BrowserMissing: There is none.
    """
    if settings.chromium is not None:
        program = settings.chromium.expanduser()
        if not program.is_file() or not os.access(program, os.X_OK):
            raise BrowserMissing(
                f"TE_CHROMIUM: {program} is no program. Point it at a Chromium or Chrome, or unset it."
            )
        return program
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        raise BrowserMissing(
            f"The robot needs a browser, and none of {', '.join(_NAMES)} is on the path. On Debian: apt-get install "
            "chromium; or point TE_CHROMIUM at one."
        )
    return Path(found)


@contextmanager
def launched(chromium: Path, folder: Path) -> Iterator[Launched]:
    """A browser of its own, closed at the end; until then its downloads and recordings grow in the folder.

    Raises:
        BrowserMissing: Playwright is not installed, or the browser does not start.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise BrowserMissing('The robot needs Playwright: pip install "te_assets[robot]"') from error
    before = children(os.getpid())
    with sync_playwright() as playwright:
        drivers = children(os.getpid()) - before

        def end() -> None:
            kill(set[int]().union(*(children(driver) for driver in drivers)))

        try:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=_arguments(),
                downloads_path=folder,
                traces_dir=folder,
            )
        except Error as error:
            raise BrowserMissing(f"{chromium} does not start: {error.message.splitlines()[0]}") from None
        try:
            yield Launched(browser, end)
        finally:
            with suppress(Error), within(_CLOSING, end):  # it may have died
                browser.close()


def _arguments() -> list[str]:
    # A proxy for the world outside is none for the plant; and for root Chromium's own confinement does not work.
    return ["--no-proxy-server", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
