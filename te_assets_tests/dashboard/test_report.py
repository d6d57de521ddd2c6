"""`te-assets report`: one file that needs nothing else, with the figures of the overview."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from te_assets.cli import cli
from te_assets.dashboard.report import charts, numbers
from te_assets_tests.dashboard.delivered import DAYS, Delivered
from te_assets_tests.dashboard.delivered import delivered as delivered


def test_a_line_is_interrupted_where_there_is_no_figure() -> None:
    """A day without a delivery was drawn as if its neighbours told of it."""
    made = charts.trend(
        [("a", 0.8), ("b", 0.9), ("c", None), ("d", 0.85), ("e", 0.7)], "{:.0%}".format, target=0.75, most=1.0
    )

    assert [len(piece.split()) for piece in made.lines] == [2, 2]
    assert [dot.label for dot in made.dots] == ["a: 80%", "b: 90%", "d: 85%", "e: 70%"]
    heights = {dot.label[0]: dot.y for dot in made.dots}
    assert heights["b"] < heights["d"] < heights["a"] < (made.target or 0) < heights["e"]
    assert [tick.label for tick in made.y_ticks] == ["60%", "70%", "80%", "90%"]


@pytest.mark.parametrize("values", [[None, None], [], [0.0], [1.0, 1.0], [0.02, 0.5], [1e-9]])
def test_any_figures_have_a_scale(values: list[float | None]) -> None:
    made = charts.trend([(str(n), value) for n, value in enumerate(values)], "{:.3%}".format, most=1.0)

    assert len(made.y_ticks) >= 2
    assert all(0 <= dot.y <= charts.HEIGHT for dot in made.dots)


def test_numbers_are_those_of_the_language() -> None:
    assert numbers.figure(0.8345, "percent", "de") == "83,5\u00a0%"
    assert numbers.figure(12_345_678, "hours", "en") == "3,429.36\u00a0h"
    assert numbers.figure(1234567.25, "quantity", "fr", unit="KG") == "1\u202f234\u202f567,25\u00a0KG"
    assert numbers.figure(None, "percent", "en") == "–"


class _Page(HTMLParser):
    """Tags and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


@pytest.fixture
def asked(delivered: Delivered, monkeypatch: pytest.MonkeyPatch) -> Delivered:
    """The command finds the servers of the delivery."""
    settings = delivered.stack.settings
    assert settings.clickhouse_password
    assert settings.clickhouse_reader_password
    monkeypatch.setenv("TE_CLICKHOUSE_URL", str(settings.clickhouse_url))
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD", settings.clickhouse_password.get_secret_value())
    monkeypatch.setenv("TE_CLICKHOUSE_READER_PASSWORD", settings.clickhouse_reader_password.get_secret_value())
    return delivered


def run(*arguments: object, fails: bool = False) -> str:
    done = CliRunner().invoke(cli, ["report", *map(str, arguments)])
    assert (done.exit_code != 0) == fails, (done.output, done.exception)
    return str(done.exception or "") + done.output


@pytest.mark.stack
def test_the_page_needs_nothing_else_and_has_the_figures_of_the_overview(asked: Delivered, tmp_path: Path) -> None:
    overview = asked.dashboard.answer("overview", DAYS)

    run("--from", DAYS["from"], "--to", DAYS["to"], "--out", tmp_path / "r.html", "--language", "de")

    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    page = _Page(text)
    assert not [tag for tag, _ in page.tags if tag in ("script", "link", "img", "iframe")]
    assert not [
        name for _, attributes in page.tags for name in attributes if name in ("src", "href") or name.startswith("on")
    ]
    assert "url(" not in text
    cards = {card["name"]: card["value"] for card in overview["cards"] if card["unit"] is None}
    assert numbers.figure(cards["availability"], "percent", "de") in page.texts
    assert numbers.figure(cards["unplanned_down"], "hours", "de") in page.texts
    assert any(said.startswith("Ausschussquote (PC, alle Vorgänge)") for said in page.texts)
    assert sum(1 for tag, _ in page.tags if tag == "circle") == sum(
        1 for row in overview["availability_trend"] if row["availability"] is not None
    ) + sum(1 for row in overview["scrap_trend"] if row["scrap_rate"] is not None)
    widths = [float(found) for found in re.findall(r"width: ([\d.]+)%\"", text)]
    seconds = [row["attributed_seconds"] for row in overview["worst_reasons"]]
    assert widths == [pytest.approx(100 * each / seconds[0], abs=0.06) for each in seconds]
    assert "durchgerechnete Ausbeute" in page.texts
    assert any("zählt: PQ = GQ + SQ + RQ" in said for said in page.texts)
    assert "2026-03-09 06:00:00 Europe/Berlin" in text


@pytest.mark.stack
def test_the_workbook_has_a_sheet_per_part(asked: Delivered, tmp_path: Path) -> None:
    overview = asked.dashboard.answer("overview", DAYS)

    run("--from", DAYS["from"], "--to", DAYS["to"], "--out", tmp_path / "r.xlsx")

    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "r.xlsx").read_bytes()))
    assert book.sheetnames == [
        "Overview",
        "Availability over time",
        "Scrap rate over time",
        "Machines with most downtime",
        "Reasons with most downtime",
        "Machines with most scrap",
        "About",
    ]
    cards, trend, scrap, machines, reasons, *_ = book.worksheets
    first: Any = next(cards.iter_rows(min_row=2, max_row=1 + 1))
    assert (first[0].value, first[1].number_format) == ("Availability", "0.0%")
    assert first[1].value == pytest.approx(overview["cards"][0]["value"], abs=0.00051)
    assert [row[0].value.date().isoformat() for row in trend.iter_rows(min_row=2)] == [
        row["period"] for row in overview["availability_trend"]
    ]
    assert scrap.max_row == 1 + len(overview["scrap_trend"])
    assert machines.max_row == 1 + len(overview["worst_work_centers"])
    assert [row[0].value for row in reasons.iter_rows(min_row=2)] == [
        row["reason_code"] for row in overview["worst_reasons"]
    ]


@pytest.mark.stack
def test_what_cannot_be_reported_says_why(asked: Delivered, tmp_path: Path) -> None:
    days = ("--from", DAYS["from"], "--to", DAYS["to"])
    for arguments, words in (
        ((*days, "--out", tmp_path / "r.pdf"), "name a file that ends in .html or .xlsx"),
        (("--from", "2026-03-02", "--to", "2026-03-01", "--out", tmp_path / "r.html"), "Name the earlier day first"),
        (("--from", "1990-03-02", "--to", "2026-03-01", "--out", tmp_path / "r.html"), "is more than 3,660 days"),
        ((*days, "--out", tmp_path / "r.html", "--plant", "9"), "the site has no 9. It has: 1000"),
    ):
        assert words in run(*arguments, fails=True)
    assert not list(tmp_path.glob("r.*"))
