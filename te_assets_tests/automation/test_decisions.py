"""What sensors decide, as plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from te_assets.automation.decisions import (
    Failures,
    attempt_key,
    deliver_key,
    load_key,
    pieces_to_restate,
    restate_key,
    streamed_days,
    typing_key,
)
from te_assets.delivery.ledger import Shard
from te_assets.delivery.positions import ShardLag
from te_assets.lake.touched import DayRange
from te_assets.lake.typing_ledger import TypingRange, Unit

OLD, NEW = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
D = date(2026, 3, 2)


def behind(partition: int, position: int, end: int, topic_id: UUID = OLD) -> ShardLag:
    return ShardLag(Shard("te.interactions.v1", topic_id, partition), position, 0, end)


def test_a_load_is_named_by_the_full_range_of_each_partition_behind() -> None:
    lags = [behind(0, 5, 9), behind(1, 4, 4), behind(2, 0, 1)]

    assert load_key(lags) == f"{OLD}/0:5-9,{OLD}/2:0-1"


def test_nothing_new_has_no_key() -> None:
    assert load_key([behind(0, 9, 9)]) is None
    assert deliver_key([]) is None


def test_a_topic_that_was_recreated_gives_another_key() -> None:
    assert load_key([behind(0, 0, 9, OLD)]) != load_key([behind(0, 0, 9, NEW)])


def test_a_delivery_does_not_depend_on_the_order_of_publications() -> None:
    assert deliver_key(["b@x@1", "a@x@1"]) == deliver_key(["a@x@1", "b@x@1"])


@pytest.mark.parametrize(("number", "pause"), [(1, 30), (2, 60), (3, 120), (9, 3600)])
def test_a_failed_request_pauses_ever_longer_up_to_an_hour(number: int, pause: int) -> None:
    before = Failures(number, NOW - timedelta(seconds=pause - 1))
    after = Failures(number, NOW - timedelta(seconds=pause))

    assert attempt_key("k", before, NOW) is None
    assert attempt_key("k", after, NOW) == f"k#{number}"


def test_the_first_attempt_bears_the_bare_key() -> None:
    assert attempt_key("k", Failures(0, None), NOW) == "k"


def test_days_that_a_run_works_on_are_not_asked_for_again() -> None:
    waiting = {D + timedelta(days=n): n + 1 for n in range(5)}
    busy = [DayRange(D + timedelta(days=2), D + timedelta(days=2))]

    pieces = pieces_to_restate(waiting, busy, first=D, last=D + timedelta(days=9), longest=31)

    assert pieces == [
        DayRange(D + timedelta(days=3), D + timedelta(days=4)),
        DayRange(D, D + timedelta(days=1)),
    ]


def test_days_that_are_no_partition_yet_wait() -> None:
    waiting = {D - timedelta(days=1): 1, D: 2, D + timedelta(days=1): 3}

    assert pieces_to_restate(waiting, [], first=D, last=D, longest=31) == [DayRange(D, D)]


def test_a_piece_touched_again_is_another_request() -> None:
    piece = DayRange(D, D + timedelta(days=1))

    assert restate_key(piece, {D: 1, D + timedelta(days=1): 7}) == "2026-03-02/2026-03-03@7"
    assert restate_key(piece, {D: 8, D + timedelta(days=1): 7}) == "2026-03-02/2026-03-03@8"


def test_untyped_lines_are_named_by_their_ranges() -> None:
    ranges = (TypingRange("te.interactions.v1", OLD, 0, 5, 9, 4), TypingRange("te.interactions.v1", OLD, 2, 0, 1, 1))

    assert typing_key(Unit(ranges, resumed=False)) == f"typing {OLD}/0:5-9,{OLD}/2:0-1"
    assert typing_key(None) is None


@pytest.mark.parametrize(
    ("days", "taken"),
    [
        ({D}, DayRange(D, D)),
        ({D, D + timedelta(days=2)}, DayRange(D, D + timedelta(days=2))),
        ({D, D + timedelta(days=6)}, DayRange(D, D + timedelta(days=6))),
        ({D, D + timedelta(days=7)}, None),
        ({D - timedelta(days=1)}, None),
        ({D + timedelta(days=10)}, DayRange(D + timedelta(days=10), D + timedelta(days=10))),
        ({D + timedelta(days=11)}, None),
        (set(), None),
        (None, None),
    ],
)
def test_one_run_takes_few_days_that_are_partitions_to_the_marts(
    days: set[date] | None, taken: DayRange | None
) -> None:
    known = None if days is None else frozenset(days)

    assert streamed_days(known, D, D + timedelta(days=10), longest=7) == taken
