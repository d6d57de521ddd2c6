"""What travels through Kafka: batches of lines, the publication they belong to, its manifest, their headers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from te_assets.contracts.layout import Model
from te_assets.delivery.errors import EnvelopeError
from te_assets.delivery.topics import FILES, ROW_TOPICS

MAX_BATCH_ROWS: Final = 1_000
MAX_BATCH_BYTES: Final = 900_000
_MODULUS: Final = 1 << 64

Headers = list[tuple[str, bytes]]
Origin = Literal["column", "file_name", "sender", "workbook", "first_seen"]


def _as_utc(value: object) -> object:
    """Aware datetimes in UTC; everything else is left to the validation."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(UTC) if isinstance(value, datetime) and value.tzinfo else value


UtcDatetime = Annotated[AwareDatetime, BeforeValidator(_as_utc)]


@dataclass(frozen=True)
class RowBatch:
    r"""Consecutive lines of one sheet, the value of one Kafka message.

    Attributes:
        first_row: Excel row number of the first line.
        rows: Number of lines, 1 to 1,000.
        data: UTF-8 JSON objects joined by `\n`, no trailing line break, at most 900 kB.
        days: Production days that the lines may touch, ISO; a hint for the header `te_days`.
        sheet: Where the lines come from; empty: the publication's only sheet.
    """

    first_row: int
    rows: int
    data: bytes
    days: tuple[str, ...] = ()
    sheet: str = ""

    def __post_init__(self) -> None:
        if not 1 <= self.rows <= MAX_BATCH_ROWS or len(self.data) > MAX_BATCH_BYTES:
            raise EnvelopeError(
                f"batch from row {self.first_row}: {self.rows:,} lines, {len(self.data):,} bytes; a message holds 1 to "
                f"{MAX_BATCH_ROWS:,} lines and at most {MAX_BATCH_BYTES:,} bytes. Cut the batch smaller."
            )
        breaks = self.data.count(b"\n")
        if breaks != self.rows - 1:
            raise EnvelopeError(
                f"batch from row {self.first_row}: {breaks + 1:,} lines of text for {self.rows:,} rows. "
                "Join the rows by single line breaks and escape those inside values."
            )


class Publication(BaseModel):
    """One file under one contract version, feeding one model.

    Attributes:
        sha256: Of the landed bytes, lower-case hex.
        contract: `<source>@<version>`.
        exported_at: When the source system wrote the file, UTC.
        exported_at_origin: Where `exported_at` comes from.
        first_seen: When the file was first seen, UTC.
        period: Declared production days, both inclusive; None when nothing is declared.
        sheet: The sheet that was read, the first one where there are several.
        header_map: Field of the contract → column letter, in `sheet`.
        header_maps: Sheet → its header map, where several were read; empty for one.
        unmapped: Headers without a field; their values travel in `_extra`.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", protected_namespaces=())

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    name: str
    size: int = Field(ge=0)
    contract: str = Field(pattern=r"^[^@\s]+@\d+$")
    model: Model
    sheet: str
    exported_at: UtcDatetime
    exported_at_origin: Origin
    first_seen: UtcDatetime
    period: tuple[date, date] | None = None
    header_map: Mapping[str, str] = Field(default_factory=dict)
    unmapped: tuple[str, ...] = ()
    header_maps: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)

    def columns_of(self, sheet: str) -> Mapping[str, str]:
        """Header map of one of the sheets."""
        return self.header_maps.get(sheet, self.header_map if sheet == self.sheet else {})

    @property
    def key(self) -> str:
        """Identity of the publication: `<sha256>@<contract>@<version>`."""
        return f"{self.sha256}@{self.contract}"


class Manifest(Publication):
    """A publication as committed to Kafka; the last record of its transaction, on te.files.v1.

    Attributes:
        rows: Lines in this transaction.
        records: Kafka partition → number of messages in this transaction.
        lines_hash: Sum of xxHash64 over the lines of this transaction, modulo 2^64.
        chunk: Number of the transaction, from 1.
        chunks: Number of transactions of the publication; 0 in all but its last manifest, where more follow.
        publisher: Version of te_assets that published.
        was_there: True when this call found the publication on te.files.v1 and sent nothing; not part of the JSON.
    """

    rows: int = Field(ge=0)
    records: Mapping[int, int]
    lines_hash: int = Field(ge=0, lt=_MODULUS)
    chunk: int = Field(default=1, ge=1)
    chunks: int = Field(default=1, ge=0)
    publisher: str
    was_there: bool = Field(default=False, exclude=True)

    @property
    def record_key(self) -> str:
        """Key on te.files.v1. Compaction keeps the newest of a key, so later chunks have keys of their own."""
        return self.key if self.chunk == 1 else f"{self.key}#{self.chunk}"

    def to_json(self) -> str:
        """The manifest as one JSON object."""
        return self.model_dump_json()

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """A manifest from its JSON.

        Raises:
            EnvelopeError: The text is no manifest.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            shown = text[:120] if isinstance(text, str) else text[:120].decode("utf-8", "replace")
            raise EnvelopeError(
                f"te.files.v1: a record is no manifest ({error.errors()[0]['msg']}): {shown!r}. "
                "Only the publisher may write to this topic; look for other writers."
            ) from error


