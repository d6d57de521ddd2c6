"""Dates, times and what clocks do to them; typed by the real engine."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.contracts.model import Contract
from te_assets_tests.contracts.conftest import PLACES, Typist, confirmation, rules, stop, utc

pytestmark = pytest.mark.stack


def test_stamps_are_read_in_every_form_that_is_certain(typist: Typist, log: Contract) -> None:
    stamps = [
        ("2026-03-06T18:00:00", "2026-03-06T17:00"),
        ("2026-03-06 18:00:00", "2026-03-06T17:00"),
        ("2026-03-06T18:00", "2026-03-06T17:00"),
        ("2026-03-06T18:00:00.125", "2026-03-06T17:00:00.125"),
        ("2026-03-06", "2026-03-05T23:00"),
        ("06.03.2026 18:00", "2026-03-06T17:00"),
        ("6.3.2026 8:05:09", "2026-03-06T07:05:09"),
        ("2026/03/06 18:00:00", "2026-03-06T17:00"),
        ("06.03.2026 6:15 PM", "2026-03-06T17:15"),
        ("06.03.2026 12:15 a.m.", "2026-03-05T23:15"),
        ("2026-03-06T18:00:00Z", "2026-03-06T18:00"),
        ("2026-03-06T18:00:00.250z", "2026-03-06T18:00:00.250"),
        ("2026-03-06T18:00:00+05:30", "2026-03-06T12:30"),
        ("2026-03-06T18:00-0800", "2026-03-07T02:00"),
        ("2026-03-06T24:00:00", "2026-03-06T23:00"),
        ("\u00a02026-03-06T18:00:00 ", "2026-03-06T17:00"),
    ]
    rows = typist(log, [stop(started_at=text, ended_at=None) for text, _ in stamps])

    assert [(text, row["faults"], row["started_at"]) for row, (text, _) in zip(rows, stamps, strict=True)] == [
        (text, [], utc(instant)) for text, instant in stamps
    ]


def test_stamps_of_other_orders_are_refused(typist: Typist, log: Contract) -> None:
    texts = [
        "03/06/2026 18:00",
        "2026-3-6T18:00:00",
        "18:00",
        "2026-03-06T1a:00:00",
        "20260306",
        "2026-03-06T18:00:00+0",
        "1772820000",
    ]
    rows = typist(log, [stop(started_at=text, ended_at=None) for text in texts])

    assert [(text, rules(row)) for text, row in zip(texts, rows, strict=True)] == [
        (text, [("started_at", "not_a_date_time")]) for text in texts
    ]


def test_times_of_day_are_read_and_may_pass_midnight(typist: Typist, sap: Contract) -> None:
    times = [
        ("14:00:00", "2026-03-06T13:00"),
        ("14:00", "2026-03-06T13:00"),
        ("140000", "2026-03-06T13:00"),
        ("1899-12-31T14:00:00", "2026-03-06T13:00"),
        ("30:15:00", "2026-03-07T05:15"),
        ("24:00:00", "2026-03-06T23:00"),
        ("2:00:00 PM", "2026-03-06T13:00"),
    ]
    rows = typist(sap, [confirmation(finish_time=cell) for cell, _ in times])

    for row, (cell, finished) in zip(rows, times, strict=True):
        assert (row["faults"], row["finished_at"]) == ([], utc(finished)), cell
        past = cell in ("30:15:00", "24:00:00")
        assert rules(row, "notes") == ([("finished_at", "time_over_24")] if past else []), cell


def test_an_end_before_its_start_on_the_same_date_is_of_the_next_day(typist: Typist, sap: Contract) -> None:
    same, missing, day_before = typist(
        sap,
        [
            confirmation(start_time="22:00:00", finish_time="06:00:00"),
            confirmation(start_time="22:00:00", finish_time="06:00:00", finish_date=None),
            confirmation(start_time="22:00:00", finish_time="06:00:00", finish_date="2026-03-05T00:00:00"),
        ],
    )

    for row in (same, missing):
        assert (row["faults"], row["finished_at"]) == ([], utc("2026-03-07T05:00"))
        assert rules(row, "notes") == [("finished_at", "next_day")]
        assert row["production_day"] == date(2026, 3, 6)
    assert rules(day_before) == [("finish_time", "end_before_start")]


def test_an_end_before_its_start_in_a_stamp_is_a_fault(typist: Typist, log: Contract) -> None:
    """Only a time without its own date leaves the day open."""
    (row,) = typist(log, [stop(started_at="2026-03-06T22:00:00", ended_at="2026-03-06T06:00:00")])

    assert rules(row) == [("ended_at", "end_before_start")]


def test_an_end_that_counts_past_midnight_may_not_lie_beyond_the_limit(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(start_time="06:00:00", finish_time="31:00:00")])

    assert rules(row) == [("finished_at", "longer_than_limit")]


def test_a_direct_stamp_wins_over_the_combination(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(finished_at="2026-03-06T12:00:00Z", finish_time="14:30:00")])

    assert (row["finished_at"], row["faults"]) == (utc("2026-03-06T12:00"), [])


def test_a_date_without_time_is_that_production_day(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(finish_time=None, start_time=None)])

    assert (row["faults"], row["finished_at"], row["started_at"]) == ([], None, None)
    assert (row["production_day"], row["production_days"]) == (date(2026, 3, 6), [date(2026, 3, 6)])


def test_without_an_end_the_day_is_that_of_the_entry_and_then_of_the_posting(typist: Typist, sap: Contract) -> None:
    nothing = dict.fromkeys(["start_date", "start_time", "finish_date", "finish_time"])
    entered, posted, zeros = typist(
        sap,
        [
            confirmation(**nothing, entry_date="2026-03-08T00:00:00", entry_time="05:59:59"),
            confirmation(**nothing),
            confirmation(**(nothing | {"finish_date": "00000000", "start_date": "0000-00-00"})),
        ],
    )

    assert (entered["production_day"], entered["entered_at"]) == (date(2026, 3, 7), utc("2026-03-08T04:59:59"))
    assert (posted["production_day"], posted["faults"]) == (date(2026, 3, 6), [])
    assert (zeros["production_day"], zeros["faults"]) == (date(2026, 3, 6), [])


def test_an_end_on_the_boundary_closes_its_production_day(typist: Typist, sap: Contract) -> None:
    rows = typist(
        sap,
        [
            confirmation(finish_date="2026-03-07T00:00:00", finish_time=end, start_time="23:00:00")
            for end in ("06:00:00", "06:00:01", "05:59:59")
        ],
    )
    on_it, after, before = [row["production_day"] for row in rows]

    assert (on_it, after, before) == (date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 6))


def test_a_start_on_the_boundary_opens_its_production_day(typist: Typist, log: Contract) -> None:
    on, before = typist(
        log,
        [
            stop(started_at="2026-03-06T06:00:00"),
            stop(started_at="2026-03-06T05:59:59", ended_at="2026-03-06T06:00:00"),
        ],
    )

    assert on["production_day"] == date(2026, 3, 6)
    assert (before["production_day"], before["production_days"]) == (date(2026, 3, 5), [date(2026, 3, 5)])


def test_a_stop_from_friday_to_monday_reaches_four_days(typist: Typist, log: Contract) -> None:
    (row,) = typist(log, [stop(started_at="2026-03-06T22:00:00", ended_at="2026-03-09T06:00:01")])

    assert row["production_days"] == [date(2026, 3, day) for day in (6, 7, 8, 9)]


def test_an_open_stop_reaches_its_first_day_alone_and_a_zero_length_one_too(typist: Typist, log: Contract) -> None:
    opened, empty = typist(
        log, [stop(ended_at=None), stop(started_at="2026-03-06T06:00:00", ended_at="2026-03-06T06:00:00")]
    )

    assert (opened["production_days"], opened["ended_at"]) == ([date(2026, 3, 6)], None)
    assert (empty["production_days"], empty["faults"]) == ([date(2026, 3, 6)], [])


def test_an_execution_reaches_every_day_from_its_start_to_its_end(typist: Typist, sap: Contract) -> None:
    (row,) = typist(sap, [confirmation(start_date="2026-03-04T00:00:00", start_time="05:00:00")])

    assert row["production_day"] == date(2026, 3, 6)
    assert row["production_days"] == [date(2026, 3, day) for day in (3, 4, 5, 6)]


def test_an_ambiguous_stamp_is_the_first_of_the_two(typist: Typist, log: Contract) -> None:
    """On 2026-10-25 the hour from 02:00 to 03:00 happens twice in Berlin."""
    (row,) = typist(log, [stop(started_at="2026-10-25T02:30:00", ended_at="2026-10-25T04:00:00")])

    assert (row["started_at"], row["ended_at"]) == (utc("2026-10-25T00:30"), utc("2026-10-25T03:00"))
    assert rules(row, "notes") == [("started_at", "dst_ambiguous")]


def test_an_ambiguous_end_is_the_second_where_only_that_keeps_it_after_the_start(typist: Typist, log: Contract) -> None:
    (row,) = typist(log, [stop(started_at="2026-10-25T02:50:00", ended_at="2026-10-25T02:10:00")])

    assert (row["started_at"], row["ended_at"]) == (utc("2026-10-25T00:50"), utc("2026-10-25T01:10"))
    assert row["faults"] == []
    assert rules(row, "notes") == [("started_at", "dst_ambiguous"), ("ended_at", "dst_ambiguous")]


def test_an_ambiguous_combined_end_is_not_rolled_to_the_next_day(typist: Typist, sap: Contract) -> None:
    night = {"start_date": "2026-10-25T00:00:00", "finish_date": "2026-10-25T00:00:00"}
    (row,) = typist(sap, [confirmation(**night, start_time="02:50:00", finish_time="02:10:00")])

    assert (row["finished_at"], row["faults"]) == (utc("2026-10-25T01:10"), [])


def test_an_impossible_stamp_moves_forward(typist: Typist, log: Contract) -> None:
    """On 2026-03-29 the clock jumps from 02:00 to 03:00 in Berlin."""
    (row,) = typist(log, [stop(started_at="2026-03-29T02:30:00", ended_at="2026-03-29T03:45:00")])

    assert (row["started_at"], row["ended_at"]) == (utc("2026-03-29T01:30"), utc("2026-03-29T01:45"))
    assert rules(row, "notes") == [("started_at", "dst_impossible")]


def test_an_end_at_23_59_is_midnight_where_the_duration_says_so(typist: Typist, log: Contract) -> None:
    evening = {"started_at": "2026-03-06T23:00:00", "ended_at": "2026-03-06T23:59:00"}
    midnight, minute_before, morning = typist(
        log,
        [
            stop(**evening, duration=60),
            stop(**evening, duration=59),
            stop(started_at="2026-03-06T23:59:00", ended_at="2026-03-07T01:00:00", duration=60),
        ],
    )

    assert midnight["ended_at"] == utc("2026-03-06T23:00")
    assert rules(midnight, "notes") == [("ended_at", "minute_before_midnight")]
    assert (minute_before["ended_at"], minute_before["notes"]) == (utc("2026-03-06T22:59"), [])
    assert morning["started_at"] == utc("2026-03-06T23:00")
    assert rules(morning, "notes") == [("started_at", "minute_before_midnight")]


def test_durations_become_seconds(typist: Typist, log: Contract) -> None:
    durations: list[tuple[object, int]] = [(30, 1800), ("12.3333333333", 740), ("00:20:00", 1200), (0, 0)]
    rows = typist(log, [stop(duration=cell) for cell, _ in durations])

    assert [(row["exported_duration_seconds"], row["faults"]) for row in rows] == [
        (seconds, []) for _, seconds in durations
    ]


def test_a_contract_s_own_zone_counts_for_stamps_and_the_plant_s_for_days(typist: Typist, log: Contract) -> None:
    utc_log = log.model_copy(update={"timezone": "UTC"})

    (row,) = typist(utc_log, [stop(started_at="2026-03-06T05:30:00", ended_at=None)])

    assert (row["started_at"], row["production_day"]) == (utc("2026-03-06T05:30"), date(2026, 3, 6))


def local(wall: datetime, zone: str, *, second: bool = False) -> datetime:
    """UTC of a wall time by Python's zone database; one that does not exist moves forward by the gap."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=int(second)).astimezone(UTC)


