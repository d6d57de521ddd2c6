"""Which ranges are typed next: pure decisions."""

from __future__ import annotations

from uuid import UUID

from te_assets.lake.typing_ledger import TypingRange, plan

TOPIC = UUID(int=1)


def loaded(partition: int, lo: int, following: int, lines: int = 100) -> TypingRange:
    return TypingRange("te.interactions.v1", TOPIC, partition, lo, following, lines)


def ranges(unit: object) -> list[tuple[int, int, int, int]]:
    assert unit is not None
    return [(r.partition, r.lo, r.next, r.lines) for r in unit.ranges]  # type: ignore[attr-defined]


def test_nothing_loaded_is_nothing_to_type() -> None:
    assert plan([], {}, [], 1000) is None


def test_contiguous_ranges_of_a_partition_are_joined_and_partitions_go_together() -> None:
    unit = plan([loaded(0, 0, 10), loaded(0, 10, 15), loaded(2, 5, 9)], {}, [], 1000)

    assert ranges(unit) == [(0, 0, 15, 200), (2, 5, 9, 100)]


def test_typed_ranges_are_left_out() -> None:
    unit = plan([loaded(0, 0, 10), loaded(0, 10, 15)], {(TOPIC, 0): 10}, [], 1000)

    assert ranges(unit) == [(0, 10, 15, 100)]


def test_the_bound_leaves_ranges_for_the_next_unit_but_never_splits_one() -> None:
    assert ranges(plan([loaded(0, 0, 10, 900), loaded(0, 10, 20, 900)], {}, [], 1000)) == [(0, 0, 10, 900)]
    assert ranges(plan([loaded(0, 0, 10, 5000)], {}, [], 1000)) == [(0, 0, 10, 5000)]


def test_a_gap_in_the_ledger_ends_the_unit_and_the_next_goes_on_after_it() -> None:
    both = [loaded(0, 0, 10), loaded(0, 50, 60)]

    assert ranges(plan(both, {}, [], 1000)) == [(0, 0, 10, 100)]
    assert ranges(plan(both, {(TOPIC, 0): 10}, [], 1000)) == [(0, 50, 60, 100)]


def test_overlapping_ranges_of_two_loaders_are_typed_once() -> None:
    unit = plan([loaded(0, 0, 10), loaded(0, 0, 8), loaded(0, 8, 12)], {}, [], 1000)

    assert ranges(unit)[0][:3] == (0, 0, 12)


def test_a_killed_unit_is_done_again_before_anything_new() -> None:
    killed = loaded(1, 0, 10)
    unit = plan([loaded(1, 0, 10), loaded(0, 0, 10)], {}, [killed], 1000)

    assert unit is not None
    assert unit.resumed
    assert unit.ranges == (killed,)


def test_a_plan_that_another_call_finished_is_not_resumed() -> None:
    unit = plan([], {(TOPIC, 1): 10}, [loaded(1, 0, 10)], 1000)

    assert unit is None
