"""Which columns a term of the definitions is about: in SQL, and in the tables of the dashboard."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Place:
    """Where a term is found.

    Attributes:
        sql: Columns in te_marts.
        fields: Of rows that the API answers.
    """

    sql: tuple[str, ...]
    fields: tuple[str, ...]


def _one(table: str, name: str, *more: str) -> Place:
    return Place((f"{table}.{name}",), (name, *more))


PLACES: Final[Mapping[str, Place]] = {
    "pot": _one("availability", "planned_operation_seconds"),
    "plan": _one("availability", "planned_down_seconds"),
    "pbt": _one("availability", "planned_busy_seconds"),
    "down": _one("availability", "unplanned_down_seconds"),
    "setup": _one("availability", "setup_seconds"),
    "apt": _one("availability", "production_seconds"),
    "availability": Place(("availability.availability", "availability_line.availability"), ("availability",)),
    "technical_availability": _one("availability_day", "technical_availability"),
    "total_availability": _one("availability_day", "total_availability"),
    "technical_down": _one("availability", "technical_down_seconds"),
    "short_stops": _one("availability", "short_stop_seconds", "short_stops", "is_short"),
    "unexplained": _one("availability", "unexplained_seconds", "unexplained_share"),
    "stops": Place(("availability.stops", "availability.failures"), ("stops", "failures")),
    "uncovered": _one("availability_day", "uncovered_seconds"),
    "coverage": Place(("availability.coverage", "availability.data_until"), ("coverage", "data_until")),
    "quantities": Place(
        ("scrap_rate.good_qty", "scrap_rate.scrap_qty", "scrap_rate.rework_qty"),
        ("good_qty", "scrap_qty", "rework_qty"),
    ),
    "produced": _one("scrap_rate", "produced_qty"),
    "scrap_rate": Place(("scrap_rate.scrap_rate", "scrap_rate_day.scrap_rate"), ("scrap_rate",)),
    "fall_off": _one("order_yield", "fall_off_ratio"),
    "rolled_yield": _one("order_yield", "rolled_yield"),
    "attributed": Place(
        ("downtime_reasons.attributed_seconds", "stops.attributed_seconds"),
        ("attributed_seconds", "unclassified_share"),
    ),
}
"""Key of a term → where it is found; docs/kpi.md, Definitions, in its order."""


def terms_of(fields: Collection[str]) -> list[str]:
    """Keys of the terms that some columns are about, in the order of the definitions."""
    return [key for key, place in PLACES.items() if set(place.fields) & set(fields)]
