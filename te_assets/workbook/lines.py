"""Turns rows of a frame into JSON lines: `{"_row": 118, "<field>": value, …, "_extra": {"<header>": value}}`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from te_assets.workbook.exact import DATES, NUMBERS, number_name, text_name
from te_assets.workbook.matrix import unpivoted
from te_assets.workbook.request import ColumnType, ExtraColumn, Matrix, ReadColumn
from te_assets.workbook.values import Rendered, Renderer

if TYPE_CHECKING:
    import polars as pl


class LineWriter:
    """Writes the rows of one sheet as lines; empty cells are left out."""

    def __init__(
        self,
        columns: Sequence[ReadColumn],
        extras: Sequence[ExtraColumn],
        *,
        is_1904: bool,
        is_text: bool = False,
        constants: Sequence[tuple[str, str]] = (),
        matrix: Matrix | None = None,
    ) -> None:
        self._columns = columns
        self._extras = extras
        self._constants = "".join(f",{_json(name)}:{_json(text)}" for name, text in constants)
        self._matrix = matrix
        self._renderer = Renderer(is_1904=is_1904, is_text=is_text)

    def lines(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
        """Lines and the row of each: one for every row of the frame, or of a matrix one for every filled cell.

        Args:
            frame: Columns by index, with the columns that `exact_frame` adds, and `row`, Excel's row number.
        """
        rows = self._rows(frame)
        matrix = self._matrix
        if matrix is None:
            return frame, rows
        return unpivoted(frame, rows, matrix, lambda index: self._rendered(frame, index, matrix.type))

    def _rows(self, frame: pl.DataFrame) -> pl.Series:
        """One line for each row of the frame."""
        import polars as pl

        parts: list[pl.Series | pl.Expr] = [pl.lit('{"_row":'), frame["row"].cast(pl.String)]
        if self._constants:
            parts.append(pl.lit(self._constants))
        for column in self._columns:
            parts += _member(column.field, self._rendered(frame, column.column, column.type))
        extras: list[pl.Series | pl.Expr] = []
        for extra in self._extras:
            extras += _member(extra.key, self._rendered(frame, extra.column, "text"))
        if extras:
            members = pl.concat_str(extras).str.slice(1)
            parts.append(
                pl.when(members != "")
                .then(pl.concat_str([pl.lit(',"_extra":{'), members, pl.lit("}")]))
                .otherwise(pl.lit(""))
            )
        return frame.select(pl.concat_str([*parts, pl.lit("}")]).alias("line"))["line"]

    def _rendered(self, frame: pl.DataFrame, index: int, kind: ColumnType) -> Rendered:
        """JSON of each cell of a column, its exact content where the type would change it."""
        column = frame[str(index)]
        if kind in NUMBERS:
            rendered = self._renderer.numbers(column)
        elif kind == "time":
            rendered = self._renderer.times(column)
        elif kind in DATES:
            rendered = self._renderer.dates(column)
        elif kind == "boolean":
            rendered = self._renderer.booleans(column)
        else:
            rendered = self._renderer.texts(column)
        if _has_values(frame, number_name(index)):
            rendered = _first(self._renderer.numbers(frame[number_name(index)]), rendered)
        if _has_values(frame, text_name(index)):
            rendered = _first(self._renderer.texts(frame[text_name(index)]), rendered)
        return rendered


def _member(key: str, value: Rendered) -> list[pl.Series | pl.Expr]:
    """A member of an object with a comma before it; nothing where the value is empty."""
    import polars as pl

    height = len(value.pieces[0])
    if value.null_count == height:
        return []
    parts = value.parts(f",{_json(key)}:")
    if value.null_count == 0:
        return parts
    return [pl.select(pl.concat_str(parts).fill_null("").alias("member"))["member"]]


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _has_values(frame: pl.DataFrame, name: str) -> bool:
    """Whether the frame has this column and anything in it."""
    return name in frame.columns and frame[name].null_count() < frame.height


def _first(preferred: Rendered, other: Rendered) -> Rendered:
    """Cells of the one, and of the other where those are empty."""
    import polars as pl

    frame = pl.DataFrame({"preferred": preferred.joined(), "other": other.joined()})
    return Rendered((frame.select(pl.coalesce("preferred", "other"))["preferred"],), "", "")
