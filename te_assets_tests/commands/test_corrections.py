"""`te-assets retract` and `reprocess`, through to the figures."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from te_assets.cli import cli
from te_assets.contracts.catalog import SHIPPED
from te_assets.lake.corrections import NothingToCorrect
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_client, endpoints
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, log_book, name_of, stop, wall
from te_assets_tests.conftest import Stack

pytestmark = pytest.mark.stack

DAY, NEXT = date(2026, 3, 3), date(2026, 3, 4)


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def ingest(*books: Path) -> dict[str, str]:
    """Name up to the underscore → SHA-256."""
    reports = json.loads(run("ingest", *books, "--json").stdout)
    return {report["name"].split("_")[0]: report["sha256"] for report in reports}


def asked(query: str) -> list[tuple[Any, ...]]:
    client = clickhouse_client(endpoints(Settings()))
    try:
        return [tuple(row) for row in client.query(query).result_rows]
    finally:
        client.close()


PIECES = "SELECT production_day, sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate GROUP BY ALL ORDER BY ALL"
DOWN = "SELECT sum(unplanned_down_seconds) FROM te_marts.availability WHERE work_center = 'PRS01'"


@pytest.mark.long
def test_a_retracted_file_leaves_the_figures_and_comes_back(plant: Stack, tmp_path: Path) -> None:
    exported = (datetime(2026, 3, 9, 6, tzinfo=UTC), datetime(2026, 3, 10, 6, tzinfo=UTC))
    shas = ingest(
        confirmation_book(tmp_path / name_of("First", exported[0]), [confirmation(1, DAY), confirmation(2, DAY)]),
        confirmation_book(tmp_path / name_of("Wrong", exported[1]), [confirmation(2, NEXT, good=1)]),
        log_book(tmp_path / name_of("Log", exported[0]), [stop(1, wall(DAY, 8), wall(DAY, 9))]),
    )
    with_both = [(DAY, Decimal(90), Decimal(10)), (NEXT, Decimal(1), Decimal(10))]
    assert asked(PIECES) == with_both

    said = run("retract", shas["Wrong"][:12], "--reason", "wrong plant").stdout
    assert "does not count any more" in said
    assert "confirmations: 2 production days restated, 2026-03-03 … 2026-03-04" in said
    assert asked(PIECES) == [(DAY, Decimal(180), Decimal(20))]
    assert asked("SELECT DISTINCT fate FROM te_ops.row_fates WHERE file_sha256 = '" + shas["Wrong"] + "'") == [
        ("retracted",)
    ]
    with pytest.raises(NothingToCorrect, match="wrong plant"):
        CliRunner().invoke(cli, ["retract", shas["Wrong"], "--reason", "again"], catch_exceptions=False)

    run("retract", shas["Wrong"], "--reason", "it was right", "--undo")
    assert asked(PIECES) == with_both

    assert asked(DOWN) == [(Decimal(3600),)]
    run("retract", shas["Log"], "--reason", "test data", "--json")
    assert asked(
        "SELECT countIf(coverage = 'none') = count(), sum(planned_busy_seconds) FROM te_marts.availability"
    ) == [(True, Decimal(0))]
    assert asked("SELECT sum(difference) FROM te_ops.conservation") == [(0,)]


@pytest.mark.long
def test_files_are_read_again_under_a_better_contract(
    plant: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`12 000` was no number under the first version; the second declares how thousands are written."""
    site = tmp_path / "site"
    (site / "sources").mkdir(parents=True)
    site_yaml = (Settings().site_dir or Path()) / "site.yaml"
    (site / "site.yaml").write_bytes(site_yaml.read_bytes())
    monkeypatch.setenv("TE_SITE", str(site))
    text = (SHIPPED / "sap_confirmations.yaml").read_text(encoding="utf-8")
    exported = datetime(2026, 3, 9, 6, tzinfo=UTC)
    rows = [confirmation(1, DAY), confirmation(2, DAY, good="12 000")]
    shas = ingest(confirmation_book(tmp_path / name_of("List", exported), rows))
    assert asked(PIECES) == [(DAY, Decimal(90), Decimal(10))]
    assert "every file was read under the newest version" in run("reprocess", "sap_confirmations", "--dry-run").stderr

    better = text.replace("version: 2\n", "version: 3\n").replace(
        "locale: {", "locale: {decimal: '.', thousands: ' ', ", 1
    )
    (site / "sources" / "sap.yaml").write_text(better, encoding="utf-8")
    before = asked("SELECT count() FROM te_raw.confirmations")
    (reading,) = json.loads(run("reprocess", "sap_confirmations", "--dry-run", "--json").stdout)
    assert (reading["before"]["accepted"], reading["before"]["rejected"]) == (1, 1)
    assert (reading["after"]["accepted"], reading["after"]["rejected"]) == (2, 0)
    assert [Decimal(reading[when]["sums"]["good ST"]) for when in ("before", "after")] == [90, 12_090]
    assert asked("SELECT count() FROM te_raw.confirmations") == before
    assert asked(PIECES) == [(DAY, Decimal(90), Decimal(10))]

    run("reprocess", "sap_confirmations", "--from", DAY, "--to", DAY)
    assert asked(PIECES) == [(DAY, Decimal(12_090), Decimal(20))]
    assert asked("SELECT sum(difference) FROM te_ops.conservation") == [(0,)]
    mine = f"file_sha256 = '{shas['List']}'"
    assert asked(f"SELECT contract, fate, count() FROM te_ops.row_fates WHERE {mine} GROUP BY ALL ORDER BY ALL") == [
        ("sap_confirmations@2", "rejected", 1),
        ("sap_confirmations@2", "superseded", 1),
        ("sap_confirmations@3", "accepted", 2),
    ]
    assert "every file of sap_confirmations" in run("reprocess", "sap_confirmations").stderr
