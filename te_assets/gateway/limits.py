"""How many requests a token may make: a bucket of each, filled steadily."""

from __future__ import annotations

import time
from collections.abc import Callable


class Buckets:
    """One bucket per name; not thread-safe, as the event loop is one thread."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> float:
        """Take one from a bucket; seconds until there is one, 0 where there was."""
        now = self._clock()
        level, at = self._levels.get(name, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_second)
        if level < 1:
            self._levels[name] = (level, now)
            return (1 - level) / self._per_second
        self._levels[name] = (level - 1, now)
        return 0.0
