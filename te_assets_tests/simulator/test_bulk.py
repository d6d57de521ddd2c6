from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
import yaml

from te_assets.simulator.bulk import write_bulk_site, write_confirmations, write_interactions
from te_assets.simulator.world import REASONS

CLASSES = {reason.code: reason.reason_class for reason in REASONS}


def rows_of(path: Path) -> list[dict[str, object]]:
    header, *rows = openpyxl.load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def number(value: object) -> float:
    assert isinstance(value, int | float)
    return value


def test_confirmations_have_fifteen_columns_and_the_totals_told(tmp_path: Path) -> None:
    totals = write_confirmations(tmp_path / "c.xlsx", 500, days=2, work_centers=7, seed=1)
    rows = rows_of(tmp_path / "c.xlsx")

    assert (len(rows), len(rows[0]), totals.rows) == (500, 15, 500)
    assert sum(number(row["Confirmed Yield (MEINH)"]) for row in rows) == totals.good_qty
    assert sum(number(row["Confirmed scrap (MEINH)"]) for row in rows) == totals.scrap_qty > 0
    assert len({(row["Confirmation"], row["Confirm. counter"]) for row in rows}) == 500
    assert {str(row["Fin. Execution (Date)"])[:10] for row in rows} == {"2026-03-02", "2026-03-03", "2026-03-04"}


def test_stops_of_a_work_center_never_overlap_and_add_up(tmp_path: Path) -> None:
    totals = write_interactions(tmp_path / "i.xlsx", 600, days=3, work_centers=5, seed=2)
    seconds = {"planned": 0.0, "setup": 0.0, "unplanned": 0.0}
    last_end: dict[object, datetime] = {}
    for row in rows_of(tmp_path / "i.xlsx"):
        start, end = row["Start"], row["End"]
        assert isinstance(start, datetime)
        assert isinstance(end, datetime)
        assert last_end.get(row["Work Center"], start) <= start < end
        last_end[row["Work Center"]] = end
        kind = CLASSES[str(row["Reason Code"])]
        seconds[kind if kind in seconds else "unplanned"] += (end - start) / timedelta(seconds=1)

    assert totals.rows == 600
    assert seconds["unplanned"] == pytest.approx(totals.unplanned_down_seconds, abs=1e-3)
    assert seconds["planned"] == pytest.approx(totals.planned_down_seconds, abs=1e-3)
    assert seconds["setup"] == pytest.approx(totals.setup_seconds, abs=1e-3)


def test_equal_arguments_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_confirmations(tmp_path / name, 100, seed=3)

    digests = {hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in ("a.xlsx", "b.xlsx")}
    assert len(digests) == 1


def test_more_rows_than_the_days_hold_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="take more days"):
        write_interactions(tmp_path / "i.xlsx", 20_000, days=1, work_centers=1)


def test_the_site_knows_every_work_center(tmp_path: Path) -> None:
    profile = yaml.safe_load((write_bulk_site(tmp_path, work_centers=100) / "site.yaml").read_text(encoding="utf-8"))

    (plant,) = profile["plants"]
    assert (plant["time_zone"], len(plant["work_centers"])) == ("Etc/UTC", 100)
    assert profile["calendars"] == {"around_the_clock": {"always": True}}
    assert profile["since"] <= date(2026, 3, 2)
