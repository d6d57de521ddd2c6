"""The address is the whole state: filters stand in it, and who opens it sees the same."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.dashboard.asked import Scope, only, ratio
from te_assets_tests.browser.dashboard.conftest import Plant
from te_assets_tests.browser.dashboard.screen import cards, settled, text
from te_assets_tests.browser.dashboard.writing import ENGLISH, GERMAN
from te_assets_tests.browser.windows import Windows

pytestmark = [pytest.mark.stack, pytest.mark.browser]

FIRST, LAST = date(2026, 3, 2), date(2026, 3, 8)


def availability(plant: Plant, where: str = "1", first: date = FIRST, last: date = LAST) -> str:
    """What the first card has to show."""
    row = only(Scope(plant.stack.clickhouse, first, last, where).times())
    return ENGLISH.percent(ratio(row["production"], row["planned_busy"]))


def shown(page: Page, figure: str) -> None:
    expect(page.locator("te-kpi-card .value").first).to_have_text(re.compile(rf"^\s*{re.escape(figure)}\s*$"))
    settled(page)


def choose(page: Page, name: str, *values: str) -> None:
    """Tick values of a filter and close it again."""
    page.get_by_role("button", name=re.compile(f"^{name}")).click()
    for value in values:
        page.get_by_role("dialog").get_by_text(value, exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_filters_change_address_and_figures_and_the_way_back_restores_both(page: Page, plant: Plant) -> None:
    page.goto("/overview")
    figures = [availability(plant)]
    shown(page, figures[0])

    choose(page, "Plant", "1000 · Werk Nord")
    expect(page).to_have_url(re.compile(r"/overview\?plant=1000$"))
    figures.append(availability(plant, "m.plant = '1000'"))
    shown(page, figures[1])

    choose(page, "Shift", "early")
    expect(page).to_have_url(re.compile(r"plant=1000&shift=early$"))
    figures.append(availability(plant, "m.plant = '1000' AND m.shift = 'early'"))
    shown(page, figures[2])

    page.get_by_role("button", name=re.compile("^Period")).click()
    page.get_by_label("From").fill("2026-03-03")
    page.get_by_label("To", exact=True).fill("2026-03-04")
    page.get_by_role("button", name="Apply days").click()
    expect(page).to_have_url(re.compile("from=2026-03-03&to=2026-03-04&plant=1000&shift=early$"))
    shown(page, availability(plant, "m.plant = '1000' AND m.shift = 'early'", date(2026, 3, 3), date(2026, 3, 4)))

    assert len(set(figures)) == len(figures)
    for figure in reversed(figures):
        page.go_back()
        shown(page, figure)
    expect(page).to_have_url(re.compile("/overview$"))
    page.go_forward()
    shown(page, figures[1])


def test_a_link_shows_everyone_the_same(page: Page, windows: Windows) -> None:
    page.goto("/overview?from=2026-03-04&to=2026-03-06&plant=2000&shift=late&basis=order&grain=shift&bases=all")
    settled(page)
    mine = cards(page)

    other = windows.open(width=1600)
    other.goto(page.url)
    settled(other)

    assert cards(other) == mine
    assert len(mine) > 8
    expect(other.get_by_role("button", name=re.compile("^Shift"))).to_contain_text("late")


def test_another_language_keeps_the_address(page: Page) -> None:
    address = "/downtime?from=2026-03-04&to=2026-03-06&plant=1000&level=class&kept=%C3%BC"
    page.goto(address)
    settled(page)
    english = text(page.locator("tbody tr").first)
    where = page.url

    page.get_by_role("button", name=re.compile("^Language")).click()
    page.get_by_text("Deutsch", exact=True).click()

    expect(page.locator("html")).to_have_attribute("lang", "de")
    settled(page)
    assert page.url == where
    assert text(page.locator("h1")) == "Stillstand"
    assert text(page.locator("tbody tr").first).split()[1:3] == [
        part.replace(".", "|").replace(",", GERMAN.group).replace("|", GERMAN.point) for part in english.split()[1:3]
    ]


def test_what_is_not_known_survives_filters_and_other_pages(page: Page, plant: Plant) -> None:
    page.goto("/overview?from_a_newer_version=yes&tag=%3Cb%3E&plant=1000")
    settled(page)

    choose(page, "Shift", "early")
    expect(page).to_have_url(re.compile(r"from_a_newer_version=yes&tag=%3Cb%3E&plant=1000&shift=early$"))
    page.locator("te-navigation nav").get_by_role("link", name="Availability").click()
    expect(page).to_have_url(re.compile(r"/availability\?from_a_newer_version=yes&tag=%3Cb%3E&plant=1000&shift=early$"))
    settled(page)
    page.get_by_role("button", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/availability\?from_a_newer_version=yes&tag=%3Cb%3E$"))
