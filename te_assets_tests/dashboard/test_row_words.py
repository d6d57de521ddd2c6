"""Every column of the tables of rows, and every state and class, has its word in each language."""

from __future__ import annotations

from typing import get_args

import pytest

from te_assets.dashboard.answers import State
from te_assets.dashboard.filters import Language, ReasonClass
from te_assets.dashboard.texts import texts
from te_assets.dashboard.views import confirmations, orders, stops, timeline


@pytest.mark.parametrize("language", get_args(Language))
def test_tables_have_all_their_words(language: Language) -> None:
    words = texts(language)

    for view in (confirmations, orders, stops, timeline):
        assert all(words.column(spec).label for spec in view.COLUMNS)
    assert set(words.choices["state"]) == set(get_args(State)) == set(timeline.WORST_FIRST)
    assert set(words.choices["reason_class"]) == set(get_args(ReasonClass))
    assert len({words.words[f"weekday_{day}"] for day in range(1, 8)}) == 7
