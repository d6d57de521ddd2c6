"""Touched production days: which wait, and clearing them up to what was read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client


@dataclass(frozen=True)
class DayRange:
    """Contiguous production days, both ends inclusive."""

    first: date
    last: date

    @property
    def days(self) -> tuple[date, ...]:
        """Each day of the range."""
        return tuple(self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))

    def __str__(self) -> str:
        """`2026-03-02` or `2026-03-02 … 2026-03-08`."""
        return f"{self.first}" if self.first == self.last else f"{self.first} … {self.last}"


def contiguous_pieces(days: Iterable[date], longest: int) -> list[DayRange]:
    """Split production days into runs: contiguous, each of at most `longest` days, newest first."""
    pieces: list[DayRange] = []
    for day in sorted(set(days), reverse=True):
        if pieces and pieces[-1].first - day == timedelta(days=1) and len(pieces[-1].days) < longest:
            pieces[-1] = DayRange(day, pieces[-1].last)
        else:
            pieces.append(DayRange(day, day))
    return pieces


def waiting_days(client: Client, model: str) -> dict[date, int]:
    """Production days that wait to be restated, with the greatest sequence that touched each."""
    rows = client.query(
        "SELECT production_day, sequence FROM te_ops.waiting_days WHERE model = {model:String} ORDER BY production_day",
        parameters={"model": model},
    ).result_rows
    return {day: sequence for day, sequence in rows}


def clear(client: Client, model: str, run_id: str, days: Iterable[date]) -> tuple[date, ...]:
    """Clear those of the days whose current rows this run has swapped in, each up to the sequence that it had read.

    A day that was touched again meanwhile has a greater sequence and keeps waiting.
    """
    rows = client.query(
        "SELECT production_day, max(sequence) FROM te_ops.swaps WHERE table = {table:String} AND run_id = {run:String} "
        "AND production_day IN {days:Array(Date)} GROUP BY production_day HAVING max(sequence) > 0",
        parameters={"table": f"te_staging.{model}", "run": run_id, "days": list(days)},
    ).result_rows
    if rows:
        now = datetime.now(UTC)
        client.insert(
            "te_ops.touched_days",
            [[model, "", day, sequence, "restated", run_id, now] for day, sequence in rows],
            column_names=["model", "plant", "production_day", "sequence", "why", "run_id", "cleared_at"],
        )
    return tuple(day for day, _ in rows)


def touch(client: Client, model: str, plant: str, days: Iterable[date], sequence: int, why: str) -> None:
    """Mark production days of a plant (empty: all) to be restated."""
    client.insert(
        "te_ops.touched_days",
        [[model, plant, day, sequence, why] for day in days],
        column_names=["model", "plant", "production_day", "sequence", "why"],
    )