@dataclass(frozen=True)
class Message:
    """One Kafka record, ready to be sent."""

    topic: str
    key: bytes
    value: bytes
    headers: Headers


def lines_hash(data: bytes) -> int:
    """Sum of xxHash64 over the lines of a message, modulo 2^64; equals ClickHouse `sum(xxHash64(line))`."""
    import xxhash

    return sum(map(xxhash.xxh64_intdigest, data.split(b"\n"))) % _MODULUS


def add_hashes(hashes: Iterable[int]) -> int:
    """Sum of line hashes modulo 2^64."""
    return sum(hashes) % _MODULUS


def instant(value: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as in all headers."""
    return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _headers(**values: str) -> Headers:
    """CloudEvents binary mode: names as they are, values as UTF-8."""
    fixed = {"ce_specversion": "1.0", "content-type": "application/x-ndjson"}
    return [(name, text.encode()) for name, text in (fixed | values).items()]


def row_message(publication: Publication, batch: RowBatch) -> Message:
    """The message that carries a batch of a workbook's lines."""
    sheet = batch.sheet or publication.sheet
    return Message(
        topic=ROW_TOPICS[publication.model],
        key=f"{publication.sha256}/{sheet}".encode(),
        value=batch.data,
        headers=_headers(
            ce_id=f"{publication.contract}/{sheet}/{batch.first_row}",
            ce_source=f"/files/{publication.sha256}",
            ce_type=f"te.{publication.model}.rows.v1",
            ce_time=instant(publication.exported_at),
            ce_dataschema=publication.contract,
            te_file_sha256=publication.sha256,
            te_sheet=sheet,
            te_rows=str(batch.rows),
            te_exported_at=instant(publication.exported_at),
            te_days=",".join(batch.days),
        ),
    )


def manifest_message(manifest: Manifest) -> Message:
    """The record on te.files.v1 that makes a publication's transaction known."""
    return Message(
        topic=FILES,
        key=manifest.record_key.encode(),
        value=manifest.to_json().encode(),
        headers=[
            ("ce_specversion", b"1.0"),
            ("ce_id", manifest.record_key.encode()),
            ("ce_source", f"/files/{manifest.sha256}".encode()),
            ("ce_type", b"te.files.manifest.v1"),
            ("ce_time", instant(manifest.exported_at).encode()),
            ("content-type", b"application/json"),
        ],
    )


def event_message(
    model: Model,
    event: Mapping[str, Any],
    *,
    machine: str,
    event_id: str,
    time: datetime,
    contract: str,
    source: str = "/events",
    row: int = 0,
    days: tuple[str, ...] = (),
) -> Message:
    """The message of a single event, one line.

    Args:
        model: Which row topic it goes to.
        event: Fields of the contract, or of the model, with JSON values.
        machine: Machine part of the business key, e.g. `1000/PRS01`; events of one machine stay in order.
        event_id: The sender's id; with `time` it decides which of two versions is newer.
        time: When it happened, aware.
        contract: `<source>@<version>`.
        source: CloudEvents source of the sender.
        row: Index of the event in its posted batch.
        days: Production days that it may touch, ISO.

    Raises:
        EnvelopeError: The event has no JSON form, or is longer than a message may be.
    """
    try:
        line = json.dumps({"_row": row} | dict(event), ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise EnvelopeError(
            f"event {event_id} of {machine}: no JSON ({error}). Send strings, numbers, booleans, null."
        ) from error
    batch = RowBatch(first_row=row, rows=1, data=line.encode(), days=days)
    return Message(
        topic=ROW_TOPICS[model],
        key=machine.encode(),
        value=batch.data,
        headers=_headers(
            ce_id=event_id,
            ce_source=source,
            ce_type=f"te.{model}.rows.v1",
            ce_time=instant(time),
            ce_dataschema=contract,
            te_rows="1",
            te_days=",".join(days),
        ),
    )
