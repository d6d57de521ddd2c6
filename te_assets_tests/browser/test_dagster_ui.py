"""What a plant's people do in the real Dagster UI: look at lineage, materialize, backfill, read freshness and checks.

With `SCREENSHOTS=docs/images` in the environment the pictures of the documentation are taken anew.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.conftest import DAYS
from te_assets_tests.conftest import Stack
from te_assets_tests.stack.processes import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.browser, pytest.mark.timeout(600)]

SETTLED_MS = 6_000.0
# Dagster's daemon looks at backfills every 30 s: once to launch their runs, and once or twice until it calls them done.
BACKFILL_MS = 240_000.0
FIRST, LAST = DAYS[0].isoformat(), DAYS[2].isoformat()


@pytest.fixture
def picture(page: Page, tmp_path: Path) -> Callable[[str], None]:
    """Takes a picture by name."""
    folder = os.environ.get("SCREENSHOTS")

    def take(name: str) -> None:
        if folder:
            page.wait_for_timeout(SETTLED_MS)  # colours and times of tiles come later than their names
        page.screenshot(path=Path(folder or tmp_path) / f"{name}.png")

    return take


def reload_until(page: Page, shown: Callable[[], bool], what: str) -> None:
    """The page is loaded again until it shows something that the daemon evaluates now and then."""

    def look() -> bool:
        page.reload()
        page.wait_for_load_state("networkidle")
        return shown()

    wait_for(look, 150, what)


def materialize(page: Page) -> None:
    page.get_by_role("button").filter(has_text=re.compile("^Materialize")).first.click()


def test_lineage_leads_from_the_workbooks_to_the_marts_in_groups(page: Page, picture: Callable[[str], None]) -> None:
    page.goto("/asset-groups")
    graph = page.locator("svg foreignObject, svg foreignobject")
    for group in ("sources", "topics", "raw", "staging", "marts"):
        expect(graph.get_by_text(group, exact=True)).to_be_visible()

    page.keyboard.press("Alt+e")  # expand all groups

    for name in ("availability", "scrap_rate", "stops", "interactions_days", "confirmations_days"):
        expect(graph.get_by_text(name, exact=True)).to_be_visible()
    expect(graph.get_by_text("interactions", exact=True)).to_have_count(4)  # of sources, topics, raw and staging
    picture("asset-graph")


def test_an_asset_is_materialized_by_a_click(page: Page, plant: Stack, picture: Callable[[str], None]) -> None:
    page.goto("/assets/raw/interactions")
    materialize(page)
    launched = page.get_by_text(re.compile("Launched run"))
    expect(launched).to_be_visible()
    page.get_by_role("region", name=re.compile("^Notifications")).get_by_text("View", exact=True).click()

    expect(page).to_have_url(re.compile("/runs/[0-9a-f-]{36}"))
    expect(page.get_by_text("Success", exact=True).first).to_be_visible()
    expect(page.get_by_text("raw__interactions").first).to_be_visible()
    picture("run")
    run = re.search("/runs/([0-9a-f]{8})", page.url)
    assert run is not None
    page.goto("/assets/raw/interactions?view=events")
    expect(page.get_by_text(run[1]).first).to_be_visible()


def swapped(plant: Stack) -> Counter[date]:
    """How often each production day of scrap_rate was swapped in."""
    swaps = "SELECT production_day FROM te_ops.swaps WHERE table = 'te_marts.scrap_rate'"
    return Counter(day for (day,) in plant.clickhouse.query(swaps).result_rows)


@pytest.mark.long
def test_three_days_are_backfilled(page: Page, plant: Stack, picture: Callable[[str], None]) -> None:
    before = swapped(plant)

    page.goto("/assets/marts/scrap_rate")
    materialize(page)
    page.get_by_text("Show all partitions").click()
    selection = page.get_by_role("dialog").get_by_role("textbox").first
    selection.fill(f"[{FIRST}...{LAST}]")
    selection.press("Enter")
    expect(page.get_by_text("3 partitions").first).to_be_visible()
    picture("backfill-dialog")
    page.get_by_role("button").filter(has_text="Launch backfill").click()
    page.goto("/runs?view=backfills")

    expect(page.get_by_text("marts / scrap_rate").first).to_be_visible()
    expect(page.get_by_text("Success", exact=True).first).to_be_visible(timeout=BACKFILL_MS)
    picture("backfill")
    assert swapped(plant) - before == Counter(DAYS[:3])


def test_freshness_is_shown(page: Page, picture: Callable[[str], None]) -> None:
    page.goto("/assets/raw/interactions")
    reload_until(page, lambda: page.get_by_text("Passing").count() > 0, "the freshness of raw/interactions")

    expect(page.get_by_text("Fails if more than 26 hours since last materialization")).to_be_visible()
    picture("freshness")


def test_a_failed_check_says_what_is_wrong_and_where(page: Page, picture: Callable[[str], None]) -> None:
    page.goto("/assets/staging/confirmations_history?view=checks&checkDetail=sheet_totals_agree")

    expect(page.get_by_text("Failed", exact=True).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"COOIS, row 7: .*999")).first).to_be_visible()
    picture("failed-check")
