"""`te-assets ingest` and `check`: what they say of good and bad files, and that nothing is lost."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.delivery.reader import Bounds
from te_assets_tests.assets.deliveries import (
    BAD_FILES,
    CONFIRMATIONS_HEADER,
    confirmation,
    confirmation_book,
    log_book,
    name_of,
    stop,
    wall,
    write_bad,
)
from te_assets_tests.commands.conftest import Run
from te_assets_tests.conftest import Stack

EXPORTED = datetime(2026, 3, 9, 6, tzinfo=UTC)
FIRST, SECOND = date(2026, 3, 3), date(2026, 3, 4)


def rows(plant: Stack, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in plant.clickhouse.query(query).result_rows]


@pytest.mark.parametrize("name", BAD_FILES)
def test_check_says_what_is_wrong_with_a_bad_file_where_and_what_to_do(tmp_path: Path, run: Run, name: str) -> None:
    answer = run("check", write_bad(tmp_path, name))

    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.startswith(f"te-assets: {name}")
    assert [word for word in BAD_FILES[name][1] if word not in answer.err] == []
    assert "Traceback" not in answer.err


@pytest.mark.stack
def test_bad_files_are_refused_by_name_hold_up_no_other_and_a_second_time_nothing_changes(
    plant: Stack, tmp_path: Path, run: Run
) -> None:
    """One broken attachment of a Monday mail kept the week's confirmations of the whole plant out of the marts."""
    good = confirmation_book(
        tmp_path / name_of("Confirmations", EXPORTED), [confirmation(1, FIRST), confirmation(2, SECOND)]
    )
    bad = [write_bad(tmp_path, name) for name in BAD_FILES]
    answer = run("ingest", *bad[:5], good, *bad[5:])

    assert answer.code == 1
    missing = {
        name: [word for word in words if word not in answer.about(name)] for name, (_, words) in BAD_FILES.items()
    }
    assert missing == {name: [] for name in BAD_FILES}
    assert "2 production days restated, 2026-03-03 … 2026-03-04" in answer.out
    states = "SELECT name, argMax(state, (at, state)), argMax(reason, (at, state)) FROM te_ops.files GROUP BY ALL"
    found = {name: (state, reason) for name, state, reason in rows(plant, states)}
    assert {name: state for name, (state, _) in found.items()} == {
        **dict.fromkeys(BAD_FILES, "REJECTED"),
        good.name: "PUBLISHED",
    }
    assert {name: reason for name, (_, reason) in found.items() if name in BAD_FILES} == {
        name: answer.about(name).removeprefix(f"{name}: ") for name in BAD_FILES
    }
    raw = "SELECT uniqExact(file_sha256), count() FROM te_raw.confirmations"
    marts = "SELECT production_day, good_qty, scrap_qty FROM te_marts.scrap_rate ORDER BY production_day"
    assert rows(plant, raw) == [(1, 2)]
    assert rows(plant, "SELECT count() FROM te_raw.interactions") == [(0,)]
    assert rows(plant, marts) == [(FIRST, 90, 10), (SECOND, 90, 10)]
    ledger = rows(plant, "SELECT * FROM te_ops.load_ledger ORDER BY at")
    before = rows(plant, raw), rows(plant, marts), rows(plant, "SELECT count() FROM te_ops.files")

    again = run("ingest", good)
    renamed = run("ingest", "--json", good.rename(tmp_path / "renamed.xlsx"))

    assert (again.code, renamed.code) == (0, 0)
    assert f"{good.name}: the same bytes were published before under sap_confirmations@2: nothing to do" in again.out
    (report,) = json.loads(renamed.out)
    assert report["note"] == "the same bytes were published before under sap_confirmations@2: nothing to do"
    assert (report["name"], report["published"], report["accepted"], report["days"]) == ("renamed.xlsx", 2, 2, [])
    assert (rows(plant, raw), rows(plant, marts), rows(plant, "SELECT count() FROM te_ops.files")) == before
    assert rows(plant, "SELECT * FROM te_ops.load_ledger ORDER BY at") == ledger


