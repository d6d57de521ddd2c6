"""Buckets of requests."""

from __future__ import annotations

import pytest

from te_assets.gateway.limits import Buckets


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_full_bucket_gives_its_burst_and_then_what_flows_in() -> None:
    clock = Clock()
    buckets = Buckets(per_second=2.0, burst=3.0, clock=clock)

    assert [buckets.take("a") for _ in range(3)] == [0.0, 0.0, 0.0]
    assert buckets.take("a") == pytest.approx(0.5)
    clock.now += 0.5
    assert buckets.take("a") == 0.0
    assert buckets.take("a") == pytest.approx(0.5)


def test_each_name_has_its_own() -> None:
    buckets = Buckets(per_second=1.0, burst=1.0, clock=Clock())

    assert buckets.take("a") == 0.0
    assert buckets.take("b") == 0.0
    assert buckets.take("a") == pytest.approx(1.0)


def test_it_never_holds_more_than_its_burst() -> None:
    clock = Clock()
    buckets = Buckets(per_second=10.0, burst=2.0, clock=clock)
    buckets.take("a")
    clock.now += 3600

    assert [buckets.take("a") > 0 for _ in range(3)] == [False, False, True]
