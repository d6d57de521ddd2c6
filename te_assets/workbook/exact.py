"""Finds back the exact content of cells that the type of their column would change or lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from te_assets.workbook.request import ColumnType
from te_assets.workbook.scan import Scanned
from te_assets.workbook.table import Loaded, SheetReader

if TYPE_CHECKING:
    import polars as pl

NUMBERS: tuple[ColumnType, ...] = ("decimal", "integer")
DATES: tuple[ColumnType, ...] = ("date", "datetime")
_SERIALS: tuple[ColumnType, ...] = ("date", "datetime", "time")
# A plant's dates lie between these; a "date" outside is a number that was typed into the column, like 2026 or 20260306.
_FIRST_DATE, _LAST_DATE = datetime(1970, 1, 1), datetime(2200, 1, 1)  # noqa: DTZ001  wall time, as Excel has no zones
_FIRST_NO_TIME = datetime(1900, 2, 28)  # noqa: DTZ001  serial 59: below, a cell can be a time of day or a duration
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
_DAY_MS = 86_400_000


def text_name(index: int) -> str:
    """Name of the column with texts that stand for cells of column `index`."""
    return f"text {index}"


def number_name(index: int) -> str:
    """Name of the column with numbers that stand for cells of column `index`."""
    return f"number {index}"


def exact_frame(
    reader: SheetReader,
    loaded: Loaded,
    scanned: Scanned,
    types: Mapping[int, ColumnType],
    header_row: int,
    *,
    is_1904: bool,
) -> pl.DataFrame:
    """The loaded frame, with columns added (see `text_name`, `number_name`) that win over what was loaded.

    The sheet is parsed again only where there is something to find back.

    Args:
        reader: Loads the sheet again, as other types.
        loaded: What the first load gave.
        scanned: What the scan of the XML found.
        types: Column index → type; other columns are text.
        header_row: Excel row number of the last header row.
        is_1904: Dates of the workbook count from 1904-01-01.
    """
    types = {int(name): types.get(int(name), "text") for name in loaded.frame.columns if name.isdecimal()}
    frame = _with_texts(reader, loaded, scanned, types, header_row)
    dated = [index for index, kind in types.items() if kind in _SERIALS]
    serials = [index for index in dated if is_1904 or _has_odd_dates(frame, index, types[index])]
    long_texts = [index for index, kind in types.items() if kind == "text" and _may_be_cut(frame, index, scanned)]
    if not serials and not long_texts:
        return frame
    numbers = reader.numbers(sorted({*serials, *long_texts}), frame.height)
    for index in serials:
        if is_1904 and types[index] != "time":
            frame = _with_1904_serials(frame, numbers[str(index)], index)
        frame = _with_bare_numbers(frame, numbers[str(index)], index, types[index])
    for index in long_texts:
        frame = _with_all_decimals(frame, numbers[str(index)], index)
    return frame


def _with_texts(
    reader: SheetReader, loaded: Loaded, scanned: Scanned, types: Mapping[int, ColumnType], header_row: int
) -> pl.DataFrame:
    """Adds the texts of cells that did not fit, and of texts that the library took for numbers."""
    import polars as pl

    frame = loaded.frame
    places: dict[int, set[int]] = {}
    for index, misfits in loaded.misfits.items():
        places.setdefault(index, set()).update(misfits.positions)
    for index, rows in scanned.texts.items():
        if types.get(index) in NUMBERS:
            places.setdefault(index, set()).update(row - header_row - 1 for row in rows if row > header_row)
    numbers = [index for index, kind in types.items() if kind in NUMBERS]
    if not scanned.is_complete and numbers:
        cells = reader.number_cells(numbers, frame.height)
        for index in numbers:
            taken = frame[str(index)].is_not_null() & cells[str(index)].is_null()
            places.setdefault(index, set()).update(taken.arg_true().to_list())
    again = [index for index, positions in places.items() if positions - set(error_names(loaded, index))]
    texts = reader.texts(again, frame.height) if again else None
    for index, positions in places.items():
        names = error_names(loaded, index)
        column = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        if texts is not None and str(index) in texts.columns:
            mask = mask_of(positions, frame.height)
            column = texts.select(pl.when(mask).then(pl.col(str(index))))[str(index)]
        column = column.scatter(list(names), list(names.values())) if names else column
        frame = frame.with_columns(column.alias(text_name(index)))
    return frame


def error_names(loaded: Loaded, index: int) -> Mapping[int, str]:
    """Position → name of the error cells of a column."""
    return loaded.misfits[index].error_names if index in loaded.misfits else {}


def mask_of(positions: Iterable[int], height: int) -> pl.Series:
    """True at some positions."""
    import polars as pl

    mask = pl.Series([False], dtype=pl.Boolean).new_from_index(0, height)
    return mask.scatter([position for position in positions if position < height], True)


def _is_odd(column: pl.Expr, kind: ColumnType) -> pl.Expr:
    """Whether a cell that was read as a date or time makes no sense as one."""
    return column >= _FIRST_NO_TIME if kind == "time" else (column < _FIRST_DATE) | (column >= _LAST_DATE)


def _has_odd_dates(frame: pl.DataFrame, index: int, kind: ColumnType) -> bool:
    """Whether a column has cells that make no sense as dates or times."""
    import polars as pl

    return bool(frame.select(_is_odd(pl.col(str(index)), kind).any().alias("odd"))["odd"][0])


def _with_bare_numbers(frame: pl.DataFrame, numbers: pl.Series, index: int, kind: ColumnType) -> pl.DataFrame:
    """Gives numbers without a date format back as numbers where they make no sense as a date or time."""
    import polars as pl

    odd = _is_odd(pl.col(str(index)), kind).fill_null(value=False)
    return frame.with_columns(pl.when(odd).then(numbers).alias(number_name(index)))


def _with_1904_serials(frame: pl.DataFrame, numbers: pl.Series, index: int) -> pl.DataFrame:
    """Counts bare serial numbers from 1904; the library knows the epoch of cells with a date format only."""
    import polars as pl

    column = pl.col(str(index))
    milliseconds = (numbers * _DAY_MS).round().cast(pl.Int64)
    counted = (milliseconds + (_EPOCH_1904 - datetime(1970, 1, 1)) // timedelta(milliseconds=1)).cast(pl.Datetime("ms"))  # noqa: DTZ001
    is_bare = column.is_not_null() & numbers.is_not_null()
    return frame.with_columns(pl.when(is_bare).then(counted).otherwise(column).alias(str(index)))


def _may_be_cut(frame: pl.DataFrame, index: int, scanned: Scanned) -> bool:
    """Whether a column of text may hold numbers of which the library cut decimals."""
    if scanned.is_complete and index in scanned.text_columns:
        return index in scanned.long_numbers
    return bool(frame[str(index)].str.contains(r"\.\d{9}$").any())


def _with_all_decimals(frame: pl.DataFrame, numbers: pl.Series, index: int) -> pl.DataFrame:
    """Gives numbers in a column of text all their decimals back; text stays as it stands."""
    import polars as pl

    text = pl.col(str(index))
    was_cut = text.str.contains(r"\.\d{9}$") | (text == "0") | (text == "-0")
    same = (text.cast(pl.Float64, strict=False) - numbers).abs() < 1e-9
    return frame.with_columns(
        pl.when((was_cut & same).fill_null(value=False)).then(numbers.cast(pl.String)).otherwise(text).alias(str(index))
    )
