from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest

from te_assets.lake.concurrently import concurrently


def test_results_keep_the_order_of_the_calls_that_run_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)  # neither ends unless both have begun

    def meet(number: int) -> int:
        meeting.wait()
        return number

    assert concurrently(partial(meet, n) for n in (2, 1)) == [2, 1]


def test_an_error_is_raised_once_all_have_ended() -> None:
    ended: list[int] = []

    def fail() -> None:
        raise ValueError("no such table")

    calls: list[Callable[[], None]] = [fail, *(partial(ended.append, n) for n in range(6))]
    with pytest.raises(ValueError, match="no such table"):
        concurrently(calls)
    assert sorted(ended) == list(range(6))
