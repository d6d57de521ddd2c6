"""Figures as people of a language read them, rounded as on the screen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from te_assets.dashboard.columns import DECIMALS, RATIOS, Kind
from te_assets.dashboard.exports.cells import shown
from te_assets.dashboard.filters import Grain, Language
from te_assets.dashboard.texts import marked

NONE: Final = "–"
_SUFFIXES: Final[Mapping[Kind, str]] = {**dict.fromkeys(RATIOS, "\u00a0%"), "hours": "\u00a0h", "minutes": "\u00a0min"}
_DAYS: Final[Mapping[Language, str]] = {"en": "%d/%m", "de": "%d.%m.", "fr": "%d/%m"}
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def figure(value: float | None, kind: Kind, language: Language, *, unit: str | None = None, suffix: bool = True) -> str:
    """A value as it travels, for people; an en dash where there is none.

    Args:
        value: Seconds of hours, a ratio of per cent.
        kind: How it is shown.
        language: That decides the marks.
        unit: Of pieces.
        suffix: Whether it says its unit.
    """
    if value is None:
        return NONE
    number = shown(value, kind, DECIMALS.get(kind, 0))
    return _marked(number, language) + ((f"\u00a0{unit}" if unit else _SUFFIXES.get(kind, "")) if suffix else "")


def change(value: float | None, previous: float | None, kind: Kind) -> Decimal | None:
    """Difference from the period before, in the unit that is shown; None where one of them has no figure."""
    if value is None or previous is None:
        return None
    decimals = DECIMALS.get(kind, 0)
    return shown(value, kind, decimals) - shown(previous, kind, decimals)


def signed(difference: Decimal, language: Language) -> str:
    """With a plus or a minus."""
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return sign + _marked(abs(difference), language)


def day(at: date, grain: Grain, language: Language) -> str:
    """A period as short as an axis needs."""
    if grain == "month":
        return f"{at:%Y-%m}"
    return f"{at.day} {_MONTHS[at.month - 1]}" if language == "en" else at.strftime(_DAYS[language])


def _marked(number: Decimal, language: Language) -> str:
    return marked(f"{number:,f}", language)
