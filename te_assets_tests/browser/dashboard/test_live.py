"""A page that stays open: new figures come by themselves, and so do those after a failure."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.browser.dashboard.asked import Scope, only, ratio
from te_assets_tests.browser.dashboard.conftest import Plant
from te_assets_tests.browser.dashboard.screen import settled, text
from te_assets_tests.browser.dashboard.writing import ENGLISH
from te_assets_tests.browser.windows import Watched

pytestmark = [pytest.mark.stack, pytest.mark.browser]

DAY: Final = date(2026, 3, 3)
ADDRESS: Final = f"/overview?from={DAY}&to={DAY}&plant=1000&work_center=PRS01"
RECOVERY_MS: Final = 60_000.0
# Every text that the card has had, and whether the page ever was without cards or with empty ones.
WATCH: Final = """(name) => {
  const look = () => {
    const cards = [...document.querySelectorAll('te-kpi-card')];
    const card = cards.find((each) => each.querySelector('h2').textContent.trim() === name);
    const shown = card?.querySelector('.value')?.textContent.trim() ?? 'no card';
    if (window.teSeen.at(-1) !== shown) window.teSeen.push(shown);
    if (document.querySelector('.to-come, .loading')) window.teSeen.push('loading');
  };
  window.teSeen = [];
  look();
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def scope(plant: Plant) -> Scope:
    return Scope(plant.stack.clickhouse, DAY, DAY, "m.plant = '1000' AND m.work_center = 'PRS01'")


def scrap_rate(plant: Plant) -> str:
    (row,) = [row for row in scope(plant).pieces() if row["unit"] == "ST"]
    return ENGLISH.percent(ratio(row["scrap"], row["produced"]), 2)


def test_a_workbook_delivered_meanwhile_changes_the_figure_without_flicker(
    page: Page, plant: Plant, tmp_path: Path
) -> None:
    page.goto(ADDRESS)
    settled(page)
    before = scrap_rate(plant)
    page.evaluate(WATCH, "Scrap rate")
    number = int(str(plant.stack.clickhouse.command("SELECT count() FROM te_staging.confirmations_history")))
    book = tmp_path / "COOIS.xlsx"

    plant.deliver(confirmation_book(book, [confirmation(9_000_000 + number, DAY, good=400, scrap=40)]))

    after = scrap_rate(plant)
    assert after != before
    expect(page.locator("te-kpi-card .value").nth(1)).to_have_text(re.compile(re.escape(after)))
    settled(page)
    # Marts are swapped one by one: what is between is a figure, too.
    seen = page.evaluate("window.teSeen")
    assert (seen[0], seen[-1]) == (before, after)
    assert "loading" not in seen
    assert "no card" not in seen


def test_while_clickhouse_is_away_the_page_says_so_and_recovers_by_itself(
    page: Page, plant: Plant, watched: Watched
) -> None:
    watched.allow(r"50[34]")
    page.goto(ADDRESS)
    settled(page)
    row = only(scope(plant).times())
    figure = ENGLISH.percent(ratio(row["production"], row["planned_busy"]))
    availability = page.locator("te-kpi-card .value").first
    expect(availability).to_contain_text(figure)

    plant.stack.clickhouse_server.kill()
    try:
        expect(page.locator("te-toolbar [role=status]")).to_contain_text("Connection lost")
        assert text(availability) == figure  # of what was asked before they stay
        page.get_by_role("button", name="Clear all").click()
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("The page tries again by itself.")
        expect(alert.get_by_role("button", name="Try again")).to_be_visible()
        expect(availability).to_have_count(0)  # figures of other filters must not stand under these ones
    finally:
        plant.stack.clickhouse_server.start()

    expect(availability).to_be_visible(timeout=RECOVERY_MS)
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("te-toolbar [role=status]")).to_have_count(0, timeout=RECOVERY_MS)
