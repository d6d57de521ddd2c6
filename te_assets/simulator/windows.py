"""Finds what lies close to each window without looking at everything every time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from te_assets.simulator.calendar import Window

Thing = TypeVar("Thing")


def near(
    windows: Sequence[Window], things: Sequence[Thing], span: Callable[[Thing], tuple[int, int | None]]
) -> Iterator[list[Thing]]:
    """Yield for each window the things that may touch it, in order of their begin.

    Args:
        windows: In order of time.
        things: In order of their begin.
        span: Begin and end of a thing, milliseconds UTC; end None: none yet.
    """
    waiting = 0
    close: list[Thing] = []
    for window in windows:
        while waiting < len(things) and span(things[waiting])[0] < window.end:
            close.append(things[waiting])
            waiting += 1
        close = [thing for thing in close if (end := span(thing)[1]) is None or end >= window.start]
        yield list(close)
