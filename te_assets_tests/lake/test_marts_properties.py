"""Random stops against a slot-by-slot loop. Each machine of an example is one case; all are computed in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets_tests.lake.marts_workbench import Row, Workbench, production_day, site

pytestmark = pytest.mark.stack

MACHINES = tuple(f"M{number:02d}" for number in range(40))
FIRST, LAST = date(2026, 3, 3), date(2026, 3, 4)
SLOT = timedelta(minutes=30)
SLOTS_PER_DAY = 48
# Slots are counted from 06:00 in Berlin on the day before the range, which is winter time.
ORIGIN = datetime(2026, 3, 2, 5, tzinfo=UTC)
SLOTS = 4 * SLOTS_PER_DAY
# Production days begin at 06:00: early shift with a break at its end, late shift with one at its start, night.
SHIFTS = (("early", 0, 16, range(15, 16)), ("late", 16, 32, range(16, 17)), ("night", 32, 48, range(0)))
CLASSES = {
    "P": "planned",
    "P2": "planned",
    "S": "setup",
    "T": "technical",
    "T2": "technical",
    "O": "organisational",
    "X": "other",
    "U": "unclassified",
}
ORDER = ("planned", "technical", "organisational", "other", "unclassified", "setup")
UNPLANNED = ORDER[1:5]


@dataclass(frozen=True)
class Stop:
    """A stop in slots; `end` None while open."""

    id: str
    start: int
    end: int | None
    reason: str

    @property
    def reason_class(self) -> str:
        return CLASSES[self.reason]

    def is_short(self, short_slots: int) -> bool:
        return self.end is not None and self.end - self.start < short_slots and self.reason_class in UNPLANNED

    def stands_at(self, slot: int) -> bool:
        return self.start <= slot and (self.end is None or slot < self.end)


@dataclass(frozen=True)
class Machine:
    """What one machine logged and made, and up to which slot anything is known."""

    stops: tuple[Stop, ...]
    executions: tuple[tuple[int, int], ...]
    horizon: int


def spans(longest: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, SLOTS - 1), st.integers(0, longest)).map(lambda span: (span[0], span[0] + span[1]))


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    logged = draw(st.lists(st.tuples(spans(70), st.sampled_from(sorted(CLASSES)), st.integers(0, 9)), max_size=14))
    stops = tuple(
        # ids that sort otherwise than starts; nine in ten stops have ended
        Stop(f"{(7 * number) % 15:02d}", start, None if chance == 0 else end, reason)
        for number, ((start, end), reason, chance) in enumerate(logged)
    )
    executions = tuple(draw(st.lists(spans(30), max_size=4)))
    return Machine(stops, executions, draw(st.integers(SLOTS_PER_DAY - 3, SLOTS)))


def winner(machine: Machine, slot: int, short_slots: int, performance: bool) -> tuple[str, Stop | None]:
    """What a slot counts for, by the rules of docs/kpi.md read aloud."""
    standing = [stop for stop in machine.stops if stop.stands_at(slot)]
    aside = [stop for stop in standing if performance and stop.is_short(short_slots)]
    counting = [stop for stop in standing if stop not in aside]
    first = min(counting, key=lambda stop: (ORDER.index(stop.reason_class), stop.start, stop.id), default=None)
    if first is not None and first.reason_class == "planned":
        return "planned", first
    if any(slot % SLOTS_PER_DAY in pauses for _, _, _, pauses in SHIFTS):
        return "break", None
    if first is not None:
        return first.reason_class, first
    if aside:
        return "short", min(aside, key=lambda stop: (stop.start, stop.id))
    return "running", None


def state_of(machine: Machine, slot: int, short_slots: int, performance: bool) -> tuple[str, str]:
    """State and interaction of a slot; shifts follow one another without a gap."""
    if slot >= machine.horizon:
        return "no_data", ""
    kind, stop = winner(machine, slot, short_slots, performance)
    if kind == "running":
        is_executed = any(begin <= slot < until for begin, until in machine.executions)
        return "production" if is_executed else "unexplained", ""
    name = {"break": "planned", "short": "short_stop"}.get(kind, kind)
    return name, "" if stop is None else stop.id


def slots_of_states(rows: Sequence[Row]) -> dict[tuple[str, int], tuple[str, str]]:
    """State and interaction per machine and slot; fails where rows overlap or are not whole slots."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for row in rows:
        begin, rest = divmod(row["started_at"].replace(tzinfo=UTC) - ORIGIN, SLOT)
        until, more = divmod(row["ended_at"].replace(tzinfo=UTC) - ORIGIN, SLOT)
        assert (rest, more) == (timedelta(), timedelta())
        for slot in range(begin, until):
            assert (row["work_center"], slot) not in found
            found[row["work_center"], slot] = row["state"], row["interaction_id"]
    return found


