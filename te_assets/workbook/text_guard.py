"""Checks the bytes of a text file in one pass, and finds out how it is written: encoding, delimiter, quotation mark."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from te_assets.workbook.errors import DamagedWorkbook, OversizedWorkbook
from te_assets.workbook.guard import GuardLimits
from te_assets.workbook.request import TextFormat

DELIMITERS = ("\t", ";", "|", ",")
_CHUNK = 1 << 20
_HEAD = 1 << 18
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CODECS = {"utf-8": "utf-8-sig"}
_CUT_OFF = "its last character is cut off: the copy did not finish. Deliver the file again."
_ODD_END = "unexpected end of data", "truncated data"


@dataclass(frozen=True)
class TextOptions:
    """What a contract says of its text files; None where the file itself has to show it.

    Attributes:
        encoding: As people call it.
        delimiter: Between two cells.
        quote: Mark around cells; empty: there is none.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str = '"'


@dataclass(frozen=True)
class GuardedText:
    """A text file that can be read.

    Attributes:
        text: How it is written.
        size: Bytes.
        warnings: What a person should know, in whole sentences.
    """

    text: TextFormat
    size: int
    warnings: tuple[str, ...] = ()


def guard_text(path: Path, name: str, options: TextOptions, limits: GuardLimits | None = None) -> GuardedText:
    """Reads every byte once and refuses what cannot be read without loss.

    Args:
        path: A file that `sniff` called text.
        name: What people call the file, for messages.
        options: What is declared about it.
        limits: How large it may be.

    Raises:
        OversizedWorkbook: It is too large.
        DamagedWorkbook: Bytes are no text in its encoding, it is cut off within a character, or holds a NUL.
    """
    size, limits = path.stat().st_size, limits or GuardLimits()
    if size > limits.total_bytes:
        raise OversizedWorkbook(
            f"{name}: {size / 1e9:.1f} GB of text, at most {limits.total_bytes / 1e9:.1f} GB are read. "
            "Split the export into shorter periods."
        )
    encoding, warnings = _encoding(path, name, options.encoding)
    with path.open(encoding=encoding, newline="") as stream:
        head = stream.read(_HEAD)
    lines = head.splitlines()[: None if len(head) < _HEAD else -1]
    # Without a single mark in it, a file is the same whatever marks are declared.
    quote = options.quote if options.quote and _holds(path, encoding, options.quote) else ""
    delimiter = options.delimiter or _delimiter(lines, quote)
    return GuardedText(TextFormat(encoding, delimiter, quote), size, warnings)


def _holds(path: Path, encoding: str, quote: str) -> bool:
    """Whether the quotation mark occurs anywhere in the file."""
    with path.open(encoding=encoding, newline="") as stream:
        while piece := stream.read(_CHUNK):
            if quote in piece:
                return True
    return False


def _encoding(path: Path, name: str, declared: str | None) -> tuple[str, tuple[str, ...]]:
    """The codec under which all bytes are text, and what is doubtful about it."""
    with path.open("rb") as file:
        start = file.read(4)
    marked = next((encoding for mark, encoding in _MARKS if start.startswith(mark)), None)
    if declared is not None and marked is not None and declared != marked:
        raise DamagedWorkbook(
            f"{name}: its first bytes say {marked}, its contract says {declared}. Set the contract's text.encoding to "
            f"{marked} or auto."
        )
    if declared == "utf-16" and marked is None:
        raise DamagedWorkbook(
            f"{name}: its contract says utf-16, but it has no byte order mark. Set text.encoding to auto."
        )
    chosen = declared or marked
    if chosen is not None:
        fault = _fault(path, chosen)
        if fault is not None:
            raise DamagedWorkbook(f"{name}, {fault}")
        return _CODECS.get(chosen, chosen), ()
    utf8_fault = _fault(path, "utf-8")
    if utf8_fault is None:
        return _CODECS["utf-8"], ()
    if utf8_fault == _CUT_OFF:
        raise DamagedWorkbook(f"{name}, {utf8_fault}")
    fault = _fault(path, "windows-1252")
    if fault is not None:
        raise DamagedWorkbook(
            f"{name}, {fault} Nor is the file UTF-8. Declare its encoding in the contract (text.encoding)."
        )
    warning = (
        f"{name}: the text has no byte order mark and is not UTF-8; it was read as Windows-1252. If letters look "
        "wrong, declare text.encoding in the contract."
    )
    return "windows-1252", (warning,)


def _fault(path: Path, encoding: str) -> str | None:
    """Where and why the bytes are no text in an encoding; None if all of them are."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    with path.open("rb") as file:
        while True:
            piece = file.read(_CHUNK)
            try:
                text = decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                if error.reason in _ODD_END:
                    return _CUT_OFF
                before = error.object[: error.start]
                line = lines + 1 + (before.count(b"\n") or before.count(b"\r"))
                bad = error.object[error.start : error.start + 1].hex()
                return f"line {line}: the byte {bad} is no text in {encoding}."
            at = text.find("\0")
            if at >= 0:
                line = lines + 1 + _breaks(text[:at])
                return f"line {line}: a NUL character, so the file was damaged or is no text. Export it again."
            lines += _breaks(text)
            if not piece:
                return None


def _breaks(text: str) -> int:
    """Line breaks, of whichever kind the file has."""
    return text.count("\n") or text.count("\r")


def _delimiter(lines: Sequence[str], quote: str) -> str:
    """The delimiter that cuts most lines into the same number of cells, weighed by that number."""
    return max(DELIMITERS, key=lambda delimiter: _alike(lines, delimiter, quote))


def _alike(lines: Sequence[str], delimiter: str, quote: str) -> int:
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote or None,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
    )
    try:
        widths = Counter(len(cells) - 1 for cells in reader)
    except csv.Error:  # a cell too long: the quotation marks do not belong to this delimiter
        return 0
    return max((cuts * lines_alike for cuts, lines_alike in widths.items()), default=0)
