"""A reader that dies ends one file with a message, and leaves nothing behind."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from te_assets.delivery.envelope import RowBatch
from te_assets.workbook.errors import ReaderFailed
from te_assets.workbook.reading import read_batches
from te_assets.workbook.request import ColumnType, ExtraColumn, OperatorPolicy, ReadLimits, ReadRequest
from te_assets_tests.workbook.books import flip_byte, request_for, write_book, write_raw

FIELDS: dict[str, ColumnType] = {"plant": "text", "qty": "decimal"}


@pytest.fixture
def request_(tmp_path: Path) -> ReadRequest:
    rows: list[list[Any]] = [["plant", "qty"], *(["1000", n] for n in range(2500))]
    return request_for(write_book(tmp_path / "stops.xlsx", rows), FIELDS)


def process_exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_batches_and_result_come_from_a_process_of_its_own(request_: ReadRequest) -> None:
    reading = read_batches(request_)
    batches = list(reading)
    assert all(isinstance(batch, RowBatch) for batch in batches)
    assert [(batch.first_row, batch.rows) for batch in batches] == [(2, 1000), (1002, 1000), (2002, 500)]
    assert [json.loads(line) for line in batches[2].data.decode().split("\n")][-1] == {
        "_row": 2501,
        "plant": "1000",
        "qty": 2499,
    }
    assert reading.result.rows == 2500
    assert reading.result.seconds["read"] > 0
    assert reading.result.peak_bytes < 1 << 30
    assert list(reading) == []
    assert not process_exists(reading.pid)


def test_request_survives_its_way_to_the_process(tmp_path: Path) -> None:
    extras = [ExtraColumn("Störung", 4)]
    policy = OperatorPolicy("pseudonym", b"\0key\xff")
    request = request_for(tmp_path / "ä.xlsx", FIELDS, extras=extras, operator=policy, max_rows=7)
    assert ReadRequest.from_json(request.to_json()) == request


def test_key_of_the_pseudonyms_is_not_shown(tmp_path: Path) -> None:
    assert "secret" not in repr(
        request_for(tmp_path / "a.xlsx", FIELDS, operator=OperatorPolicy("pseudonym", b"secret"))
    )


def test_result_before_the_end_is_refused(request_: ReadRequest) -> None:
    with read_batches(request_) as reading:
        next(reading)
        with pytest.raises(ReaderFailed, match="before the last batch was read"):
            _ = reading.result


def test_reading_that_is_given_up_leaves_no_process(request_: ReadRequest) -> None:
    with read_batches(request_) as reading:
        next(reading)
        pid = reading.pid
    assert not process_exists(pid)
    assert list(reading) == []


def test_missing_sheet_is_named(request_: ReadRequest) -> None:
    wrong = ReadRequest(request_.path, "stops.xlsx", "COOIS", 1, request_.columns)
    with pytest.raises(ReaderFailed, match=r'stops\.xlsx, sheet "COOIS": there is no sheet "COOIS", only .*Data'):
        list(read_batches(wrong))


def test_header_in_the_last_row_gives_no_rows(request_: ReadRequest) -> None:
    below = ReadRequest(request_.path, "stops.xlsx", "Data", 2501, request_.columns)
    with read_batches(below) as reading:
        assert list(reading) == []
        assert reading.result.rows == 0


def test_lone_cell_far_outside_ends_the_reader_and_not_the_caller(tmp_path: Path) -> None:
    """The guard refuses such a file; should one get by, the library asks for 400 GB and aborts."""
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    request = request_for(write_raw(tmp_path / "far.xlsx", far), {"qty": "decimal"})
    with pytest.raises(ReaderFailed, match=r'far\.xlsx, sheet "Data".*memory.*split the export'):
        list(read_batches(request))


def test_too_little_memory_is_said_so(request_: ReadRequest) -> None:
    with pytest.raises(ReaderFailed, match=r'stops\.xlsx, sheet "Data".*failed'):
        list(read_batches(request_, ReadLimits(address_space=200 << 20)))


def test_reader_that_takes_too_long_is_stopped(request_: ReadRequest) -> None:
    reading = read_batches(request_, ReadLimits(seconds=0.05))
    with pytest.raises(ReaderFailed, match=r"did not finish within 0.05 s.*shorter periods"):
        list(reading)
    assert not process_exists(reading.pid)


def test_damage_that_appears_after_the_guard_is_reported(request_: ReadRequest) -> None:
    flip_byte(request_.path, "xl/worksheets/sheet1.xml")
    with pytest.raises(ReaderFailed, match=r"stops\.xlsx"):
        list(read_batches(request_))


def test_file_that_vanished_is_reported(request_: ReadRequest) -> None:
    request_.path.unlink()
    with pytest.raises(ReaderFailed, match=r"stops\.xlsx"):
        list(read_batches(request_))
