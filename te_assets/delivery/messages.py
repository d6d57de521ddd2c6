"""Kafka messages → what te_raw keeps: lines and their hash, columns from headers, bytes for the insert."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

# What DateTime64(3) holds; anything outside is no time of a plant's system.
_EARLIEST_MS: Final = 0
_LATEST_MS: Final = int(datetime(2299, 1, 1, tzinfo=UTC).timestamp() * 1000)

_OFFSET_AND_TIME: Final = struct.Struct("<Qq")
_TIME: Final = struct.Struct("<q")


class Record(Protocol):
    """What is used of a kafka-python ConsumerRecord."""

    @property
    def offset(self) -> int:
        """Kafka offset."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since 1970, UTC; -1 where the producer gave none."""

    @property
    def key(self) -> bytes | None:
        """Key, any bytes."""

    @property
    def value(self) -> bytes | None:
        """Value, any bytes; None is a tombstone."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes | None]]:
        """Headers, any bytes."""


@dataclass(frozen=True)
class Provenance:
    """Columns of te_raw that come from a message's headers.

    Attributes:
        exported_at_ms: Milliseconds since 1970, UTC.
        event_id: `ce_id` of a message that carries no workbook.
    """

    file_sha256: str
    sheet: str
    contract: str
    exported_at_ms: int
    event_id: str


def provenance(record: Record) -> Provenance:
    """Columns from headers. Whatever a sender puts there holds no message up: what cannot be read is empty."""
    headers = {name: (value or b"").decode("utf-8", "replace") for name, value in record.headers}
    sha256 = headers.get("te_file_sha256", "")
    times = (_milliseconds(headers.get(name, "")) for name in ("te_exported_at", "ce_time"))
    exported_at = next((time for time in times if time is not None), _clamped(record.timestamp))
    return Provenance(
        file_sha256=sha256,
        sheet=headers.get("te_sheet", ""),
        contract=headers.get("ce_dataschema", ""),
        exported_at_ms=exported_at,
        event_id="" if sha256 else headers.get("ce_id", ""),
    )


def _milliseconds(text: str) -> int | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        milliseconds = round(aware.timestamp() * 1000)
    except (OverflowError, ValueError):
        return None
    return milliseconds if _EARLIEST_MS <= milliseconds <= _LATEST_MS else None


def _clamped(timestamp: int) -> int:
    return min(max(timestamp, _EARLIEST_MS), _LATEST_MS)


@dataclass(frozen=True)
class Batch:
    """Messages of one shard between two offsets, ready to be inserted.

    Attributes:
        lo: First offset of the range.
        next: Where the next range begins.
        messages: Messages in it.
        lines: Lines of the messages.
        hash: Sum of xxHash64 over the lines, modulo 2^64.
        data: One row per message in ClickHouse's RowBinary, as `raw_insert.sql` takes it.
    """

    lo: int
    next: int
    messages: int
    lines: int
    hash: int
    data: bytes


class Gathering:
    """Counts, hashes and encodes messages as they are read."""

    def __init__(self) -> None:
        self.messages = 0
        self.lines = 0
        self.size = 0
        self._hash = 0
        self._rows: list[bytes] = []

    def add(self, record: Record) -> None:
        r"""Take a message. A null or empty value counts as one empty line, to be rejected by name.

        Lines end at `\n`; line breaks at the end of the value begin no further line.
        """
        import xxhash

        value = (record.value or b"").rstrip(b"\n")
        lines = value.split(b"\n")
        self.messages += 1
        self.lines += len(lines)
        self.size += len(value)
        self._hash += sum(map(xxhash.xxh64_intdigest, lines))
        self._rows += _row_binary(record, value)

    def batch(self, lo: int, next_offset: int) -> Batch:
        """What was gathered, as the range from `lo` to `next_offset`, exclusive."""
        return Batch(lo, next_offset, self.messages, self.lines, self._hash % (1 << 64), b"".join(self._rows))


def _row_binary(record: Record, value: bytes) -> Iterator[bytes]:
    """The columns that `raw_insert.sql` names in `input()`, in their order."""
    found = provenance(record)
    yield _OFFSET_AND_TIME.pack(record.offset, _clamped(record.timestamp))
    yield from _string(record.key or b"")
    yield from _string(found.file_sha256.encode())
    yield from _string(found.sheet.encode())
    yield from _string(found.contract.encode())
    yield _TIME.pack(found.exported_at_ms)
    yield from _string(found.event_id.encode())
    yield from _string(value)


def _string(data: bytes) -> Iterator[bytes]:
    """Length as LEB128, then the bytes."""
    length, prefix = len(data), bytearray()
    while length > 0x7F:
        prefix.append(length & 0x7F | 0x80)
        length >>= 7
    prefix.append(length)
    yield bytes(prefix)
    yield data
