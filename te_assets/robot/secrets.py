"""Keeps secrets out of everything that the robot says and leaves behind."""

from __future__ import annotations

import html
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final
from urllib.parse import quote, quote_plus

_HIDDEN: Final = "***"
_CHUNK: Final = 1 << 20


class Secrets:
    """Texts that nobody must read, as they stand and as addresses, forms, JSON and HTML write them."""

    def __init__(self, texts: Sequence[str]) -> None:
        forms = {form for text in texts if text for form in _written(text)}
        self._forms = sorted(forms, key=len, reverse=True)

    def hide(self, text: str) -> str:
        """The text without them."""
        for form in self._forms:
            text = text.replace(form, _HIDDEN)
        return text

    def are_in(self, path: Path) -> bool:
        """Whether a file holds one, an entry of a zip archive too."""
        with path.open("rb") as file:
            if self._in_stream(file):
                return True
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return any(self._in_entry(archive, entry) for entry in archive.infolist())

    def _in_entry(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
        with archive.open(entry) as stream:
            return self._in_stream(stream)

    def _in_stream(self, stream: IO[bytes]) -> bool:
        sought = [form.encode() for form in self._forms]
        overlap = max(map(len, sought), default=1) - 1
        return any(form in piece for piece in _pieces(stream, overlap) for form in sought)


def _written(text: str) -> tuple[str, ...]:
    in_json = (json.dumps(text, ensure_ascii=is_ascii)[1:-1] for is_ascii in (True, False))
    return text, quote(text, safe=""), quote_plus(text), html.escape(text), *in_json


def _pieces(stream: IO[bytes], overlap: int) -> Iterator[bytes]:
    """The stream in pieces that begin with the end of the one before."""
    tail = b""
    while chunk := stream.read(_CHUNK):
        piece = tail + chunk
        yield piece
        tail = piece[-overlap:] if overlap else b""
