"""What a timed run gave, and the clock that takes its steps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Literal

Peer = Literal["chain", "dagster", "bare parse", "kafka engine", "pandas"]


@dataclass(frozen=True)
class Timed:
    """One timed run.

    Attributes:
        seconds: Wall time of the whole.
        steps: Wall time by step; they add up to `seconds`, but for what lies between them.
        beside: Seconds that are not part of the whole: what it waited for within a step, or work that follows it.
        peaks: Bytes of resident memory at the highest, by process.
    """

    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)
    beside: Mapping[str, float] = field(default_factory=dict)
    peaks: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Measurement:
    """One timed run of one way of doing it.

    Attributes:
        peer: The way.
        rows: Of the workbook.
        repetition: From 1.
        timed: What it gave.
    """

    peer: Peer
    rows: int
    repetition: int
    timed: Timed


class Clock:
    """Adds up wall time by step."""

    def __init__(self) -> None:
        self.steps: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of the block to a step."""
        begin = time.perf_counter()
        yield
        self.add(name, time.perf_counter() - begin)

    def add(self, name: str, seconds: float) -> None:
        """Add seconds to a step."""
        self.steps[name] = self.steps.get(name, 0.0) + seconds

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return sum(self.steps.values())


def of_peer(measurements: Iterable[Measurement], peer: Peer, rows: int) -> list[Timed]:
    """Runs of one way with one size."""
    return [m.timed for m in measurements if (m.peer, m.rows) == (peer, rows)]


def median_seconds(
    measurements: Iterable[Measurement], peer: Peer, rows: int, pick: Callable[[Timed], float] = lambda t: t.seconds
) -> float | None:
    """Median over the repetitions, None where that way was not timed with that size."""
    found = [pick(timed) for timed in of_peer(measurements, peer, rows)]
    return median(found) if found else None
