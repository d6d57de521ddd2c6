"""JSON of the cells of one column: numbers, texts, dates and times, without passing a single cell through Python."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_DAY_MS, _HOUR_MS = 86_400_000, 3_600_000
_WHOLE_BELOW = 1e15  # floats above may not be whole numbers any more
_SPECIAL = r'["\\\x00-\x1f]'
_UNESCAPED = ["\\", '"', *(chr(code) for code in range(32))]
_ESCAPED = [json.dumps(character)[1:-1] for character in _UNESCAPED]
_EPOCH, _FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(1900, 1, 1), date(2200, 1, 1)
# Day zero of times, as the library gives it, and the day from which a cell of a time column must be a date.
_ZERO, _END = datetime(1899, 12, 31), datetime(1900, 2, 28)  # noqa: DTZ001  Excel has no zones
_ZERO_1904, _END_1904 = datetime(1904, 1, 1), datetime(1904, 2, 29)  # noqa: DTZ001
_SHOWN_TIME = r"^(?:1899-12-31|1900-0[12]-\d\d) \d\d:\d\d:\d\d"
_SHOWN_TIME_1904 = r"^1904-0[12]-\d\d \d\d:\d\d:\d\d"


@dataclass(frozen=True)
class Rendered:
    """JSON of a column in pieces that are joined once, with those of all other columns.

    Attributes:
        pieces: Columns to be joined; a cell is empty where one of them is null.
        opening: What stands before them, a quotation mark or nothing.
        closing: What stands behind them.
    """

    pieces: tuple[pl.Series, ...]
    opening: str = '"'
    closing: str = '"'

    @property
    def null_count(self) -> int:
        """How many cells are empty."""
        return max(piece.null_count() for piece in self.pieces)

    def parts(self, before: str) -> list[pl.Series | pl.Expr]:
        """What to join for each cell, with a text before it; empty cells are to be taken care of."""
        import polars as pl

        closing = [pl.lit(self.closing)] if self.closing else []
        return [pl.lit(before + self.opening), *self.pieces, *closing]

    def joined(self) -> pl.Series:
        """The JSON of each cell, null where it is empty."""
        return _joined(self.parts(""))


class Renderer:
    """Renders columns of one workbook, with tables of all days and seconds: to format a million dates is slow."""

    def __init__(self, *, is_1904: bool, is_text: bool = False) -> None:
        import polars as pl

        self._is_1904 = is_1904
        self._is_text = is_text
        self._seconds = pl.Series([f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02}" for at in range(86_400)])
        self._millis = pl.Series([f".{at:03}" if at else "" for at in range(1000)])
        days = pl.date_range(_FIRST_DAY, _LAST_DAY, eager=True).cast(pl.String)
        self._days = days + "T"
        self._midnights = days + "T00:00:00"

    def numbers(self, column: pl.Series) -> Rendered:
        """Shortest form of each number, whole ones without decimals; what JSON has no number for as text."""
        import polars as pl

        number = pl.col("number")
        whole = number.cast(pl.Int64, strict=False).cast(pl.String)
        token = number.cast(pl.String)
        if not column.is_finite().all():
            token = pl.when(number.is_finite()).then(token).otherwise(pl.format('"{}"', token))
        is_whole = (number == number.floor()) & (number.abs() < _WHOLE_BELOW)
        frame = column.alias("number").to_frame()
        if not frame.select(is_whole.all())["number"][0]:
            whole = pl.when(is_whole).then(whole).otherwise(token)
        return Rendered((frame.select(whole.alias("json"))["json"],), "", "")

    def texts(self, column: pl.Series) -> Rendered:
        """JSON string of each text; times of day as a person sees them."""
        if not self._is_text:  # 1900-01-01 00:00:00 in a text file is what an export writes for "no date"
            column = self._shown_times(column)
        # One search in all texts at once: a search per cell costs more than everything else here.
        if column.str.join("").str.contains(_SPECIAL)[0]:
            column = column.str.replace_many(_UNESCAPED, _ESCAPED)
        return Rendered((column,))

    def booleans(self, column: pl.Series) -> Rendered:
        """TRUE and FALSE cells as JSON booleans, other content as text."""
        import polars as pl

        frame = pl.DataFrame({"cell": column, "text": self.texts(column).joined()})
        is_boolean = pl.col("cell").is_in(["true", "false"])
        return Rendered((frame.select(pl.when(is_boolean).then("cell").otherwise("text"))["cell"],), "", "")

    def dates(self, column: pl.Series) -> Rendered:
        """`"2026-03-06T18:00:00"`, with milliseconds where there are any."""
        import polars as pl

        milliseconds = column.dt.timestamp("ms")
        day = milliseconds // _DAY_MS - (_FIRST_DAY - _EPOCH).days
        if ((day < 0) | (day >= len(self._days))).any():
            return Rendered((column.dt.to_string("%Y-%m-%dT%H:%M:%S%.3f").str.replace(r"\.000$", ""),))
        of_day = milliseconds % _DAY_MS
        if (of_day == 0).all():
            return Rendered((self._midnights.gather(day.cast(pl.UInt32)),))
        return Rendered((self._days.gather(day.cast(pl.UInt32)), *self._clock(of_day)))

    def times(self, column: pl.Series) -> Rendered:
        """`"18:00:00"`; `"30:15:00"` for a day and 6:15 hours; a cell with a date stays a date with its time."""
        import polars as pl

        since = self._since_midnight(column)
        clock = self._hours(since)
        if since.null_count() == column.null_count():
            return clock
        frame = pl.DataFrame({"time": clock.joined(), "date": self.dates(column).joined()})
        return Rendered((frame.select(pl.coalesce("time", "date"))["time"],), "", "")

    def _clock(self, milliseconds: pl.Series) -> list[pl.Series]:
        """`18:00:00` and `.123` of milliseconds since midnight."""
        import polars as pl

        clock = [self._seconds.gather((milliseconds // 1000).cast(pl.UInt32))]
        fraction = milliseconds % 1000
        if (fraction != 0).any():
            clock.append(self._millis.gather(fraction.cast(pl.UInt32)))
        return clock

    def _hours(self, milliseconds: pl.Series) -> Rendered:
        """`30:15:00` of milliseconds; null stays null."""
        import polars as pl

        clock = self._clock(milliseconds % _DAY_MS)
        if (milliseconds >= _DAY_MS).any():
            hours = (milliseconds // _HOUR_MS).cast(pl.String).str.zfill(2)
            clock = [hours, clock[0].str.slice(2), *clock[1:]]
        return Rendered(tuple(clock))

    def _since_midnight(self, column: pl.Series) -> pl.Series:
        """Milliseconds that a time of day or duration stands for; null for dates."""
        import polars as pl

        value = pl.col("value")
        zeros = [(_ZERO, _END), (_ZERO_1904, _END_1904)] if self._is_1904 else [(_ZERO, _END)]
        since = [
            pl.when((value >= zero) & (value < end)).then((value - zero).dt.total_milliseconds()) for zero, end in zeros
        ]
        return column.alias("value").to_frame().select(pl.coalesce(since).alias("since"))["since"]

    def _shown_times(self, column: pl.Series) -> pl.Series:
        """Times of day in a column of text without the day zero that the library puts before them."""
        import polars as pl

        if not (column.str.starts_with("1899-12-31 ") | column.str.starts_with("190")).any():
            return column
        is_time = column.str.contains(_SHOWN_TIME_1904 if self._is_1904 else _SHOWN_TIME)
        if not is_time.any():
            return column
        stamps = column.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="ms", strict=False)
        times = _joined(self._hours(self._since_midnight(stamps)).pieces)
        frame = pl.DataFrame({"is_time": is_time, "time": times, "text": column})
        return frame.select(pl.when("is_time").then("time").otherwise("text"))["time"]


def _joined(parts: Sequence[pl.Series | pl.Expr]) -> pl.Series:
    """Texts joined row by row; null where one is."""
    import polars as pl

    return pl.select(pl.concat_str(parts).alias("joined"))["joined"]
