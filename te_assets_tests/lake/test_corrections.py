"""Retracted files and files read again: what counts is always the newest version of what is left."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from clickhouse_connect.driver.client import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from te_assets.contracts.catalog import load_contracts
from te_assets.contracts.compilation import compile_typing
from te_assets.lake import corrections
from te_assets.lake.corrections import Corrected, NothingToCorrect, correct, replacements, retraction, unfinished
from te_assets.lake.current import restate_current
from te_assets.lake.history import type_history
from te_assets.lake.models import CONFIRMATIONS, INTERACTIONS
from te_assets.lake.touched import DayRange, waiting_days
from te_assets.site.tables import apply_site
from te_assets_tests.lake.confirmations import CONTRACT, Lake, confirmed
from te_assets_tests.lake.marts_workbench import Workbench, site, utc
from te_assets_tests.lake.raw_rows import RawLog

pytestmark = pytest.mark.stack

APRIL = tuple(f"2026-04-{day:02d}" for day in range(1, 31))


def sha256_of(lake: Lake, name: str) -> str:
    rows = lake.client.query(
        "SELECT any(sha256) FROM te_ops.files WHERE name = {name:String}", parameters={"name": name}
    )
    return str(rows.result_rows[0][0])


def retract(client: Client, sha256: str, reason: str, *, undo: bool = False) -> Corrected:
    return correct(client, retraction(client, sha256, reason, undo=undo))


def valid(lake: Lake) -> list[tuple[str, str]]:
    """(day, counter) of what counts; counters without the contract's leading zeros."""
    return [(day, counter.lstrip("0")) for day, counter in lake.valid()]


def touched(result: Corrected, model: str = "confirmations") -> list[str]:
    return sorted({day for shown, _, day in result.touched if shown == model})


@pytest.fixture
def lake(clickhouse: Client) -> Lake:
    return Lake(clickhouse)


@pytest.mark.parametrize("newest_first", [False, True])
def test_what_a_retracted_file_superseded_counts_again_on_its_own_day(lake: Lake, newest_first: bool) -> None:
    """The later export moved the confirmation from the 2nd to the 9th, and has one that nothing else has."""
    deliveries = [
        ("old", 1, [confirmed(APRIL[1], "1")]),
        ("new", 2, [confirmed(APRIL[8], "1"), confirmed(APRIL[9], "2")]),
    ]
    for name, day, rows in reversed(deliveries) if newest_first else deliveries:
        lake.deliver(name, day, *rows)
    assert valid(lake) == [(APRIL[8], "1"), (APRIL[9], "2")]

    gone = retract(lake.client, sha256_of(lake, "new"), "wrong plant")
    assert (gone.rows, touched(gone)) == (2, [APRIL[1], APRIL[8], APRIL[9]])
    assert valid(lake) == [(APRIL[1], "1")]

    back = retract(lake.client, sha256_of(lake, "new"), "it was right", undo=True)
    assert touched(back) == [APRIL[1], APRIL[8], APRIL[9]]
    assert valid(lake) == [(APRIL[8], "1"), (APRIL[9], "2")]


def test_a_retracted_file_whose_rows_newer_ones_replaced_touches_no_day(lake: Lake) -> None:
    lake.deliver("old", 1, confirmed(APRIL[1], "1"))
    lake.deliver("new", 2, confirmed(APRIL[8], "1"))
    assert valid(lake) == [(APRIL[8], "1")]
    result = retract(lake.client, sha256_of(lake, "old"), "wrong")
    assert (result.rows, touched(result)) == (0, [])
    assert valid(lake) == [(APRIL[8], "1")]


def test_retracting_twice_and_undoing_nothing_are_refused(lake: Lake) -> None:
    lake.deliver("a", 1, confirmed(APRIL[1], "1"))
    sha256 = sha256_of(lake, "a")
    with pytest.raises(NothingToCorrect, match="is not retracted"):
        retract(lake.client, sha256, "x", undo=True)
    retract(lake.client, sha256, "wrong plant")
    with pytest.raises(NothingToCorrect, match=r"retracted before, on 20.* UTC: wrong plant"):
        retract(lake.client, sha256, "again")


