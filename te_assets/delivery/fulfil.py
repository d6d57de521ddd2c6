"""From PLANNED to LOADED: insert, read back, until te_raw holds exactly what was planned."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from te_assets.delivery.errors import LOAD_AGAIN, REPUBLISH, LakeUnavailable, LogReplaced, RawDiffers
from te_assets.delivery.ledger import Again, Ledger, Plan, Replaced, Shard, Shortened, State, compare
from te_assets.delivery.loaded import StepName, Stopwatch
from te_assets.delivery.messages import Batch
from te_assets.delivery.patience import Patience, passes
from te_assets.delivery.raw import Held, RawTable
from te_assets.errors import OffsetGap


class ReadAgain(Protocol):
    """Reads a planned range once more; returns it and the earliest offset of the log."""

    def __call__(self, shard: Shard, lo: int, end: int, /) -> tuple[Batch, int]:
        """See above."""


class Fulfilment:
    """Carries plans out."""

    def __init__(
        self,
        ledger: Ledger,
        raw: RawTable,
        read_again: ReadAgain,
        begin: Callable[[StepName, Shard, int, int], None],
        watch: Stopwatch,
        patience: Patience,
    ) -> None:
        self._ledger = ledger
        self._raw = raw
        self._read_again = read_again
        self._begin = begin
        self._watch = watch
        self._patience = patience

    def fresh(self, shard: Shard, plan: Plan, batch: Batch) -> int:
        """Carry out a plan just made; returns the surplus that was found."""
        held = self._insert(shard, plan, batch)
        self._loaded(shard, plan, held.surplus)
        return held.surplus

    def resume(self, shard: Shard, plan: Plan) -> int:
        """Carry out a plan that was left unfinished; returns the surplus that was found.

        Raises:
            OffsetGap: Part of the range is gone from the topic. What was left is loaded, the gap is on record.
            LogReplaced: The range holds other messages now.
        """
        held = self._read_back(shard, plan)
        if not held.fulfils(plan):
            batch, earliest = self._read_again(shard, plan.lo, plan.next)
            found = Plan.of(plan.lo, plan.next, messages=batch.messages, lines=batch.lines, line_hash=batch.hash)
            match compare(plan, found, earliest=earliest):
                case Again():
                    held = self._insert(shard, plan, batch)
                case Shortened() as shortened:
                    self._settle(shard, shortened, batch)
                case Replaced():
                    raise LogReplaced(
                        f"{shard}: offsets {plan.lo} to {plan.hi} held {plan.messages} messages, {plan.lines} lines "
                        f"when they were planned, and {found.messages} other messages, {found.lines} lines now. The "
                        "broker lost data and gave the offsets out again. Delete the topic and create it (te-assets "
                        f"migrate). {REPUBLISH}"
                    )
        self._loaded(shard, plan, held.surplus)
        return held.surplus

    def _settle(self, shard: Shard, shortened: Shortened, batch: Batch) -> None:
        """Load what is left of a planned range, put the rest on record as a gap, and fail."""
        lost = shortened.lost
        gap = Plan.of(lost.lo, lost.next, messages=shortened.messages_lost, lines=0, line_hash=0)
        held: Held | None = None
        if shortened.left is not None:
            self._append(shard, "PLANNED", shortened.left)
            held = self._insert(shard, shortened.left, batch)
        # The gap comes first: from the LOADED line on, nobody looks at this range again.
        self._begin("gap", shard, lost.lo, lost.next)
        self._append(shard, "GAP", gap)
        if shortened.left is not None and held is not None:
            self._loaded(shard, shortened.left, held.surplus)
        raise OffsetGap(
            f"{shard}: {shortened.messages_lost} messages between offsets {lost.lo} and {lost.next - 1} went from "
            "the topic after they were planned and before they were loaded. The gap is on record in "
            f"te_ops.load_ledger; the next load goes on after it. Lengthen the topic's retention. {REPUBLISH}"
        )

    def _insert(self, shard: Shard, plan: Plan, batch: Batch) -> Held:
        """Insert until te_raw holds the plan. An error tells nothing about the outcome; only the read-back does."""
        from clickhouse_connect.driver.exceptions import Error

        deadline, pause = time.monotonic() + self._patience.seconds, self._patience.first_pause
        last: Error | None = None
        while True:
            if plan.lines:
                self._begin("insert", shard, plan.lo, plan.next)
                try:
                    with self._watch.step("insert"):
                        self._raw.insert(shard, plan, batch.data)
                except Error as error:
                    if not passes(error):
                        raise
                    last = error
            held = self._read_back(shard, plan)
            if held.fulfils(plan):
                return held
            if held.lines >= plan.lines:
                raise RawDiffers(
                    f"{shard}: te_raw holds {held.lines} lines (hash {held.hash}) at offsets {plan.lo} to {plan.hi}, "
                    f"planned were {plan.lines} (hash {plan.hash}). Somebody else writes there, or the topic's offsets "
                    "were given out twice. Find out which (system.query_log) before loading again."
                )
            if time.monotonic() > deadline:
                raise LakeUnavailable(
                    f"{shard}: te_raw still lacks {plan.lines - held.lines} of {plan.lines} lines at offsets {plan.lo} "
                    f"to {plan.hi} after {self._patience.seconds:.0f} s; ClickHouse said: {last}. {LOAD_AGAIN}"
                ) from last
            time.sleep(pause)
            pause = min(pause * 2, self._patience.longest_pause)

    def _read_back(self, shard: Shard, plan: Plan) -> Held:
        self._begin("read_back", shard, plan.lo, plan.next)
        with self._watch.step("read_back"):
            return self._patience.keep_trying(
                f"{shard}: reading back offsets {plan.lo} to {plan.hi}", lambda: self._raw.held(shard, plan)
            )

    def _loaded(self, shard: Shard, plan: Plan, surplus: int) -> None:
        self._begin("loaded", shard, plan.lo, plan.next)
        with self._watch.step("loaded"):
            self._append(shard, "LOADED", plan, surplus)

    def _append(self, shard: Shard, state: State, plan: Plan, surplus: int = 0) -> None:
        self._patience.keep_trying(
            f"{shard}: recording {state} for offsets {plan.lo} to {plan.hi}",
            lambda: self._ledger.append(shard, state, plan, surplus),
        )
