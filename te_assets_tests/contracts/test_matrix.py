"""A matrix of downtimes: every filled cell is a stop of its own, from the workbook to the typed row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.automation.repairing import write_rejects_of_sheet
from te_assets.contracts.matching import ColumnAmbiguous, ColumnMissing, match
from te_assets.contracts.model import Contract
from te_assets.intake.opening import OpenedSheet, open_workbook
from te_assets.lake.faults import Fault, address
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.contracts.conftest import Row, Typist, rules, utc
from te_assets_tests.contracts.test_matching import sheet as peeked

LAYOUTS = Path(__file__).parent / "layouts"
HEADER = ("Maschine", "Tag", "Schicht", "Werkzeugwechsel", "Störung mech.", "Kein Material", "Pause", "Bemerkung")
DAY = datetime(2026, 3, 6)
KEEP = OperatorPolicy("keep")


@pytest.fixture(scope="module")
def matrix() -> Contract:
    return Contract.load(LAYOUTS / "downtime_matrix.yaml")


def opened(
    tmp_path: Path, contract: Contract, rows: Sequence[Sequence[Any]], header: Sequence[Any] = HEADER
) -> OpenedSheet:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "KW10"
    for row in (header, *rows):
        sheet.append(list(row))
    path = tmp_path / "matrix.xlsx"
    book.save(path)
    (found,) = open_workbook(
        path, path.name, [contract], first_seen=datetime(2026, 3, 9, tzinfo=UTC), operator=KEEP
    ).sheets
    return found


def lines_of(sheet: OpenedSheet) -> list[dict[str, Any]]:
    with sheet.read() as reading:
        lines = [json.loads(line) for batch in reading for line in batch.data.decode().splitlines()]
        assert reading.result.rows == len(lines)
    return lines


def shown(row: Row) -> tuple[str, str, datetime, datetime]:
    return row["interaction_id"], row["reason_code"], row["started_at"], row["ended_at"]


def test_a_line_per_filled_cell_tells_its_column_and_what_stands_before_it(tmp_path: Path, matrix: Contract) -> None:
    sheet = opened(
        tmp_path,
        matrix,
        [
            ("PRS01", DAY, "Früh", 12, None, 7.5, 30, "ok"),
            ("PRS02", DAY, "Früh", None, 0, "0,0", None, None),
            ("PRS03", DAY, "Spät", "  ", "1,5", time(0, 45), None, None),
        ],
    )

    first = {"_row": 2, "work_center": "PRS01", "day": "2026-03-06T00:00:00", "shift_start": "Früh"}
    first |= {"_extra": {"Bemerkung": "ok"}}
    third = {"_row": 4, "work_center": "PRS03", "day": "2026-03-06T00:00:00", "shift_start": "Spät"}
    assert lines_of(sheet) == [
        first | {"_column": "D", "reason_code": "200", "reason_text": "Werkzeugwechsel", "duration": 12},
        first
        | {"_column": "F", "reason_code": "120", "reason_text": "Kein Material", "duration": 7.5, "_before": [12]},
        first | {"_column": "G", "reason_code": "300", "reason_text": "Pause", "duration": 30, "_before": [12, 7.5]},
        third | {"_column": "E", "reason_code": "110", "reason_text": "Störung mech.", "duration": "1,5"},
        third
        | {"_column": "F", "reason_code": "120", "reason_text": "Kein Material", "duration": "00:45:00"}
        | {"_before": ["1,5"]},
    ]
    assert sheet.publication.header_map == {
        "work_center": "A",
        "day": "B",
        "shift_start": "C",
        "duration@D": "D",
        "duration@E": "E",
        "duration@F": "F",
        "duration@G": "G",
    }
    assert sheet.publication.unmapped == ("Bemerkung",)


@pytest.mark.stack
def test_stops_of_a_row_stand_one_after_another(tmp_path: Path, typist: Typist, matrix: Contract) -> None:
    rows = typist(
        matrix,
        lines_of(
            opened(
                tmp_path,
                matrix,
                [
                    ("PRS01", DAY, "Früh", 12, None, 7.5, 30, None),
                    ("PRS01", DAY, "Nacht", None, "1:30", "1,5", timedelta(hours=2), None),
                ],
            )
        ),
    )

    assert [row["faults"] for row in rows] == [[]] * 6
    start = "PRS01/2026-03-06T05:00:00.000"
    night = "PRS01/2026-03-06T21:00:00.000"
    assert [shown(row) for row in rows] == [
        (f"{start}/200", "200", utc("2026-03-06T05:00"), utc("2026-03-06T05:12")),
        (f"{start}/120", "120", utc("2026-03-06T05:12"), utc("2026-03-06T05:19:30")),
        (f"{start}/300", "300", utc("2026-03-06T05:19:30"), utc("2026-03-06T05:49:30")),
        (f"{night}/110", "110", utc("2026-03-06T21:00"), utc("2026-03-06T22:30")),
        (f"{night}/120", "120", utc("2026-03-06T22:30"), utc("2026-03-06T22:31:30")),
        (f"{night}/300", "300", utc("2026-03-06T22:31:30"), utc("2026-03-07T00:31:30")),
    ]
    assert [row["exported_duration_seconds"] for row in rows][:3] == [Decimal(720), Decimal(450), Decimal(1800)]
    assert [row["production_day"] for row in rows] == [date(2026, 3, 6)] * 6
    assert rows[1]["reason_text"] == "Kein Material"


@pytest.mark.stack
def test_a_bad_cell_rejects_its_stop_alone_and_is_named_by_its_address(
    tmp_path: Path, typist: Typist, matrix: Contract
) -> None:
    """A question mark in one cell used to cost the whole shift."""
    sheet = opened(
        tmp_path,
        matrix,
        [("PRS01", DAY, "Früh", 10, "?", -5, 20, None), ("Summe", None, None, 10, None, None, 20, None)],
    )
    rows = typist(matrix, lines_of(sheet))

    assert [rules(row) for row in rows] == [
        [],
        [("duration@E", "not_a_number")],
        [("duration@F", "derived_negative")],
        [],
        [],
        [],
    ]
    assert [row["skip"] for row in rows] == ["", "", "", "", "total", "total"]
    assert (rows[3]["started_at"], rows[3]["ended_at"]) == (utc("2026-03-06T05:10"), utc("2026-03-06T05:30"))
    told = [Fault(2, **found) for row in rows[1:3] for found in row["faults"]]
    assert [f"{address(f, 'KW10', sheet.publication.header_map)}: {f.message}" for f in told] == [
        "KW10!E2: '?' is no number",
        "KW10!F2: -5 is negative; a stop cannot last less than nothing",
    ]

    out = tmp_path / "out.xlsx"
    written = write_rejects_of_sheet(sheet, told, tmp_path / "matrix.xlsx", KEEP, out)

    cells = openpyxl.load_workbook(out)["KW10"]
    assert (written.rows, cells.max_row) == (1, 2)
    assert [c.coordinate for row in cells.iter_rows(min_row=2) for c in row if c.fill.fill_type] == ["E2", "F2"]
    again = open_workbook(out, "out.xlsx", [matrix], first_seen=datetime(2026, 3, 9, tzinfo=UTC), operator=KEEP)
    assert [line["_column"] for line in lines_of(again.sheets[0])] == ["D", "E", "F", "G"]


@pytest.mark.stack
def test_the_same_matrix_exported_again_with_a_row_more_has_the_same_keys(
    tmp_path: Path, typist: Typist, matrix: Contract
) -> None:
    row = ("PRS01", DAY, "Spät", 10, None, None, 20, None)
    before = typist(matrix, lines_of(opened(tmp_path, matrix, [row])))
    inserted = ("PRS01", DAY, "Früh", 1, 1, 1, 1, None)
    after = typist(matrix, lines_of(opened(tmp_path, matrix, [inserted, (*row[:3], 15, *row[4:])])))

    assert [r["business_key"] for r in after[4:]] == [r["business_key"] for r in before]
    assert len({r["business_key"] for r in after}) == 6
    assert after[5]["started_at"] - before[1]["started_at"] == timedelta(minutes=5)


def test_all_headers_without_a_field_are_the_matrix_but_for_some(tmp_path: Path, matrix: Contract) -> None:
    assert matrix.unpivot is not None
    star = matrix.unpivot.model_copy(update={"columns": "*", "but_not": ("Bemerkung",)})
    sheet = opened(
        tmp_path,
        matrix.model_copy(update={"unpivot": star}),
        [("PRS01", DAY, "Früh", None, 1, None, 2, "3", "4")],
        (*HEADER, "Rejected because"),
    )

    assert [(line["reason_code"], line["duration"]) for line in lines_of(sheet)] == [("Störung mech.", 1), ("Pause", 2)]


def test_a_pattern_takes_the_code_out_of_the_header(tmp_path: Path, matrix: Contract) -> None:
    assert matrix.unpivot is not None
    found = matrix.unpivot.model_copy(update={"columns": None, "pattern": r"^(?P<name>\d{3}) "})
    header = ("Maschine", "Tag", "Schicht", "110 Störung", "200 Rüsten", "Summe")
    sheet = opened(tmp_path, matrix.model_copy(update={"unpivot": found}), [("PRS01", DAY, "Früh", 5, 6, 11)], header)

    assert [(line["reason_code"], line["reason_text"], line["duration"]) for line in lines_of(sheet)] == [
        ("110", "110 Störung", 5),
        ("200", "200 Rüsten", 6),
    ]


def test_zeros_stay_where_the_contract_wants_them(tmp_path: Path, matrix: Contract) -> None:
    assert matrix.unpivot is not None
    kept = matrix.model_copy(update={"unpivot": matrix.unpivot.model_copy(update={"skip": "empty"})})
    sheet = opened(tmp_path, kept, [("PRS01", DAY, "Früh", 0, "0:00", None, " ", None)])

    assert [line["duration"] for line in lines_of(sheet)] == [0, "0:00"]


def test_texts_that_stand_for_nothing_are_no_stops(tmp_path: Path, matrix: Contract) -> None:
    assert matrix.unpivot is not None
    dashes = matrix.model_copy(update={"unpivot": matrix.unpivot.model_copy(update={"nothing": ("-", "n/a")})})
    sheet = opened(tmp_path, dashes, [("PRS01", DAY, "Früh", "-", " - ", "n/a", 3, None)])

    assert [(line["_column"], line["duration"]) for line in lines_of(sheet)] == [("G", 3)]


def test_two_columns_that_mean_the_same_are_refused(matrix: Contract) -> None:
    """One of the two stops would have the other's id and vanish."""
    cells = [*HEADER[:4], "WERKZEUGWECHSEL"]

    with pytest.raises(ColumnAmbiguous, match=r'mean the same: "Werkzeugwechsel" \(D\) and "WERKZEUGWECHSEL" \(E\)'):
        match([matrix], "x.xlsx", [peeked(cells, "KW10")])


def test_a_sheet_without_any_header_of_the_matrix_is_told(matrix: Contract) -> None:
    with pytest.raises(ColumnMissing, match=r"no header is one of the matrix of downtime_matrix@1"):
        match([matrix], "x.xlsx", [peeked(["Maschine", "Tag", "Schicht", "Rüsten"], "KW10")])
