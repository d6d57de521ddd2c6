"""How the demo portal behaves at an export: as it should, or as portals do on a bad day."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Final, Literal, get_args

Mood = Literal["fine", "error", "crash", "expired", "empty", "zero", "twice", "slow"]
"""error: a message instead of the workbook; crash: a page with status 500; expired: the session is thrown away;
empty: a workbook without its rows; zero: a file of zero bytes; twice: it is downloaded twice; slow: it takes long."""
BAD: Final[tuple[Mood, ...]] = tuple(mood for mood in get_args(Mood) if mood != "fine")


class Moods:
    """Which mood the next export meets: those of a script in their order, then drawn by chance."""

    def __init__(self, script: Iterable[Mood] = (), *, share: float = 0.0, seed: int = 1) -> None:
        """Nothing is drawn yet.

        Args:
            script: The first ones.
            share: Of exports that meet a bad mood after that, 0 to 1.
            seed: Equal seeds draw equal moods.
        """
        self._script = list(script)
        self._share = share
        self._chance = Random(seed)  # noqa: S311 - nothing secret

    def next(self) -> Mood:
        """The mood of the next export."""
        if self._script:
            return self._script.pop(0)
        return self._chance.choice(BAD) if self._chance.random() < self._share else "fine"
