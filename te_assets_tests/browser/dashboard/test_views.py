"""Each page shows figures, without a complaint of the browser or of axe."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.dashboard.screen import drawn, settled, text
from te_assets_tests.browser.dashboard.views import AXE, VIEWS, View
from te_assets_tests.browser.windows import Windows

pytestmark = [pytest.mark.stack, pytest.mark.browser]

SHOWN: Final = {
    # Charts, and rows of tables at least.
    "overview": (2, 15),
    "availability": (2, 10),
    "downtime": (1, 5),
    "scrap": (2, 5),
    "heatmap": (1, 0),
    "timeline": (1, 0),
    "machine/1000/PRS01": (3, 10),
    "orders": (0, 50),
    "stops": (0, 50),
    "confirmations": (0, 50),
    "quality": (1, 20),
    "rejected-rows": (0, 5),
    "provenance": (0, 50),
    "definitions": (0, 10),
}
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
each_view = pytest.mark.parametrize("view", VIEWS, ids=[view.path for view in VIEWS])


def test_the_navigation_leads_to_all_pages(page: Page) -> None:
    page.goto("/")
    links = page.locator("te-navigation nav a")
    expect(links).to_have_count(len([view for view in VIEWS if view.is_in_navigation]))

    found = [(link.get_attribute("href"), text(link)) for link in links.all()]

    assert found == [(f"/{view.path}", view.title) for view in VIEWS if view.is_in_navigation]


@each_view
def test_it_shows_figures_and_nothing_goes_wrong(page: Page, view: View) -> None:
    page.goto(f"/{view.path}")
    settled(page)

    charts, rows = SHOWN[view.path]
    expect(page).to_have_title(f"{view.title} · te_assets")
    assert [text(title) for title in page.locator("h1").all()] == ["Press 1" if "machine" in view.path else view.title]
    assert page.locator("te-notes .alone, te-problem-notice").all_inner_texts() == []
    colours = drawn(page, charts)
    assert len(colours) == charts
    assert all(each > 10 for each in colours), colours
    assert page.locator("tbody tr:not(:has(.none)), dt").count() >= rows


@each_view
def test_axe_finds_nothing_in_light_and_dark(windows: Windows, view: View) -> None:
    """The policy is left out for axe alone, which is put into the page."""
    page = windows.open(bypass_csp=True)
    page.goto(f"/{view.path}")
    settled(page)
    page.evaluate(AXE.read_text(encoding="utf-8"))

    light = complaints(page)
    page.emulate_media(color_scheme="dark")
    dark = complaints(page)

    assert {"light": light, "dark": dark} == {"light": [], "dark": []}


def complaints(page: Page) -> list[str]:
    """What axe finds, and where."""
    result: Any = page.evaluate("(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] })", RULES)
    return [
        f"{found['id']}: {found['help']}: {[node['target'] for node in found['nodes'][:5]]}"
        for found in result["violations"]
    ]
