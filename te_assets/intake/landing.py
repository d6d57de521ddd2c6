"""Keeps every delivered file under the SHA-256 of its bytes; everything after reads that copy."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from te_assets.errors import WorkbookError

_CHUNK = 1 << 20
_LEFTOVER_SECONDS = 86_400


class FileUnavailable(WorkbookError):
    """The file vanished, cannot be read, or is no regular file."""


class FileChanging(WorkbookError):
    """The file was written to or replaced while it was copied."""


@dataclass(frozen=True)
class Landed:
    """A file in the landing store.

    Attributes:
        sha256: Of its bytes, lower-case hex.
        name: What the file was called when it was delivered; the store does not depend on it.
        size: Bytes.
        path: The copy.
        was_there: The same bytes had been landed before, under whatever name.
    """

    sha256: str
    name: str
    size: int
    path: Path
    was_there: bool


class Incoming:
    """A copy that grows, hashed while it is written."""

    def __init__(self, store: LandingStore, file: IO[bytes]) -> None:
        self._store = store
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0
        self.path = Path(file.name)

    @property
    def sha256(self) -> str:
        """Of what was written so far, lower-case hex."""
        return self._digest.hexdigest()

    def write(self, chunk: bytes) -> None:
        """Append bytes."""
        self._digest.update(chunk)
        self._file.write(chunk)
        self.size += len(chunk)

    def flush(self) -> None:
        """Have everything that was written on disk, and readable under `path`."""
        self._file.flush()
        os.fsync(self._file.fileno())

    def settle(self, name: str) -> Landed:
        """Put the complete copy, flushed, into the store: at once or not at all."""
        return self._store.take(self.path, self.sha256, name, self.size)


class LandingStore:
    """A folder of files by SHA-256; a file in it is complete and never changes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def path_of(self, sha256: str) -> Path:
        """Where the file with this SHA-256 lies, whether it is there or not."""
        return self._root / sha256[:2] / sha256

    def land(self, path: Path, name: str | None = None) -> Landed:
        """Copies a file into the store; symbolic links are followed.

        The copy is hashed while it is written, flushed to disk, and appears under its final name at once or not at all.

        Args:
            path: The file as it was delivered.
            name: What the sender called it; by default the name of `path`.

        Raises:
            FileUnavailable: It is gone, unreadable or no regular file.
            FileChanging: It was written to or replaced meanwhile; nothing was landed, try again when it has settled.
        """
        with _opened(path) as source, self.incoming() as copy:
            before = os.fstat(source.fileno())
            while chunk := source.read(_CHUNK):
                copy.write(chunk)
            copy.flush()
            self._check_unchanged(path, before, os.fstat(source.fileno()), copy.size)
            return copy.settle(name or path.name)

    @contextmanager
    def incoming(self) -> Iterator[Incoming]:
        """A file that is being received; gone at the end, unless it was settled."""
        folder = self._root / "incoming"
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            copy = Incoming(self, file)
            try:
                yield copy
            finally:
                copy.path.unlink(missing_ok=True)

    def _check_unchanged(self, path: Path, before: os.stat_result, after: os.stat_result, size: int) -> None:
        """Raises unless the file that was read is still the file under that name, byte for byte as long."""
        try:
            named = path.stat()
        except OSError as error:
            raise FileChanging(f"{path}: was moved or deleted while it was read ({error.strerror}).") from error
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
            raise FileChanging(f"{path}: was written to while it was read. It is taken once it has settled.")
        if (named.st_dev, named.st_ino) != (after.st_dev, after.st_ino):
            raise FileChanging(f"{path}: was replaced while it was read. It is taken once it has settled.")

    def take(self, temporary: Path, sha256: str, name: str, size: int) -> Landed:
        """Moves a complete copy, flushed to disk, to its final name, unless the same bytes are there."""
        target = self.path_of(sha256)
        target.parent.mkdir(exist_ok=True)
        was_there = target.exists() and target.stat().st_size == size
        if not was_there:
            temporary.chmod(0o440)
            temporary.replace(target)
            _flush_folder(target.parent)
            _flush_folder(self._root)
        return Landed(sha256, name, size, target, was_there)


def _opened(path: Path) -> BinaryIO:
    """The file, to be closed by the caller; raises unless it is a regular one."""
    try:
        # O_NONBLOCK: a named pipe must not keep us waiting for its writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError as error:
        raise FileUnavailable(f"{path}: cannot be read ({error.strerror}). Deliver the file again.") from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileUnavailable(f"{path}: is not a regular file. Deliver the workbook itself.")
    return os.fdopen(descriptor, "rb")


def _sweep(incoming: Path) -> None:
    """Removes half copies that killed processes left behind."""
    for leftover in incoming.iterdir():
        with suppress(FileNotFoundError):  # another process may sweep too
            if time.time() - leftover.stat().st_mtime > _LEFTOVER_SECONDS:
                leftover.unlink()


def _flush_folder(folder: Path) -> None:
    """Makes a rename in a folder survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