def expected(
    machine: Machine, day: int, shift: Sequence[object], short_slots: int, performance: bool
) -> tuple[dict[str, int], dict[str, int]]:
    """Parts of a window and slots per stop."""
    _, begins, ends, _ = shift
    assert isinstance(begins, int)
    assert isinstance(ends, int)
    start, end = day * SLOTS_PER_DAY + begins, min(day * SLOTS_PER_DAY + ends, machine.horizon)
    parts: dict[str, int] = defaultdict(int)
    per_stop: dict[str, int] = defaultdict(int)
    for slot in range(start, end):
        kind, stop = winner(machine, slot, short_slots, performance)
        parts["operation"] += 1
        parts["planned"] += kind in ("planned", "break")
        parts["unplanned"] += kind in UNPLANNED
        parts["setup"] += kind == "setup"
        parts["technical"] += kind == "technical"
        if stop is not None:
            per_stop[stop.id] += 1
            parts["short"] += kind in (*UNPLANNED, "short") and stop.is_short(short_slots)
        parts["unexplained"] += kind == "running" and not any(a <= slot < b for a, b in machine.executions)
    starting = [stop for stop in machine.stops if start <= stop.start < end and stop.reason_class in UNPLANNED]
    parts["stops"] = len(starting)
    parts["short_stops"] = sum(stop.is_short(short_slots) for stop in starting)
    parts["open_stops"] = sum(stop.end is None for stop in starting)
    parts["failures"] = sum(stop.reason_class == "technical" for stop in starting)
    return parts, per_stop


COLUMNS = {
    "operation": "planned_operation_seconds",
    "planned": "planned_down_seconds",
    "unplanned": "unplanned_down_seconds",
    "setup": "setup_seconds",
    "technical": "technical_down_seconds",
    "short": "short_stop_seconds",
    "unexplained": "unexplained_seconds",
}
COUNTS = ("stops", "short_stops", "open_stops", "failures")


def instant(slot: int) -> datetime:
    return ORIGIN + slot * SLOT


def deliver(bench: Workbench, cases: Sequence[Machine]) -> None:
    """Rows of the range into current tables, all rows into history."""
    for table in ("interactions", "interactions_history", "confirmations", "confirmations_history"):
        bench.client.command(f"TRUNCATE TABLE te_staging.{table}")
    bench.client.command("TRUNCATE TABLE te_ops.coverage")
    for name, machine in zip(MACHINES, cases, strict=False):
        for stop in machine.stops:
            end = None if stop.end is None else instant(stop.end)
            reason = "never heard of" if stop.reason == "U" else stop.reason
            bench.stop(stop.id, instant(stop.start), end, reason, work_center=name)
        for number, (begin, until) in enumerate(machine.executions):
            if begin < until:
                bench.confirm(
                    f"{name}/{number}", work_center=name, started_at=instant(begin), finished_at=instant(until)
                )
        bench.cover(ORIGIN, instant(machine.horizon), work_center=name)
    for model, rows in (("interactions", bench.stops), ("confirmations", bench.confirmations)):
        current = [row for row in rows if FIRST <= row["production_day"] <= LAST]
        for table, chosen in ((f"te_staging.{model}_history", rows), (f"te_staging.{model}", current)):
            if chosen:
                bench.insert(table, chosen)
        rows.clear()


@pytest.mark.parametrize("performance", [False, True])
@pytest.mark.parametrize("examples", [3, pytest.param(125, marks=pytest.mark.long)])
def test_every_part_and_every_stop_equals_a_slot_by_slot_loop(
    clickhouse: Client, examples: int, performance: bool
) -> None:
    bench = Workbench(clickhouse)
    short_slots = 3
    bench.apply(
        site(
            MACHINES,
            calendar="shifts",
            short_stop_minutes=90,
            short_stops="performance" if performance else "availability",
        )
    )

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(machines(), min_size=1 if examples < 100 else len(MACHINES), max_size=len(MACHINES)))
    def compare(cases: list[Machine]) -> None:
        deliver(bench, cases)
        windows = {
            (row["work_center"], row["production_day"], row["shift"]): row
            for row in bench.mart("availability", str(FIRST), str(LAST))
        }
        seconds: dict[tuple[str, date, str], dict[str, int]] = defaultdict(dict)
        for row in bench.mart("stops", str(FIRST), str(LAST)):
            if row["attributed_seconds"]:
                key = (row["work_center"], row["production_day"], row["shift"])
                seconds[key][row["interaction_id"]] = int(row["attributed_seconds"]) // 1800
        states = slots_of_states(bench.mart("states", str(FIRST), str(LAST)))
        for name, machine in zip(MACHINES, cases, strict=False):
            for slot in range(SLOTS_PER_DAY, 3 * SLOTS_PER_DAY):
                assert states[name, slot] == state_of(machine, slot, short_slots, performance), (name, slot, machine)
            for day in (1, 2):
                for shift in SHIFTS:
                    key = (name, FIRST + timedelta(days=day - 1), shift[0])
                    parts, per_stop = expected(machine, day, shift, short_slots, performance)
                    got = {part: int(windows[key][column]) / 1800 for part, column in COLUMNS.items()}
                    got |= {count: windows[key][count] for count in COUNTS}
                    assert got == {part: parts[part] for part in (*COLUMNS, *COUNTS)}, (key, machine)
                    assert seconds[key] == per_stop, (key, machine)

    compare()


@pytest.mark.long
def test_days_computed_alone_equal_the_range(clickhouse: Client) -> None:
    bench = Workbench(clickhouse)
    bench.apply(site(MACHINES, calendar="shifts"))

    @settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(machines(), min_size=10, max_size=len(MACHINES)))
    def compare(cases: list[Machine]) -> None:
        deliver(bench, cases)
        for mart in ("availability", "downtime_reasons", "stops", "states"):
            whole = bench.mart(mart, str(FIRST), str(LAST))
            alone = [row for day in (FIRST, LAST) for row in bench.mart(mart, str(day))]
            assert sorted(map(repr, alone)) == sorted(map(repr, whole))

    compare()


def test_the_loop_and_the_site_agree_on_production_days() -> None:
    assert production_day(instant(0)) == date(2026, 3, 2)
    assert production_day(instant(SLOTS_PER_DAY)) == FIRST
