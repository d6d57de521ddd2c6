"""te.file-events.v1: what happened to a file, told while it happens; the truth stands in te_ops.files.

Each message is a CloudEvent in binary mode; `ce_type` names its kind and major version. A field that is added has a
default and raises `schema_version`: readers take messages of every version, older and newer, by the fields that they
know. What could not be read so would get a new `ce_type`, which older readers pass over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from te_assets.delivery.envelope import Headers, Message, instant
from te_assets.delivery.topics import FILE_EVENTS

Change = Literal["published", "rejected", "retracted", "restored"]
"""What a file, or its publication under a contract, came to. Restored: its retraction was taken back."""


class _FileEvent(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: ClassVar[str]
    origin: ClassVar[str]

    schema_version: int = Field(1, ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")

    def _message(self, number: str, at: AwareDatetime) -> Message:
        headers: Headers = [
            ("ce_specversion", b"1.0"),
            ("ce_id", number.encode()),
            ("ce_source", self.origin.encode()),
            ("ce_type", self.kind.encode()),
            ("ce_time", instant(at).encode()),
            ("content-type", b"application/json"),
        ]
        return Message(FILE_EVENTS, self.sha256.encode(), self.model_dump_json().encode(), headers)


class FileReceived(_FileEvent):
    """A workbook lies in the landing store and waits to be judged and published.

    Attributes:
        schema_version: Of this message.
        sha256: Of its bytes, lower-case hex; where it lies in the store.
        name: What the sender called it.
        size: Bytes.
        source: The only source whose contract is to be tried; empty: all.
        sender: Name of the token that it came with.
        received_at: When its last byte was on disk, UTC.
    """

    kind = "te.files.received.v1"
    origin = "/gateway"

    name: str
    size: int = Field(ge=1)
    source: str = ""
    sender: str = ""
    received_at: AwareDatetime

    def message(self) -> Message:
        """As it stands on the topic."""
        return self._message(self.sha256, self.received_at)


class FileChanged(_FileEvent):
    """A file, or its publication under a contract, came to another state.

    Attributes:
        schema_version: Of this message.
        sha256: Of the file, lower-case hex.
        name: What the sender called it.
        contract: `<source>@<version>`; empty for the file as a whole.
        change: What it came to.
        reason: Why it was rejected or retracted, for a person.
        rows: Lines that were published.
        run_id: Dagster run that did it; empty where none did.
        changed_at: When, UTC.
    """

    kind = "te.files.changed.v1"
    origin = "/dagster"

    name: str = ""
    contract: str = ""
    change: Change
    reason: str = ""
    rows: int = Field(0, ge=0)
    run_id: str = ""
    changed_at: AwareDatetime

    def message(self) -> Message:
        """As it stands on the topic."""
        return self._message(f"{self.sha256}/{self.contract}/{self.change}/{instant(self.changed_at)}", self.changed_at)


FileEvent = FileReceived | FileChanged
_KINDS: Final[Mapping[str, type[FileReceived] | type[FileChanged]]] = {
    each.kind: each for each in (FileReceived, FileChanged)
}


def parse(headers: Iterable[tuple[str, bytes]], value: bytes) -> FileEvent | None:
    """The event of a message; None for one of another kind, and for one that is none at all."""
    kind = _KINDS.get(dict(headers).get("ce_type", b"").decode("utf-8", "replace"))
    try:
        return kind.model_validate_json(value) if kind else None
    except ValidationError:
        return None
