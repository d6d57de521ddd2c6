"""Whatever stands in the address, the page says what is wrong with it and what to do, or shows figures."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import Dialog, Page, expect

from te_assets_tests.browser.dashboard.screen import cards, settled, text
from te_assets_tests.browser.windows import Watched

pytestmark = [pytest.mark.stack, pytest.mark.browser]

EVIL: Final = ("'; DROP TABLE te_marts.availability; --", '"><img src=x onerror=alert(1)>', "{plant:String}\\0\u202e")
CHECKED: Final = ("plant", "line", "work_center", "shift")
"""Refused where the site does not have them, so each is asked for alone."""
PARAMETERS: Final = {
    "overview": ("period", "from", "to", "grain", "basis", "as_of", "material", "reason_class", "bases"),
    "stops": ("sort", "offset", "limit", "columns", "reason_code", "interaction_id"),
    "confirmations": ("order_id", "operation", "unit", "scrap_reason_code", "only"),
    "heatmap": ("kind", "measure"),
    "downtime": ("level", "measure", "reason_code"),
    "availability": ("group",),
    "timeline": ("zoom",),
    "scrap": ("unit", "level", "group"),
    "provenance": ("mart", "file", "file_name", "sheet", "row", "reason_code", "interaction_id"),
    "rejected-rows": ("rule", "open"),
}
REFUSED: Final = {
    "an unknown plant": ("plant=9999", ["the site has no 9999", "It has: 1000, 2000."]),
    "an unknown machine": ("work_center=NONE", ["the site has no NONE", "PRS01"]),
    "more than ten years": ("from=2006-01-01&to=2026-03-08", ["more than 3,660 days", "narrow it"]),
}
IGNORED: Final = {
    "days the wrong way round": ("from=2026-03-08&to=2026-03-02", ["From", "To"]),
    "a day that is none": ("from=2026-02-30&to=2026-03-02", ["From", "To"]),
    "half of a period": ("from=2026-03-02", ["From"]),
    "an unknown period": ("period=since_ever", ["Period"]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_the_site_does_not_have_is_named_with_what_it_has(page: Page, watched: Watched, name: str) -> None:
    asked, words = REFUSED[name]
    watched.allow("422")
    page.goto(f"/overview?{asked}")
    alert = page.get_by_role("alert").first
    for word in words:
        expect(alert).to_contain_text(word)

    page.get_by_role("button", name="Clear all").click()
    settled(page)
    expect(page.get_by_role("alert")).to_have_count(0)
    assert len(cards(page)) > 8


@pytest.mark.parametrize("name", IGNORED)
def test_what_cannot_be_is_left_out_and_the_page_says_so(page: Page, name: str) -> None:
    asked, words = IGNORED[name]
    page.goto("/overview")
    settled(page)
    usual = cards(page)

    page.goto(f"/overview?{asked}")
    settled(page)

    assert cards(page) == usual
    notice = page.locator("te-filter-bar .ignored")
    for word in words:
        expect(notice).to_contain_text(word)
    notice.get_by_role("button").click()
    expect(notice).to_have_count(0)
    assert page.url.endswith("/overview")


def test_ten_years_are_shown(page: Page) -> None:
    page.goto("/overview?from=2016-03-09&to=2026-03-08&grain=month")
    settled(page)
    assert cards(page)[0].value.endswith("%")
    page.goto("/timeline?from=2016-03-09&to=2026-03-08")
    settled(page)
    expect(page.locator("te-problem-notice")).to_have_count(0)


@pytest.fixture
def dialogs(page: Page) -> list[str]:
    """What scripts have said that came from an address."""
    said: list[str] = []

    def refuse(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    return said


def is_text(page: Page, address: str) -> None:
    """The page shows figures, or says why not, and nothing of the address became part of it."""
    page.goto(address)
    settled(page)
    says = page.locator("te-problem-notice, te-notes, te-filter-bar .ignored").count()
    shows = page.locator("te-kpi-card, canvas, tbody tr, dl").count()
    assert says + shows > 0, (address, text(page.locator("main")))
    assert page.locator("img").count() == 0, address


@pytest.mark.parametrize("path", PARAMETERS)
def test_text_that_means_harm_is_text(page: Page, watched: Watched, dialogs: list[str], path: str) -> None:
    watched.allow("422")
    for evil in EVIL:
        is_text(page, f"/{path}?" + urlencode(dict.fromkeys(PARAMETERS[path], evil)))
    assert dialogs == []


def test_places_that_mean_harm_are_text(page: Page, watched: Watched, dialogs: list[str]) -> None:
    watched.allow("422")
    for name in CHECKED:
        is_text(page, "/overview?" + urlencode([(name, evil) for evil in EVIL]))
        expect(page.get_by_role("alert").first).to_contain_text("DROP TABLE te_marts.availability")
    for evil in EVIL:
        is_text(page, f"/machine/1000/{quote(evil, safe='')}")
    assert dialogs == []
