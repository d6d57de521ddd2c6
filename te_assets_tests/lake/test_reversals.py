"""Reversals whose halves come in different files, on different days, in any order: neither counts."""

from __future__ import annotations

import itertools

import pytest
from clickhouse_connect.driver.client import Client

from te_assets_tests.lake.confirmations import Lake, confirmed

pytestmark = pytest.mark.stack

ORIGINAL, REVERSAL = "2026-03-02", "2026-04-14"


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse)


def test_a_later_reversal_takes_its_original_out_and_touches_the_days_of_both(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"), confirmed(ORIGINAL, "2"))
    assert lake.valid() == [(ORIGINAL, "00000001"), (ORIGINAL, "00000002")]

    touched = lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))

    assert touched == [ORIGINAL, REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000002")]


@pytest.mark.long
def test_every_order_of_arrival_gives_the_same(lake: Lake) -> None:
    files = [
        ("march.xlsx", 1, confirmed(ORIGINAL, "1")),
        ("april.xlsx", 2, confirmed(REVERSAL, "2", cancelled_counter="1")),
        ("right.xlsx", 3, confirmed(REVERSAL, "3")),
    ]
    for order in itertools.permutations(files):
        lake.forget()
        for file in order:
            lake.deliver(*file)
        assert lake.valid() == [(REVERSAL, "00000003")], [name for name, *_ in order]


def test_a_reversal_that_is_corrected_gives_its_original_back(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"), confirmed("2026-03-05", "2"))
    lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))
    assert lake.valid() == [("2026-03-05", "00000002")]

    touched = lake.deliver("corrected.xlsx", 3, confirmed(REVERSAL, "3", cancelled_counter="2"))

    assert touched == [ORIGINAL, "2026-03-05", REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000001")]


def test_an_older_export_of_a_reversal_changes_nothing(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1"))
    lake.deliver("newer.xlsx", 3, confirmed(REVERSAL, "3"))
    lake.deliver("older.xlsx", 2, confirmed(REVERSAL, "3", cancelled_counter="1"))

    assert lake.valid() == [(ORIGINAL, "00000001"), (REVERSAL, "00000003")]


def test_a_reversal_names_a_counter_of_its_own_confirmation_alone(lake: Lake) -> None:
    lake.deliver("march.xlsx", 1, confirmed(ORIGINAL, "1", confirmation="77"))

    assert lake.deliver("april.xlsx", 2, confirmed(REVERSAL, "2", cancelled_counter="1")) == [REVERSAL]
    assert lake.valid() == [(ORIGINAL, "00000001")]
