"""What stands on the screen, as text: cards, tables, charts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as TooLate

# Text of an element, its parts apart by blanks: what is hidden to eyes alone belongs to it.
_TEXTS = """
const texts = (element) => {
  if (!element) return null;
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const parts = [];
  while (walker.nextNode()) parts.push(walker.currentNode.nodeValue);
  return parts.join(' ').replace(/\\u00ad/gu, '').replace(/\\s+/gu, ' ').trim();
};
"""

_COLOURS = """
const colours = () => [...document.querySelectorAll('[role=img]')].map((chart) => [...chart.querySelectorAll('canvas')])
  .filter((layers) => layers.length > 0)
  .map((layers) => Math.max(...layers.map((canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    return new Set(new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer)).size; })));
"""


@dataclass(frozen=True)
class Card:
    """A card: its title, its figure with its unit, and the lines below."""

    title: str
    value: str
    more: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table with all its headings and the cells of its rows."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


def cards(page: Page) -> list[Card]:
    """All cards of figures, once there are figures."""
    expect(page.locator("te-kpi-card .value").first).to_be_visible()
    read = page.locator("te-kpi-card").evaluate_all(
        f"""(cards) => {{ {_TEXTS} return cards.map((card) => [
          texts(card.querySelector('h2')), texts(card.querySelector('.value')),
          [...card.querySelectorAll('.small > span')].map(texts)]) }}"""
    )
    return [Card(*card) for card in read]


def table(within: Locator) -> Table:
    """The table in an element."""
    expect(within.locator("tbody tr").first).to_be_visible()
    headings, rows = within.locator("table").first.evaluate(
        f"""(table) => {{ {_TEXTS} return [
          [...table.querySelectorAll('thead th')].map(texts),
          [...table.querySelectorAll('tbody tr')].map((row) => [...row.cells].map(texts))] }}"""
    )
    return Table(headings, rows)


def text(locator: Locator) -> str:
    """Text of an element, with one blank wherever there are any."""
    return re.sub(r"\s+", " ", str(locator.evaluate(f"(element) => {{ {_TEXTS} return texts(element) }}")))


def card_of(page: Page, heading: str) -> Locator:
    """The card of a chart, table or ranking with a heading."""
    return page.locator(".te-card, te-chart-card").filter(has=page.get_by_role("heading", name=heading, exact=True))


def pick_first_bar(page: Page, chart: Locator) -> None:
    """Click on the first bar of a chart from above, where the pointer turns into a hand."""
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box is not None
    for below in range(0, int(box["height"]), 4):
        page.mouse.move(box["x"] + box["width"] * 0.35, box["y"] + below)
        if chart.locator("div").first.evaluate("(drawn) => drawn.style.cursor") == "pointer":
            page.mouse.down()
            page.mouse.up()
            return
    raise AssertionError("no bar can be clicked")


def drawn(page: Page, charts: int) -> list[int]:
    """Of each chart, how many colours its richest layer has, once there are so many charts with more than ten.

    One means that nothing is drawn. A canvas is there some frames before what is drawn on it; on a busy machine these
    take seconds.
    """
    with suppress(TooLate):  # what is there then tells the test more than that it came too late
        page.wait_for_function(
            f"""(charts) => {{ {_COLOURS}
              const each = colours();
              return each.length === charts && each.every((some) => some > 10); }}""",
            arg=charts,
        )
    return [int(each) for each in page.evaluate(f"() => {{ {_COLOURS} return colours(); }}")]


def settled(page: Page) -> None:
    """Wait until all is answered and drawn, for some frames in a row."""
    expect(page.locator("te-root h1")).to_have_count(1)
    page.wait_for_function(
        """() => {
          const isDone = window.teAsked() === 0
            && !document.querySelector('.loading, .to-come, [aria-busy=true]')
            && [...document.querySelectorAll('[role=img].chart')].every((chart) => chart.querySelector('canvas'));
          window.teDone = isDone ? (window.teDone ?? 0) + 1 : 0;
          return window.teDone > 3; }"""
    )
    page.evaluate("() => { window.teDone = 0; }")
