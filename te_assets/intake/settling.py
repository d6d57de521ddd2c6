"""Decides which files of an inbox are complete: nobody writes them, nobody has them open in Excel."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart", ".download", ".swp")


@dataclass(frozen=True)
class Seen:
    """How a file looked, and since when (seconds since 1970) it has looked like that."""

    size: int
    modified_ns: int
    inode: int
    since: float

    def looks_like(self, other: Seen) -> bool:
        """Whether nothing was written in between."""
        return (self.size, self.modified_ns, self.inode) == (other.size, other.modified_ns, other.inode)


@dataclass(frozen=True)
class InboxLook:
    """What one look at an inbox shows.

    Attributes:
        settled: Files to take, oldest change first.
        waiting: File name → why it is not taken yet.
        seen: File name → how it looked; hand it to the next look as `known`.
    """

    settled: tuple[Path, ...]
    waiting: Mapping[str, str]
    seen: Mapping[str, Seen]


def settled_files(
    inbox: Path, quiet_seconds: float, known: Mapping[str, Seen], *, now: float | None = None
) -> InboxLook:
    """Looks at the files of an inbox; folders, hidden files and unfinished downloads are passed over.

    A file has settled when it looked the same for the quiet period, either between two looks or by its own times of
    change. Both are needed: copying tools set old times on files that still grow, and clocks of file servers differ.

    Args:
        inbox: The folder; subfolders are not entered. A missing folder has no files.
        quiet_seconds: How long a file must not have changed.
        known: `seen` of the look before.
        now: Seconds since 1970; by default the present.
    """
    now = time.time() if now is None else now
    names = sorted(entry.name for entry in os.scandir(inbox)) if inbox.is_dir() else []
    present = set(names)
    settled: list[tuple[int, Path]] = []
    waiting: dict[str, str] = {}
    seen: dict[str, Seen] = {}
    for name in names:
        if is_passed_over(name):
            continue
        status = _status(inbox / name)
        if status is None:
            continue
        looks = Seen(status.st_size, status.st_mtime_ns, status.st_ino, now)
        before = known.get(name)
        seen[name] = before if before is not None and before.looks_like(looks) else looks
        lock = lock_of(name, present)
        if lock is not None:
            waiting[name] = f"it is open in a spreadsheet program ({lock} lies beside it); close it there"
        elif now - seen[name].since >= quiet_seconds or _quiet_by_clock(status, quiet_seconds, now):
            settled.append((status.st_mtime_ns, inbox / name))
        else:
            waiting[name] = f"it changed less than {quiet_seconds:g} s ago"
    return InboxLook(tuple(path for _, path in sorted(settled)), waiting, seen)


def settled(path: Path, quiet_seconds: float, *, now: float | None = None) -> bool:
    """Whether a single file has not changed for the quiet period and is open in no spreadsheet program.

    Args:
        path: The file; a missing one has not settled.
        quiet_seconds: How long it must not have changed.
        now: Seconds since 1970; by default the present.
    """
    now = time.time() if now is None else now
    status = _status(path)
    if status is None or is_passed_over(path.name):
        return False
    if lock_of(path.name, {entry.name for entry in os.scandir(path.parent)}) is not None:
        return False
    return _quiet_by_clock(status, quiet_seconds, now)


def is_passed_over(name: str) -> bool:
    """Whether a file name belongs to a program's own bookkeeping: lock files, hidden files, unfinished downloads."""
    return name.startswith(("~$", ".")) or name.lower().endswith(_UNFINISHED)


def lock_of(name: str, present: set[str]) -> str | None:
    """Name of the lock file that Excel or LibreOffice keeps beside an open workbook, if it is there."""
    locks = (f"~${name}", f"~${name[2:]}", f".~lock.{name}#")
    return next((lock for lock in locks if lock in present), None)


def _quiet_by_clock(status: os.stat_result, quiet_seconds: float, now: float) -> bool:
    """Whether both the content and the directory entry have been left alone for the quiet period."""
    return now - max(status.st_mtime, status.st_ctime) >= quiet_seconds


def _status(path: Path) -> os.stat_result | None:
    """Status of a regular file, links followed; None when it is gone meanwhile, or is something else."""
    try:
        status = path.stat()
    except OSError:  # vanished since the folder was listed, or a link to nowhere
        return None
    return status if stat.S_ISREG(status.st_mode) else None
