"""Layouts that plants really have, from a workbook through the whole chain to the typed rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.automation.checking import check_file
from te_assets.automation.ingesting import FileReport, ingest
from te_assets.automation.repairing import write_rejects_of_file
from te_assets.lake.faults import address
from te_assets.settings import Settings
from te_assets_tests.assets.deliveries import write
from te_assets_tests.conftest import Stack

pytestmark = [pytest.mark.stack, pytest.mark.long]

LAYOUTS = Path(__file__).parent.parent / "contracts" / "layouts"
DAY = datetime(2026, 3, 3)
COUNTS = ("read", "published", "raw", "accepted", "rejected", "skipped", "duplicates", "difference")

Deliver = Callable[[Path], FileReport]


@pytest.fixture
def deliver(plant: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Ingests one workbook at a site that has the contracts of the tests among its own."""
    site = tmp_path / "site"
    shutil.copytree(plant.settings.site_dir, site)
    (site / "sources").mkdir(exist_ok=True)
    for path in LAYOUTS.glob("*.yaml"):
        shutil.copy(path, site / "sources")
    monkeypatch.setenv("TE_SITE", str(site))

    def delivered(path: Path) -> FileReport:
        (report,) = ingest(Settings(), [path])
        assert report.rejection == ""
        return report

    return delivered


def rows(plant: Stack, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in plant.clickhouse.query(query).result_rows]


def counts(report: FileReport) -> list[int]:
    return [getattr(report, name) for name in COUNTS]


def wall(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute))


def utc(hour: int, minute: int = 0, second: int = 0) -> datetime:
    """An hour of the day in UTC; in March the clock in Berlin is one hour ahead."""
    return datetime(2026, 3, 3, hour, minute, second, tzinfo=UTC)


def stops(plant: Stack) -> list[tuple[Any, ...]]:
    """work center, reason, start, end and open or not of every current stop."""
    found = rows(
        plant,
        "SELECT work_center, reason_code, started_at, ended_at, is_open FROM te_staging.interactions "
        "ORDER BY work_center, started_at, reason_code",
    )
    return [
        (center, reason, start.replace(tzinfo=UTC), end.replace(tzinfo=UTC) if end else None, is_open)
        for center, reason, start, end, is_open in found
    ]


def assert_conserved(plant: Stack) -> None:
    assert rows(plant, "SELECT max(abs(difference)) FROM te_ops.conservation") == [(0,)]


def test_stops_that_only_tell_how_long_they_lasted_end(plant: Stack, tmp_path: Path, deliver: Deliver) -> None:
    header = ("Maschine", "Störung ab", "Störung bis", "Stillstand", "Grund")
    table: Sequence[Sequence[Any]] = [
        header,
        ("PRS01", wall(8), None, 90, "110"),
        ("PRS01", wall(11), None, "12,5", "120"),
        ("PRS01", wall(13), None, time(1, 15), "110"),
        ("PRS01", wall(16), wall(17), 1, "110"),
        ("PRS01", wall(18), None, "lange", "110"),
        ("PRS01", wall(20), None, None, "110"),
    ]
    report = deliver(write(tmp_path / "machine log.xlsx", {"Log": table}))

    assert counts(report) == [6, 6, 6, 5, 1, 0, 0, 0]
    assert report.faults == ("Log!D6: 'lange' is no number (not_a_number)",)
    assert stops(plant) == [
        ("PRS01", "000110", utc(7), utc(8, 30), False),
        ("PRS01", "000120", utc(10), utc(10, 12, 30), False),
        ("PRS01", "000110", utc(12), utc(13, 15), False),
        ("PRS01", "000110", utc(15), utc(16), False),
        ("PRS01", "000110", utc(19), None, True),
    ]
    assert_conserved(plant)


def test_scrap_is_what_the_total_leaves(plant: Stack, tmp_path: Path, deliver: Deliver) -> None:
    header = ("Machine", "Job", "Finished", "Ran (min)", "Total", "Good pieces", "Bad pieces", "To rework")
    table: Sequence[Sequence[Any]] = [
        header,
        ("PRS01", 4711, wall(10), 60, 100, 90, None, 4),
        ("PRS01", 4712, wall(12), 60, 50.5, None, 0.125, None),
        ("PRS01", 4713, wall(14), 60, 50, 60, None, None),
        ("PRS01", 4714, wall(16), 60, None, 60, None, None),
    ]
    report = deliver(write(tmp_path / "production.xlsx", {"March": table}))

    assert counts(report) == [4, 4, 4, 2, 2, 0, 0, 0]
    assert report.faults == (
        "March!E4: scrap_qty = total_qty − good_qty − rework_qty would be -10 (derived_negative)",
        "March!E5: total_qty is empty, so scrap_qty cannot be computed (required)",
    )
    figures = "SELECT order_id, good_qty, scrap_qty, rework_qty, started_at FROM te_staging.confirmations ORDER BY 1"
    assert [(*row[:4], row[4].replace(tzinfo=UTC)) for row in rows(plant, figures)] == [
        ("004711", Decimal(90), Decimal(6), Decimal(4), utc(8)),
        ("004712", Decimal("50.375"), Decimal("0.125"), Decimal(0), utc(10)),
    ]
    assert rows(plant, "SELECT sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate") == [
        (Decimal("140.375"), Decimal("6.125"))
    ]
    assert_conserved(plant)


