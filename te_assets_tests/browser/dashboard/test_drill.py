"""From a figure of the overview to the cell of the workbook that it was read from, as a person clicks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.dashboard.conftest import Plant
from te_assets_tests.browser.dashboard.screen import card_of, pick_first_bar, settled, table
from te_assets_tests.browser.dashboard.writing import ENGLISH, instant

pytestmark = [pytest.mark.stack, pytest.mark.browser]

_RANGE: Final = re.compile(r"(?P<sheet>'[^']+'|[^!,]+)!(?P<cells>[A-Z]+\d+(:[A-Z]+\d+)?)")


def named(headings: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    """Cells of a row by their headings."""
    return dict(zip(headings, row, strict=True))


def delivered(page: Page, workbooks: Sequence[Path]) -> tuple[dict[str, str], list[Any]]:
    """The marked row of the provenance, and what stands in its cells in the workbook that was delivered."""
    expect(page.get_by_text("It is marked below.")).to_be_visible()
    rows = card_of(page, "Rows that the figure counts")
    marked = rows.locator("tr.marked")
    expect(marked).to_have_count(1)
    place = int(str(marked.evaluate("(row) => row.rowIndex"))) - 1
    shown = table(rows)
    source = named(shown.headings, shown.rows[place])
    return source, list(_values(source["File"], source["Cells"], workbooks))


def _values(file: str, cells: str, workbooks: Sequence[Path]) -> Iterator[Any]:
    (path,) = [path for path in workbooks if path.name == file]
    book = openpyxl.load_workbook(path)
    for found in _RANGE.finditer(cells):
        sheet = book[found["sheet"].strip().strip("'")]
        area = sheet[found["cells"]]
        yield from ([area.value] if not isinstance(area, tuple) else [cell.value for row in area for cell in row])


def test_unplanned_downtime_leads_to_the_cells_of_a_stop(page: Page, plant: Plant) -> None:
    page.goto("/overview?plant=1000&work_center=PRS02")
    page.get_by_role("link", name="Unplanned downtime", exact=True).click()
    expect(page).to_have_url(re.compile(r"/downtime\?plant=1000&work_center=PRS02$"))
    settled(page)
    reasons = table(card_of(page, "The same in figures"))
    first = named(reasons.headings, reasons.rows[0])
    (worst,) = plant.stack.clickhouse.query(
        "SELECT reason_code, sum(attributed_seconds) AS seconds FROM te_marts.downtime_reasons WHERE plant = '1000' "
        "AND work_center = 'PRS02' AND reason_class != 'planned' GROUP BY reason_code ORDER BY seconds DESC LIMIT 1"
    ).result_rows
    assert (first["Reason"], first["Time (h)"]) == (worst[0], ENGLISH.hours(worst[1], 2))

    pick_first_bar(page, page.locator("te-chart-card .chart").first)
    expect(page).to_have_url(re.compile(f"reason_code={worst[0]}"))
    page.get_by_role("link", name="All of them as a table").click()
    expect(page).to_have_url(re.compile(rf"/stops\?.*reason_code={worst[0]}"))
    settled(page)
    stops = table(card_of(page, "Stops, by production day and shift"))
    stop = named(stops.headings, stops.rows[-1])
    assert {named(stops.headings, row)["Reason"] for row in stops.rows} == {worst[0]}
    card_of(page, "Stops, by production day and shift").locator("tbody tr a").last.click()
    expect(page).to_have_url(re.compile("/provenance"))
    settled(page)
    source, values = delivered(page, plant.workbooks)

    assert source["What"].startswith(f"{worst[0]} · ")
    assert instant(stop["Start"]) in values
    assert instant(stop["End"]) in values
    assert worst[0] in [str(value) for value in values]


def test_scrap_leads_to_the_cells_of_a_confirmation(page: Page, plant: Plant) -> None:
    page.goto("/overview?plant=2000&work_center=PRS01")
    page.locator("te-kpi-card.headline").get_by_role("link", name="Scrap rate", exact=True).click()
    expect(page).to_have_url(re.compile(r"/scrap\?.*unit=ST"))
    settled(page)
    pick_first_bar(page, card_of(page, "Where scrap comes from").locator(".chart"))
    expect(page).to_have_url(re.compile(r"/confirmations\?.*only=scrap&scrap_reason_code=\d+"))
    settled(page)
    confirmations = table(card_of(page, "Confirmations, one per line"))
    shown = named(confirmations.headings, confirmations.rows[0])
    card_of(page, "Confirmations, one per line").locator("tbody tr a").first.click()
    settled(page)
    _, values = delivered(page, plant.workbooks)

    for name in ("Good", "Scrap"):
        assert float(shown[name].removesuffix(" ST").replace(",", "")) in values, (name, shown, values)
