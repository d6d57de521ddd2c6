"""`te-assets lineage`: from figures to cells, and from a row of a workbook to what became of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from te_assets.cli import cli
from te_assets.errors import LakeError
from te_assets.settings import Settings
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.kafka import KafkaServer
from te_assets_tests.assets.deliveries import (
    confirmation,
    confirmation_book,
    enter,
    log_book,
    name_of,
    stop,
    wall,
    write,
)
from te_assets_tests.conftest import Stack, empty_stack
from te_assets_tests.lake.emptying import Emptying

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)
LAYOUTS = Path(__file__).parent.parent / "contracts" / "layouts"


def said(*arguments: object) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, [*map(str, arguments), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def shared(
    tmp_path_factory: pytest.TempPathFactory,
    kafka_server: KafkaServer,
    clickhouse_server: ClickHouseServer,
    emptying: Emptying,
) -> Iterator[tuple[Stack, dict[str, str]]]:
    """Name → SHA-256 of a list of confirmations, a later correction of one of them, and a log."""
    folder = tmp_path_factory.mktemp("lineage")
    with (
        empty_stack(folder / "home", kafka_server, clickhouse_server, emptying) as stack,
        pytest.MonkeyPatch.context() as patch,
    ):
        enter(stack, patch)
        books = [
            confirmation_book(
                folder / name_of("Confirmations", datetime(2026, 3, 9, 6, tzinfo=UTC)),
                [confirmation(1, DAY), confirmation(2, DAY, scrap="zwölf"), confirmation(3, DAY)],
            ),
            confirmation_book(
                folder / name_of("Corrected", datetime(2026, 3, 10, 6, tzinfo=UTC)), [confirmation(3, DAY, good=80)]
            ),
            log_book(
                folder / name_of("Log", datetime(2026, 3, 9, 6, tzinfo=UTC)), [stop(1, wall(DAY, 8), wall(DAY, 9))]
            ),
        ]
        yield stack, {report["name"].split("_")[0]: report["sha256"] for report in said("ingest", *books)}


@pytest.fixture
def delivered(shared: tuple[Stack, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """One delivery for all that only ask."""
    stack, files = shared
    enter(stack, monkeypatch)
    return files


# Before the tests that share a delivery: it empties the servers.
@pytest.mark.long
def test_cells_of_a_second_sheet_and_of_a_matrix(plant: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stop of a matrix is one cell, though the row has several; a second sheet has columns of its own."""
    site = tmp_path / "site"
    shutil.copytree(Settings().site_dir, site)
    (site / "sources").mkdir(exist_ok=True)
    for name in ("machine_sheets", "downtime_matrix"):
        shutil.copy(LAYOUTS / f"{name}.yaml", site / "sources")
    monkeypatch.setenv("TE_SITE", str(site))
    header = ("No.", "Down from", "Down to", "Code")
    sheets: dict[str, list[tuple[Any, ...]]] = {
        "PRS01": [header, ("S1", wall(DAY, 8), wall(DAY, 9), "110")],
        "CUT01": [("Remark", *header), ("", "S1", wall(DAY, 10), wall(DAY, 11), "120")],
    }
    matrix = [
        ("Maschine", "Tag", "Schicht", "Werkzeugwechsel", "Störung mech.", "Kein Material"),
        ("PRS02", wall(DAY), "Früh", 12, None, 7),
        ("PRS02", wall(DAY), "Spät", None, "?", 5),
    ]
    said("ingest", write(tmp_path / "machines.xlsx", sheets))
    (report,) = said("ingest", write(tmp_path / "matrix.xlsx", {"Downtimes": matrix}))

    def cells(work_center: str) -> list[tuple[str, str]]:
        found = said("lineage", "te_marts.stops", "--where", f"work_center = '{work_center}'")
        return [(row["said"].partition("UTC, ")[2].partition(":")[0], row["cells"]) for row in found]

    assert cells("PRS01") == [("110", "PRS01!B2, PRS01!C2, PRS01!D2")]
    assert cells("CUT01") == [("120", "CUT01!C2, CUT01!D2, CUT01!E2")]
    assert sorted(cells("PRS02")) == [
        ("120", "Downtimes!F2"),
        ("120", "Downtimes!F3"),
        ("200", "Downtimes!D2"),
    ]
    fates = [said("lineage", "--file", report["sha256"], "--row", row) for row in (2, 3)]
    assert [sorted((fate["cell"], fate["fate"]) for fate in found) for found in fates] == [
        [("Downtimes!D2", "accepted"), ("Downtimes!F2", "accepted")],
        [("Downtimes!E3", "rejected"), ("Downtimes!F3", "accepted")],
    ]

    newer = (LAYOUTS / "machine_sheets.yaml").read_text(encoding="utf-8").replace("version: 1", "version: 2", 1)
    (site / "sources" / "machine_sheets_2.yaml").write_text(newer, encoding="utf-8")
    (reading,) = said("reprocess", "machine_sheets", "--dry-run")
    assert [(reading[when]["accepted"], reading[when]["sums"]["stops"]) for when in ("before", "after")] == [
        (2, "2.000"),
        (2, "2.000"),
    ]


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