def test_a_reversal_that_is_retracted_lets_its_original_count(lake: Lake) -> None:
    lake.deliver("a", 1, confirmed(APRIL[1], "1"))
    lake.deliver("b", 2, confirmed(APRIL[20], "2", cancelled_counter="1"))
    assert valid(lake) == []
    result = retract(lake.client, sha256_of(lake, "b"), "posted by mistake")
    assert APRIL[1] in touched(result)
    assert valid(lake) == [(APRIL[1], "1")]


def test_a_correction_whose_run_was_killed_is_carried_out_by_the_next(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake.deliver("new", 2, confirmed(APRIL[8], "1"))
    lake.deliver("old", 1, confirmed(APRIL[1], "1"))
    lake.valid()

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(corrections, "touch_days", killed)
        with pytest.raises(KeyboardInterrupt):
            retract(lake.client, sha256_of(lake, "new"), "wrong")
    assert unfinished(lake.client) == [retraction(lake.client, sha256_of(lake, "new"), "asked again")]
    result = sum((correct(lake.client, left) for left in unfinished(lake.client)), Corrected())
    assert touched(result) == [APRIL[1], APRIL[8]]
    assert valid(lake) == [(APRIL[1], "1")]
    assert unfinished(lake.client) == []


def test_what_came_while_a_file_did_not_count_replaces_its_rows_once_it_counts_again(lake: Lake) -> None:
    lake.deliver("first", 1, confirmed(APRIL[1], "1"))
    first = sha256_of(lake, "first")
    retract(lake.client, first, "test", undo=False)
    lake.deliver("newer", 2, confirmed(APRIL[4], "1"))
    retract(lake.client, first, "test", undo=True)

    assert valid(lake) == [(APRIL[4], "1")]


FILES = 5
KEYS = ("1", "2", "3")
contents = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 5), max_size=3)
steps = st.lists(st.tuples(st.integers(0, FILES - 1), st.booleans()), max_size=8)


