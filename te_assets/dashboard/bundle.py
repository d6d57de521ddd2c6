"""The built Angular app: its files, as they are handed to browsers."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path, PurePosixPath
from typing import Final

FOLDER: Final = Path(__file__).parent / "static"
"""What `make frontend` writes; not committed, but in the wheel."""
INDEX: Final = "index.html"
MEDIA_TYPES: Final = {
    # Of our own: mimetypes asks the machine, and some machines say that JavaScript is plain text.
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED_ALREADY: Final = frozenset({".ico", ".png", ".woff2"})
_LEAST_TO_PACK: Final = 1_000  # bytes
_MOST_FILES: Final = 512
_PART: Final = re.compile(r"[\w@~+-][\w.@~+-]*", re.ASCII)
_HASHED: Final = re.compile(r"-[\w-]{8}\.(css|js|woff2)(\.map)?$", re.ASCII)
"""How Angular names what has its content's hash in its name: `chunk-DJVAsKa_.js`."""


@dataclass(frozen=True)
class File:
    """A file of the app."""

    name: str
    data: bytes

    @property
    def media_type(self) -> str:
        """What it is."""
        return MEDIA_TYPES.get(_suffix(self.name), "application/octet-stream")

    @property
    def is_immutable(self) -> bool:
        """Whether another content would have another name."""
        return _HASHED.search(self.name) is not None

    @cached_property
    def etag(self) -> str:
        """Changes with the content."""
        return hashlib.sha256(self.data).hexdigest()[:24]

    @cached_property
    def packed(self) -> bytes | None:
        """As gzip, as small as it gets: it is done once. None where that is not worth it."""
        if len(self.data) < _LEAST_TO_PACK or _suffix(self.name) in _PACKED_ALREADY:
            return None
        return gzip.compress(self.data, 9, mtime=0)


class Bundle:
    """The app in a folder, which may be built anew, or for the first time, while it is served."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder

    @property
    def is_built(self) -> bool:
        """Whether there is an app."""
        return (self._folder / INDEX).is_file()

    def find(self, path: str) -> File | None:
        """The file of a relative path; None: there is none. Nothing outside the folder is found, nor what is hidden."""
        parts = path.split("/")
        if not all(_PART.fullmatch(part) for part in parts):
            return None
        found = self._folder.joinpath(*parts)
        try:
            told = found.stat()
            if not found.is_file() or not found.resolve().is_relative_to(self._folder.resolve()):
                return None
            return _read(found, told.st_mtime_ns, told.st_size)
        except OSError:
            return None


def is_asset(path: str) -> bool:
    """Whether a path names a file by its ending, not a place in the app."""
    return _suffix(path) in MEDIA_TYPES


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix.lower()


@lru_cache(_MOST_FILES)
def _read(path: Path, changed: int, size: int) -> File:  # noqa: ARG001
    """A file as it was at its last change."""
    return File(path.name, path.read_bytes())
