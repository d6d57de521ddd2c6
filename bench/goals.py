"""The goals, what was reached of them, and where it falls short, why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from bench.measurement import Measurement, Peer, Timed, median_seconds, of_peer

Outcome = Literal["PASS", "SHORT", "NOT JUDGED"]

CHAIN_ROWS = 1_000_000
PANDAS_ROWS = 100_000
MOST_TIMES_BARE_PARSE = 3.0
LEAST_TIMES_KAFKA_ENGINE = 1.5
LEAST_TIMES_PANDAS = 15.0
MOST_MEMORY = 2_000_000_000  # bytes


@dataclass(frozen=True)
class Verdict:
    """What became of a goal.

    Attributes:
        goal: In words, with its bound.
        outcome: NOT JUDGED where the size that the goal is set for was not measured.
        reached: In words, with the figures.
        why: Where the time goes, largest first; empty where there is nothing to explain.
    """

    goal: str
    outcome: Outcome
    reached: str
    why: str = ""


def judge(measurements: Sequence[Measurement]) -> tuple[Verdict, ...]:
    """A verdict on each goal that something was measured for, from medians over the repetitions."""
    found = (
        _against_bare_parse(measurements),
        _against_kafka_engine(measurements),
        _against_pandas(measurements),
        _memory(measurements),
    )
    return tuple(verdict for verdict in found if verdict is not None)


def dagster_own(measurements: Sequence[Measurement], rows: int) -> float | None:
    """Seconds that the same work takes longer through Dagster's jobs."""
    chain, dagster = median_seconds(measurements, "chain", rows), median_seconds(measurements, "dagster", rows)
    return None if chain is None or dagster is None else dagster - chain


def _against_bare_parse(measurements: Sequence[Measurement]) -> Verdict | None:
    rows = _size(measurements, ("dagster", "bare parse"), CHAIN_ROWS)
    if rows is None:
        return None
    dagster, parse = _seconds(measurements, "dagster", rows), _seconds(measurements, "bare parse", rows)
    ratio = dagster / parse
    return Verdict(
        f"file to marts, Dagster included, in at most {MOST_TIMES_BARE_PARSE:g} x fastexcel's bare parse",
        _outcome(ratio <= MOST_TIMES_BARE_PARSE, rows, CHAIN_ROWS),
        f"{ratio:.2f} x with {rows:,} rows: {dagster:.2f} s, bare parse {parse:.2f} s",
        _shares(measurements, rows, parse),
    )


def _against_kafka_engine(measurements: Sequence[Measurement]) -> Verdict | None:
    rows = _size(measurements, ("chain", "kafka engine"), CHAIN_ROWS)
    if rows is None:
        return None
    engine = _seconds(measurements, "kafka engine", rows)
    load = median_seconds(measurements, "chain", rows, lambda timed: timed.steps["load"])
    assert load is not None
    ratio = engine / load
    parts = _medians(of_peer(measurements, "chain", rows), "beside", prefix="load: ")
    return Verdict(
        f"Kafka → raw at least {LEAST_TIMES_KAFKA_ENGINE:g} x as fast as ClickHouse's Kafka engine",
        _outcome(ratio >= LEAST_TIMES_KAFKA_ENGINE, rows, CHAIN_ROWS),
        f"{ratio:.2f} x with {rows:,} rows: {load:.2f} s, the engine {engine:.2f} s",
        ", ".join(f"{name.removeprefix('load: ')} {seconds:.2f} s" for name, seconds in parts),
    )


def _against_pandas(measurements: Sequence[Measurement]) -> Verdict | None:
    rows = _size(measurements, ("dagster", "pandas"), PANDAS_ROWS)
    if rows is None:
        return None
    dagster, pandas = _seconds(measurements, "dagster", rows), _seconds(measurements, "pandas", rows)
    ratio = pandas / dagster
    parts = _medians(of_peer(measurements, "pandas", rows), "steps")
    return Verdict(
        f"file to marts at least {LEAST_TIMES_PANDAS:g} x as fast as pandas takes to get the rows into a table",
        _outcome(ratio >= LEAST_TIMES_PANDAS, rows, PANDAS_ROWS),
        f"{ratio:.1f} x with {rows:,} rows: {dagster:.2f} s, the pandas way {pandas:.2f} s",
        "the pandas way: "
        + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in parts)
        + f"; ours: {_shares(measurements, rows, dagster)} of {dagster:.2f} s",
    )


def _memory(measurements: Sequence[Measurement]) -> Verdict | None:
    ours = [m for m in measurements if m.peer in ("chain", "dagster")]
    if not ours:
        return None
    rows = max(m.rows for m in ours)
    peaks: dict[str, int] = {}
    for measurement in ours:
        for process, peak in measurement.timed.peaks.items():
            if process != "ClickHouse engine":
                peaks[process] = max(peak, peaks.get(process, 0))
    listed = sorted(peaks.items(), key=lambda item: -item[1])
    return Verdict(
        f"no Python process over {MOST_MEMORY / 1e9:g} GB",
        _outcome(listed[0][1] <= MOST_MEMORY, rows, CHAIN_ROWS),
        f"with {rows:,} rows: " + ", ".join(f"{process} {peak / 1e9:.2f} GB" for process, peak in listed),
    )


def _outcome(is_reached: bool, rows: int, rows_of_goal: int) -> Outcome:
    if rows != rows_of_goal:
        return "NOT JUDGED"
    return "PASS" if is_reached else "SHORT"


def _size(measurements: Sequence[Measurement], peers: Iterable[Peer], wanted: int) -> int | None:
    """The size that a goal is set for, else the largest one that all of its peers were timed with."""
    sizes = [{m.rows for m in measurements if m.peer == peer} for peer in peers]
    common = set.intersection(*sizes)
    return wanted if wanted in common else max(common, default=None)


def _seconds(measurements: Sequence[Measurement], peer: Peer, rows: int) -> float:
    seconds = median_seconds(measurements, peer, rows)
    assert seconds is not None, "its size was chosen because it was timed"
    return seconds


def _shares(measurements: Sequence[Measurement], rows: int, whole: float) -> str:
    """Steps of the chain, and Dagster's own time, as multiples of something; without those that hardly matter."""
    parts = _medians(of_peer(measurements, "chain", rows), "steps")
    own = dagster_own(measurements, rows)
    if own is not None:
        parts = sorted([*parts, ("Dagster", own)], key=lambda part: -part[1])
    return ", ".join(f"{name} {seconds / whole:.2f} x" for name, seconds in parts if seconds >= whole / 100)


def _medians(timed: Sequence[Timed], field: Literal["steps", "beside"], prefix: str = "") -> list[tuple[str, float]]:
    """Medians of the steps whose names begin so, largest first."""
    names = {name: None for run in timed for name in getattr(run, field) if name.startswith(prefix)}
    parts = [(name, median(getattr(run, field).get(name, 0.0) for run in timed)) for name in names]
    return sorted(parts, key=lambda part: -part[1])
