"""Regular expressions for numbers as a contract's locale writes them.

A cell that holds a number arrives as a JSON number and is read as JSON. A cell that holds text is read by the locale:
without one, digits and a decimal point are understood, unless the point could be a thousands separator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from te_assets.contracts.model_parts import Locale

PLAIN = r"^[+-]?\d+(\.\d+)?([eE][+-]?\d{1,3})?$"
"""What a JSON number looks like, and what a text may look like whose separator is the point."""

_BLANKS = "[ \u00a0\u202f\u2009]"


@dataclass(frozen=True)
class Numerals:
    """How texts become numbers.

    Attributes:
        decimal: Separator, or the point where none is declared.
        thousands: RE2 of the separator to take out; empty: there is none.
        ungrouped: RE2 of a number without thousands separators; empty: only PLAIN is understood.
        grouped: RE2 of a number with thousands separators; empty: there are none.
        ambiguous: RE2 of texts that may mean two numbers; empty: none may.
        trailing_minus: A minus may stand at the end.
        needs_json_type: A text that looks PLAIN may mean something other than the JSON number of that look.
    """

    decimal: str
    thousands: str
    ungrouped: str
    grouped: str
    ambiguous: str
    trailing_minus: bool
    needs_json_type: bool


def numerals(locale: Locale) -> Numerals:
    """The regular expressions of a locale."""
    decimal = locale.decimal or "."
    point = re.escape(decimal)
    thousands = _BLANKS if locale.thousands == " " else re.escape(locale.thousands or "")
    fraction = rf"(\d+{point}\d+|{point}\d+|\d+)" if locale.decimal else r"(\d+\.\d+|\d+)"
    minus = r"-" if locale.trailing_minus else ""
    is_open = locale.thousands is None
    return Numerals(
        decimal=decimal,
        thousands=thousands,
        ungrouped=_signed(fraction, minus) if locale.decimal or minus else "",
        grouped=_signed(rf"\d{{1,3}}({thousands}\d{{3}})+({point}\d+)?", minus) if thousands else "",
        ambiguous=_signed(rf"[1-9]\d{{0,2}}{point}\d{{3}}", minus) if is_open else "",
        trailing_minus=locale.trailing_minus,
        needs_json_type=decimal == "," or is_open,
    )


def _signed(digits: str, trailing_minus: str) -> str:
    return f"^([+-]?{digits}|{digits}{trailing_minus})$" if trailing_minus else f"^[+-]?{digits}$"
