"""Looks into a file that no contract may know: its sheets, and the first rows below a header."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from te_assets.contracts.evidence import Value
from te_assets.contracts.layout import SheetPeek
from te_assets.contracts.suggestion import HeaderGuess
from te_assets.workbook.guard import guard
from te_assets.workbook.peek import peek
from te_assets.workbook.reading import read_batches
from te_assets.workbook.request import ExtraColumn, OperatorPolicy, ReadColumn, ReadRequest, TextFormat
from te_assets.workbook.sniff import sniff
from te_assets.workbook.text_guard import TextOptions, guard_text
from te_assets.workbook.text_records import peek_text


@dataclass(frozen=True)
class Source:
    """A file that can be read; `text` says how a text file is written, None: it is a workbook."""

    sheets: tuple[SheetPeek, ...]
    text: TextFormat | None


def look_into(path: Path, name: str) -> Source:
    """The first rows of every sheet.

    Raises:
        WorkbookError: The file cannot be read.
    """
    if sniff(path, name) == "text":
        text = guard_text(path, name, TextOptions()).text
        return Source((peek_text(path, name, text),), text)
    guard(path, name)
    return Source(peek(path, name), None)


def sample(path: Path, name: str, guess: HeaderGuess, text: TextFormat | None, most: int) -> list[Mapping[int, Value]]:
    """Values of the first rows below a header, by column; totals and repeated headers are left out.

    Operators' names are replaced: samples are shown and mailed around.

    Args:
        path: The file.
        name: What people call it, for messages.
        guess: Its header.
        text: How a text file is written.
        most: Most rows to return.

    Raises:
        ReaderFailed: The rows cannot be read.
    """
    columns = {field: each for field, each in guess.fields.items()}
    types = guess.vocabulary.columns
    keys = {f"{each.cell.letter} {each.cell.column}": each.cell.column for each in guess.guesses if each.field is None}
    request = ReadRequest(
        path=path,
        name=name,
        sheet=guess.sheet.name,
        header_row=guess.row,
        columns=tuple(ReadColumn(field, each.cell.column, types[field].type) for field, each in columns.items()),
        extras=tuple(ExtraColumn(key, column) for key, column in keys.items()),
        operator=OperatorPolicy("pseudonym", b"sample"),
        text=text,
    )
    rows: list[Mapping[int, Value]] = []
    with read_batches(request) as reading:
        for batch in reading:
            for line in batch.data.decode("utf-8").split("\n"):
                row = json.loads(line)
                if not _is_skipped(row, guess):
                    rows.append(dict(_by_column(row, columns, keys)))
            if len(rows) >= most:
                break
    return rows[:most]


def _by_column(
    row: Mapping[str, Any], columns: Mapping[str, Any], keys: Mapping[str, int]
) -> Iterator[tuple[int, Value]]:
    for field, value in row.items():
        if field in columns:
            yield columns[field].cell.column, value
    for key, value in row.get("_extra", {}).items():
        if key in keys:
            yield keys[key], value


def _is_skipped(row: Mapping[str, Any], guess: HeaderGuess) -> bool:
    """Whether the vocabulary would skip the row: a total, a drawn line, the header again."""
    headers: Sequence[str] = [each.cell.text for each in guess.guesses]
    if any(row.get(field) == each.cell.text for field, each in guess.fields.items()) and headers:
        return True
    for rule in guess.vocabulary.skip_rows_where:
        texts = [str(row[name]) for name in rule.column if name in row]
        if rule.matches is not None and any(re.search(rule.matches, text) for text in texts):
            return True
        present = [name for name in rule.empty if name in guess.fields]
        if present and not any(name in row for name in present):
            return True
    return False
