"""A multipart body, taken apart while it arrives: the file goes to disk, nothing is kept in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

from anyio import to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

    from te_assets.intake.landing import Incoming

_EXTENDED: Final = re.compile(rb"filename\*=([A-Za-z0-9_-]+)'[^']*'([^;\s]+)", re.IGNORECASE)
_AT_ONCE: Final = 1 << 20  # bytes that go to disk in one step
_MOST_OF_A_FIELD: Final = 1_000
_OVERHEAD: Final = 100_000  # bytes of a body beside its file: boundaries, part headers, other fields


@dataclass
class Upload:
    """What the body said beside the bytes of its file.

    Attributes:
        file_name: As the sender called it; data, never a path. None: there was no part `file`.
        fields: The other fields, as text.
    """

    file_name: str | None = None
    fields: dict[str, str] = field(default_factory=dict)


async def receive(body: AsyncIterator[bytes], content_type: str, copy: Incoming, limit: int) -> Upload:
    """Read the body to its end; the bytes of part `file` go into the copy.

    Args:
        body: Chunks as they arrive.
        content_type: Of the request.
        copy: Where the file goes.
        limit: Bytes that a file may have.

    Raises:
        Problem: No multipart body, a body that was cut or is larger, no file in it or more than one.
    """
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Problem(
            415,
            "no-multipart",
            "The body must be multipart/form-data with the workbook as part “file”, as `curl -F file=@…` sends it.",
        )
    parts = _Parts()
    parser = MultipartParser(boundary, parts.callbacks())
    received = 0
    try:
        async for chunk in body:
            received += len(chunk)
            if received > limit + _OVERHEAD or parts.size > limit:
                raise _too_large(limit)
            parser.write(chunk)
            if len(parts.waiting) >= _AT_ONCE:
                await to_thread.run_sync(copy.write, parts.take())
        parser.finalize()
    except FormParserError as error:
        raise Problem(
            400, "body-faulty", f"The multipart body cannot be read ({error}). Nothing was stored; send it again."
        ) from error
    if not parts.is_complete:
        raise Problem(
            400,
            "body-cut",
            f"The body ended after {received:,} bytes, before its last boundary: it was cut on its way. Nothing was "
            "stored; send it again.",
        )
    if parts.size > limit:
        raise _too_large(limit)
    await to_thread.run_sync(copy.write, parts.take())
    return parts.upload


def _too_large(limit: int) -> Problem:
    return Problem(
        413,
        "too-large",
        f"The file is larger than {limit / 1_000_000:,.0f} MB (TE_GATEWAY_LARGEST_FILE_MB). Nothing was stored. Export "
        "a shorter period, or have the limit raised.",
        largest_bytes=limit,
    )


def _file_name(disposition: bytes, plain: bytes) -> str:
    """As the sender wrote it: .NET encodes what is not ASCII, in both ways that there are; others send UTF-8."""
    if extended := _EXTENDED.search(disposition):  # RFC 5987
        charset, encoded = extended.groups()
        with suppress(LookupError, ValueError):  # some codecs know no replacing
            return unquote_to_bytes(encoded).decode(charset.decode("ascii"), "replace")
    name = plain.decode("utf-8", "replace")
    if name.startswith("=?") and name.endswith("?="):  # RFC 2047
        with suppress(LookupError, ValueError, HeaderParseError):
            return str(make_header(decode_header(name)))
    return name


class _Parts:
    """What the parser's callbacks collect."""

    def __init__(self) -> None:
        self.upload = Upload()
        self.waiting = bytearray()
        self.size = 0
        self.is_complete = False
        self._header_name = bytearray()
        self._header_value = bytearray()
        self._headers: dict[bytes, bytes] = {}
        self._field: str | None = None
        self._text = bytearray()

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header_name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header_value.extend(data[start:end]),
            "on_header_end": self._header,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end_of_part,
            "on_end": self._end,
        }

    def take(self) -> bytes:
        """Bytes of the file that are not on disk yet."""
        waiting, self.waiting = bytes(self.waiting), bytearray()
        return waiting

    def _begin(self) -> None:
        self._headers = {}

    def _header(self) -> None:
        self._headers[bytes(self._header_name).lower()] = bytes(self._header_value)
        self._header_name.clear()
        self._header_value.clear()

    def _headers_finished(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if name != "file":
            if b"filename" in options:
                raise Problem(422, "no-file", f"A file came as part “{name[:80]}”. Call the part “file”.")
            self._field = name
            self._text.clear()
            return
        if self.upload.file_name is not None:
            raise Problem(422, "two-files", "The body has two parts “file”. Send one workbook per request.")
        self._field = None
        self.upload.file_name = _file_name(disposition, options.get(b"filename", b"")) or "workbook"

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._field is None:
            self.waiting += data[start:end]
            self.size += end - start
        elif len(self._text) + end - start <= _MOST_OF_A_FIELD:
            self._text += data[start:end]
        else:
            raise Problem(422, "field-too-long", f"Field “{self._field}” has more than {_MOST_OF_A_FIELD:,} bytes.")

    def _end_of_part(self) -> None:
        if self._field is not None:
            self.upload.fields[self._field] = self._text.decode("utf-8", "replace")

    def _end(self) -> None:
        self.is_complete = True
