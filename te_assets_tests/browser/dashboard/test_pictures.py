"""Pictures of all pages, with `SCREENSHOTS=docs/images` in the environment; without it nothing is taken."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pytest

from te_assets_tests.browser.dashboard.screen import settled
from te_assets_tests.browser.dashboard.views import VIEWS
from te_assets_tests.browser.windows import Windows

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif("SCREENSHOTS" not in os.environ, reason="taken anew with SCREENSHOTS=docs/images"),
]


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    suffix: str
    options: dict[str, Any] = field(default_factory=dict)


LOOKS: Final = (
    Look(""),
    Look("-dark", {"scheme": "dark"}),
    Look("-german", {"locale": "de-DE"}),
    Look("-phone", {"width": 390, "height": 844, "is_mobile": True, "has_touch": True}),
)


@pytest.mark.parametrize("look", LOOKS, ids=[look.suffix.lstrip("-") or "light" for look in LOOKS])
def test_take_pictures(windows: Windows, look: Look) -> None:
    page = windows.open(**look.options)
    for view in VIEWS:
        page.goto(f"/{view.path}")
        settled(page)
        page.screenshot(path=folder() / f"{view.path.split('/')[0]}{look.suffix}.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_take_a_picture_of_the_wallboard(windows: Windows, scheme: Any) -> None:
    page = windows.open(width=1920, height=1080, scheme=scheme)
    page.goto("/overview?kiosk=1")
    settled(page)
    page.screenshot(path=folder() / f"wallboard{'' if scheme == 'light' else '-dark'}.png")


def folder() -> Path:
    path = Path(os.environ["SCREENSHOTS"]) / "dashboard"
    path.mkdir(parents=True, exist_ok=True)
    return path
