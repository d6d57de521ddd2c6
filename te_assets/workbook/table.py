"""Loads a sheet into typed columns of a frame; knows the Excel library and nothing of what values mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from te_assets.workbook.request import ColumnType, ReadRequest

if TYPE_CHECKING:
    import polars as pl
    from fastexcel import DType

_DTYPES: dict[ColumnType, DType] = {
    "text": "string",
    "boolean": "string",
    "decimal": "float",
    "integer": "float",  # the library cuts 3.7 to 3 when asked for whole numbers
    "date": "datetime",  # and drops the time of day when asked for dates
    "time": "datetime",
    "datetime": "datetime",
}
_EXCEL_COLUMNS = 16_384
_ERROR = re.compile(r"Error\((\w+)\)")
_ERROR_NAMES = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


@dataclass(frozen=True)
class Misfits:
    """Cells of one column that did not fit its type: their positions in the frame, and the names of error cells."""

    positions: tuple[int, ...]
    error_names: Mapping[int, str]


@dataclass(frozen=True)
class Loaded:
    """A sheet's rows below the header.

    Attributes:
        frame: One column per column of the sheet, named by its index; position 0 is the row below the header.
        misfits: Column index → cells that are null in `frame` because they did not fit.
    """

    frame: pl.DataFrame
    misfits: Mapping[int, Misfits]


class SheetReader:
    """Loads one sheet; every load parses the whole of it."""

    def __init__(self, request: ReadRequest) -> None:
        import fastexcel

        self._request = request
        # Given a path the library trusts its extension, given bytes it looks at them.
        self._reader = fastexcel.read_excel(request.path.read_bytes())

    def load(self, types: Mapping[int, ColumnType]) -> Loaded:
        """Every column below the header; columns without a type are read as text.

        Raises:
            fastexcel.FastExcelError: The sheet cannot be parsed.
        """
        dtypes: dict[str | int, DType] = dict.fromkeys(range(_EXCEL_COLUMNS), "string")
        dtypes.update((index, _DTYPES[kind]) for index, kind in types.items())
        return self._load(dtypes, None)

    def texts(self, columns: Sequence[int], height: int) -> pl.DataFrame:
        """Some columns as text, error cells as their names, cut or filled to `height` rows."""
        loaded = self._load(dict.fromkeys(columns, "string"), columns)
        frame = _fit(loaded.frame, height)
        for index, misfits in loaded.misfits.items():
            names = {at: name for at, name in misfits.error_names.items() if at < height}
            frame = frame.with_columns(frame[str(index)].scatter(list(names), list(names.values())))
        return frame

    def numbers(self, columns: Sequence[int], height: int) -> pl.DataFrame:
        """Some columns as floats: null for dates and what is no number, but not for text that reads as a number."""
        return _fit(self._load(dict.fromkeys(columns, "float"), columns, with_misfits=False).frame, height)

    def number_cells(self, columns: Sequence[int], height: int) -> pl.DataFrame:
        """Some columns as booleans: not null where the cell is a number or a boolean, null for any text."""
        return _fit(self._load(dict.fromkeys(columns, "boolean"), columns, with_misfits=False).frame, height)

    def values(self, types: Mapping[int, ColumnType], columns: Sequence[int], height: int) -> pl.DataFrame:
        """Columns of these types without what does not fit; those outside of `columns` are known to be all misfits."""
        import polars as pl

        empty = {"float": pl.Float64(), "datetime": pl.Datetime("ms"), "string": pl.String()}
        frame = pl.DataFrame(
            [
                pl.Series(str(index), [None], empty[_DTYPES[kind]]).new_from_index(0, height)
                for index, kind in types.items()
            ]
        )
        if not columns:
            return frame
        dtypes: dict[str | int, DType] = {index: _DTYPES[types[index]] for index in columns}
        return frame.with_columns(_fit(self._load(dtypes, columns, with_misfits=False).frame, height).get_columns())

    def _load(
        self, dtypes: dict[str | int, DType], columns: Sequence[int] | None, *, with_misfits: bool = True
    ) -> Loaded:
        import polars as pl
        import pyarrow as pa

        sheet = self._reader.load_sheet(
            self._request.sheet,
            header_row=self._request.header_row - 1,
            dtypes=dtypes,
            use_columns=None if columns is None else list(columns),
            skip_whitespace_tail_rows=True,
        )
        batch, errors = sheet.to_arrow_with_errors() if with_misfits else (sheet.to_arrow(), None)
        chosen = sheet.selected_columns
        first = chosen[0].absolute_index - chosen[0].index if chosen else 0
        del sheet
        names = [str(column.absolute_index) for column in chosen]
        frame = pl.DataFrame(pl.from_arrow(pa.RecordBatch.from_arrays(batch.columns, names=names)))
        return Loaded(frame, _by_column(errors.errors if errors else (), first))


def _by_column(errors: Iterable[Any], first: int) -> dict[int, Misfits]:
    """Cell errors of the library by column; `first` is the sheet's leftmost column with a value."""
    positions: dict[int, list[int]] = {}
    names: dict[int, dict[int, str]] = {}
    for error in errors:
        row, column = error.offset_position
        positions.setdefault(column + first, []).append(row)
        found = _ERROR.search(error.detail)
        if found and "String(" not in error.detail:
            name = _ERROR_NAMES.get(found[1], f"#{found[1].upper()}!")
            names.setdefault(column + first, {})[row] = name
    return {index: Misfits(tuple(rows), names.get(index, {})) for index, rows in positions.items()}


def _fit(frame: pl.DataFrame, height: int) -> pl.DataFrame:
    """The frame cut or filled with nulls to so many rows."""
    import polars as pl

    if frame.height >= height:
        return frame.head(height)
    return pl.DataFrame([column.extend_constant(None, height - frame.height) for column in frame.get_columns()])