@pytest.mark.long
@pytest.mark.stack
def test_a_bad_cell_rejects_its_row_alone_and_is_named_by_its_address(plant: Stack, tmp_path: Path, run: Run) -> None:
    """A typed "zwölf" in one quantity used to throw the whole list away."""
    list_of_confirmations = confirmation_book(
        tmp_path / name_of("Confirmations", EXPORTED),
        [
            confirmation(1, FIRST),
            confirmation(2, FIRST, scrap="zwölf"),
            confirmation(3, FIRST, good="1.234"),
            ("Total", *[None] * 6, 180, 10),
        ],
    )
    log = log_book(
        tmp_path / name_of("Log", EXPORTED),
        [
            stop(1, wall(FIRST, 8), wall(FIRST, 9)),
            stop(2, wall(FIRST, 12), wall(FIRST, 11)),
            stop(3, wall(FIRST, 15), None),
        ],
    )
    checked = [run("check", path) for path in (list_of_confirmations, log)]

    assert [answer.code for answer in checked] == [1, 1]
    assert "4 rows: 1 accepted, 2 rejected, 1 skipped, 0 duplicates" in checked[0].out
    total = (
        "COOIS!H5: the total says 180, the accepted rows above it add up to 90 (180 with 2 rejected or duplicate rows)"
    )
    assert total in checked[0].out
    assert "COOIS!I3: " in checked[0].out
    assert "COOIS!H4: " in checked[0].out
    assert "3 rows: 2 accepted, 1 rejected, 0 skipped, 0 duplicates" in checked[1].out
    assert "Stops!E3: the end lies before the start" in checked[1].out
    assert rows(plant, "SELECT count() FROM te_ops.files") == [(0,)]

    answer = run("ingest", "--json", list_of_confirmations, log)

    assert answer.code == 0  # the files are in; what is wrong with single rows is told
    confirmed, logged = json.loads(answer.out)
    counted = ("read", "published", "raw", "accepted", "rejected", "skipped", "duplicates", "difference")
    assert [confirmed[name] for name in counted] == [4, 4, 4, 1, 2, 1, 0, 0]
    assert [warning.startswith(total) for warning in confirmed["warnings"]] == [True]
    assert [logged[name] for name in counted] == [3, 3, 3, 2, 1, 0, 0, 0]
    assert confirmed["faults"][0].startswith("COOIS!I3: ")
    assert confirmed["faults"][1].startswith("COOIS!H4: ")
    assert logged["faults"][0].startswith("Stops!E3: the end lies before the start")
    assert "2026-03-03" in confirmed["days"]
    rejected = "SELECT model, sheet, row, column, rule, value FROM te_staging.rejected_rows FINAL ORDER BY ALL"
    assert rows(plant, rejected) == [
        ("confirmations", "COOIS", 3, "scrap_qty", "not_a_number", "zwölf"),
        ("confirmations", "COOIS", 4, "good_qty", "ambiguous_number", "1.234"),
        ("interactions", "Stops", 3, "ended_at", "end_before_start", "2026-03-03T11:00:00"),
    ]
    assert rows(plant, "SELECT count(), max(difference) FROM te_ops.conservation") == [(2, 0)]
    assert rows(plant, "SELECT good_qty, scrap_qty FROM te_marts.scrap_rate") == [(90, 10)]
    assert rows(plant, "SELECT interaction_id, is_open FROM te_staging.interactions ORDER BY 1") == [
        ("I-1", False),
        ("I-3", True),
    ]


@pytest.mark.long
@pytest.mark.stack
def test_rejected_rows_come_back_as_a_workbook_and_count_once_repaired(plant: Stack, tmp_path: Path, run: Run) -> None:
    delivered = confirmation_book(
        tmp_path / name_of("Confirmations", EXPORTED),
        [confirmation(1, FIRST), confirmation(2, FIRST, scrap="zwölf"), confirmation(3, SECOND, good="viele")],
    )
    (report,) = json.loads(run("ingest", "--json", delivered).out)
    repaired = tmp_path / name_of("Repaired", EXPORTED)

    answer = run("rejects", report["sha256"][:10], "--out", repaired)

    assert (answer.code, answer.err) == (0, f'2 rejected rows of sheet "COOIS" written to {repaired}\n')
    book = openpyxl.load_workbook(repaired)
    marked = [c.coordinate for row in book["COOIS"].iter_rows(min_row=2) for c in row if c.fill.fill_type == "solid"]
    assert marked == ["I2", "H3"]
    book["COOIS"]["I2"], book["COOIS"]["H3"] = 10, 90
    book.save(repaired)
    (second,) = json.loads(run("ingest", "--json", repaired).out)

    assert [second[name] for name in ("read", "accepted", "rejected", "difference")] == [2, 2, 0, 0]
    figures = "SELECT production_day, good_qty, scrap_qty, confirmations FROM te_marts.scrap_rate ORDER BY 1"
    assert rows(plant, figures) == [(FIRST, 180, 20, 2), (SECOND, 90, 10, 1)]
    assert rows(plant, "SELECT count(), max(abs(difference)) FROM te_ops.conservation") == [(2, 0)]
    resolved = "SELECT row, column, resolved_by_file FROM te_staging.rejected_rows FINAL ORDER BY row"
    assert rows(plant, resolved) == [(3, "scrap_qty", second["sha256"]), (4, "good_qty", second["sha256"])]
    assert rows(plant, "SELECT fate, count() FROM te_ops.row_fates GROUP BY fate ORDER BY fate") == [
        ("accepted", 3),
        ("repaired", 2),
    ]
    for sha256 in (report["sha256"], second["sha256"]):
        assert run("rejects", sha256, "--out", tmp_path / "none.xlsx").err.startswith("no row of this file waits")
    assert not (tmp_path / "none.xlsx").exists()


