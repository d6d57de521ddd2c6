"""Statements side by side: planning one takes a core, and most servers have more."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_AT_ONCE = 4
Result = TypeVar("Result")


def concurrently(calls: Iterable[Callable[[], Result]]) -> list[Result]:
    """Results in the order of the calls.

    Raises:
        Exception: What the first failed call raised, once all that began have ended.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        futures = [pool.submit(call) for call in calls]
    return [future.result() for future in futures]
