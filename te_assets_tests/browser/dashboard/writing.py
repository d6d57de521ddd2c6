"""How a language writes numbers and days: worked out here, beside what browsers make of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

Number = int | float | Decimal


@dataclass(frozen=True)
class Writing:
    """Signs and words of a language."""

    locale: str
    group: str
    point: str
    percent_sign: str
    points: str
    march: str
    before: str
    target: str
    missed: str
    better: tuple[str, str]
    nothing: str

    def decimal(self, value: Number | None, decimals: int = 0, *, signed: bool = False) -> str:
        """Rounded half away from zero on the shortest digits that mean the number."""
        if value is None:
            return self.nothing
        rounded = Decimal(repr(value) if isinstance(value, float) else value).quantize(
            Decimal(1).scaleb(-decimals), ROUND_HALF_UP
        )
        text = f"{abs(rounded):,f}".replace(",", "_").replace(".", self.point).replace("_", self.group)
        sign = "-" if rounded < 0 else "+" if signed and rounded > 0 else ""
        return sign + text

    def percent(self, ratio: Number | None, decimals: int = 1, *, signed: bool = False) -> str:
        """A ratio, 0…1."""
        if ratio is None:
            return self.nothing
        exact = Decimal(repr(ratio) if isinstance(ratio, float) else ratio) * 100
        return self.decimal(exact, decimals, signed=signed) + self.percent_sign

    def hours(self, seconds: Number | None, decimals: int = 1) -> str:
        """Seconds as hours."""
        return self.nothing if seconds is None else self.decimal(float(seconds) / 3600, decimals)

    def quantity(self, value: Number | None, unit: str = "", *, rough: bool = False) -> str:
        """With the decimals that it has, three at most; roughly: from a thousand on without."""
        if value is None:
            return self.nothing
        exact = Decimal(repr(value) if isinstance(value, float) else value).normalize()
        decimals = 0 if rough and abs(exact) >= 1000 else min(3, max(0, -int(exact.as_tuple().exponent)))
        return self.decimal(exact, decimals) + (f" {unit}" if unit else "")

    def day(self, day: date) -> str:
        """A day of March."""
        point = "." if self.locale == "de-DE" else ""
        return f"{day.day}{point} {self.march} {day.year}"


def instant(text: str) -> datetime:
    """What the clock of the plant shows, from English words: `2 Mar 2026, 06:29:38`."""
    return datetime.strptime(text, "%d %b %Y, %H:%M:%S")  # noqa: DTZ007, wall time


ENGLISH: Final = Writing(
    "en-GB", ",", ".", "%", "pp", "Mar", "before: {}", "target {}", "missed", ("better", "worse"), "– no value"
)
GERMAN: Final = Writing(
    "de-DE", ".", ",", " %", "Pp.", "März", "davor: {}", "Ziel {}", "verfehlt", ("besser", "schlechter"), "– kein Wert"
)