@pytest.mark.stack
def test_operators_stay_out_of_a_workbook_to_repair(plant: Stack, tmp_path: Path, run: Run) -> None:
    bad = stop(1, wall(FIRST, 12), wall(FIRST, 11))
    delivered = log_book(tmp_path / name_of("Log", EXPORTED), [bad])
    names = {str(cell.value) for row in openpyxl.load_workbook(delivered)["Stops"].iter_rows() for cell in row}
    (report,) = json.loads(run("ingest", "--json", delivered).out)

    assert run("rejects", report["sha256"], "--out", tmp_path / "out.xlsx").code == 0
    kept = {
        str(cell.value) for row in openpyxl.load_workbook(tmp_path / "out.xlsx")["Stops"].iter_rows() for cell in row
    }

    assert names - kept == {"Erika Muster"}


@pytest.mark.stack
def test_rejects_of_a_file_that_nobody_delivered(plant: Stack, tmp_path: Path, run: Run) -> None:
    answer = run("rejects", "abcdef", "--out", tmp_path / "out.xlsx")

    assert answer.code == 1
    assert answer.err.startswith("te-assets: no delivered file has a SHA-256 that begins with abcdef.")


@pytest.mark.stack
def test_ingest_with_a_source_tries_that_contract_alone(plant: Stack, tmp_path: Path, run: Run) -> None:
    path = confirmation_book(tmp_path / name_of("Confirmations", EXPORTED), [confirmation(1, FIRST)])

    wrong = run("ingest", "--source", "operator_log", path)
    unknown = run("ingest", "--source", "operator_logs", path)

    assert wrong.code == 1
    assert path.name in wrong.err
    assert rows(plant, "SELECT count() FROM te_raw.confirmations") == [(0,)]
    assert unknown.code == 1
    assert "'operator_logs'" in unknown.err
    assert "Close: operator_log" in unknown.err


@pytest.mark.stack
def test_what_one_run_may_not_load_is_loaded_by_the_next_ones(
    plant: Stack, tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TE_LINES_PER_RUN", "1")
    monkeypatch.setattr("te_assets.delivery.loader.Bounds", partial(Bounds, lines=1))
    day = wall(FIRST, 8)
    books = [log_book(tmp_path / f"{n}.xlsx", [stop(n, day, day.replace(hour=9))]) for n in range(4)]

    answer = run("ingest", *books)

    assert answer.code == 0
    assert "offsets wait, loading and typing on" in answer.out + answer.err
    assert rows(plant, "SELECT count(), uniqExact(interaction_id) FROM te_staging.interactions") == [(4, 4)]
    loads = "SELECT uniqExact(run_id) FROM te_ops.load_ledger WHERE state = 'LOADED'"
    assert rows(plant, loads)[0][0] > 1


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path, run: Run) -> None:
    for command in ("check", "ingest"):
        answer = run(command, tmp_path / "nothing.xlsx")

        assert answer.code == 2
        assert "nothing.xlsx' does not exist" in answer.err


@pytest.mark.stack
def test_check_of_a_good_file_shows_its_layout_and_exits_0_where_no_server_runs(tmp_path: Path, run: Run) -> None:
    path = confirmation_book(tmp_path / name_of("Confirmations", EXPORTED), [confirmation(1, FIRST)])
    answer = run("check", path)

    assert answer.code == 0
    assert f'{path.name}, sheet "COOIS", header in row 1: sap_confirmations@2' in answer.out
    assert f"good_qty {chr(65 + CONFIRMATIONS_HEADER.index('Confirmed Yield (MEINH)'))}" in answer.out
    assert "exported 2026-03-09 06:00 UTC (file name)" in answer.out
    assert "1 rows: 1 accepted, 0 rejected, 0 skipped, 0 duplicates" in answer.out
