"""Values of a table as an export holds them: rounded as on the screen, instants as the clock of the plant had them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from te_assets.dashboard.columns import RATIOS, Column, Kind

if TYPE_CHECKING:
    from te_assets.dashboard.answers import About
    from te_assets.dashboard.known import Known
    from te_assets.dashboard.texts import Texts

Cell = None | str | bool | int | Decimal | date | datetime
UTC_ZONE: Final = "UTC"
ZONE_COLUMN: Final = "time_zone"
_SCALE: Final[Mapping[Kind, Decimal]] = {"hours": Decimal(3600), "minutes": Decimal(60)}
_NUMBERS: Final = ("seconds", "hours", "minutes", "quantity", *RATIOS, "integer")


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """Half away from zero, on the shortest decimal digits that stand for the number."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def shown(value: float | Decimal, kind: Kind, decimals: int) -> Decimal:
    """A number in the unit of its kind: hours and minutes of seconds, per cent of a ratio.

    Args:
        value: As it travels.
        kind: Of its column.
        decimals: That are shown.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(value))
    if kind in RATIOS:
        return rounded(exact * 100, decimals)
    found = rounded(exact / _SCALE.get(kind, Decimal(1)), decimals)
    return _without_zeros(found) if kind == "quantity" else found


def _without_zeros(number: Decimal) -> Decimal:
    whole = number.to_integral_value()
    return whole if number == whole else number.normalize()


@dataclass(frozen=True)
class Sheet:
    """What a table's rows become.

    Attributes:
        columns: Of the table, those that are exported.
        zone: Zone of all instants; None: each row has its own, in a column of its own.
    """

    columns: Sequence[Column]
    zone: str | None
    texts: Texts
    _zones: Mapping[str, str]

    @property
    def has_instants(self) -> bool:
        """Whether there is anything that a zone matters for."""
        return any(column.kind == "instant" for column in self.columns)

    @property
    def has_zone_column(self) -> bool:
        """Whether each row names its zone."""
        return self.has_instants and self.zone is None

    def headings(self, *, percent_sign: bool) -> list[str]:
        """Headings; those of instants name the zone.

        Args:
            percent_sign: Whether headings of ratios say that they are per cent.
        """
        found = []
        for column in self.columns:
            more = ""
            if column.kind == "instant" and self.zone:
                more = f" ({self.zone})"
            elif column.kind in RATIOS and percent_sign:
                more = " (%)"
            found.append(column.label + more)
        return [*found, self.texts.words["zone"]] if self.has_zone_column else found

    def cells(self, row: Any) -> list[Cell]:
        """Cells of a row of an answer."""
        zone = self.zone or self._zones.get(getattr(row, "plant", None) or "", UTC_ZONE)
        found = [self._cell(column, getattr(row, column.name), zone) for column in self.columns]
        return [*found, zone] if self.has_zone_column else found

    def _cell(self, column: Column, value: Any, zone: str) -> Cell:
        if value is None:
            return None
        if column.kind in _NUMBERS:
            return shown(value, column.kind, column.decimals)
        if column.kind == "instant":
            at: datetime = value
            return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
        if column.kind == "boolean":
            return self.texts.words["yes" if value else "no"]
        if column.kind == "choice":
            return (column.choices or {}).get(str(value), str(value))
        return value if isinstance(value, date) else str(value)


def sheet(columns: Sequence[Column], about: About, known: Known, texts: Texts, row_type: type[Any]) -> Sheet:
    """What the rows of an answer become.

    Args:
        columns: Those that are exported.
        about: Of the answer.
        known: The site.
        texts: Words of the language.
        row_type: Of the rows; those without a plant have instants of UTC where there are several zones.
    """
    zone = about.time_zone if "plant" in row_type.model_fields else about.time_zone or UTC_ZONE
    return Sheet(columns, zone, texts, {plant.plant: plant.time_zone for plant in known.plants.values()})
