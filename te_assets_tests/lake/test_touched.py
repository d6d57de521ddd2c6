"""Touched production days: pieces, waiting, clearing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import given
from hypothesis import strategies as st

from te_assets.lake.days import create_shadow, swap_days
from te_assets.lake.touched import DayRange, clear, contiguous_pieces, touch, waiting_days

D = date(2026, 1, 3)


def test_far_apart_days_are_two_pieces_newest_first() -> None:
    assert contiguous_pieces([D, date(2026, 6, 20)], 31) == [
        DayRange(date(2026, 6, 20), date(2026, 6, 20)),
        DayRange(D, D),
    ]


def test_no_piece_is_longer_than_asked() -> None:
    pieces = contiguous_pieces([D + timedelta(days=n) for n in range(70)], 31)

    assert [len(p.days) for p in pieces] == [31, 31, 8]


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=80), st.integers(1, 31))
def test_pieces_hold_exactly_the_days(days: list[date], longest: int) -> None:
    pieces = contiguous_pieces(days, longest)

    assert sorted(day for piece in pieces for day in piece.days) == sorted(set(days))
    assert all(len(piece.days) <= longest for piece in pieces)


@pytest.mark.stack
def test_a_day_touched_after_it_was_read_keeps_waiting(clickhouse: Client) -> None:
    """A second export arrived while the first one's days were restated; its rows were never shown."""
    touch(clickhouse, "interactions", "1000", [D, D + timedelta(days=1)], sequence=10, why="versions")
    seen = waiting_days(clickhouse, "interactions")
    create_shadow(clickhouse, "te_staging.interactions", "run1")
    touch(clickhouse, "interactions", "1000", [D], sequence=20, why="versions")
    swap_days(clickhouse, "te_staging.interactions", "run1", [D, D + timedelta(days=1)], seen)

    cleared = clear(clickhouse, "interactions", "run1", [D, D + timedelta(days=1)])

    assert sorted(cleared) == [D, D + timedelta(days=1)]
    assert waiting_days(clickhouse, "interactions") == {D: 20}


@pytest.mark.stack
def test_models_wait_apart(clickhouse: Client) -> None:
    touch(clickhouse, "confirmations", "1000", [D], sequence=1, why="versions")

    assert waiting_days(clickhouse, "interactions") == {}
    assert waiting_days(clickhouse, "confirmations") == {D: 1}
