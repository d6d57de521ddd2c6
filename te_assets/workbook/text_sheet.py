"""Reads a text file slice by slice: every cell as text, nothing guessed, no cell dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import TYPE_CHECKING

from te_assets.contracts.layout import HeaderCell
from te_assets.workbook.errors import DamagedWorkbook
from te_assets.workbook.request import ExtraColumn, ReadColumn, ReadRequest, TextFormat
from te_assets.workbook.sheet import OPERATOR, prepared
from te_assets.workbook.text_records import RULED_LINE, ends_with_line_break, records

if TYPE_CHECKING:
    import polars as pl

_MOST_BEYOND = 256  # cells right of the header; more are no row but a file read with the wrong delimiter or quote
_CHARACTERS = 8 << 20


@dataclass(frozen=True)
class _Chunk:
    """Consecutive records below the header.

    Attributes:
        about: Per record `row`, the number of its line, `cells`, how many it has, and its `text`.
        cells: Of each record, where they were cut already; None: `text` is still to be cut.
    """

    about: pl.DataFrame
    cells: list[list[str]] | None = None


@dataclass(frozen=True)
class TextSlice:
    """Some rows of a text file.

    Attributes:
        frame: Columns by index, all text, and `row`, the number of the line on which a row begins.
        columns: Columns of the request that the slice has, as text.
        extras: Columns without a field that the slice has, also those without a header.
    """

    frame: pl.DataFrame
    columns: tuple[ReadColumn, ...]
    extras: tuple[ExtraColumn, ...]


class TextSheet:
    """The rows of a text file below its header, and what a person should know once they were read."""

    def __init__(self, request: ReadRequest, text: TextFormat) -> None:
        self._request = request
        self._text = text
        kept = [c for c in request.columns if c.field != OPERATOR or request.operator.mode != "drop"]
        self._columns = tuple(replace(column, type="text") for column in kept)
        self._known = {column.column for column in request.columns} | {extra.column for extra in request.extras}
        self._known |= {cell.column for cell in request.matrix.cells} if request.matrix else set()
        self._width = max(self._known, default=0) + 1
        self._short: list[int] = []
        self._shorts = 0
        self._nameless: set[int] = set()
        self._doubtful: tuple[int, int] | None = None  # line and cells of the last record, if it has too few

    def slices(self, rows: int) -> Iterator[TextSlice]:
        """All rows, about so many at a time; blank lines are left out.

        Raises:
            DamagedWorkbook: A quotation mark is at fault, the last line is cut off, or a line has far too many cells.
        """
        for chunk in self._quoted(rows) if self._text.quote else self._plain():
            self._check(chunk.about)
            frame = prepared(_frame(chunk, self._text.delimiter), self._request)
            if frame.height:
                yield self._slice(frame)
        self._refuse_cut_off()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know, in whole sentences; complete once all slices were read."""
        where, warnings = self._request.name, []
        if self._nameless:
            letters = ", ".join(HeaderCell(index, "").letter for index in sorted(self._nameless))
            warnings.append(f"{where}: values without a header in column {letters}; they are kept in _extra.")
        if self._shorts:
            lines = ", ".join(map(str, self._short)) + (" …" if self._shorts > len(self._short) else "")
            warnings.append(
                f"{where}: {self._shorts:,} lines have fewer cells than the header (line {lines}); what is missing was "
                "read as empty."
            )
        return tuple(warnings)

    def _slice(self, frame: pl.DataFrame) -> TextSlice:
        present = {name for name in frame.columns if frame[name].null_count() < frame.height}
        indices = {int(name) for name in present if name.isdecimal()}
        nameless = sorted(indices - self._known)
        self._nameless.update(nameless)
        extras = [extra for extra in self._request.extras if extra.column in indices]
        extras += [ExtraColumn(f"column {HeaderCell(index, '').letter}", index) for index in nameless]
        columns = tuple(column for column in self._columns if column.column in indices)
        return TextSlice(frame, columns, tuple(extras))

    def _quoted(self, rows: int) -> Iterator[_Chunk]:
        """Records of a file with quotation marks, which can hold delimiters and line breaks."""
        import polars as pl

        found = records(self._request.path, self._request.name, self._text, width=self._width)
        below = (record for record in found if record[0] > self._request.header_row)
        while chunk := list(islice(below, rows)):
            cells = [cells for _, cells in chunk]
            about = {
                "row": [line for line, _ in chunk],
                "cells": [len(each) for each in cells],
                "text": ["".join(each) for each in cells],
            }
            yield _Chunk(pl.DataFrame(about), cells)

    def _plain(self) -> Iterator[_Chunk]:
        """Records of a file without quotation marks, where every line is one: several times as fast."""
        import polars as pl

        line = 1
        with self._request.path.open(encoding=self._text.encoding, newline="") as stream:
            while lines := stream.readlines(_CHARACTERS):
                text = pl.Series("text", lines).str.strip_chars_end("\r\n")
                about = text.to_frame().with_columns(
                    pl.int_range(line, line + len(lines)).alias("row"),
                    (text.str.count_matches(self._text.delimiter, literal=True) + 1).cast(pl.Int64).alias("cells"),
                )
                line += len(lines)
                below = about.filter((pl.col("row") > self._request.header_row) & (pl.col("text") != ""))
                if below.height:
                    yield _Chunk(below)

    def _check(self, about: pl.DataFrame) -> None:
        """Looks at how many cells each record has."""
        import polars as pl

        wide = about.filter(pl.col("cells") > self._width + _MOST_BEYOND)
        if wide.height:
            raise DamagedWorkbook(
                f"{self._request.name}, line {wide['row'][0]}: {wide['cells'][0]:,} cells, the header has "
                f"{self._width}. Check the line, and the contract's text.delimiter and text.quote."
            )
        is_ruled = pl.col("text").str.contains(f"^(?:{RULED_LINE.pattern})$")
        is_empty = pl.col("text").str.strip_chars(f" \t{self._text.delimiter}") == ""
        short = about.filter((pl.col("cells") < self._width) & ~is_ruled & ~is_empty)
        self._shorts += short.height
        self._short += short["row"].head(3 - len(self._short)).to_list()
        last = about["row"][-1]
        self._doubtful = (last, short["cells"][-1]) if short.height and short["row"][-1] == last else None

    def _refuse_cut_off(self) -> None:
        """Raises if the file ends amid a row: what is missing would be read as empty."""
        if self._doubtful is not None and not ends_with_line_break(self._request.path, self._text):
            line, cells = self._doubtful
            raise DamagedWorkbook(
                f"{self._request.name}, line {line}: the file ends in the middle of a row ({cells} of "
                f"{self._width} cells and no line break): it was cut off. Deliver it "
                "again; if it is complete, end its last line."
            )


def _frame(chunk: _Chunk, delimiter: str) -> pl.DataFrame:
    """Records as columns of text; cells of blanks alone are null."""
    import polars as pl

    if chunk.cells is not None:
        columns = zip_longest(*chunk.cells, fillvalue="")
        frame = pl.DataFrame([pl.Series(str(at), cells, dtype=pl.String) for at, cells in enumerate(columns)])
    else:
        width = int(chunk.about["cells"].max())  # type: ignore[arg-type]
        split = chunk.about["text"].str.split_exact(delimiter, width - 1).struct
        frame = split.rename_fields([str(at) for at in range(width)]).struct.unnest()
    filled = [pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)).alias(name) for name in frame.columns]
    return frame.select(filled).with_columns(chunk.about["row"])
