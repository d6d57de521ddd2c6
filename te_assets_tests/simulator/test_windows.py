from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from te_assets.simulator.calendar import Window
from te_assets.simulator.windows import near

SPANS = st.lists(st.tuples(st.integers(0, 50), st.one_of(st.none(), st.integers(0, 30))), max_size=12)


@given(SPANS, st.lists(st.integers(1, 12), min_size=1, max_size=6))
def test_finds_whatever_touches_a_window(drawn: list[tuple[int, int | None]], lengths: list[int]) -> None:
    spans = sorted(
        ((start, None if length is None else start + length) for start, length in drawn), key=lambda span: span[0]
    )
    edges = [sum(lengths[:number]) for number in range(len(lengths) + 1)]
    windows = [Window(date(2026, 3, 2), "x", begin, end) for begin, end in pairwise(edges)]

    found = list(near(windows, spans, lambda span: span))

    for window, close in zip(windows, found, strict=True):
        assert close == [
            span for span in spans if span[0] < window.end and (span[1] is None or span[1] >= window.start)
        ]
