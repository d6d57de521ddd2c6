"""Reads a sheet: parser and scan side by side, exact content found back, blank rows and operators' names taken out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from te_assets.contracts.layout import HeaderCell
from te_assets.workbook.errors import ReaderFailed
from te_assets.workbook.exact import DATES, NUMBERS, exact_frame, number_name, text_name
from te_assets.workbook.foretold import foretell, told_apart
from te_assets.workbook.package import open_archive, read_package
from te_assets.workbook.pseudonyms import pseudonym
from te_assets.workbook.request import ExtraColumn, OperatorPolicy, ReadColumn, ReadRequest
from te_assets.workbook.scan import Scanned, scan
from te_assets.workbook.table import SheetReader

if TYPE_CHECKING:
    import polars as pl

OPERATOR = "operator"
_ROW = "row"


@dataclass(frozen=True)
class Sheet:
    """A sheet's rows below the header, with exact content.

    Attributes:
        frame: Columns by index, those that `exact_frame` adds, and `row`, Excel's row number.
        columns: Columns of the request that the sheet has.
        extras: Columns without a field that have values, also those without a header.
        is_1904: Dates of the workbook count from 1904-01-01.
        warnings: What a person should know, in whole sentences.
    """

    frame: pl.DataFrame
    columns: tuple[ReadColumn, ...]
    extras: tuple[ExtraColumn, ...]
    is_1904: bool
    warnings: tuple[str, ...]

    @property
    def date_columns(self) -> tuple[int, ...]:
        """Indices of columns with dates."""
        return tuple(column.column for column in self.columns if column.type in DATES)


def read_sheet(request: ReadRequest) -> Sheet:
    """Reads the sheet that a request names.

    Raises:
        ReaderFailed: The workbook has no such sheet.
        DamagedWorkbook: Bytes of a part are missing or changed.
        fastexcel.FastExcelError: The sheet cannot be parsed.
    """
    import polars as pl

    types = {column.column: column.type for column in request.columns}
    if request.matrix is not None:
        types |= {cell.column: request.matrix.type for cell in request.matrix.cells}
    texts = {_letter(column.column) for column in request.columns if column.type == "text"}
    texts |= {_letter(extra.column) for extra in request.extras}
    with open_archive(request.path, request.name) as archive:
        package = read_package(archive, request.name)
        part = next((sheet.part for sheet in package.sheets if sheet.name == request.sheet), None)
        if part is None:
            raise ReaderFailed(f'there is no sheet "{request.sheet}", only {[sheet.name for sheet in package.sheets]}')
        typed = [index for index, kind in types.items() if kind not in ("text", "boolean")]
        foretold = foretell(archive, part, request.name, typed)
        numbers = {_letter(index) for index, kind in types.items() if kind in NUMBERS or index in foretold}
        with ThreadPoolExecutor(1) as pool:  # the parser leaves the interpreter free for the scan
            scanning = pool.submit(scan, archive, part, request.name, numbers=numbers, texts=texts)
            reader = SheetReader(request)
            loaded = reader.load({index: kind for index, kind in types.items() if index not in foretold})
            scanned = scanning.result()
    if foretold and not scanned.is_complete:
        loaded, foretold = reader.load(types), frozenset()
    loaded, scanned = told_apart(reader, loaded, scanned, types, foretold, request.header_row)
    frame = exact_frame(reader, loaded, scanned, types, request.header_row, is_1904=package.is_1904)
    frame = frame.with_columns(pl.int_range(request.header_row + 1, request.header_row + 1 + frame.height).alias(_ROW))
    present = {name for name in frame.columns if frame[name].null_count() < frame.height}
    extras, extra_warnings = _extras(request, present)
    columns = tuple(column for column in request.columns if str(column.column) in frame.columns)
    if request.operator.mode == "drop":
        columns = tuple(column for column in columns if column.field != OPERATOR)
    warnings = (*extra_warnings, *_formula_warnings(scanned, present))
    return Sheet(frame, columns, extras, package.is_1904, warnings)


def prepared(frame: pl.DataFrame, request: ReadRequest) -> pl.DataFrame:
    """Rows as they may leave the reader: without blank ones, operators' names replaced.

    Args:
        frame: Some rows of `Sheet.frame`.
        request: Says which column holds operators, and what becomes of them.
    """
    rows = _without_blank_rows(frame)
    for column in request.columns:
        if column.field == OPERATOR and str(column.column) in rows.columns and request.operator.mode == "pseudonym":
            rows = _with_pseudonyms(rows, column.column, request.operator)
    return rows


def _without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with a value; a cell of blanks alone is none."""
    import polars as pl

    texts = [name for name, dtype in frame.schema.items() if dtype == pl.String]
    others = [name for name in frame.columns if name not in texts and name != _ROW]
    has_value = pl.any_horizontal([pl.col(name).is_not_null() for name in others]) if others else pl.lit(value=False)
    doubtful = frame.select(has_value.alias("has"))["has"]
    if len(doubtful) == frame.height and doubtful.all():
        return frame
    has_text = pl.any_horizontal(
        [pl.col(name).str.strip_chars().fill_null("") != "" for name in texts] or [pl.lit(value=False)]
    )
    return frame.filter(has_value | has_text)


def _with_pseudonyms(frame: pl.DataFrame, index: int, policy: OperatorPolicy) -> pl.DataFrame:
    """Each name replaced by its pseudonym."""
    import polars as pl

    name = str(index)
    names = [text for text in frame[name].unique() if text is not None and text.strip()]
    replaced = pl.col(name).replace_strict(names, [pseudonym(text, policy.key) for text in names], default=pl.col(name))
    return frame.with_columns(replaced.alias(name)) if names else frame


def _extras(request: ReadRequest, present: set[str]) -> tuple[tuple[ExtraColumn, ...], list[str]]:
    """Columns for `_extra`: those with a header that have values, then those without a header, which get a name."""
    extras = [extra for extra in request.extras if str(extra.column) in present]
    known = {column.column for column in request.columns} | {extra.column for extra in request.extras}
    known |= {cell.column for cell in request.matrix.cells} if request.matrix is not None else set()
    added = {text_name(column) for column in known} | {number_name(column) for column in known}
    nameless = sorted(int(name) for name in present - added - {_ROW} if name.isdecimal() and int(name) not in known)
    warnings = []
    if nameless:
        letters = ", ".join(_letter(index) for index in nameless)
        extras += [ExtraColumn(f"column {_letter(index)}", index) for index in nameless]
        warnings.append(
            f'sheet "{request.sheet}": values without a header in column {letters}; they are kept in _extra.'
        )
    return tuple(extras), warnings


def _formula_warnings(scanned: Scanned, present: set[str]) -> list[str]:
    """Columns of formulas without a single stored result."""
    empty = [index for index in sorted(scanned.uncached_formulas) if str(index) not in present]
    if not empty:
        return []
    letters = ", ".join(_letter(index) for index in empty)
    return [
        f"column {letters} has formulas without stored results, its cells read as empty. "
        "Open the workbook in Excel, save it and deliver it again."
    ]


def _letter(index: int) -> str:
    """Letters of a column."""
    return HeaderCell(index, "").letter
