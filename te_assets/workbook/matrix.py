"""Turns the rows of a matrix into lines, one for each filled cell: minutes per reason become stops."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from te_assets.workbook.request import Matrix, MatrixCell
from te_assets.workbook.values import Rendered

if TYPE_CHECKING:
    import polars as pl

_BLANK = r"^[\s\p{Z}]*$"
_ZERO = r"^[\s\p{Z}]*[+-]?(?:0+(?:[.,]0*)?|[.,]0+|0+:00(?::00(?:[.,]0+)?)?)[\s\p{Z}]*$"


def unpivoted(
    frame: pl.DataFrame, lines: pl.Series, matrix: Matrix, rendered: Callable[[int], Rendered]
) -> tuple[pl.DataFrame, pl.Series]:
    """One line per filled cell, row by row in the order of the columns.

    A line is that of its row with `_column` (letters of the cell's column), what the header means, the cell, and
    `_before`, the filled cells left of it, from which typing computes where the stop begins.

    Args:
        frame: Rows.
        lines: One JSON line per row, without the matrix.
        matrix: Which columns, and what they mean.
        rendered: JSON of each cell of a column.

    Returns:
        The row of each line, and the lines.
    """
    import polars as pl

    table = pl.DataFrame({"at": pl.int_range(0, frame.height, eager=True), "line": lines.str.head(-1)})
    table = table.with_columns(pl.lit("").alias("before"))
    found = []
    for number, cell in enumerate(matrix.cells):
        if str(cell.column) not in frame.columns:
            continue
        table = table.with_columns(rendered(cell.column).joined().alias("cell"))
        text = pl.col("cell").str.strip_prefix('"').str.strip_suffix('"')
        is_nothing = text.str.contains(_BLANK) | text.str.strip_chars().is_in(matrix.nothing)
        if matrix.skips_zero:
            is_nothing |= text.str.contains(_ZERO)
        table = table.with_columns(pl.when(~is_nothing).then("cell").alias("cell"))
        found.append(
            table.filter(pl.col("cell").is_not_null()).select(
                "at", pl.lit(number).alias("number"), _line(matrix, cell).alias("line")
            )
        )
        table = table.with_columns(pl.concat_str("before", pl.lit(","), pl.col("cell")).fill_null(pl.col("before")))
        table = table.with_columns(pl.col("before").str.strip_prefix(","))
    if not found:
        return frame.clear(), pl.Series("line", [], dtype=pl.String)
    stops = pl.concat(found).sort("at", "number")
    return frame[stops["at"]], stops["line"]


def _line(matrix: Matrix, cell: MatrixCell) -> pl.Expr:
    """The row's line with the members of one cell."""
    import polars as pl

    members = {"_column": cell.letter, matrix.name: cell.key}
    if matrix.text is not None:
        members[matrix.text] = cell.header
    named = "".join(f",{_json(key)}:{_json(value)}" for key, value in members.items())
    before = pl.when(pl.col("before") != "").then(pl.concat_str(pl.lit(',"_before":['), "before", pl.lit("]")))
    return pl.concat_str(
        "line", pl.lit(f"{named},{_json(matrix.value)}:"), "cell", before.otherwise(pl.lit("")), pl.lit("}")
    )


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
