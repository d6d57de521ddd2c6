"""A backup as a folder: `backup.json`, written last; `lake`, made by ClickHouse; `landing`, the workbooks by SHA-256.

It is made as FOLDER.unfinished and renamed when it is whole: what was cut never has the name that was asked for.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from te_assets.errors import BackupError
from te_assets.stack.home import write_private

FORMAT: Final = 1
RECORD: Final = "backup.json"
LAKE, LANDING = "lake", "landing"
_UNFINISHED: Final = ".unfinished"
_SHA256_DIGITS: Final = 64


class Extent(BaseModel):
    """Files and their bytes."""

    model_config = ConfigDict(frozen=True)

    files: int = 0
    bytes: int = 0


class Record(BaseModel):
    """What a backup is; its presence says that the backup is whole.

    Attributes:
        format: Of this record.
        made_at: When the lake was copied, UTC.
        te_assets: Version that made it.
        clickhouse: Version of the server.
        migrations: Name and SHA-256 of what was applied.
        disk: Disk of the server that `lake_name` is on, or was on before it was moved to the folder.
        lake_name: The backup on that disk.
        lake: Files in the folder; None where the lake stayed on the server's disk.
        landing: Workbooks in the folder; None where they were left out.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    made_at: datetime
    te_assets: str
    clickhouse: str
    migrations: dict[str, str]
    disk: str
    lake_name: str
    lake: Extent | None
    landing: Extent | None


@dataclass(frozen=True)
class Copied:
    """Workbooks that were brought over, and those that were there before."""

    fresh: int = 0
    known: int = 0
    bytes: int = 0


def unfinished(folder: Path) -> Path:
    """Where a backup is made before it has its name.

    Raises:
        BackupError: The folder exists, or cannot be made.
    """
    if folder.exists():
        raise BackupError(f"{folder} exists. Name a folder that does not: a backup never replaces another.")
    made = folder.with_name(folder.name + _UNFINISHED)
    with _told(made):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.rmtree(made / LAKE, ignore_errors=True)  # of a backup that was cut; its workbooks are kept
    return made


def finish(made: Path, folder: Path, record: Record) -> None:
    """Write the record and give the backup its name.

    Raises:
        BackupError: It cannot be written.
    """
    with _told(made):
        write_private(made / RECORD, record.model_dump_json(indent=1))
        made.rename(folder)
        _flush(folder)
        _flush(folder.parent)


def read(folder: Path) -> Record:
    """The record of a whole backup.

    Raises:
        BackupError: There is none, it was cut, files are missing, or a newer te_assets made it.
    """
    whole = folder.with_name(folder.name.removesuffix(_UNFINISHED))
    if not folder.is_dir():
        cut = folder.with_name(folder.name + _UNFINISHED)
        hint = f"{cut} is there, but that backup was cut: make another." if cut.is_dir() else "Check the path."
        raise BackupError(f"{folder} is not a folder. {hint}")
    if not (folder / RECORD).exists():
        if folder != whole or (folder / LAKE).exists():
            raise BackupError(f"{folder} was cut before it was whole: it has no {RECORD}. Restore another backup.")
        raise BackupError(f"{folder} is not a backup of te-assets: it has no {RECORD}. Check the path.")
    try:
        record = Record.model_validate_json((folder / RECORD).read_bytes())
    except (ValidationError, OSError) as error:
        raise BackupError(f"{folder / RECORD} cannot be read ({error}). Restore another backup.") from error
    if record.format > FORMAT:
        raise BackupError(f"{folder} was made by te_assets {record.te_assets}, which is newer. Install that version.")
    for name, told in ((LAKE, record.lake), (LANDING, record.landing)):
        if told is not None and (found := extent(folder / name)) != told:
            raise BackupError(
                f"{folder / name} is not as it was made: {found.files:,} of {told.files:,} files, {found.bytes:,} of "
                f"{told.bytes:,} bytes. It was copied in part or changed: copy it again, or restore another backup."
            )
    return record


def extent(folder: Path) -> Extent:
    """Files below a folder, and their bytes."""
    sizes = [path.lstat().st_size for path in folder.rglob("*") if path.is_file()]
    return Extent(files=len(sizes), bytes=sum(sizes))


def move(source: Path, target: Path) -> None:
    """Move a folder, over to another file system too.

    Raises:
        BackupError: It cannot be written.
    """
    with _told(target):
        try:
            source.rename(target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            shutil.copytree(source, target)
            shutil.rmtree(source)
        for path in target.rglob("*"):
            _flush(path)


def lend(source: Path, target: Path) -> None:
    """Show a folder's files in another place: by hard links, or as copies on another file system.

    Raises:
        BackupError: It cannot be written.
    """
    with _told(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.copytree(source, target, copy_function=_link_or_copy)


def copy_workbooks(source: Path, target: Path) -> Copied:
    """Bring the workbooks of a landing store to another, each under the SHA-256 of its bytes; what is there is kept.

    A file of a store never changes, so on one file system a hard link is a copy.

    Raises:
        BackupError: A workbook's bytes are not those of its SHA-256, or it cannot be written.
    """
    fresh = known = size = 0
    with _told(target):
        target.mkdir(parents=True, exist_ok=True)
        for path in _workbooks(source):
            there = target / path.parent.name / path.name
            size += path.stat().st_size
            if there.exists() and _sha256(there) == path.name:
                known += 1
                continue
            if _sha256(path) != path.name:
                raise BackupError(
                    f"{path} is damaged: its bytes are not those of its SHA-256. Deliver that workbook again (te_ops."
                    "files has its name), or take the file from an older backup, then try again."
                )
            there.parent.mkdir(exist_ok=True)
            incoming = there.with_name(f".{there.name}.{os.getpid()}")
            incoming.unlink(missing_ok=True)
            _link_or_copy(path, incoming)
            _flush(incoming)
            incoming.replace(there)
            _flush(there.parent)
            fresh += 1
    return Copied(fresh, known, size)


def _workbooks(store: Path) -> Iterator[Path]:
    yield from (path for path in sorted(store.glob("??/*")) if len(path.name) == _SHA256_DIGITS and path.is_file())


def _link_or_copy(source: Path | str, target: Path | str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without hard links
        shutil.copy2(source, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power loss."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told(where: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise BackupError(f"{where}: no space left. Free some, or name a folder on a larger disk.") from error
        raise BackupError(
            f"{where} cannot be written ({error.strerror or error}). Name a folder that you may write to."
        ) from error
