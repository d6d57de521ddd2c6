"""Hostile and random values under contracts that compute: faults of their line, never an exception, never a lie."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.contracts.compilation import TYPING_SETTINGS
from te_assets.contracts.model import Contract
from te_assets_tests.contracts.conftest import Typist, rules, utc

pytestmark = pytest.mark.stack

LAYOUTS = Path(__file__).parent / "layouts"
HOSTILE: list[Any] = [
    *(9223372036854775808, 170141183460469231731687303715884105727, 1e308, -1e308, 1e-300, 999_999_999_999.999),
    *(True, [], [1], {}, {"a": []}, "", "NaN", "inf", "1e999", "9" * 400, "-", "=1+1", "#N/A", "9999:59", "-0:30"),
    *("9999-12-31T23:59:59", "0001-01-01T00:00:00", "\u0000", "\ud83d"),
]
SOUND: dict[str, dict[str, Any]] = {
    "stops_by_duration": {"work_center": "PRS01", "started_at": "06.03.2026 18:00", "duration": 30},
    "stops_by_end": {
        "work_center": "PRS01",
        "interaction_id": "T",
        "end_date": "2026-03-06",
        "end_time": "18:00:00",
        "duration": 30,
    },
    "totals": {
        "work_center": "PRS01",
        "order_id": "1",
        "finished_at": "2026-03-06T18:00:00",
        "total_qty": 9,
        "good_qty": 8,
        "duration": 5,
    },
    "downtime_matrix": {
        "work_center": "PRS01",
        "day": "06.03.2026",
        "shift_start": "Früh",
        "duration": 5,
        "reason_code": "110",
        "_column": "F",
        "_before": [12, "1,5"],
    },
    "shift_report": {
        "plant": "1000",
        "work_center": "PRS01",
        "day": "06.03.2026",
        "finish_time": "12:00",
        "unit": "ST",
        "order_id": "1",
        "operation": "10",
        "good_qty": 5,
        "scrap_qty": 1,
        "shift_end": "14:00",
    },
}


@pytest.mark.parametrize("name", SOUND)
def test_hostile_values_never_raise_and_their_neighbours_go_on(typist: Typist, name: str) -> None:
    contract, sound = Contract.load(LAYOUTS / f"{name}.yaml"), SOUND[name]
    hostile = [sound | {field: value} for field, value in product(sound, HOSTILE)]
    payloads = [json.dumps({"_row": 2} | row) for row in (sound, *hostile, sound)]

    length = "dateDiff('second', started_at, ended_at)" if contract.feeds == "interactions" else "NULL"
    query = f"SELECT empty(faults), business_key, {length} FROM ({typist.sql(contract, payloads)}) ORDER BY line"
    result = typist.client.query(query, settings={**TYPING_SETTINGS})
    first, *rows, last = result.result_rows

    assert first == last
    assert first[0] == 1
    assert len(rows) == len(hostile)
    lengths = [(seconds, row) for (is_sound, _, seconds), row in zip(rows, hostile, strict=True) if is_sound]
    assert [row for seconds, row in lengths if seconds is not None and not 0 <= seconds < 400 * 86_400] == []


def test_what_stands_before_a_cell_may_be_anything(typist: Typist) -> None:
    contract, sound = Contract.load(LAYOUTS / "downtime_matrix.yaml"), SOUND["downtime_matrix"]
    no_durations: list[Any] = [*(None, 5, "12", {}, [None], [[1], {"a": 1}], ["x", "-3", -3, "1e400"], [1e300, "x:59"])]
    centuries = [4e9] * 50
    before = [*no_durations, centuries]
    rows = typist(contract, [line for cells in before for line in (sound | {"_before": cells}, sound)])

    # What is no duration takes no time; what lasts for centuries leads to no production day.
    assert [[rule for _, rule in rules(row)] for row in rows[::2]] == [[] for _ in no_durations] + [
        ["day_out_of_range"]
    ]
    assert {row["started_at"] for row in rows[1::2]} == {utc("2026-03-06T05:13:30")}


minutes = st.one_of(
    st.none(),
    st.integers(0, 2_000),
    st.decimals(0, 2_000, places=3),
    st.builds(lambda h, m: f"{h}:{m:02}", st.integers(0, 60), st.integers(0, 59)),
)


def seconds_of(cell: object) -> Decimal:
    """The referee: what a cell of minutes lasts."""
    if isinstance(cell, str):
        hours, _, rest = cell.partition(":")
        return Decimal(int(hours) * 3600 + int(rest) * 60)
    return Decimal(str(cell)) * 60


@pytest.mark.long
@given(st.lists(minutes, min_size=1, max_size=6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stops_of_a_row_neither_overlap_nor_leave_a_gap(typist: Typist, cells: list[Any]) -> None:
    contract = Contract.load(LAYOUTS / "downtime_matrix.yaml")
    filled = [cell for cell in cells if cell is not None]
    written = [str(cell).replace(".", ",") if isinstance(cell, Decimal) else cell for cell in filled]
    lines = [
        SOUND["downtime_matrix"] | {"duration": cell, "_before": written[:at], "reason_code": str(at)}
        for at, cell in enumerate(written)
    ]
    rows = typist(contract, [*lines, SOUND["downtime_matrix"]])[:-1]

    start = utc("2026-03-06T05:00")
    for row, cell in zip(rows, filled, strict=True):
        length = timedelta(milliseconds=int(seconds_of(cell) * 1000))
        assert (row["faults"], row["started_at"], row["ended_at"]) == ([], start, start + length)
        start += length


quantity = st.one_of(st.none(), st.integers(0, 10**9), st.decimals(0, 10**6, places=3))


@pytest.mark.long
@given(st.lists(st.tuples(quantity, quantity, quantity, quantity), min_size=1, max_size=40))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_accepted_quantities_add_up_to_the_total(typist: Typist, given_rows: list[tuple[Any, ...]]) -> None:
    """Whatever is given or left out: a row that has a total and is accepted accounts for every piece of it."""
    contract = Contract.load(LAYOUTS / "totals.yaml")
    names = ("total_qty", "good_qty", "scrap_qty", "rework_qty")
    base = {name: value for name, value in SOUND["totals"].items() if name not in names}
    lines = [
        json.dumps(base | {n: v for n, v in zip(names, row, strict=True) if v is not None}, default=float)
        for row in given_rows
    ]
    for row, (total, good, scrap, rework) in zip(typist(contract, lines), given_rows, strict=True):
        fails = {rule for _, rule in rules(row)}
        if total is None:
            assert ("required" in fails) is (good is None or scrap is None)
        elif good is None and scrap is None:
            assert "required" in fails
        else:
            parts = [Decimal(str(part)) for part in (good, scrap, rework) if part is not None]
            known, whole = sum(parts, Decimal(0)), Decimal(str(total))
            both = good is not None and scrap is not None
            is_sound = known == whole if both else known <= whole
            assert (not fails) is is_sound
            if is_sound:
                assert row["good_qty"] + row["scrap_qty"] + row["rework_qty"] == whole