def test_a_sheet_per_machine_is_one_publication_and_comes_back_sheet_by_sheet(
    plant: Stack, tmp_path: Path, deliver: Deliver
) -> None:
    header = ("No.", "Down from", "Down to", "Code")
    book = write(
        tmp_path / "machines.xlsx",
        {
            "Cover": [("Stops of March",)],
            "PRS01": [header, ("S1", wall(8), wall(9), "110"), ("S2", wall(12), wall(11), "110")],
            "CUT01": [("Remark", *header), ("", "S1", wall(10), wall(11), "120"), ("", "S2", wall(13), "?", "120")],
        },
    )
    checked = check_file(Settings(), book)

    assert [(c.sheet.layout.sheet, c.rows, c.judgement.verdicts.accepted) for c in checked] == [
        ("PRS01", 2, 1),
        ("CUT01", 2, 1),
    ]
    assert [
        address(fault, c.sheet.layout.sheet, c.sheet.layout.header_map) for c in checked for fault in c.judgement.faults
    ] == ["PRS01!C3", "CUT01!D3"]

    report = deliver(book)

    assert counts(report) == [4, 4, 4, 2, 2, 0, 0, 0]
    assert report.faults == (
        "CUT01!D3: '?' is no date and time in an order that the contract declares (not_a_date_time)",
        "PRS01!C3: the end lies before the start (end_before_start)",
    )
    assert stops(plant) == [
        ("CUT01", "120", utc(9), utc(10), False),
        ("PRS01", "110", utc(7), utc(8), False),
    ]
    assert rows(plant, "SELECT sheet, row, key FROM te_raw.interactions ORDER BY sheet, row") == [
        (sheet, row, f"{report.sha256}/{sheet}") for sheet in ("CUT01", "PRS01") for row in (2, 3)
    ]
    assert rows(
        plant, "SELECT countIf(state = 'PUBLISHED'), uniqExact(contract) FROM te_ops.files WHERE contract != ''"
    ) == [(1, 1)]
    again = deliver(book)
    assert again.note == "the same bytes were published before under machine_sheets@1: nothing to do"

    written = write_rejects_of_file(Settings(), plant.clickhouse, report.sha256, tmp_path / "repair.xlsx")

    assert [(one.sheet, one.rows, one.path.name) for one in written] == [
        ("PRS01", 1, "repair.xlsx"),
        ("CUT01", 1, "repair-2.xlsx"),
    ]
    repaired = openpyxl.load_workbook(written[1].path)
    assert [c.coordinate for row in repaired["CUT01"].iter_rows() for c in row if c.fill.fill_type] == ["D2"]
    repaired["CUT01"]["D2"] = wall(14)
    repaired.save(written[1].path)
    assert counts(deliver(written[1].path))[:5] == [1, 1, 1, 1, 0]
    assert stops(plant)[1] == ("CUT01", "120", utc(12), utc(13), False)
    assert_conserved(plant)


def test_a_matrix_of_downtimes_becomes_stops(plant: Stack, tmp_path: Path, deliver: Deliver) -> None:
    header = ("Maschine", "Tag", "Schicht", "Werkzeugwechsel", "Störung mech.", "Kein Material", "Pause")
    table: list[Sequence[Any]] = [
        header,
        ("PRS01", DAY, "Früh", 12, None, "7,5", 30),
        ("PRS01", DAY, "Spät", 0, "?", -3, 30),
        ("CUT01", DAY, "Früh", None, None, None, None),
        ("Summe", None, None, 12, None, "7,5", 60),
    ]
    report = deliver(write(tmp_path / "matrix.xlsx", {"KW10": table}))

    assert counts(report) == [9, 9, 9, 4, 2, 3, 0, 0]
    assert report.faults == (
        "KW10!E3: '?' is no number (not_a_number)",
        "KW10!F3: -3 is negative; a stop cannot last less than nothing (derived_negative)",
    )
    expected = [
        ("PRS01", "200", utc(5), utc(5, 12), False),
        ("PRS01", "120", utc(5, 12), utc(5, 19, 30), False),
        ("PRS01", "300", utc(5, 19, 30), utc(5, 49, 30), False),
        ("PRS01", "300", utc(13), utc(13, 30), False),
    ]
    assert stops(plant) == expected
    assert rows(plant, "SELECT DISTINCT interaction_id FROM te_staging.interactions WHERE reason_code = '200'") == [
        ("PRS01/2026-03-03T05:00:00.000/200",)
    ]
    (written,) = write_rejects_of_file(Settings(), plant.clickhouse, report.sha256, tmp_path / "repair.xlsx")
    book = openpyxl.load_workbook(written.path)
    sheet = book["KW10"]
    assert (written.rows, [c.coordinate for row in sheet.iter_rows() for c in row if c.fill.fill_type]) == (
        1,
        ["E2", "F2"],
    )
    sheet["E2"], sheet["F2"] = 10, 3
    book.save(written.path)

    second = deliver(written.path)

    assert counts(second)[:6] == [3, 3, 3, 3, 0, 0]
    assert stops(plant) == [
        *expected[:3],
        ("PRS01", "110", utc(13), utc(13, 10), False),
        ("PRS01", "120", utc(13, 10), utc(13, 13), False),
        ("PRS01", "300", utc(13, 13), utc(13, 43), False),
    ]
    assert_conserved(plant)
