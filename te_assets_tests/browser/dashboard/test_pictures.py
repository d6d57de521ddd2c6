"""Pictures of all pages, with `SCREENSHOTS=docs/images` in the environment; without it they are not collected."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from te_assets_tests.browser.dashboard.screen import settled
from te_assets_tests.browser.dashboard.views import VIEWS
from te_assets_tests.browser.windows import Windows

pytestmark = [pytest.mark.stack, pytest.mark.browser]


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    suffix: str
    options: dict[str, Any] = field(default_factory=dict)


COMPARED: Final = "?from=2026-03-05&to=2026-03-08"
"""Half of the simulated week: the days before are there, too."""
LOOKS: Final = (
    Look("-light"),
    Look("-dark", {"scheme": "dark"}),
    Look("-german", {"locale": "de-DE"}),
    Look("-phone", {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}),
)


@pytest.mark.parametrize("look", LOOKS, ids=[look.suffix.lstrip("-") for look in LOOKS])
def test_take_pictures(windows: Windows, look: Look) -> None:
    page = windows.open(**look.options)
    for view in VIEWS:
        page.goto(f"/{view.path}{COMPARED if view.path == 'overview' else ''}")
        settled(page)
        page.screenshot(path=folder() / f"{view.path.split('/')[0]}{look.suffix}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_take_a_picture_of_the_wallboard(windows: Windows, scheme: Any) -> None:
    page = windows.open(width=1920, height=1080, scheme=scheme)
    page.goto(f"/overview{COMPARED}&kiosk=1")
    settled(page)
    page.screenshot(path=folder() / f"wallboard-{scheme}.png")


def folder() -> Path:
    path = Path(os.environ["SCREENSHOTS"]) / "dashboard"
    path.mkdir(parents=True, exist_ok=True)
    return path
