"""What the marts say, asked in plain SQL: figures of docs/kpi.md for a scope of days and places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from clickhouse_connect.driver.client import Client

Row = Mapping[str, Any]
_SECONDS: Final = (
    *("planned_operation", "planned_busy", "unplanned_down", "setup", "production", "technical_down", "unexplained"),
)
UNPLANNED: Final = "('technical', 'organisational', 'other', 'unclassified')"
_COUNTED: Final = {
    "operation": ("1", "1"),
    "last_operation": ("is_last_operation", "is_last_operation"),
    "order": ("1", "is_first_operation"),
}
"""Basis → whose scrap counts, and whose produced pieces."""


@dataclass(frozen=True)
class Scope:
    """Days, a condition on places, and the basis of scrap."""

    client: Client
    first: date
    last: date
    where: str = "1"
    basis: str = "operation"

    @property
    def before(self) -> Scope:
        """As many days before."""
        days = self.last - self.first + timedelta(days=1)
        return Scope(self.client, self.first - days, self.last - days, self.where, self.basis)

    def times(self, keys: str = "", more: str = "") -> list[Row]:
        """Availability of groups: sums of windows that somebody delivered for, divided last."""
        sums = ", ".join(f"sumIf(m.{name}_seconds, m.coverage != 'none') AS {name}" for name in _SECONDS)
        return self._rows(
            f"""SELECT {keys} {sums}, sumIf(m.stops, m.coverage != 'none') AS all_stops,
                sumIf(m.failures, m.coverage != 'none') AS all_failures,
                countIf(m.coverage = 'full') = count() AS is_full, countIf(m.coverage = 'none') = count() AS is_none
            FROM te_marts.availability AS m WHERE {self._scope}
            {f"GROUP BY ALL {more}" if keys else "HAVING count() > 0"}"""
        )

    def pieces(self, keys: str = "", basis: str | None = None, more: str = "ORDER BY number DESC") -> list[Row]:
        """Scrap and produced pieces of groups by unit."""
        scrap, produced = _COUNTED[basis or self.basis]
        return self._rows(
            f"""SELECT {keys} m.unit AS unit, sumIf(m.scrap_qty, {scrap}) AS scrap,
                sumIf(m.produced_qty, {produced}) AS produced, sumIf(m.confirmations, {scrap}) AS number
            FROM te_marts.scrap_rate_converted AS m WHERE {self._scope} GROUP BY ALL HAVING number > 0 {more}"""
        )

    def reasons(self, most: int) -> list[Row]:
        """What costs most, planned stops left out; with the text that the site has for it."""
        return self._rows(
            f"""SELECT m.reason_class AS class, m.reason_code AS code, any(r.reason_text) AS text,
                sum(m.attributed_seconds) AS seconds, sum(m.stops) AS number
            FROM te_marts.downtime_reasons AS m LEFT JOIN te_ops.reasons AS r ON m.reason_code = r.reason_code
            WHERE {self._scope} AND m.reason_class != 'planned'
            GROUP BY class, code ORDER BY seconds DESC, class, code LIMIT {most}"""
        )

    def unclassified(self) -> Row:
        """Unclassified seconds of all unplanned ones."""
        (row,) = self._rows(
            f"""SELECT sumIf(m.attributed_seconds, m.reason_class = 'unclassified') AS part,
                sum(m.attributed_seconds) AS whole
            FROM te_marts.downtime_reasons AS m WHERE {self._scope} AND m.reason_class IN {UNPLANNED}"""
        )
        return row

    def target(self, figure: str) -> float | None:
        """What all plants of the scope aim at; None where they aim at different things."""
        rows = self._rows(
            f"""SELECT DISTINCT argMax(m.{figure}, m.valid_from) AS target FROM te_ops.targets AS m
            WHERE m.line = '' AND m.work_center = '' AND m.valid_from <= '{self.last}' AND {self.where}
            GROUP BY m.plant"""
        )
        return float(rows[0]["target"]) if len(rows) == 1 and rows[0]["target"] is not None else None

    def names(self) -> Mapping[tuple[str, str], str]:
        """Names of work centers."""
        rows = self._rows("SELECT plant, work_center, name FROM te_ops.work_centers")
        return {(row["plant"], row["work_center"]): row["name"] or row["work_center"] for row in rows}

    @property
    def _scope(self) -> str:
        return f"m.production_day BETWEEN '{self.first}' AND '{self.last}' AND {self.where}"

    def _rows(self, query: str) -> list[Row]:
        result = self.client.query(query)
        return [dict(zip(result.column_names, row, strict=True)) for row in result.result_rows]


def ratio(part: Any, whole: Any) -> float | None:
    """Divided last; nothing where there is nothing to divide by."""
    return float(part) / float(whole) if part is not None and whole else None


def only(rows: Sequence[Row]) -> Row:
    """The row of a scope; nothing where nobody delivered."""
    (row,) = rows or [{"is_none": True}]
    return {} if row["is_none"] else row
