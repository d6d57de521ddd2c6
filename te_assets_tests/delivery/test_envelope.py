"""What travels through Kafka."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from te_assets.delivery.envelope import (
    Manifest,
    RowBatch,
    event_message,
    lines_hash,
    manifest_message,
    row_message,
)
from te_assets.delivery.errors import EnvelopeError
from te_assets.delivery.manifests import is_whole, summed
from te_assets_tests.delivery.builders import EXPORTED_AT, publication


def manifest(**changes: object) -> Manifest:
    fields = {"rows": 3, "records": {1: 2}, "lines_hash": 17, "publisher": "0.1.0"} | changes
    return Manifest(**publication().model_dump(), **fields)


def test_a_batch_has_as_many_rows_as_lines() -> None:
    with pytest.raises(EnvelopeError, match="2 lines of text for 3 rows"):
        RowBatch(2, 3, b'{"_row":2}\n{"_row":3}')


@pytest.mark.parametrize(("rows", "data"), [(0, b""), (1001, b"\n" * 1000), (1, b"x" * 900_001)])
def test_a_batch_beyond_its_bounds_is_refused(rows: int, data: bytes) -> None:
    with pytest.raises(EnvelopeError, match="Cut the batch smaller"):
        RowBatch(2, rows, data)


def test_row_message_follows_cloudevents_binary_mode() -> None:
    batch = RowBatch(118, 2, b'{"_row":118}\n{"_row":119}', ("2026-03-06", "2026-03-07"))
    message = row_message(publication(), batch)
    sha256 = publication().sha256
    assert message.topic == "te.confirmations.v1"
    assert message.key == f"{sha256}/Rückmeldungen".encode()
    assert message.value == batch.data
    assert {name: value.decode() for name, value in message.headers} == {
        "ce_specversion": "1.0",
        "content-type": "application/x-ndjson",
        "ce_id": "sap_confirmations@1/Rückmeldungen/118",
        "ce_source": f"/files/{sha256}",
        "ce_type": "te.confirmations.rows.v1",
        "ce_time": "2026-03-09T06:15:00.000Z",
        "ce_dataschema": "sap_confirmations@1",
        "te_file_sha256": sha256,
        "te_sheet": "Rückmeldungen",
        "te_rows": "2",
        "te_exported_at": "2026-03-09T06:15:00.000Z",
        "te_days": "2026-03-06,2026-03-07",
    }


def test_event_message_is_one_line_keyed_by_its_machine() -> None:
    message = event_message(
        "interactions",
        {"plant": "1000", "reason_text": "Störung\nzwei Zeilen"},
        machine="1000/PRS01",
        event_id="e-1",
        time=datetime(2026, 3, 6, 18, tzinfo=timezone(timedelta(hours=1))),
        contract="operator_log@1",
    )
    headers = dict(message.headers)
    assert (message.topic, message.key) == ("te.interactions.v1", b"1000/PRS01")
    assert b"\n" not in message.value
    assert json.loads(message.value) == {"_row": 0, "plant": "1000", "reason_text": "Störung\nzwei Zeilen"}
    assert (headers["ce_id"], headers["ce_time"]) == (b"e-1", b"2026-03-06T17:00:00.000Z")
    assert "te_file_sha256" not in headers


def test_an_event_that_is_no_json_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="event e-1 of M: no JSON"):
        event_message(
            "interactions",
            {"x": float("nan")},
            machine="M",
            event_id="e-1",
            time=EXPORTED_AT,
            contract="operator_log@1",
        )


def test_manifest_survives_json_without_was_there() -> None:
    original = manifest(was_there=True, records={0: 5, 2: 7})
    again = Manifest.from_json(original.to_json())
    assert again == original.model_copy(update={"was_there": False})
    assert again.records == {0: 5, 2: 7}


def test_manifest_keys_of_later_chunks_differ_because_the_topic_is_compacted() -> None:
    key = f"{publication().sha256}@sap_confirmations@1"
    assert manifest_message(manifest()).key == key.encode()
    assert manifest_message(manifest(chunk=2, chunks=2)).key == f"{key}#2".encode()


def test_a_foreign_record_is_no_manifest() -> None:
    with pytest.raises(EnvelopeError, match=r"te\.files\.v1: a record is no manifest"):
        Manifest.from_json(b'{"hello": 1}')


def test_times_are_kept_in_utc_and_must_have_a_zone() -> None:
    local = datetime(2026, 3, 9, 7, 15, tzinfo=timezone(timedelta(hours=1)))
    fields = publication().model_dump()
    assert type(publication())(**fields | {"exported_at": local}).exported_at == EXPORTED_AT
    assert type(publication())(**fields | {"exported_at": local}).exported_at.tzinfo == UTC
    with pytest.raises(ValidationError, match="timezone"):
        type(publication())(**fields | {"exported_at": datetime(2026, 3, 9)})


def test_a_publication_is_whole_when_all_its_chunks_are_there() -> None:
    first, last = manifest(chunk=1, chunks=0), manifest(chunk=2, chunks=2, rows=4, lines_hash=(1 << 64) - 1)
    assert not is_whole([])
    assert not is_whole([first])
    assert not is_whole([last])
    assert is_whole([last, first])
    assert (summed([last, first]).rows, summed([last, first]).lines_hash) == (7, 16)
    assert summed([last, first]).records == {1: 4}


@given(st.lists(st.binary().map(lambda line: line.replace(b"\n", b"")), min_size=1))
def test_lines_hash_does_not_depend_on_order_or_batches(lines: list[bytes]) -> None:
    assert lines_hash(b"\n".join(lines)) == lines_hash(b"\n".join(reversed(lines)))
    assert lines_hash(b"\n".join(lines)) == sum(xxhash.xxh64(line).intdigest() for line in lines) % (1 << 64)
