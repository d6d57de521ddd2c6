"""What values prove about how they are written: date orders, separators. Nothing is inferred without proof."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from te_assets.contracts.dates import date_order
from te_assets.contracts.model_parts import Locale
from te_assets.contracts.numerals import PLAIN, numerals

Value = str | int | float | bool
"""A cell as a line carries it: a JSON string, number or boolean."""

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ].*)?")
# A time of day that was read as an instant lies on the day zero of Excel.
_TIME = re.compile(r"((1899-12-31|1900-0[12]-\d\d)[T ])?\d{1,3}:\d{2}(:\d{2}(\.\d+)?)?")
_DATE_AND_TIME = re.compile(r"(?P<date>\S+?)(?:[T ]+(?P<time>\d{1,2}:\d{2}.*))?")
# Dates with points are written day first everywhere; for the others both orders are in use.
_ORDERS = (
    *("%d.%m.%Y", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y"),
)
_FIRST_YEAR, _LAST_YEAR = 1990, 2148
_SEPARATORS = ((",", "."), (".", ","), (",", " "), (".", " "), (",", "'"), (".", "'"))


@dataclass(frozen=True)
class Evidence:
    """What was found out.

    Attributes:
        settings: Keys of a contract's locale that the values prove.
        proved: Sentences on what they prove.
        doubts: Sentences on what they leave open.
    """

    settings: Mapping[str, object]
    proved: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def date_evidence(values: Iterable[Value]) -> Evidence:
    """Date orders of texts; typed cells and ISO 8601 need none."""
    shapes: dict[str, list[str]] = defaultdict(list)
    for value in values:
        text = value.strip() if isinstance(value, str) else ""
        parts = _DATE_AND_TIME.fullmatch(text)
        if parts is not None and not _ISO.fullmatch(text) and not _TIME.fullmatch(text):
            shapes[re.sub(r"\d+", lambda run: "9" * (4 if len(run[0]) > 2 else 1), parts["date"])].append(parts["date"])
    orders, proved, doubts = [], [], []
    for texts in sorted(shapes.values(), key=len, reverse=True):
        fits = {order: sum(_is_date(text, order) for text in texts) for order in _ORDERS}
        best = [order for order, count in fits.items() if count == max(fits.values()) and count > len(texts) / 2]
        if not best:
            continue
        others = [order for order, count in fits.items() if count and order not in best]
        if len(best) > 1:
            doubts.append(
                f"all {len(texts):,} dates like {texts[0]} would fit {' and '.join(best)}: declare the right one under "
                "locale.dates; until then such rows are rejected"
            )
            continue
        orders.append(best[0])
        said = f"of {len(texts):,} dates like {texts[0]} {fits[best[0]]:,} are in order {best[0]}"
        also = [f"{fits[order]:,} of them would also fit {order}" for order in others]
        proved.append("; ".join([said, *also]))
    return Evidence({"dates": tuple(orders)} if orders else {}, tuple(proved), tuple(doubts))


def number_evidence(values: Iterable[Value]) -> Evidence:
    """Separators of numbers that are texts; cells that hold numbers need none."""
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    trailing = [text for text in texts if re.fullmatch(r"\d[\d.,' ]*-", text)]
    settings: dict[str, object] = {"trailing_minus": True} if trailing else {}
    proved = [f"{len(trailing):,} numbers like {trailing[0]} end in a minus"] if trailing else []
    digits = [text.strip("+-") for text in texts]
    written = [
        text
        for text in digits
        if re.search(r"[.,' \u00a0\u202f]", text) and re.fullmatch(r"[\d.,' \u00a0\u202f]+", text)
    ]
    if not written:
        return Evidence(settings, tuple(proved))
    proofs = {point: [text for text in written if _proves(text, point)] for point in ".,"}
    if all(proofs.values()):
        examples = " and ".join(found[0] for found in proofs.values())
        doubt = f"the numbers {examples} have different decimal separators; declare locale.decimal and thousands"
        return Evidence(settings, tuple(proved), (doubt,))
    if not any(proofs.values()):
        doubt = (
            f"{len(written):,} numbers like {written[0]} may mean a thousand times as much; declare locale.decimal and "
            "locale.thousands, until then such rows are rejected"
        )
        return Evidence(settings, tuple(proved), (doubt,))
    point = next(point for point, found in proofs.items() if found)
    proved.append(f"{len(proofs[point]):,} numbers like {proofs[point][0]} prove {point!r} as decimal separator")
    groups = [thousands for decimal, thousands in _SEPARATORS if decimal == point]
    counted = {group: sum(_is_grouped(text, point, group) for text in written) for group in groups}
    thousands = max(counted, key=lambda group: counted[group])
    if counted[thousands]:
        proved.append(f"{counted[thousands]:,} numbers are grouped by {thousands!r}")
    else:
        thousands = ""
        proved.append("no number is grouped, so none may be: declare locale.thousands if later ones are")
    return Evidence(settings | {"decimal": point, "thousands": thousands}, tuple(proved))


def unreadable_numbers(values: Sequence[Value], locale: Locale) -> list[str]:
    """Texts among the values of a column that are no number under a locale."""
    rules = numerals(locale)
    patterns = [re.compile(regex) for regex in (PLAIN, rules.ungrouped, rules.grouped) if regex]
    texts = [value.strip() for value in values if isinstance(value, str)]
    return [text for text in texts if text and not any(pattern.search(text) for pattern in patterns)]


def are_times(values: Sequence[Value]) -> bool:
    """Whether all values are times of day without a date; Excel keeps those as parts of a day."""
    return bool(values) and all(
        _TIME.fullmatch(value.strip()) is not None if isinstance(value, str) else 0 <= float(value) < 1
        for value in values
    )


def are_dates(values: Sequence[Value]) -> bool:
    """Whether nearly all values are dates, with or without a time."""
    return bool(values) and sum(_may_be_date(value) for value in values) >= 0.9 * len(values)


def have_times(values: Sequence[Value]) -> bool:
    """Whether any of some dates has a time of day other than midnight."""
    texts = [value for value in values if isinstance(value, str)]
    return any(re.search(r"\d:\d{2}", text) and not re.search(r"[T ]00:00(:00)?$", text) for text in texts)


def _may_be_date(value: Value) -> bool:
    parts = _DATE_AND_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    return parts is not None and (
        _ISO.fullmatch(parts["date"]) is not None or any(_is_date(parts["date"], order) for order in _ORDERS)
    )


def _is_date(text: str, pattern: str) -> bool:
    order = date_order(pattern)
    found = re.match(order.regex, text)
    if found is None:
        return False
    year = int(found[order.year]) + (0 if order.has_century else 2000)
    try:
        day = date(year, int(found[order.month]), int(found[order.day]))
    except ValueError:
        return False
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def _proves(text: str, point: str) -> bool:
    """Whether a number can only be read with this decimal separator."""
    other = "." if point == "," else ","
    if text.count(point) > 1:
        return False
    whole, found, fraction = text.partition(point)
    if other in text:  # 1.234,5 proves the comma; 1.234.567 proves it too
        is_grouped = re.fullmatch(rf"\d{{1,3}}(\{other}\d{{3}})+", whole) is not None
        return is_grouped and (bool(found) or text.count(other) > 1)
    if not found:
        return False
    return len(fraction) != 3 or whole in ("", "0") or len(whole.replace(" ", "")) > 3


def _is_grouped(text: str, point: str, group: str) -> bool:
    blank = "[ \u00a0\u202f]" if group == " " else re.escape(group)
    return re.fullmatch(rf"\d{{1,3}}({blank}\d{{3}})+({re.escape(point)}\d+)?", text) is not None