WALLS = st.one_of(
    st.datetimes(datetime(2026, 1, 2), datetime(2026, 12, 30)),
    *(
        st.datetimes(night, night + timedelta(hours=5))
        for night in (
            datetime(2026, 3, 28, 23),
            datetime(2026, 10, 24, 23),
            datetime(2026, 3, 8),
            datetime(2026, 11, 1),
        )
    ),
).map(lambda wall: wall.replace(microsecond=wall.microsecond // 1000 * 1000))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stops=st.lists(st.tuples(st.sampled_from(sorted(PLACES.zones)), WALLS, WALLS), min_size=10, max_size=60))
def test_wall_times_become_the_instants_of_python_s_zone_database(
    typist: Typist, log: Contract, stops: list[tuple[str, datetime, datetime]]
) -> None:
    payloads: list[dict[str, Any]] = [
        stop(
            plant=plant,
            started_at=start.isoformat(timespec="milliseconds"),
            ended_at=end.isoformat(timespec="milliseconds"),
        )
        for plant, start, end in stops
    ]

    rows = typist(log, payloads)

    for row, (plant, start, end) in zip(rows, stops, strict=True):
        zone = PLACES.zones[plant]
        begun, ended = local(start, zone), local(end, zone)
        if ended < begun <= local(end, zone, second=True):
            ended = local(end, zone, second=True)
        day_start = timedelta(minutes=PLACES.day_start_minutes[plant])
        day = (begun.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - day_start).date()
        assert (row["started_at"], row["ended_at"], row["production_day"]) == (begun, ended, day)
        if begun <= ended:
            last = (ended - timedelta(milliseconds=1)).astimezone(ZoneInfo(zone)).replace(tzinfo=None) - day_start
            assert (row["production_days"][0], row["production_days"][-1]) == (day, max(day, last.date()))
            assert row["faults"] == []
        else:
            assert ("ended_at", "end_before_start") in rules(row)
