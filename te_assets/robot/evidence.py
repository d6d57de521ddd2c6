"""What a person needs to see why an export failed: recording, picture, address and words of the page."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from te_assets.robot.secrets import Secrets
from te_assets.robot.visit import without_query

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

KEPT: Final = 20
"""Folders of evidence per portal; older ones are removed."""
_PRIVATE: Final = 0o700


class Evidence:
    """A folder of evidence; only its owner may look into it."""

    def __init__(self, root: Path, export: str, at: datetime, secrets: Secrets) -> None:
        """Makes the folder, and removes the oldest ones.

        Args:
            root: Where the portal's evidence lies.
            export: Of which export.
            at: When it failed.
            secrets: What must not be in it.
        """
        root.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        stem = f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{export}"
        self.folder = next(path for path in (root / f"{stem}{more}" for more in _more()) if not path.exists())
        self.folder.mkdir(mode=_PRIVATE)
        self._secrets = secrets
        for old in sorted(path for path in root.iterdir() if path.is_dir())[:-KEPT]:
            shutil.rmtree(old)

    def describe(self, error: str, page: Page | None) -> None:
        """Write page.txt and screenshot.png."""
        from playwright.sync_api import Error

        lines = [f"error: {error}"]
        if page is not None:
            with suppress(Error):  # a browser that died has nothing to show; the error is there
                lines += [f"url: {without_query(page.url)}", f"title: {page.title()}"]
                page.screenshot(path=self.folder / "screenshot.png", full_page=True)
                lines += ["", page.locator("body").inner_text()]
        self._note("\n".join(lines))

    def add_trace(self, context: BrowserContext) -> None:
        """Write trace.zip and end the recording."""
        from playwright.sync_api import Error

        with suppress(Error):
            context.tracing.stop(path=self.folder / "trace.zip")

    def add_workbook(self, path: Path, name: str) -> None:
        """Add a workbook that was refused."""
        shutil.copyfile(path, self.folder / f"refused-{name}")

    def close(self) -> Path:
        """Remove what holds a secret after all, and give the folder."""
        for path in list(self.folder.iterdir()):
            if self._secrets.are_in(path):
                path.unlink()
                self._note(f"{path.name} held a secret and was removed")
        return self.folder

    def _note(self, text: str) -> None:
        with (self.folder / "page.txt").open("a", encoding="utf-8") as file:
            file.write(self._secrets.hide(text) + "\n")


def _more() -> Iterator[str]:
    """What tells two failures of one moment apart."""
    yield ""
    yield from (f"-{number}" for number in count(2))
