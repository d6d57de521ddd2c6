"""What the gateway has answered: receipts of files and outcomes of idempotency keys, in one SQLite file of the home."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from te_assets.web.problems import Problem

KEPT: Final = timedelta(days=7)
"""For how long the outcome of an idempotency key is known."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS receipts (
  sha256 TEXT PRIMARY KEY, receipt TEXT NOT NULL, is_announced INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS waiting ON receipts (sha256) WHERE NOT is_announced;
CREATE TABLE IF NOT EXISTS outcomes (
  bearer TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, at TEXT NOT NULL, status INTEGER, body TEXT,
  PRIMARY KEY (bearer, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS outcomes_by_time ON outcomes (at);
"""


@dataclass(frozen=True)
class Outcome:
    """What became of an idempotency key.

    Attributes:
        at: When it was first used, UTC.
        status: HTTP status of the answer; None while there was none.
        body: The answer.
    """

    at: datetime
    status: int | None
    body: str | None


class Receipts:
    """Open for as long as the gateway runs; may be used from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        # A receipt is a promise that outlives a power cut; an outcome that such a cut takes along costs a second line
        # in raw, which counts once.
        self._files = self._open(path, "FULL")
        self._files.executescript(_SCHEMA)
        self._keys = self._open(path, "NORMAL")

    def close(self) -> None:
        """Nothing may be asked after that."""
        self._files.close()
        self._keys.close()

    def receipt(self, sha256: str) -> str | None:
        """The receipt of a file, as it was given."""
        with self._lock:
            row = self._files.execute("SELECT receipt FROM receipts WHERE sha256 = ?", (sha256,)).fetchone()
        return None if row is None else str(row[0])

    def give(self, sha256: str, receipt: str) -> tuple[str, bool]:
        """Give a file its receipt, unless it has one.

        Returns:
            The receipt that counts, and whether it is this one.
        """
        with self._lock, self._files as change:
            made = change.execute("INSERT OR IGNORE INTO receipts (sha256, receipt) VALUES (?, ?)", (sha256, receipt))
            (counts,) = change.execute("SELECT receipt FROM receipts WHERE sha256 = ?", (sha256,)).fetchone()
        return str(counts), made.rowcount == 1

    def to_announce(self, most: int = 100) -> list[str]:
        """Receipts of files that Kafka does not know yet."""
        with self._lock:
            rows = self._files.execute("SELECT receipt FROM receipts WHERE NOT is_announced LIMIT ?", (most,))
            return [str(receipt) for (receipt,) in rows]

    def announced(self, sha256: str) -> None:
        """Kafka has acknowledged the file."""
        with self._lock, self._files as change:
            change.execute("UPDATE receipts SET is_announced = 1 WHERE sha256 = ?", (sha256,))

    def announce_again(self, sha256: str) -> None:
        """Kafka is to be told of the file once more."""
        with self._lock, self._files as change:
            change.execute("UPDATE receipts SET is_announced = 0 WHERE sha256 = ?", (sha256,))

    def claim(self, bearer: str, key: str, request: str, at: datetime) -> Outcome | None:
        """Take an idempotency key for a request; what is known of it where this request has taken it before.

        Raises:
            Problem: Another request has.
        """
        with self._lock, self._keys as change:
            made = change.execute(
                "INSERT OR IGNORE INTO outcomes (bearer, key, request, at) VALUES (?, ?, ?, ?)",
                (bearer, key, request, at.isoformat()),
            )
            if made.rowcount:
                return None
            first, begun, status, body = change.execute(
                "SELECT request, at, status, body FROM outcomes WHERE bearer = ? AND key = ?", (bearer, key)
            ).fetchone()
        if first != request:
            raise Problem(
                422,
                "key-used",
                f"Idempotency-Key {key[:80]!r} was used for another request. Choose a new key for each request.",
            )
        return Outcome(datetime.fromisoformat(begun), status, body)

    def end(self, bearer: str, key: str, status: int, body: str) -> None:
        """Keep the answer of a key."""
        with self._lock, self._keys as change:
            change.execute(
                "UPDATE outcomes SET status = ?, body = ? WHERE bearer = ? AND key = ?", (status, body, bearer, key)
            )

    def forget(self, now: datetime) -> int:
        """Drop outcomes that nobody asks for any more; how many."""
        with self._lock, self._keys as change:
            return change.execute("DELETE FROM outcomes WHERE at < ?", ((now - KEPT).isoformat(),)).rowcount

    @staticmethod
    def _open(path: Path, synchronous: str) -> sqlite3.Connection:
        connection = sqlite3.connect(path, check_same_thread=False, timeout=10.0)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        return connection


@contextmanager
def opened(path: Path) -> Iterator[Receipts]:
    """Receipts, closed at the end."""
    receipts = Receipts(path)
    try:
        yield receipts
    finally:
        receipts.close()
