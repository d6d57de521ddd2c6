"""Every case that the simulator knows, through the assets to the marts, beside the truth."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from te_assets.automation.demonstration import run_demo
from te_assets.settings import Settings

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(1800)]

BERLIN, CHICAGO = "1000", "2000"
HOUR = 3_600_000
OF_EACH_PLANT = (
    "over the clock change",
    "over midnight",
    "over the shift change",
    "longer than 60 hours",
    "logged by two operators",
    "reason unknown to site",
    "a millisecond below the limit",
    "open in the first export, ended in the next",
    "23:59 means midnight",
    "from 23:59 means from midnight",
    "23:59 means 23:59",
    "ends at 24:00",
    "ends at 24:20",
    "ends without a date",
    "zero length",
    "start corrected to another day",
    "start moved to another day weeks later",
    "end corrected to another day",
    "moved to another day weeks later",
    "original, reversed in a later month",
    "cancelling row, reversed in a later month",
    "original, reversed after the first export and never flagged",
    "milestone, confirmed by the ERP system",
    "scrap only",
    "confirmed in cartons",
    "outside the calendar",
    "subtotal",
    "repeated header",
)


def truth(home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "demo" / "company" / "truth" / f"{name}.parquet")


def worked(availability: pl.DataFrame, plant: str, work_center: str, day: date) -> dict[str, float]:
    """Hours by shift."""
    rows = availability.filter(
        (pl.col("plant") == plant) & (pl.col("work_center") == work_center) & (pl.col("production_day") == day)
    )
    return {row["shift"]: row["planned_operation_ms"] / HOUR for row in rows.to_dicts()}


def test_sixty_days_have_every_case_and_agree(tmp_path: Path) -> None:
    outcome = run_demo(Settings(home=tmp_path), days=60, seed=1, start=date(2026, 3, 2), say=lambda _: None)

    assert [str(difference) for difference in outcome.differences[:5]] == []
    assert outcome.agrees
    assert outcome.compared > 50_000
    files = truth(tmp_path, "files")
    cases = truth(tmp_path, "cases").join(files.select("file", "plant"), on="file")
    plants = cases.group_by("case").agg(pl.col("plant").n_unique())
    counts = dict(plants.iter_rows())
    assert {case: counts.get(case, 0) for case in OF_EACH_PLANT} == dict.fromkeys(OF_EACH_PLANT, 2)
    assert {sheet for (sheet,) in files.select("sheet").unique().iter_rows()} == {
        *("Störungen", "Arrêts", "Interactions", "Downtime"),
        *("Rückmeldungen", "Confirmations OF", "Confirmations", "Confirmações"),
    }

    availability = truth(tmp_path, "availability")
    assert worked(availability, BERLIN, "MIL01", date(2026, 3, 28))["night"] == 7
    assert worked(availability, CHICAGO, "MIL01", date(2026, 3, 7))["night"] == 7
    assert worked(availability, BERLIN, "PCK01", date(2026, 3, 28)) == {"always": 23}
    holiday, exception = date(2026, 4, 3), date(2026, 4, 12)
    assert worked(availability, BERLIN, "PRS01", holiday) == {}
    assert worked(availability, BERLIN, "PRS01", exception) == {"early": 8}
    assert worked(availability, BERLIN, "ASM01", date(2026, 4, 10)) == {"early": 8, "late": 8}
    assert worked(availability, BERLIN, "ASM01", date(2026, 4, 13)) == {"early": 7, "late": 8}
    lines = truth(tmp_path, "availability_line").rename({"line": "work_center"})
    assert worked(lines, BERLIN, "L1", date(2026, 4, 13)) == {"early": 7, "late": 8, "night": 8}
    assert Counter(availability["coverage"]).keys() == {"full", "partial", "none"}

    scrap = truth(tmp_path, "scrap_rate")
    assert set(scrap["unit"]) == {"ST", "KG", "KAR"}
    shown = truth(tmp_path, "scrap_rate_plant_month")
    assert set(shown["unit"]) == {"ST", "KG"}
    in_cartons, in_pieces = (
        sum(scrap.filter(pl.col("unit") == unit)["produced_qty"].to_list(), Decimal(0)) for unit in ("KAR", "ST")
    )
    by_operation = shown.filter((pl.col("unit") == "ST") & (pl.col("basis") == "operation"))
    assert in_cartons == 14
    assert sum(by_operation["produced_qty"].to_list(), Decimal(0)) == in_pieces + 24 * in_cartons


def test_the_nights_of_nine_hours_agree(tmp_path: Path) -> None:
    # In a process of its own: the first day of the site bounds the partitions, which are defined once.
    done = subprocess.run(
        [str(Path(sys.executable).with_name("te-assets")), "demo", "--days", "10", "--start", "2025-10-24"],
        env={**os.environ, "TE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert "All figures agree with the truth" in done.stdout
    availability = truth(tmp_path, "availability")
    assert worked(availability, BERLIN, "MIL01", date(2025, 10, 25))["night"] == 9
    assert worked(availability, CHICAGO, "MIL01", date(2025, 11, 1))["night"] == 9
    files = truth(tmp_path, "files").select("file", "plant")
    cases = truth(tmp_path, "cases").filter(pl.col("case") == "ends in the second pass").join(files, on="file")
    assert set(cases["plant"]) == {BERLIN, CHICAGO}
    assert cases["verdict"].unique().to_list() == ["accepted"]
