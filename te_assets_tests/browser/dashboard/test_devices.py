"""Without a mouse, on a phone, and on a wall."""

from __future__ import annotations

import re
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.dashboard.screen import cards, drawn, settled, text
from te_assets_tests.browser.dashboard.views import VIEWS
from te_assets_tests.browser.windows import Windows

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MOST_TABS: Final = 120
_FOCUSED: Final = """() => {
  const element = document.activeElement;
  // Cards are links as a whole: what surrounds them belongs to their only link.
  const styles = [null, '::before', '::after'].map((part) => getComputedStyle(element, part));
  const box = element.getBoundingClientRect();
  const within = ['header', 'te-navigation', 'te-filter-bar', 'te-ranking', 'te-data-table', 'main', 'body']
    .find((each) => element.closest(each));
  const isVisible = styles.some((style) =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
  return { within, isVisible, name: element.textContent.replace(/\\s+/g, ' ').trim() || element.ariaLabel || '',
    isThere: box.width > 0 && box.height > 0 && box.left >= 0 && box.top >= 0 };
}"""


def tabs(page: Page, until: str) -> list[dict[str, Any]]:
    """What has the focus, tab by tab, until an element matches."""
    found = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        found.append(page.evaluate(_FOCUSED))
        if page.evaluate("(until) => document.activeElement.matches(until)", until):
            return found
    raise AssertionError(f"{until} cannot be reached: {[each['name'] for each in found]}")


def test_everything_is_reached_by_tab_and_followed_by_enter(page: Page) -> None:
    page.goto("/overview")
    settled(page)

    way = tabs(page, "te-ranking a")
    assert way[0]["name"] == "Skip to content"
    order = list(dict.fromkeys(each["within"] for each in way))
    assert order == ["body", "header", "te-navigation", "te-filter-bar", "main", "te-ranking"]
    assert [each["name"] for each in way if not each["isVisible"]] == []
    assert [each["name"] for each in way[1:] if not each["isThere"]] == []  # the first one glides in
    assert [each["name"] for each in way if each["within"] == "te-navigation"] == [
        view.title for view in VIEWS if view.is_in_navigation
    ]
    machine = text(page.locator("te-ranking").first.locator("tbody tr a").first)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/machine/"))
    expect(page.locator("h1")).to_contain_text(machine)


def test_the_way_to_the_content_is_short(page: Page) -> None:
    page.goto("/stops?plant=1000")
    settled(page)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    tabs(page, "te-data-table tbody a")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/provenance"))


def test_a_filter_is_chosen_by_keys_and_the_focus_comes_back(page: Page) -> None:
    page.goto("/downtime")
    settled(page)
    filters = page.get_by_role("button", name=re.compile("^Shift"))
    filters.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_focused()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("shift="))
    page.keyboard.press("Escape")
    expect(filters).to_be_focused()


def test_on_a_phone_every_page_fits_and_is_reached(windows: Windows) -> None:
    page = windows.open(width=390, height=844, is_mobile=True, has_touch=True)
    page.goto("/overview")
    settled(page)
    wide = {}
    for view in [view for view in VIEWS if view.is_in_navigation]:
        page.get_by_role("button", name="More").click()
        page.get_by_role("dialog").get_by_role("link", name=view.title, exact=True).click()
        expect(page).to_have_url(re.compile(f"/{view.path}$"))
        expect(page.get_by_role("dialog")).to_have_count(0)
        settled(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 390:
            wide[view.path] = width
        expect(page.locator("te-navigation nav")).to_be_in_viewport()
    assert wide == {}
    for path in ("machine/1000/PRS01", "rejected-rows"):
        page.goto(f"/{path}")
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("days", ["", "from=2026-03-05&to=2026-03-08&"], ids=["alone", "beside the days before"])
@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768)])
def test_a_wallboard_fits_one_screen(windows: Windows, width: int, height: int, days: str, locale: str) -> None:
    page = windows.open(width=width, height=height, locale=locale)
    page.goto(f"/overview?{days}kiosk=1")
    settled(page)

    size = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert size == [width, height]
    expect(page.locator("te-toolbar, te-navigation, te-filter-bar")).to_have_count(0)
    assert len(cards(page)) >= 5
    assert len(drawn(page, 2)) == 2
    boxes = [box for box in (each.bounding_box() for each in page.locator(".te-card, te-chart-card").all()) if box]
    assert height * 0.95 < max(box["y"] + box["height"] for box in boxes) <= height  # and is used
    charts = [box for box in (each.bounding_box() for each in page.locator(".chart").all()) if box]
    assert min(box["height"] for box in charts) > height / 8
    for value in page.locator("te-kpi-card .value").all():
        assert float(value.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)")) >= height / 27
