"""Downloads hold what the screen shows: every cell of every page."""

from __future__ import annotations

import csv
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from te_assets_tests.browser.dashboard.screen import card_of, settled, table

pytestmark = [pytest.mark.stack, pytest.mark.browser]

NOTHING: Final = "– no value"
TABLES: Final = {
    "availability of a plant": ("/availability?plant=1000", "Availability by", 1),
    "stops of a machine, page by page": (
        "/stops?plant=1000&work_center=PRS01&sort=-attributed_seconds",
        "Stops, by production day and shift",
        3,
    ),
    "confirmations of a machine in other columns": (
        "/confirmations?plant=2000&work_center=MIL02&columns=order_id,good_qty,scrap_qty,finished_at,is_reversed",
        "Confirmations, one per line",
        2,
    ),
}
"""Address, title of the table, and how many pages it has at least."""


def plain(text: str) -> str:
    """A cell of the screen without what is there for eyes alone: grouping, units, names of months."""
    if text == NOTHING:
        return ""
    if re.fullmatch(r"\d{1,2} \w{3} \d{4}", text):
        return f"{datetime.strptime(text, '%d %b %Y'):%Y-%m-%d}"  # noqa: DTZ007
    if re.fullmatch(r"\d{1,2} \w{3} \d{4}, [\d:]{8}", text):
        return f"{datetime.strptime(text, '%d %b %Y, %H:%M:%S'):%Y-%m-%d %H:%M:%S}"  # noqa: DTZ007
    number = re.fullmatch(r"(-?[\d,]*\d(\.\d+)?)(%| [A-Z]{2,3})?", text)
    return number[1].replace(",", "") if number else text


def heading(text: str) -> str:
    """A heading without the zone or unit that an export says there."""
    return re.sub(r" \((%|Europe/Berlin|America/Chicago)\)$", "", text)


def of_workbook(cell: Any) -> str:
    """A cell of a workbook as Excel shows it."""
    value, written = cell.value, cell.number_format
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}" if "h" in written else f"{value:%Y-%m-%d}"
    if isinstance(value, int | float):
        decimals = len(written.partition(".")[2].rstrip("%")) if "#" not in written.partition(".")[2] else None
        exact = Decimal(repr(value)) * (100 if written.endswith("%") else 1)
        return f"{exact.normalize():f}" if decimals is None else f"{exact:.{decimals}f}"
    return str(value)


def pages(page: Page, title: str) -> tuple[list[str], list[list[str]], int]:
    """Headings, rows and number of all pages of a table."""
    rows: list[list[str]] = []
    number = 1
    while True:
        shown = table(card_of(page, title))
        rows += [[plain(cell) for cell in row] for row in shown.rows]
        following = page.get_by_role("button", name="Next page")
        if following.count() == 0 or following.is_disabled():
            return list(shown.headings), rows, number
        where = page.url
        following.click()
        expect(page).not_to_have_url(where)
        settled(page)
        number += 1


def downloaded(page: Page, name: str, folder: Path) -> Path:
    """What a link downloads."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


@pytest.mark.parametrize("name", TABLES)
def test_every_cell_of_the_download_stands_on_the_screen(page: Page, tmp_path: Path, name: str) -> None:
    address, title, least = TABLES[name]
    page.goto(address)
    settled(page)
    comma, excel = (downloaded(page, each, tmp_path) for each in ("CSV", "Excel"))
    headings, rows, number = pages(page, title)
    assert number >= least

    first, *lines = csv.reader(comma.read_text(encoding="utf-8-sig").splitlines())
    assert [heading(each) for each in first] == headings
    assert lines == rows
    sheet = openpyxl.load_workbook(excel).worksheets[0]
    first_row, *others = sheet.iter_rows()
    assert [heading(str(cell.value)) for cell in first_row] == headings
    assert [[of_workbook(cell) for cell in row] for row in others] == rows
