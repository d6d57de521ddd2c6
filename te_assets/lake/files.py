"""te_ops.files: one line per state change of a landed file and of its publications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from te_assets.errors import LakeError

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

State = Literal["SEEN", "SETTLED", "STORED", "READ", "PUBLISHED", "REJECTED", "RETRACTED"]


_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class FileState:
    """A landed file, or its publication under a contract, reached a state.

    Attributes:
        sha256: Of the landed bytes, lower-case hex.
        contract: `<source>@<version>`; empty for the file itself.
        model: Which model the contract feeds; empty for the file itself.
        exported_at: When the source system wrote the file, UTC.
        lines_hash: Sum of xxHash64 over the lines, modulo 2^64.
        manifest: JSON as on te.files.v1, from PUBLISHED on.
    """

    sha256: str
    state: State
    name: str
    size: int
    contract: str = ""
    model: str = ""
    reason: str = ""
    rows_read: int = 0
    rows_published: int = 0
    lines_hash: int = 0
    exported_at: datetime = _NEVER
    exported_at_origin: str = ""
    manifest: str = ""
    run_id: str = ""


class UnknownFile(LakeError):
    """No delivered file, or more than one, has such a SHA-256."""


_COLUMNS = [f.name for f in fields(FileState)]
_KEYS = ("sha256", "contract")


def record(client: Client, states: Sequence[FileState]) -> None:
    """Append state changes."""
    if states:
        client.insert("te_ops.files", [list(asdict(s).values()) for s in states], column_names=_COLUMNS)


def _latest(client: Client, condition: str, **parameters: str | list[str]) -> list[FileState]:
    newest = ", ".join(f"argMax({c}, (at, state)) AS newest_{c}" for c in _COLUMNS if c not in _KEYS)
    order = ", ".join(c if c in _KEYS else f"newest_{c}" for c in _COLUMNS)
    rows = client.query(
        f"SELECT {order} FROM (SELECT {', '.join(_KEYS)}, {newest}, min(at) AS first_at FROM te_ops.files "
        "GROUP BY ALL) "
        f"WHERE {condition} ORDER BY first_at, contract",
        parameters=parameters,
    ).result_rows
    states = (FileState(**dict(zip(_COLUMNS, row, strict=True))) for row in rows)
    # The driver gives times of UTC columns without a zone; written back they would be taken for local time.
    return [replace(state, exported_at=state.exported_at.replace(tzinfo=UTC)) for state in states]


def waiting_publications(client: Client, model: str) -> list[FileState]:
    """Publications of the model that are landed but neither published nor rejected, oldest first."""
    return _latest(client, "newest_model = {model:String} AND newest_state IN ('STORED', 'READ')", model=model)


def of_file(client: Client, sha256: str) -> list[FileState]:
    """The file itself (contract empty) and its publications, each with its furthest state."""
    return _latest(client, "sha256 = {sha256:String}", sha256=sha256)


def first_seen(client: Client, sha256: str) -> datetime | None:
    """When the file was first seen, UTC; None where it never was."""
    rows = client.query(
        "SELECT min(at) FROM te_ops.files WHERE sha256 = {sha256:String} HAVING count() > 0",
        parameters={"sha256": sha256},
    ).result_rows
    return rows[0][0].replace(tzinfo=UTC) if rows else None


def whole_sha256(client: Client, begin: str) -> str:
    """The SHA-256 of the one delivered file whose SHA-256 begins like this.

    Raises:
        UnknownFile: There is none, or more than one.
    """
    rows = client.query(
        "SELECT sha256, any(name) FROM te_ops.files WHERE startsWith(sha256, {begin:String}) GROUP BY sha256 LIMIT 2",
        parameters={"begin": begin.lower()},
    ).result_rows
    if not rows:
        raise UnknownFile(
            f"no delivered file has a SHA-256 that begins with {begin}. te_ops.files lists them; for a file that was "
            "never delivered there is te-assets check FILE --rejects."
        )
    if len(rows) > 1:
        both = " and ".join(sorted(f"{whole} ({name})" for whole, name in rows))
        raise UnknownFile(f"{begin} begins the SHA-256 of {both}. Give more digits.")
    return str(rows[0][0])
