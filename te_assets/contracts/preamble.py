"""Values of a sheet that stand outside of its table: in cells above the header, in the file's or the sheet's name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from te_assets.contracts.completion import ConstantFrom, group_value
from te_assets.contracts.headers import normalize
from te_assets.contracts.layout import PeekedRow, SheetPeek
from te_assets.contracts.model import Contract
from te_assets.errors import ContractError

_SERIAL = re.compile(r"\d{1,6}(\.\d+)?(E-\d+)?")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001  Excel has no zones
_TIMES_BELOW = 59  # as in columns of times: a greater serial number is a date


class ConstantMissing(ContractError):
    """A value that the contract looks for outside of the table is not there."""


def constants_of(contract: Contract, file_name: str, sheet: SheetPeek, header_row: int) -> Iterator[tuple[str, str]]:
    """(field, text) of every value that the contract reads beside the table.

    Args:
        contract: Says where each value stands.
        file_name: As delivered.
        sheet: First rows of the sheet.
        header_row: Excel row number of the last header row.

    Raises:
        ConstantMissing: A cell, label or pattern is not there, or holds nothing.
    """
    above = [row for row in sheet.rows if row.number <= header_row - contract.header.depth]
    for name, place in contract.constants_from.items():
        text = _text(place, file_name, sheet, above)
        if text is None:
            raise ConstantMissing(
                f'{file_name}, sheet "{sheet.name}": {_described(place)}, but {contract.contract_id} takes {name} from '
                "there. Fill it in and deliver the file again, or change constants_from in a new version of the "
                "contract."
            )
        yield name, _as_written(text, _type(contract, name), is_1904=sheet.is_1904)


def _type(contract: Contract, name: str) -> str:
    return contract.columns[name].type if name in contract.columns else contract.fields[name].type


def _text(place: ConstantFrom, file_name: str, sheet: SheetPeek, above: list[PeekedRow]) -> str | None:
    if place.file_name is not None:
        return group_value(place.file_name, file_name)
    if place.sheet_name is not None:
        return group_value(place.sheet_name, sheet.name)
    found = _cell(sheet, place.cell) if place.cell is not None else _right_of(above, str(place.right_of))
    if found is None or not found.strip():
        return None
    return found.strip() if place.pattern is None else group_value(place.pattern, found)


def _cell(sheet: SheetPeek, address: str) -> str | None:
    letters, number = re.sub(r"\d", "", address), int(re.sub(r"\D", "", address))
    for row in sheet.rows:
        for cell in row.cells if row.number == number else ():
            if cell.letter == letters:
                return cell.text
    return None


def _right_of(above: list[PeekedRow], label: str) -> str | None:
    """The next filled cell behind a label (the label itself may be merged over several), or what follows its colon."""
    wanted = normalize(label)
    for row in above:
        for at, cell in enumerate(row.cells):
            before, _, behind = cell.text.partition(":")
            if normalize(before) == wanted and behind.strip():
                return behind
            if normalize(cell.text) == wanted:
                return row.cells[at + 1].text if at + 1 < len(row.cells) else None
    return None


def _described(place: ConstantFrom) -> str:
    """What was looked for in vain."""
    pattern = f" holds nothing that matches {place.pattern!r}" if place.pattern is not None else " holds nothing"
    if place.cell is not None:
        return f"cell {place.cell}{pattern}"
    if place.right_of is not None:
        return f"the cell right of {place.right_of!r} above the header{pattern}"
    which, what = ("file", place.file_name) if place.file_name is not None else ("sheet", place.sheet_name)
    return f"the name of the {which} does not match {what!r}"


def _as_written(text: str, kind: str, *, is_1904: bool) -> str:
    """A cell's text; a serial number as the date or time that a person sees in the cell."""
    if kind not in ("date", "datetime", "time") or _SERIAL.fullmatch(text) is None:
        return text
    passed = timedelta(milliseconds=round(float(text) * 86_400_000))
    if kind == "time" and float(text) < _TIMES_BELOW:
        minutes, seconds = divmod(int(passed.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    stamp = (_EPOCH_1904 if is_1904 else _EPOCH) + passed
    is_plausible = date(1970, 1, 1) <= stamp.date() < date(2200, 1, 1)
    return stamp.isoformat(timespec="seconds") if is_plausible else text
