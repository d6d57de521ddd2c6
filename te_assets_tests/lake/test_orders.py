"""Operations of one order on different days: all of them tell which is the last, whichever is restated first."""

from __future__ import annotations

import itertools

import pytest
from clickhouse_connect.driver.client import Client

from te_assets_tests.lake.confirmations import Lake, confirmed

pytestmark = pytest.mark.stack

MONDAY, TUESDAY, FRIDAY = "2026-03-02", "2026-03-03", "2026-03-06"


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse)


def test_a_later_operation_touches_the_days_of_the_order(lake: Lake) -> None:
    lake.deliver("1.xlsx", 1, confirmed(MONDAY, "1"), confirmed(MONDAY, "2", order_id="9"))
    lake.valid()
    assert lake.last_operations(MONDAY) == {(MONDAY, "0010"): True}

    assert lake.deliver("2.xlsx", 2, confirmed(FRIDAY, "3", operation="0020")) == [MONDAY, FRIDAY]
    rows = lake.client.query("SELECT model, toString(production_day) FROM te_ops.touched_days WHERE why = 'orders'")
    assert [tuple(row) for row in rows.result_rows] == [("confirmations", MONDAY)]


def test_more_of_the_same_operation_touches_its_own_day_alone(lake: Lake) -> None:
    lake.deliver("1.xlsx", 1, confirmed(MONDAY, "1"), confirmed(TUESDAY, "2", operation="0020"))

    assert lake.deliver("2.xlsx", 2, confirmed(FRIDAY, "3", operation="0020")) == [FRIDAY]
    assert lake.deliver("3.xlsx", 3, confirmed(FRIDAY, "4", operation="0010")) == [FRIDAY]


def test_a_last_operation_that_goes_to_another_order_gives_its_place_back(lake: Lake) -> None:
    lake.deliver("1.xlsx", 1, confirmed(MONDAY, "1"), confirmed(TUESDAY, "2", operation="0020"))
    lake.valid()
    assert lake.last_operations(MONDAY, TUESDAY) == {(MONDAY, "0010"): False, (TUESDAY, "0020"): True}

    touched = lake.deliver("2.xlsx", 2, confirmed(TUESDAY, "2", operation="0020", order_id="4712"))

    assert touched == [MONDAY, TUESDAY]
    lake.valid()
    assert lake.last_operations(MONDAY, TUESDAY) == {(MONDAY, "0010"): True, (TUESDAY, "0020"): True}


@pytest.mark.long
def test_every_order_of_arrival_gives_the_same(lake: Lake) -> None:
    files = [
        ("1.xlsx", 1, confirmed(MONDAY, "1", operation="0020")),
        ("2.xlsx", 2, confirmed(TUESDAY, "2", operation="0010")),
        ("3.xlsx", 3, confirmed(FRIDAY, "3", operation="0100")),
    ]
    for order in itertools.permutations(files):
        lake.forget()
        for file in order:
            lake.deliver(*file)
        lake.valid()
        assert lake.last_operations(MONDAY, TUESDAY, FRIDAY) == {
            (MONDAY, "0020"): False,
            (TUESDAY, "0010"): False,
            (FRIDAY, "0100"): True,
        }


def test_the_days_of_an_order_are_computed_before_their_neighbours_are_swapped_in(lake: Lake) -> None:
    """A late posting: the last operation comes to an older day, and the younger day is restated first."""
    lake.deliver("1.xlsx", 1, confirmed(FRIDAY, "1"))
    lake.valid()
    lake.deliver("2.xlsx", 2, confirmed(MONDAY, "2", operation="0020"))

    assert lake.last_operations(FRIDAY) == {(FRIDAY, "0010"): False}
