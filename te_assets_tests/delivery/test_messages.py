"""Messages of any content → bytes of the insert."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from te_assets.delivery.messages import Gathering, Provenance, provenance


@dataclass(frozen=True)
class FakeRecord:
    offset: int = 5
    timestamp: int = 1_700_000_000_123
    key: bytes | None = b"k"
    value: bytes | None = b'{"_row":1}'
    headers: list[tuple[str, bytes | None]] = field(default_factory=list)


def decode(data: bytes) -> list[tuple[int, int, bytes, bytes, bytes, bytes, int, bytes, bytes]]:
    """RowBinary read back, written from ClickHouse's description of the format."""
    position, rows = 0, []

    def string() -> bytes:
        nonlocal position
        length = shift = 0
        while True:
            byte = data[position]
            position += 1
            length |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        position += length
        return data[position - length : position]

    def number(kind: str) -> int:
        nonlocal position
        position += 8
        return int(struct.unpack_from(kind, data, position - 8)[0])

    while position < len(data):
        row = (number("<Q"), number("<q"), string(), string(), string(), string(), number("<q"), string(), string())
        rows.append(row)
    return rows


def test_columns_of_a_workbooks_message_come_from_its_headers() -> None:
    headers: list[tuple[str, bytes | None]] = [
        ("ce_id", b"sap@1/Blatt/2"),
        ("ce_time", b"2026-01-01T00:00:00Z"),
        ("ce_dataschema", b"sap@1"),
        ("te_file_sha256", b"ab"),
        ("te_sheet", "Blätter".encode()),
        ("te_exported_at", b"2026-03-09T06:15:00.250Z"),
    ]
    assert provenance(FakeRecord(headers=headers)) == Provenance("ab", "Blätter", "sap@1", 1_773_036_900_250, "")


def test_an_event_keeps_its_id_and_its_own_time() -> None:
    headers: list[tuple[str, bytes | None]] = [("ce_id", b"e-1"), ("ce_time", b"1970-01-01T01:00:01+01:00")]
    assert provenance(FakeRecord(headers=headers)) == Provenance("", "", "", 1_000, "e-1")


@pytest.mark.parametrize(
    "time", [b"", b"yesterday", b"\xff\xfe", b"9999-01-01T00:00:00Z", b"0001-01-01T00:00:00Z", None, b"2026-13-01"]
)
def test_a_time_that_cannot_be_read_gives_way_to_kafkas(time: bytes | None) -> None:
    headers = [("te_exported_at", time), ("ce_time", time), ("te_sheet", b"\xc3\x28")]
    found = provenance(FakeRecord(headers=headers))
    assert (found.exported_at_ms, found.sheet) == (1_700_000_000_123, "\ufffd(")


@pytest.mark.parametrize(("timestamp", "kept"), [(-1, 0), (1 << 62, 10_382_256_000_000)])
def test_a_timestamp_beyond_what_a_column_holds_is_clamped(timestamp: int, kept: int) -> None:
    gathering = Gathering()
    gathering.add(FakeRecord(timestamp=timestamp))
    assert decode(gathering.batch(5, 6).data)[0][1] == kept


@pytest.mark.parametrize(
    ("value", "lines"),
    [(None, [b""]), (b"", [b""]), (b"\n\n", [b""]), (b"a\nb\n", [b"a", b"b"]), (b"a\n\nb", [b"a", b"", b"b"])],
)
def test_lines_are_counted_and_hashed_as_the_insert_splits_them(value: bytes | None, lines: list[bytes]) -> None:
    gathering = Gathering()
    gathering.add(FakeRecord(value=value))
    batch = gathering.batch(5, 7)
    assert (batch.messages, batch.lines) == (1, len(lines))
    assert batch.hash == sum(xxhash.xxh64_intdigest(line) for line in lines) % (1 << 64)


@given(
    st.lists(
        st.builds(
            FakeRecord,
            offset=st.integers(0, (1 << 63) - 1),
            timestamp=st.integers(-(1 << 63), (1 << 63) - 1),
            key=st.none() | st.binary(max_size=300),
            value=st.none() | st.binary(max_size=300),
            headers=st.lists(
                st.tuples(
                    st.sampled_from(["te_file_sha256", "te_sheet", "ce_dataschema", "ce_id", "ce_time", "other"]),
                    st.none() | st.binary(max_size=40),
                ),
                max_size=6,
            ),
        ),
        max_size=5,
    )
)
def test_any_message_is_encoded_so_that_its_bytes_come_back(records: list[FakeRecord]) -> None:
    gathering = Gathering()
    for record in records:
        gathering.add(record)
    rows = decode(gathering.batch(0, 1).data)
    assert [(row[0], row[2], row[8]) for row in rows] == [
        (record.offset, record.key or b"", (record.value or b"").rstrip(b"\n")) for record in records
    ]
