"""Decisions of the loader, without servers."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from te_assets.delivery.errors import LedgerBroken
from te_assets.delivery.ledger import (
    Again,
    LedgerLine,
    Lost,
    Plan,
    Read,
    Replaced,
    Resume,
    Shortened,
    Shrunk,
    Standing,
    UpToDate,
    compare,
    decide,
    standing,
)


def plan(lo: int, next_offset: int, *, messages: int = 2, lines: int = 20, line_hash: int = 7) -> Plan:
    return Plan.of(lo, next_offset, messages=messages, lines=lines, line_hash=line_hash)


def loaded(done: Plan) -> list[LedgerLine]:
    return [LedgerLine(done, "PLANNED"), LedgerLine(done, "LOADED")]


def test_a_new_topic_begins_at_zero() -> None:
    assert standing([]) == Standing(0, None)


def test_position_is_the_end_of_the_last_loaded_range() -> None:
    assert standing(loaded(plan(0, 51)) + loaded(plan(51, 60))) == Standing(60, None)


def test_a_plan_without_loaded_is_pending() -> None:
    left = plan(51, 60)
    assert standing([*loaded(plan(0, 51)), LedgerLine(left, "PLANNED")]) == Standing(51, left)


def test_a_gap_moves_the_position() -> None:
    gap = plan(51, 90, messages=0, lines=0)
    assert standing([*loaded(plan(0, 51)), LedgerLine(gap, "GAP")]) == Standing(90, None)


def test_lines_written_twice_after_an_answer_was_lost_count_once() -> None:
    done = plan(0, 51)
    assert standing(loaded(done) + loaded(done)) == Standing(51, None)


def test_a_rivals_shorter_plan_is_done_by_the_longer_one() -> None:
    """Two loaders read the same backlog, one of them before the last messages had come, and was killed."""
    long, short = plan(0, 60), plan(0, 51)
    assert standing([LedgerLine(short, "PLANNED"), *loaded(long)]) == Standing(60, None)


def test_a_rivals_longer_plan_is_not_done_by_the_shorter_one_but_read_anew_from_there() -> None:
    long, short = plan(0, 60), plan(0, 51)
    assert standing([LedgerLine(long, "PLANNED"), *loaded(short)]) == Standing(51, None)


def test_overlapping_ranges_of_two_loaders_both_count() -> None:
    assert standing(loaded(plan(0, 60)) + loaded(plan(30, 80))).position == 80


def test_a_hole_in_the_ledger_is_an_error() -> None:
    with pytest.raises(LedgerBroken, match="offsets 51 to 59 are neither loaded nor a gap"):
        standing(loaded(plan(0, 51)) + loaded(plan(60, 70)))


def test_new_messages_are_read_from_the_position_to_the_stable_end() -> None:
    assert decide(Standing(51, None), earliest=0, end=90) == Read(51, 90)


def test_nothing_new_is_nothing_to_do() -> None:
    assert decide(Standing(51, None), earliest=0, end=51) == UpToDate(51)
    assert decide(Standing(51, None), earliest=51, end=51) == UpToDate(51)


def test_a_pending_plan_comes_first_even_if_its_messages_are_gone() -> None:
    """te_raw may have its lines already; only the read-back knows."""
    left = plan(51, 60)
    assert decide(Standing(51, left), earliest=55, end=90) == Resume(left)


def test_retention_that_passed_the_loader_is_a_loss() -> None:
    assert decide(Standing(51, None), earliest=70, end=90) == Lost(51, 70)
    assert decide(Standing(51, None), earliest=90, end=90) == Lost(51, 90)


def test_a_log_shorter_than_what_is_loaded_is_refused() -> None:
    assert decide(Standing(51, None), earliest=0, end=50) == Shrunk(51, 50)
    assert decide(Standing(51, plan(51, 60)), earliest=0, end=0) == Shrunk(51, 0)


def test_a_planned_range_found_again_is_inserted() -> None:
    left = plan(51, 60)
    assert compare(left, replace(left, plan_id=uuid4()), earliest=0) == Again()


def test_a_planned_range_cut_at_its_begin_is_a_gap_up_to_what_is_left() -> None:
    left, found = plan(51, 60, messages=9), plan(51, 60, messages=4, line_hash=3)
    assert compare(left, found, earliest=56) == Shortened(Lost(51, 56), 5, None)
    assert compare(left, plan(51, 60, messages=0, lines=0, line_hash=0), earliest=200) == Shortened(
        Lost(51, 60), 9, None
    )


def test_a_planned_range_with_holes_of_compaction_is_loaded_as_far_as_it_goes() -> None:
    left, found = plan(51, 60, messages=9), plan(51, 60, messages=4, line_hash=3)
    assert compare(left, found, earliest=0) == Shortened(Lost(51, 60), 5, found)


@pytest.mark.parametrize("messages", [9, 10])
def test_other_messages_at_planned_offsets_are_refused(messages: int) -> None:
    left = plan(51, 60, messages=9)
    assert compare(left, plan(51, 60, messages=messages, line_hash=3), earliest=0) == Replaced()


@given(
    st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["loaded", "left", "gap", "rival"])), max_size=12),
    st.randoms(use_true_random=False),
)
def test_position_is_reached_whatever_order_the_lines_come_in(ranges: list[tuple[int, str]], random: object) -> None:
    """The position never passes an offset that is neither loaded nor a gap, and never stays behind one that is."""
    lines: list[LedgerLine] = []
    position = 0
    for length, fate in ranges:
        done = plan(position, position + length)
        if fate == "left":
            lines.append(LedgerLine(done, "PLANNED"))
            continue
        if fate == "rival":
            lines.append(LedgerLine(plan(position, position + 2 * length), "PLANNED"))
        lines += [LedgerLine(done, "GAP")] if fate == "gap" else loaded(done)
        position += length
    random.shuffle(lines)  # type: ignore[attr-defined]
    found = standing(lines)
    assert found.position == position
    assert (found.pending is not None) == any(line.state == "PLANNED" and line.plan.lo == position for line in lines)
