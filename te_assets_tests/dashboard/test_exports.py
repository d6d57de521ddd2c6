"""Exports hold what the screen shows: the same rows and columns, zone and rounding, whatever the page."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from te_assets.dashboard.exports import cells, tables, text
from te_assets.dashboard.exports.workbook import Table, workbook
from te_assets.dashboard.routes import exports
from te_assets_tests.dashboard.delivered import DAYS, Delivered
from te_assets_tests.dashboard.delivered import delivered as delivered

BERLIN = ZoneInfo("Europe/Berlin")
FORMATS = {"percent": "0.0%", "rate": "0.00%", "hours": "#,##0.00", "seconds": "#,##0.000", "integer": "#,##0"}


@pytest.mark.parametrize(
    ("value", "kind", "decimals", "figure"),
    [
        (0.0005, "percent", 1, "0.1"),
        (0.8345, "percent", 1, "83.5"),
        (0.28350, "percent", 1, "28.4"),
        (-0.0005, "percent", 1, "-0.1"),
        (5418, "hours", 2, "1.51"),
        (18, "hours", 2, "0.01"),
        (1e-7, "seconds", 3, "0.000"),
        (12.5, "quantity", 3, "12.5"),
        (1200.0, "quantity", 3, "1200"),
        (2.675, "quantity", 2, "2.68"),
        (3, "minutes", 1, "0.1"),
        (7, "integer", 0, "7"),
    ],
)
def test_numbers_are_rounded_half_away_from_zero_on_their_shortest_digits(
    value: float, kind: Any, decimals: int, figure: str
) -> None:
    """0.2835 is 0.28349999… as binary; the screen says 28.4 and Excel said 28.3."""
    assert text.plain(cells.shown(value, kind, decimals)) == figure


def test_text_that_looks_like_a_formula_stays_text() -> None:
    """A reason named =HYPERLINK(…) must not run on the desk of who opens the export."""
    evil = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "fine", "a=b"]

    (line,) = csv.reader(io.StringIO(text.lines([[*evil, Decimal("-1.5")]], "de"), newline=""), delimiter=";")
    sheet = openpyxl.load_workbook(io.BytesIO(workbook([Table("T", ["h"] * 8, ["text"] * 8, [evil])]))).active

    assert line == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\tx", "'\rx", "fine", "a=b", "-1,5"]
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 8
    assert [cell.value for cell in sheet[2]][:4] == evil[:4]


def shown(column: dict[str, Any], row: dict[str, Any]) -> Any:
    """What a cell of the workbook must hold for a value of the JSON answer."""
    value, kind = row[column["name"]], column["kind"]
    if value is None or value == "":
        return None
    if kind in ("percent", "rate", "hours", "seconds", "quantity", "integer"):
        exact = Decimal(repr(value)) * {"percent": 100, "rate": 100}.get(kind, 1) / {"hours": 3600}.get(kind, 1)
        rounded = exact.quantize(Decimal(1).scaleb(-column["decimals"]), ROUND_HALF_UP)
        return float(rounded / 100 if kind in ("percent", "rate") else rounded)
    if kind == "instant":
        return datetime.fromisoformat(value).astimezone(BERLIN).replace(tzinfo=None, microsecond=0)
    if kind == "day":
        return datetime.combine(date.fromisoformat(value), datetime.min.time())
    if kind == "choice":
        return column["choices"][value]
    return {True: "ja", False: "nein"}[value] if kind == "boolean" else str(value)


def comparable(cell: Any) -> Any:
    return float(cell) if isinstance(cell, int | float) else cell


@pytest.mark.stack
@pytest.mark.parametrize(
    ("view", "asked"),
    [
        ("availability", {"group": "shift"}),
        ("provenance", {"mart": "scrap_rate", "work_center": ["M1", "M2"]}),
        ("provenance", {"reason_class": "technical"}),
        ("quality", {}),
        ("rejected-rows", {"is_open": "false"}),
    ],
)
def test_every_cell_of_the_workbook_is_that_of_the_screen(
    delivered: Delivered, monkeypatch: pytest.MonkeyPatch, view: str, asked: dict[str, Any]
) -> None:
    monkeypatch.setattr(tables, "BLOCK_ROWS", 7)
    dashboard, asked = delivered.dashboard, {**DAYS, **asked}
    screen = dashboard.answer(
        view, {**asked, **({"limit": 500} if view in ("provenance", "rejected-rows") else {})}, "de"
    )
    if view == "quality":
        screen = screen["files"]
    paged = {"offset": 1, "limit": 3} if "limit" in screen else {}
    response = dashboard.get("/api/v1/export.xlsx", {**asked, **paged, "view": view, "language": "de"})
    assert response.status_code == 200, response.text
    assert f'filename="te_assets_{view}_2026-02-23_2026-03-08.xlsx"' in response.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(response.content))
    sheet, about = book.worksheets
    columns = [column for column in screen["columns"] if not column["is_hidden"]]

    assert [cell.value for cell in sheet[1]] == [
        column["label"] + (" (Europe/Berlin)" if column["kind"] == "instant" else "") for column in columns
    ]
    assert all(cell.font.b for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["A"].width >= 8
    rows = list(sheet.iter_rows(min_row=2))
    assert [[comparable(cell.value) for cell in row] for row in rows] == [
        [shown(column, row) for column in columns] for row in screen["rows"]
    ]
    for cell, column in zip(rows[0] if rows else [], columns, strict=False):
        if cell.value is not None and column["kind"] in FORMATS:
            assert cell.number_format == FORMATS[column["kind"]]
    assert about.title == "Über"
    said = {row[0].value: row[1].value for row in about.iter_rows()}
    assert said["Produktionstage"] == "2026-02-23 – 2026-03-08"
    assert said["Version"].startswith("te_assets ")
    if view == "availability":
        assert said["Gruppiert nach"] == "Schicht"
        assert said["Verfügbarkeit"].startswith("APT / PBT")


@pytest.mark.stack
def test_csv_opens_in_the_excel_of_its_language(delivered: Delivered) -> None:
    dashboard = delivered.dashboard
    asked = {**DAYS, "view": "availability", "columns": "work_center,availability,planned_down_seconds,data_until"}
    answer = dashboard.answer("availability", DAYS)

    english, german = (dashboard.get("/api/v1/export.csv", {**asked, "language": each}) for each in ("en", "de"))

    assert english.content.startswith(b"\xef\xbb\xbf")
    assert english.headers["Content-Type"] == "text/csv; charset=utf-8"
    first, *rows = english.content.decode("utf-8-sig").split("\r\n")
    assert first == "Work center,Availability (%),Planned down (h),Data until (Europe/Berlin)"
    for line, row in zip(rows, answer["rows"], strict=False):
        percent = Decimal(repr(row["availability"] * 1)) * 100
        assert line.split(",")[:2] == [row["work_center"], str(percent.quantize(Decimal("0.1"), ROUND_HALF_UP))]
    assert german.content.decode("utf-8-sig").split("\r\n")[1] == rows[0].replace(",", ";").replace(".", ",")
    assert rows[0].endswith(",2026-03-09 06:00:00")


@pytest.mark.stack
def test_what_cannot_be_exported_says_why(delivered: Delivered, monkeypatch: pytest.MonkeyPatch) -> None:
    get = delivered.dashboard.get
    monkeypatch.setattr(exports, "MOST_XLSX", 5)
    for asked, kind, words in (
        ({"view": "oee"}, "unknown-view", "There are: overview, availability"),
        ({"view": "availability", "columns": "plant,oee"}, "unknown-column", "the table has no oee"),
        ({"view": "availability", "grop": "plant"}, "invalid-request", "query/grop"),
        ({"view": "provenance", "limit": "many"}, "invalid-request", "query/limit"),
        ({"view": "availability", "plant": "9"}, "unknown-plant", "the site has no 9"),
        (
            {"view": "provenance", **DAYS},
            "too-many-rows",
            "and the file may have 5. Narrow the filters, or take the CSV",
        ),
    ):
        response = get("/api/v1/export.xlsx", asked)
        assert (response.status_code, response.json()["type"]) == (422, f"urn:te-assets:problem:{kind}")
        assert words in response.json()["detail"]
