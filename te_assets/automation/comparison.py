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
_RATIOS = ("availability", "technical_availability", "total_availability")
_WINDOW = (*(f"{part}_ms" for part in _PARTS), *_COUNTS, "data_until", "coverage", "availability")
_SUMS = (*(f"{part}_ms" for part in (*_PARTS, "uncovered")), *_COUNTS, "data_until", "coverage", *_RATIOS)
_PIECES = (*_QUANTITIES, "confirmations", "scrap_rate")
_PERIODS = {"day": "production_day", "week": "week", "month": "month"}


@dataclass(frozen=True)
class Table:
    """What is compared: key columns and value columns of a mart, named as in the truth.

    Where the truth has milliseconds, `…_ms`, the mart has `…_seconds`.
    """

    name: str
    keys: tuple[str, ...]
    values: tuple[str, ...]
    where: str = "true"

    @property
    def query(self) -> str:
        """Yields keys and values."""
        columns = ", ".join(_selected(name) for name in (*self.keys, *self.values))
        return f"SELECT {columns} FROM te_marts.{self.name} WHERE {self.where}"


def _selected(name: str) -> str:
    return f"toInt64({name.removesuffix('_ms')}_seconds * 1000) AS {name}" if name.endswith("_ms") else name


def _rollups() -> Iterator[Table]:
    """Shifts add up to days, weeks and months, machines to lines and plants."""
    for suffix, period in _PERIODS.items():
        yield Table(f"availability_{suffix}", ("plant", "work_center", period), _SUMS)
        yield Table(f"availability_plant_{suffix}", ("plant", period), _SUMS)
        yield Table(f"availability_line_{suffix}", ("plant", "line", period), _SUMS)
        yield Table(f"scrap_rate_{suffix}", ("plant", "work_center", period, "unit", "basis"), _PIECES)
        yield Table(f"scrap_rate_plant_{suffix}", ("plant", period, "unit", "basis"), _PIECES)


TABLES = (
    Table("availability", ("plant", "work_center", "production_day", "shift"), _WINDOW),
    Table(
        "availability_line",
        ("plant", "line", "production_day", "shift"),
        ("topology", "stations", *_WINDOW),
    ),
    Table(
        "downtime_reasons",
        ("plant", "work_center", "production_day", "shift", "reason_class", "reason_code"),
        ("attributed_ms", "logged_ms", "stops"),
        where="attributed_seconds > 0 OR stops > 0",
    ),
    Table(
        "states",
        ("plant", "work_center", "production_day", "started_at"),
        ("ended_at", "shift", "state", "reason_code", "interaction_id"),
    ),
    Table(
        "scrap_rate",
        (
            *("plant", "work_center", "production_day", "shift", "material", "operation", "unit"),
            *("is_last_operation", "is_first_operation"),
        ),
        _PIECES,
    ),
    Table(
        "scrap_reasons",
        ("plant", "work_center", "production_day", "shift", "material", "unit", "scrap_reason_code"),
        ("scrap_qty", "confirmations"),
    ),
    Table(
        "order_yield",
        ("plant", "order_id", "unit"),
        ("first_operation_produced_qty", "last_operation_good_qty", "scrap_qty", "fall_off_ratio", "rolled_yield"),
    ),
    *_rollups(),
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
            found[tuple(_plain(row[key]) for key in table.keys)] = {name: _plain(row[name]) for name in table.values}
        for key in sorted(expected.keys() | found.keys(), key=str):
            if expected.get(key) != found.get(key):
                yield Difference(table.name, key, found.get(key), expected.get(key))


def plant_figures(client: Client, truth: Mapping[str, Path]) -> list[PlantFigure]:
    """Availability per plant and scrap rate (basis: operation) per plant and unit, beside the truth."""
    queries = {
        "availability": "SELECT plant, 'ms', toInt64(sum(production_seconds) * 1000), "
        "toInt64(sum(planned_busy_seconds) * 1000) FROM te_marts.availability_plant_day GROUP BY plant",
        "scrap rate": "SELECT plant, unit, sum(scrap_qty), sum(produced_qty) FROM te_marts.scrap_rate_plant_day "
        "WHERE basis = 'operation' GROUP BY plant, unit",
    }
    sources = {
        "availability": ("availability_plant_day", "production_ms", "planned_busy_ms"),
        "scrap rate": ("scrap_rate_plant_day", "scrap_qty", "produced_qty"),
    }
    figures = []
    for kpi, (name, numerator, denominator) in sources.items():
        table = next(t for t in TABLES if t.name == name)
        expected: dict[tuple[str, str], list[Decimal]] = {}
        for key, values in _truth_rows(truth[name], table).items():
            row = dict(zip(table.keys, key, strict=True))
            if row.get("basis", "operation") != "operation":
                continue
            total = expected.setdefault((row["plant"], row.get("unit", "ms")), [Decimal(0), Decimal(0)])
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
    return {
        tuple(_plain(row[key]) for key in table.keys): {name: _plain(row[name]) for name in table.values}
        for row in rows
    }


def _plain(value: Any) -> Any:
    """Instants of both sides without a zone: both are UTC."""
    return value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value
