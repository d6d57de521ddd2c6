"""The result for people, a table by size, and for machines, JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Literal

from bench.goals import Verdict, dagster_own
from bench.measurement import Measurement, Peer, Timed, median_seconds, of_peer

_PACKAGES = ("fastexcel", "polars", "kafka-python", "clickhouse-connect", "dagster", "pandas", "openpyxl")
_TITLES: Mapping[Peer, str] = {
    "bare parse": "fastexcel's bare parse",
    "chain": "te_assets, file to marts, without Dagster",
    "dagster": "te_assets, file to marts, through Dagster's jobs",
    "kafka engine": "ClickHouse's Kafka engine, topic to table",
    "pandas": "pandas, file to table of text",
}


@dataclass(frozen=True)
class Line:
    """A line of the table.

    Attributes:
        what: A way of doing it, or one of its steps, indented.
        seconds: Median over the repetitions.
        least: Fastest repetition.
        most: Slowest repetition.
    """

    what: str
    seconds: float
    least: float
    most: float


def lines(measurements: Sequence[Measurement], rows: int) -> list[Line]:
    """The table of one size: each way with its steps, what is not part of it in brackets."""
    table = []
    for peer, title in _TITLES.items():
        timed = of_peer(measurements, peer, rows)
        if not timed:
            continue
        table.append(_line(title, [run.seconds for run in timed]))
        if len(timed[0].steps) > 1:
            table += _part_lines(timed, "steps", "  {}")
        table += _part_lines(timed, "beside", "  [{}]")
        own = dagster_own(measurements, rows)
        if peer == "dagster" and own is not None:
            table.append(Line("  [Dagster's own: events, metadata; the difference to the chain]", own, own, own))
    return table


def _part_lines(timed: Sequence[Timed], field: Literal["steps", "beside"], form: str) -> list[Line]:
    names = dict.fromkeys(name for run in timed for name in getattr(run, field))
    return [_line(form.format(name), [getattr(run, field).get(name, 0.0) for run in timed]) for name in names]


def _line(what: str, seconds: Sequence[float]) -> Line:
    return Line(what, median(seconds), min(seconds), max(seconds))


def print_report(measurements: Sequence[Measurement], verdicts: Sequence[Verdict], notes: Sequence[str]) -> None:
    """Write tables and verdicts to standard output."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=None if sys.stdout.isatty() else 140, highlight=False)
    for rows in sorted({m.rows for m in measurements}):
        parse = median_seconds(measurements, "bare parse", rows)
        table = Table(f"{rows:,} rows of 15 columns, 30 days", "seconds", "min … max", "x bare parse", "rows/s")
        for column in table.columns[1:]:
            column.justify = "right"
        for line in lines(measurements, rows):
            is_whole = not line.what.startswith(" ")
            table.add_row(
                line.what.replace("[", r"\["),
                f"{line.seconds:.3f}",
                f"{line.least:.3f} … {line.most:.3f}",
                f"{line.seconds / parse:.2f}" if parse else "",
                f"{rows / line.seconds:,.0f}" if is_whole else "",
                style="bold" if is_whole else None,
            )
        console.print(table)
        console.print(_peaks(measurements, rows))
    for verdict in verdicts:
        console.print(f"{verdict.outcome:<10} {verdict.goal}", style="bold", markup=False)
        console.print(f"           {verdict.reached}", markup=False)
        if verdict.outcome != "PASS" and verdict.why:
            console.print(f"           {verdict.why}", markup=False)
    for note in notes:
        console.print(note, markup=False)


def _peaks(measurements: Sequence[Measurement], rows: int) -> str:
    """Largest resident memory by way and process."""
    peaks: dict[str, int] = {}
    for measurement in measurements:
        if measurement.rows == rows:
            for process, peak in measurement.timed.peaks.items():
                name = f"{measurement.peer}, {process}"
                peaks[name] = max(peak, peaks.get(name, 0))
    return "peak memory: " + "; ".join(f"{name} {peak / 1e9:.2f} GB" for name, peak in peaks.items())


def environment() -> dict[str, str | int | float]:
    """What the figures depend on."""
    return {
        "cpus": os.cpu_count() or 0,
        "load_average": os.getloadavg()[0],
        "system": platform.platform(),
        "python": platform.python_version(),
        **{package: version(package) for package in _PACKAGES},
    }


def write_json(
    path: Path,
    measurements: Sequence[Measurement],
    verdicts: Sequence[Verdict],
    notes: Sequence[str],
    where: Mapping[str, str | int | float],
) -> None:
    """Write everything that was measured; seconds, and bytes of memory."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {
        "environment": dict(where),
        "measurements": [asdict(measurement) for measurement in measurements],
        "verdicts": [asdict(verdict) for verdict in verdicts],
        "notes": list(notes),
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
