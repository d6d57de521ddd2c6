"""Several sheets of one layout: one publication, every line with its sheet."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.matching import ColumnMissing
from te_assets.contracts.model import Contract
from te_assets.contracts.preamble import ConstantMissing
from te_assets.delivery.envelope import Publication, row_message
from te_assets.errors import WorkbookError
from te_assets.intake.opening import OpenedWorkbook, open_workbook, read_publication, reopen
from te_assets.workbook.request import OperatorPolicy
from te_assets_tests.assets.deliveries import STOPS_HEADER, write
from te_assets_tests.assets.deliveries import stop as logged

LAYOUT = Path(__file__).parent.parent / "contracts" / "layouts" / "machine_sheets.yaml"
HEADER = ("No.", "Down from", "Down to", "Code")
KEEP = OperatorPolicy("keep")


@pytest.fixture(scope="module")
def machines() -> Contract:
    return Contract.load(LAYOUT)


def at(hour: int) -> datetime:
    return datetime(2026, 3, 6, hour)


def row(number: int, code: str = "110") -> tuple[Any, ...]:
    return (f"S{number}", at(number), at(number + 1), code)


def opened(path: Path, *contracts: Contract) -> OpenedWorkbook:
    return open_workbook(path, path.name, contracts, first_seen=datetime(2026, 3, 9, tzinfo=UTC), operator=KEEP)


def sheets_of(workbook: OpenedWorkbook) -> list[tuple[str, str]]:
    return [(sheet.layout.contract, sheet.layout.sheet) for sheet in workbook.sheets]


def test_every_sheet_that_fits_is_of_one_publication(tmp_path: Path, machines: Contract) -> None:
    shifted = [("Remark", *HEADER), ("", *row(3)), ("", *row(4))]
    path = write(
        tmp_path / "a.xlsx", {"Cover": [("Week 10",)], "PRS01": [HEADER, row(1), row(2)], "CUT01 new": shifted}
    )
    workbook = opened(path, machines)

    assert sheets_of(workbook) == [("machine_sheets@1", "PRS01"), ("machine_sheets@1", "CUT01 new")]
    publication = workbook.sheets[0].publication
    assert workbook.sheets[1].publication is publication
    assert (publication.sheet, publication.header_map["started_at"]) == ("PRS01", "B")
    assert {name: columns["started_at"] for name, columns in publication.header_maps.items()} == {
        "PRS01": "B",
        "CUT01 new": "C",
    }
    assert publication.columns_of("CUT01 new")["reason_code"] == "E"
    assert Publication.model_validate_json(publication.model_dump_json()) == publication
    assert workbook.sheets[1].warnings == ()  # what is said of the file is said once
    assert not [warning for sheet in workbook.sheets for warning in sheet.warnings if "not read" in warning]


def test_batches_know_their_sheet_and_the_result_counts_all(tmp_path: Path, machines: Contract) -> None:
    path = write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1), row(2)], "CUT01": [HEADER], "PRS02": [HEADER, row(3)]})
    workbook = opened(path, machines)
    sheets = reopen(path, workbook.sheets[0].publication, machines, KEEP)

    with read_publication(sheets) as reading:
        batches = list(reading)
        result = reading.result

    lines = [(batch.sheet, json.loads(line)) for batch in batches for line in batch.data.decode().splitlines()]
    assert [(sheet, line["_row"], line["work_center"], line["interaction_id"]) for sheet, line in lines] == [
        ("PRS01", 2, "PRS01", "S1"),
        ("PRS01", 3, "PRS01", "S2"),
        ("PRS02", 2, "PRS02", "S3"),
    ]
    assert result.rows == 3
    assert result.seconds["read"] > 0
    publication = workbook.sheets[0].publication
    messages = [row_message(publication, batch) for batch in batches]
    assert [message.key.decode() for message in messages] == [
        f"{publication.sha256}/PRS01",
        f"{publication.sha256}/PRS02",
    ]
    assert [dict(message.headers)["te_sheet"] for message in messages] == [b"PRS01", b"PRS02"]


def test_a_result_before_the_last_sheet_is_refused_and_closing_leaves_no_process(
    tmp_path: Path, machines: Contract
) -> None:
    path = write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)], "PRS02": [HEADER, row(3)]})
    sheets = opened(path, machines).sheets

    with read_publication(sheets) as reading:
        next(reading)
        with pytest.raises(WorkbookError, match="before the last batch of the last sheet was read"):
            reading.result  # noqa: B018  it raises
    assert list(reading) == []


def test_a_sheet_that_nearly_fits_is_not_left_out_in_silence(tmp_path: Path, machines: Contract) -> None:
    """Somebody renamed a column on one of twelve sheets, and the machine had no stops that month."""
    broken = ("No.", "Begin", "Down to", "Code")
    path = write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)], "PRS02": [broken, row(2)]})

    with pytest.raises(ColumnMissing, match='sheet "PRS02", row 1: no column for "started_at"'):
        opened(path, machines)


def test_a_sheet_whose_name_tells_no_machine_is_told(tmp_path: Path, machines: Contract) -> None:
    path = write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)], "Sheet2": [HEADER, row(2)]})

    with pytest.raises(ConstantMissing, match='sheet "Sheet2": the name of the sheet does not match'):
        opened(path, machines)


def test_a_hidden_copy_is_not_read_and_that_is_said(tmp_path: Path, machines: Contract) -> None:
    path = write(
        tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)], "PRS02": [HEADER, row(2)], "PRS01 old": [HEADER, row(1)]}
    )
    book = openpyxl.load_workbook(path)
    book["PRS01 old"].sheet_state = "hidden"
    book.save(path)
    workbook = opened(path, machines)

    assert [name for _, name in sheets_of(workbook)] == ["PRS01", "PRS02"]
    assert 'sheet "PRS01" was read as machine_sheets@1; "PRS01 old" (hidden) fits too and was not read.' in " ".join(
        workbook.sheets[0].warnings
    )


def test_one_sheet_alone_gives_a_publication_as_before(tmp_path: Path, machines: Contract) -> None:
    workbook = opened(write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)]}), machines)

    assert workbook.sheets[0].publication.header_maps == {}


def test_stops_on_some_sheets_and_confirmations_on_another_give_two_publications(
    tmp_path: Path, machines: Contract
) -> None:
    counts = Contract.load(LAYOUT.with_name("totals.yaml"))
    production = [("Machine", "Job", "Finished", "Total", "Good pieces"), ("PRS01", "4711", at(9), 100, 90)]
    path = write(tmp_path / "a.xlsx", {"PRS01": [HEADER, row(1)], "Output": production, "PRS02": [HEADER, row(2)]})
    workbook = opened(path, machines, counts)

    assert sheets_of(workbook) == [
        ("machine_sheets@1", "PRS01"),
        ("machine_sheets@1", "PRS02"),
        ("totals@1", "Output"),
    ]
    assert {(s.publication.key, s.publication.model) for s in workbook.sheets} == {
        (f"{workbook.sha256}@machine_sheets@1", "interactions"),
        (f"{workbook.sha256}@totals@1", "confirmations"),
    }


def test_sheets_of_another_contract_stay_its_own_also_when_reopened(tmp_path: Path, machines: Contract) -> None:
    """A workbook of machine sheets and one operator log: two publications, no row of the one in the other."""
    log = load_contracts(None).of_source("operator_log")
    also = machines.model_copy(
        update={
            "columns": dict(machines.columns)
            | {
                "started_at": machines.columns["started_at"].model_copy(update={"aliases": ("Down from", "Start")}),
                "interaction_id": machines.columns["interaction_id"].model_copy(
                    update={"aliases": ("No.", "Interaction ID")}
                ),
            }
        }
    )
    path = write(
        tmp_path / "a.xlsx",
        {
            "PRS01": [HEADER, row(1)],
            "PRS02": [HEADER, row(2)],
            "LOG01": [STOPS_HEADER, logged(1, at(5), at(6))],
        },
    )
    workbook = opened(path, also, log)

    assert sheets_of(workbook) == [
        ("machine_sheets@1", "PRS01"),
        ("machine_sheets@1", "PRS02"),
        ("operator_log@2", "LOG01"),
    ]
    again = reopen(path, workbook.sheets[0].publication, also, KEEP)
    assert [sheet.layout.sheet for sheet in again] == ["PRS01", "PRS02"]
