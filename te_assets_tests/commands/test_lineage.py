"""`te-assets lineage`: from figures to cells, and from a row of a workbook to what became of it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from te_assets.cli import cli
from te_assets.errors import LakeError
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, log_book, name_of, stop, wall
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)


def said(*arguments: object) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture
def delivered(plant: Stack, tmp_path: Path) -> dict[str, str]:
    """Name → SHA-256 of a list of confirmations, a later correction of one of them, and a log."""
    books = [
        confirmation_book(
            tmp_path / name_of("Confirmations", datetime(2026, 3, 9, 6, tzinfo=UTC)),
            [confirmation(1, DAY), confirmation(2, DAY, scrap="zwölf"), confirmation(3, DAY)],
        ),
        confirmation_book(
            tmp_path / name_of("Corrected", datetime(2026, 3, 10, 6, tzinfo=UTC)), [confirmation(3, DAY, good=80)]
        ),
        log_book(tmp_path / name_of("Log", datetime(2026, 3, 9, 6, tzinfo=UTC)), [stop(1, wall(DAY, 8), wall(DAY, 9))]),
    ]
    return {report["name"].split("_")[0]: report["sha256"] for report in said("ingest", *books)}


def test_figures_lead_to_the_cells_they_count(delivered: dict[str, str]) -> None:
    pieces = said("lineage", "te_marts.scrap_rate", "--where", "production_day = '2026-03-03'")
    seconds = said("lineage", "availability", "--where", "production_day = '2026-03-03' AND work_center = 'PRS01'")

    assert [(row["sha256"], row["cells"]) for row in pieces] == [
        (delivered["Confirmations"], "COOIS!H2, COOIS!I2"),
        (delivered["Corrected"], "COOIS!H2, COOIS!I2"),
    ]
    assert pieces[1]["said"].startswith("good 80, scrap 10, rework 0 ")
    assert [(row["sha256"], row["cells"]) for row in seconds] == [(delivered["Log"], "Stops!D2, Stops!E2, Stops!F2")]
    assert seconds[0]["said"].endswith("110: 3600 s")


def test_what_became_of_each_row(delivered: dict[str, str]) -> None:
    begin = delivered["Confirmations"][:16]
    counted, rejected, replaced = (said("lineage", "--file", begin, "--row", row)[0] for row in (2, 3, 4))

    assert (counted["fate"], counted["reason"], counted["production_day"]) == ("accepted", "counts", "2026-03-03")
    assert (rejected["fate"], rejected["cell"]) == ("rejected", "COOIS!I3")
    assert rejected["reason"].startswith("'zwölf' is no number")
    assert replaced["reason"] == f"replaced by COOIS, row 2 of {delivered['Corrected']}"


def test_what_cannot_be_answered_says_why(delivered: dict[str, str]) -> None:
    for arguments, words in (
        (("lineage", "te_marts.oee"), "no mart te_marts.oee. There are te_marts.scrap_rate"),
        (("lineage", "stops", "--where", "machine = 1"), "Columns of te_marts.stops: plant, work_center"),
        (("lineage", "--file", delivered["Log"], "--row", "900"), "no row 900 of a file"),
        (("lineage", "--file", "ffff", "--row", "2"), "no delivered file has a SHA-256 that begins with ffff"),
    ):
        done = CliRunner().invoke(cli, arguments)
        assert isinstance(done.exception, LakeError)
        assert words in str(done.exception)
    assert CliRunner().invoke(cli, ["lineage", "stops", "--row", "2"]).exit_code == 2
    nothing = CliRunner().invoke(cli, ["lineage", "stops", "--where", "production_day = '2020-01-01'"])
    assert (nothing.exit_code, nothing.stderr) == (0, "no row of a workbook and no event is behind that\n")
