"""Waiting for what becomes true by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LIMIT = 60.0  # seconds


def eventually(get: Callable[[], T], limit: float = LIMIT, pause: float = 0.05) -> T:
    """The first answer that says yes.

    Args:
        get: Asks; a failed assertion or a broken connection says no.
        limit: Seconds.
        pause: Seconds between two looks.
    """
    until = time.monotonic() + limit
    while True:
        answer: T | None = None
        why: Exception | None = None
        try:
            answer = get()
        except (AssertionError, OSError) as error:
            why = error
        if answer:
            return answer
        if time.monotonic() > until:
            raise AssertionError(f"not within {limit:.0f} s: {why or answer!r}")
        time.sleep(pause)
