"""The demo portal, in whatever mood a test wants, and the robot with Debian's Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from te_assets.robot.browser import find_chromium
from te_assets.robot.faults import BrowserMissing
from te_assets.robot.fetching import Surroundings
from te_assets.robot.portal.desk import Desk
from te_assets.robot.portal.example import FILE
from te_assets.robot.portal.moods import Mood, Moods
from te_assets.robot.portal.records import PlantRecords
from te_assets.robot.portal.serving import serving
from te_assets.robot.portal_file import Portal, load_portal
from te_assets.settings import PortalAccess, Settings

FIRST, DAYS, SEED = date(2026, 3, 2), 29, 1
NOW = datetime(2026, 3, 5, 7, tzinfo=ZoneInfo("Europe/Berlin"))
"""Three whole days of the records have ended: 2 to 4 March; all moods but slow take so many seconds."""
SECONDS = 0.2
USER, PASSWORD = "robot@plant", "Pä55 w&rd+%/=2f"
TOKEN = "te_0123456789abcdef-the-token"


@pytest.fixture(scope="session")
def records() -> PlantRecords:
    return PlantRecords(FIRST, DAYS, SEED)


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Debian's Chromium; without one the test is skipped, but not in CI."""
    try:
        return find_chromium(Settings())
    except BrowserMissing as error:
        if os.environ.get("CI"):
            pytest.fail(str(error))
        pytest.skip(str(error))


@dataclass(frozen=True)
class DemoPortal:
    """A portal that answers, and the shipped portal file, with pauses that nobody waits for."""

    desk: Desk
    url: str
    file: Portal

    @property
    def access(self) -> PortalAccess:
        return replace(self.desk.access, url=self.url)

    def asked(self) -> list[tuple[str, str, Mood]]:
        """Each export that was asked for: what, first day, mood."""
        return [(each.kind, f"{each.starts:%Y-%m-%d}", each.mood) for each in self.desk.asked]


Opening = Callable[..., DemoPortal]


@pytest.fixture
def portal_of(records: PlantRecords, tmp_path: Path) -> Iterator[Opening]:
    """Opens a portal with a script of moods; keywords change the portal file."""
    with ExitStack() as open_portals:

        def start(*script: Mood, moods: Moods | None = None, seconds: float = SECONDS, **changes: object) -> DemoPortal:
            folder = tmp_path / f"portal{len(list(tmp_path.glob('portal*')))}"
            folder.mkdir()
            access = PortalAccess(USER, SecretStr(PASSWORD))
            desk = Desk(records, access, moods or Moods(script), folder, seconds)
            url = open_portals.enter_context(serving(desk))
            return DemoPortal(desk, url, load_portal(FILE).model_copy(update=changes))

        yield start


@dataclass(frozen=True)
class Watched:
    """Surroundings that keep what they were asked to do."""

    around: Surroundings
    pauses: list[float]
    said: list[str]


@pytest.fixture
def watched() -> Watched:
    pauses, said = list[float](), list[str]()
    return Watched(Surroundings(now=lambda: NOW, pause=pauses.append, say=said.append), pauses, said)
