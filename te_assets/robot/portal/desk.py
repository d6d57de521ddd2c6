"""Who is signed in at the demo portal, and which exports it works on."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from te_assets.robot.portal.moods import Mood, Moods
from te_assets.robot.portal.records import Kind, PlantRecords
from te_assets.settings import PortalAccess

_SLOWER = 10
"""So many times as long takes a slow export."""


@dataclass(frozen=True)
class Job:
    """An export that is being made: `path` is there from `ready_at` on (monotonic seconds)."""

    kind: Kind
    mood: Mood
    path: Path
    ready_at: float

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return time.monotonic() >= self.ready_at


@dataclass(frozen=True)
class Asked:
    """An export that somebody asked for, with the wall times of its period."""

    kind: Kind
    starts: datetime
    ends: datetime
    mood: Mood


@dataclass
class Desk:
    """The state of the portal; routes run in several threads.

    Attributes:
        records: What there is to export.
        access: Who may sign in.
        moods: How exports go.
        folder: Where exports are written.
        seconds: How long one takes.
        asked: Every export that was asked for, in order.
        sign_ins: Whether each attempt to sign in was right, in order.
    """

    records: PlantRecords
    access: PortalAccess
    moods: Moods
    folder: Path
    seconds: float
    asked: list[Asked] = field(default_factory=list)
    sign_ins: list[bool] = field(default_factory=list)
    _sessions: dict[str, str] = field(default_factory=dict)
    _jobs: dict[str, Job] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def sign_in(self, user: str, password: str) -> str | None:
        """A session for who knows the password; else None."""
        right = [
            secrets.compare_digest(given.encode(), known.encode())
            for given, known in ((user, self.access.user), (password, self.access.password.get_secret_value()))
        ]
        self.sign_ins.append(all(right))
        if not all(right):
            return None
        session = secrets.token_urlsafe(24)
        self._sessions[session] = self.access.user
        return session

    def user(self, session: str | None) -> str | None:
        """Whose session it is; None for nobody's."""
        return self._sessions.get(session or "")

    def sign_out(self, session: str | None) -> None:
        """End a session."""
        self._sessions.pop(session or "", None)

    def begin(self, kind: Kind, starts: datetime, ends: datetime, mood: Mood) -> str:
        """Begin an export; its id."""
        instants = self.records.instant(starts), self.records.instant(ends)
        job = secrets.token_hex(8)
        folder = self.folder / job
        folder.mkdir()
        path = self.records.write(kind, *instants, folder, is_empty=mood == "empty")
        if mood == "zero":
            path.write_bytes(b"")
        seconds = self.seconds * (_SLOWER if mood == "slow" else 1)
        self._jobs[job] = Job(kind, mood, path, time.monotonic() + seconds)
        return job

    def next_mood(self, kind: Kind, starts: datetime, ends: datetime) -> Mood:
        """How the export that is asked for goes."""
        with self._lock:
            mood = self.moods.next()
            self.asked.append(Asked(kind, starts, ends, mood))
            return mood

    def job(self, job: str) -> Job | None:
        """An export by its id."""
        return self._jobs.get(job)
