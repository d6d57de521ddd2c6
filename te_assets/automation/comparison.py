"""Compares the marts with the simulator's truth: every row, to the millisecond and the piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PARTS = (
    "planned_operation",
    "planned_down",
    "planned_busy",
    "unplanned_down",
    "setup",
    "short_stop",
    "production",
    "technical_down",
    "unexplained",
)
_COUNTS = ("stops", "short_stops", "open_stops", "failures")
_QUANTITIES = ("good_qty", "scrap_qty", "rework_qty", "produced_qty", "outside_calendar_qty")
_MS = "toInt64({0}_seconds * 1000) AS {0}_ms"


@dataclass(frozen=True)
class Table:
    """What is compared: key columns and value columns of a mart, named as in the truth; `query` yields both."""

    name: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    query: str


TABLES = (
    Table(
        "availability",
        ("plant", "work_center", "production_day", "shift"),
        (*(f"{part}_ms" for part in _PARTS), *_COUNTS, "data_until", "coverage"),
        f"SELECT plant, work_center, production_day, shift, {', '.join(_MS.format(p) for p in _PARTS)}, "
        f"{', '.join(_COUNTS)}, data_until, coverage FROM te_marts.availability",
    ),
    Table(
        "downtime_reasons",
        ("plant", "work_center", "production_day", "shift", "reason_class", "reason_code"),
        ("attributed_ms", "logged_ms", "stops"),
        "SELECT plant, work_center, production_day, shift, reason_class, reason_code, "
        f"{_MS.format('attributed')}, {_MS.format('logged')}, stops FROM te_marts.downtime_reasons WHERE "
        "attributed_seconds > 0 OR stops > 0",
    ),
    Table(
        "scrap_rate",
        ("plant", "work_center", "production_day", "shift", "material", "operation", "unit"),
        (*_QUANTITIES, "confirmations"),
        # The mart's grain is finer by is_last_operation, of which the truth knows nothing.
        "SELECT plant, work_center, production_day, shift, material, operation, unit, "
        f"{', '.join(f'sum(m.{name}) AS {name}' for name in (*_QUANTITIES, 'confirmations'))} FROM "
        "te_marts.scrap_rate AS m "
        "GROUP BY plant, work_center, production_day, shift, material, operation, unit",
    ),
)


@dataclass(frozen=True)
class Difference:
    """A row of a mart that is not what the truth says; None where one side has no such row."""

    table: str
    key: tuple[Any, ...]
    mart: Mapping[str, Any] | None
    truth: Mapping[str, Any] | None

    def __str__(self) -> str:
        where = f"te_marts.{self.table} {' / '.join(str(part) for part in self.key)}"
        if self.mart is None or self.truth is None:
            return f"{where}: {'missing in the mart' if self.mart is None else 'not in the truth'}"
        parts = [
            f"{name} is {self.mart[name]}, truth {value}"
            for name, value in self.truth.items()
            if self.mart[name] != value
        ]
        return f"{where}: {'; '.join(parts)}"


@dataclass(frozen=True)
class PlantFigure:
    """A KPI of a plant, from the marts and from the truth, with numerator and denominator.

    Attributes:
        unit: ms for availability, the unit of the pieces for scrap rate.
    """

    kpi: str
    plant: str
    unit: str
    mart: tuple[Decimal, Decimal]
    truth: tuple[Decimal, Decimal]

    @property
    def agrees(self) -> bool:
        """Equal to the millisecond and the piece."""
        return self.mart == self.truth


def differences(client: Client, truth: Mapping[str, Path]) -> Iterator[Difference]:
    """Rows that differ, over all compared marts; none when everything agrees.

    Args:
        client: Reads te_marts.
        truth: Table name → Parquet file of the simulator.
    """
    for table in TABLES:
        expected = _truth_rows(truth[table.name], table)
        found = {}
        result = client.query(table.query)
        for row in result.named_results():
            found[tuple(row[key] for key in table.keys)] = {name: _plain(row[name]) for name in table.values}
        for key in sorted(expected.keys() | found.keys(), key=str):
            if expected.get(key) != found.get(key):
                yield Difference(table.name, key, found.get(key), expected.get(key))


def plant_figures(client: Client, truth: Mapping[str, Path]) -> list[PlantFigure]:
    """Availability per plant and scrap rate (basis: operation) per plant and unit, beside the truth."""
    queries = {
        "availability": "SELECT plant, 'ms', toInt64(sum(production_seconds) * 1000), "
        "toInt64(sum(planned_busy_seconds) * 1000) "
        "FROM te_marts.availability WHERE coverage != 'none' GROUP BY plant",
        "scrap rate": "SELECT plant, unit, sum(scrap_qty), sum(produced_qty) FROM te_marts.scrap_rate "
        "GROUP BY plant, unit",
    }
    sources = {
        "availability": ("availability", "production_ms", "planned_busy_ms"),
        "scrap rate": ("scrap_rate", "scrap_qty", "produced_qty"),
    }
    figures = []
    for kpi, (name, numerator, denominator) in sources.items():
        table = next(t for t in TABLES if t.name == name)
        expected: dict[tuple[str, str], list[Decimal]] = {}
        for key, values in _truth_rows(truth[name], table).items():
            total = expected.setdefault((key[0], "ms" if kpi == "availability" else key[-1]), [Decimal(0), Decimal(0)])
            total[0] += Decimal(values[numerator])
            total[1] += Decimal(values[denominator])
        found = {
            (plant, unit): (Decimal(top), Decimal(bottom))
            for plant, unit, top, bottom in client.query(queries[kpi]).result_rows
        }
        nothing = (Decimal(0), Decimal(0))
        for plant, unit in sorted(expected.keys() | found.keys()):
            top, bottom = expected.get((plant, unit), nothing)
            figures.append(PlantFigure(kpi, plant, unit, found.get((plant, unit), nothing), (top, bottom)))
    return figures


def _truth_rows(path: Path, table: Table) -> dict[tuple[Any, ...], dict[str, Any]]:
    import polars as pl

    rows = pl.read_parquet(path).iter_rows(named=True)
    return {tuple(row[key] for key in table.keys): {name: _plain(row[name]) for name in table.values} for row in rows}


def _plain(value: Any) -> Any:
    """Instants of both sides without a zone: both are UTC."""
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value