@pytest.mark.parametrize("examples", [2, pytest.param(60, marks=pytest.mark.long)])
def test_any_sequence_of_deliveries_retractions_and_undoings_ends_in_what_is_left(
    clickhouse: Client, examples: int
) -> None:
    """Files are exported in the order of their numbers and delivered, retracted and undone in any other."""

    @settings(max_examples=examples, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
    @given(st.lists(contents, min_size=FILES, max_size=FILES), st.permutations(range(FILES)), steps)
    def compare(files: list[dict[str, int]], order: list[int], later: list[tuple[int, bool]]) -> None:
        for table in ("te_ops.corrections", "te_ops.files", "te_ops.coverage", "te_raw.confirmations"):
            clickhouse.command(f"TRUNCATE TABLE {table}")
        for table in ("load_ledger", "typing_ledger"):
            clickhouse.command(f"TRUNCATE TABLE te_ops.{table}")
        lake = Lake(clickhouse)
        lake.forget()
        delivered: set[int] = set()
        gone: set[int] = set()
        calls: list[tuple[int, bool | None]] = [(number, None) for number in order]
        for position, (number, early) in enumerate(later):
            calls.insert(min(len(calls), position * 2 + early), (number, early))
        for number, _ in calls:
            if number not in delivered:
                rows = [confirmed(APRIL[day], key) for key, day in files[number].items()]
                lake.deliver(f"f{number}", number + 1, *rows)
                delivered.add(number)
                continue
            undo = number in gone
            retract(clickhouse, sha256_of(lake, f"f{number}"), "test", undo=undo)
            (gone.discard if undo else gone.add)(number)
        left = {key: day for number in sorted(delivered - gone) for key, day in files[number].items()}
        assert valid(lake) == sorted((APRIL[day], key) for key, day in left.items())

    compare()


def test_a_file_read_again_under_a_newer_contract_replaces_what_it_was_read_as(clickhouse: Client) -> None:
    """Under version 1 the order of the key had no leading zeros: its rows have other keys now, and one is rejected."""
    lake = Lake(clickhouse)
    lake.deliver("a", 1, confirmed(APRIL[1], "1"), confirmed(APRIL[2], "2", good_qty=5))
    assert [day for day, _ in lake.valid()] == [APRIL[1], APRIL[2]]
    old = load_contracts(None).get(CONTRACT)
    key = ("plant", "order_id", "operation", "confirmation", "counter")
    new = old.model_copy(update={"version": 3, "business_key": key})
    lake.typing[new.contract_id] = compile_typing(new, site().places())
    again = RawLog(clickhouse, CONFIRMATIONS, new.contract_id)
    broken = {**confirmed(APRIL[2], "2"), "good_qty": "five"}
    again.file("a", datetime(2026, 5, 1, tzinfo=UTC), [confirmed(APRIL[3], "1"), broken])
    type_history(clickhouse, CONFIRMATIONS, lake.typing, run_id="test")
    result = sum((correct(clickhouse, replaced) for replaced in replacements(clickhouse)), Corrected())
    assert touched(result) == [APRIL[1], APRIL[2], APRIL[3]]
    assert [day for day, _ in lake.valid()] == [APRIL[3]]
    assert replacements(clickhouse) == []
    assert clickhouse.query("SELECT sum(difference) FROM te_ops.conservation").result_rows == [(0,)]


def test_coverage_and_horizon_of_a_retracted_log_go_with_it(clickhouse: Client) -> None:
    """The second export reached a week further; an open stop of the first one had grown with it."""
    bench = Workbench(clickhouse)
    plant = site(calendar="shifts")
    apply_site(clickhouse, plant, today=date(2026, 3, 20))
    contract = load_contracts(None).get("operator_log@2")
    typing = {contract.contract_id: compile_typing(contract, plant.places())}
    log = RawLog(clickhouse, INTERACTIONS, contract.contract_id)

    def stop(number: str, start: str, end: str | None) -> dict[str, Any]:
        return {
            "plant": "1000",
            "work_center": "M1",
            "interaction_id": number,
            "reason_code": "T",
            "started_at": f"{start}T08:00:00",
            "ended_at": end and f"{end}T09:00:00",
        }

    log.file("first", utc("2026-03-03 12:00"), [stop("1", "2026-03-02", "2026-03-02"), stop("2", "2026-03-03", None)])
    log.file("second", utc("2026-03-10 12:00"), [stop("3", "2026-03-09", "2026-03-09")])
    type_history(clickhouse, INTERACTIONS, typing, run_id="t")
    restate_current(clickhouse, INTERACTIONS, DayRange(date(2026, 3, 1), date(2026, 3, 12)), run_id=uuid4().hex)

    def down(day: date) -> int:
        rows = bench.mart("availability", str(day))
        return int(sum(row["unplanned_down_seconds"] for row in rows))

    assert down(date(2026, 3, 6)) == 24 * 3600 - 3600
    sha256 = clickhouse.query("SELECT any(sha256) FROM te_ops.files WHERE name = 'second'").result_rows[0][0]
    result = retract(clickhouse, str(sha256), "wrong")
    days = [(date(2026, 3, 3) + timedelta(days=n)).isoformat() for n in range(7)]
    assert touched(result, "interactions") == days
    assert set(waiting_days(clickhouse, "interactions")) >= {date.fromisoformat(day) for day in days}
    assert down(date(2026, 3, 6)) == 0
    retract(clickhouse, str(sha256), "right", undo=True)
    assert down(date(2026, 3, 6)) == 24 * 3600 - 3600
