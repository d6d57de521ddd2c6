"""What was fetched from a portal and what the gateway has of it, in one SQLite file and a folder of kept workbooks."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from te_assets.intake.landing import LandingStore
from te_assets.robot.periods import Period, period_of

State = Literal["downloaded", "delivered", "empty"]
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS fetched (
  export TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL, state TEXT NOT NULL,
  sha256 TEXT NOT NULL, name TEXT NOT NULL, fetched_at TEXT NOT NULL, receipt TEXT,
  PRIMARY KEY (export, starts, ends)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Fetched:
    """What became of one export of one period.

    Attributes:
        state: downloaded: kept, and not surely with the gateway; delivered: the gateway gave its receipt; empty: the
            period has no rows, and may have none.
        sha256: Of the workbook; empty where there is none.
        name: What the portal called it.
    """

    export: str
    period: Period
    state: State
    sha256: str
    name: str


class Ledger:
    """Open for one run; the portal's lock is held meanwhile.

    A portal writes the time into each workbook: exported again, a period has other bytes and would count as another
    file. So the bytes are kept on disk before anything is sent, and it is these bytes that are sent again.
    """

    def __init__(self, folder: Path, zone: str) -> None:
        """Opens the ledger of a portal's folder, and forgets kept files that no line of it knows."""
        self._zone = zone
        self._store = LandingStore(folder / "kept")
        self._db = sqlite3.connect(folder / "ledger.sqlite", timeout=10.0)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # what was delivered must not be exported again after a power cut
        self._db.executescript(_SCHEMA)
        waiting = {row.sha256 for row in self.waiting()}
        for path in (folder / "kept").glob("[0-9a-f][0-9a-f]/*"):
            if path.name not in waiting:
                path.unlink()

    def close(self) -> None:
        """Nothing may be asked after that."""
        self._db.close()

    def of(self, export: str, period: Period) -> Fetched | None:
        """What is known of a period; None where it is missing."""
        where = "export = ? AND starts = ? AND ends = ?"
        return next(self._rows(where, (export, *period.key)), None)

    def waiting(self) -> list[Fetched]:
        """What is downloaded and not delivered, oldest period first."""
        return list(self._rows("state = 'downloaded'", ()))

    def keep(self, export: str, period: Period, path: Path, name: str, at: datetime) -> Fetched:
        """Keep a downloaded workbook, on disk when this returns; it takes the place of an earlier one of the period."""
        landed = self._store.land(path, name)
        return self._put(Fetched(export, period, "downloaded", landed.sha256, name), at)

    def nothing(self, export: str, period: Period, at: datetime) -> Fetched:
        """A period has no rows, and may have none."""
        return self._put(Fetched(export, period, "empty", "", ""), at)

    def path_of(self, fetched: Fetched) -> Path:
        """The kept workbook."""
        return self._store.path_of(fetched.sha256)

    def delivered(self, fetched: Fetched, receipt: str) -> None:
        """The gateway has it: the kept workbook is not needed any more."""
        with self._db as change:
            change.execute(
                "UPDATE fetched SET state = 'delivered', receipt = ? WHERE export = ? AND starts = ? AND ends = ?",
                (receipt, fetched.export, *fetched.period.key),
            )
        self._drop(fetched)

    def refused(self, fetched: Fetched) -> None:
        """The gateway will not take these bytes: the period is missing again."""
        with self._db as change:
            change.execute(
                "DELETE FROM fetched WHERE export = ? AND starts = ? AND ends = ?",
                (fetched.export, *fetched.period.key),
            )
        self._drop(fetched)

    def _put(self, fetched: Fetched, at: datetime) -> Fetched:
        with self._db as change:
            change.execute(
                "INSERT OR REPLACE INTO fetched (export, starts, ends, state, sha256, name, fetched_at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (fetched.export, *fetched.period.key, fetched.state, fetched.sha256, fetched.name, at.isoformat()),
            )
        return fetched

    def _drop(self, fetched: Fetched) -> None:
        if fetched.sha256 not in {row.sha256 for row in self.waiting()}:
            self.path_of(fetched).unlink(missing_ok=True)

    def _rows(self, where: str, values: tuple[str, ...]) -> Iterator[Fetched]:
        found = self._db.execute(
            f"SELECT export, starts, ends, state, sha256, name FROM fetched WHERE {where} ORDER BY starts, export",
            values,
        ).fetchall()
        for export, starts, ends, state, sha256, name in found:
            yield Fetched(export, period_of((starts, ends), self._zone), state, sha256, name)


@contextmanager
def opened(folder: Path, zone: str) -> Iterator[Ledger]:
    """The ledger of a portal's folder, closed at the end."""
    ledger = Ledger(folder, zone)
    try:
        yield ledger
    finally:
        ledger.close()
