"""Just the shared strings that are asked for, without parsing the whole table."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Collection

from te_assets.workbook.package import chunks

_ITEM_END = re.compile(rb"</(?:\w+:)?si>|<(?:\w+:)?si\s*/>")
_PHONETIC = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t(?:\s[^>]*)?>([^<]*)</(?:\w+:)?t>")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


def shared_strings(archive: zipfile.ZipFile, part: str, wanted: Collection[int], name: str) -> dict[int, str]:
    """Texts of the wanted indices; stops reading at the last of them.

    Args:
        archive: The open workbook.
        part: The part that holds the shared strings.
        wanted: Indices, from 0.
        name: What people call the file, for messages.

    Raises:
        DamagedWorkbook: Bytes of the part are missing or changed.
    """
    found: dict[int, str] = {}
    if not wanted:
        return found
    waiting, index, rest = set(wanted), 0, b""
    for chunk in chunks(archive, part, name):
        text = rest + chunk
        start = 0
        for end in _ITEM_END.finditer(text):
            if index in waiting:
                found[index] = _plain(text[start : end.start()])
                waiting.discard(index)
            start = end.end()
            index += 1
        if not waiting:
            break
        rest = text[start:]
    return found


def unescape(text: str) -> str:
    """Text as a person sees it: `_x000D_` and the like are the characters they stand for."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _plain(item: bytes) -> str:
    """Text of one `<si>`: all runs joined, phonetic hints left out."""
    runs = _TEXT.findall(_PHONETIC.sub(b"", item))
    return unescape(html.unescape(b"".join(runs).decode("utf-8", errors="replace")))
