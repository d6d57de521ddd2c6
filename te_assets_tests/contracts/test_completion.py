"""Ends from durations, quantities from totals, ids from fields: what a contract computes; typed by the real engine."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from te_assets.contracts.model import Contract
from te_assets_tests.contracts.conftest import Row, Typist, confirmation, rules, stop, utc

pytestmark = pytest.mark.stack

LAYOUTS = Path(__file__).parent / "layouts"


@pytest.fixture(scope="module")
def by_duration() -> Contract:
    return Contract.load(LAYOUTS / "stops_by_duration.yaml")


@pytest.fixture(scope="module")
def by_end() -> Contract:
    return Contract.load(LAYOUTS / "stops_by_end.yaml")


@pytest.fixture(scope="module")
def totals() -> Contract:
    return Contract.load(LAYOUTS / "totals.yaml")


def down(**values: Any) -> dict[str, Any]:
    """A row of stops_by_duration; the stop begins on 2026-03-06 at 18:00 in Berlin."""
    row = {"_row": 2, "work_center": "PRS01", "started_at": "06.03.2026 18:00", "reason_code": "110"}
    return {name: value for name, value in (row | values).items() if value is not None}


def counted(**values: Any) -> dict[str, Any]:
    """A row of totals."""
    row = {"_row": 2, "work_center": "PRS01", "order_id": "4711", "finished_at": "2026-03-06T14:00:00"}
    return {name: value for name, value in (row | values).items() if value is not None}


def quantities(row: Row) -> tuple[Decimal, Decimal, Decimal]:
    return row["good_qty"], row["scrap_qty"], row["rework_qty"]


def test_an_end_is_the_start_and_the_duration_in_every_form(typist: Typist, by_duration: Contract) -> None:
    """The machine log knows minutes, Excel times of day and elapsed hours, people type what they like."""
    ends: list[tuple[object, str]] = [
        (90, "18:30:00"),
        ("90", "18:30:00"),
        ("1,5", "17:01:30"),
        ("1.440", "17:00:00+1"),
        (0.5, "17:00:30"),
        ("01:30:00", "18:30:00"),
        ("1:30", "18:30:00"),
        ("26:30", "19:30:00+1"),
        ("30:15:00", "23:15:00+1"),
        ("100:00:00", "21:00:00+4"),
        ("0:00:01,25", "17:00:01.250"),
        (0, "17:00:00"),
    ]
    rows = typist(by_duration, [down(duration=duration) for duration, _ in ends])

    for row, (duration, end) in zip(rows, ends, strict=True):
        clock, _, days = end.partition("+")
        assert row["faults"] == [], duration
        assert row["started_at"] == utc("2026-03-06T17:00"), duration
        assert row["ended_at"] == utc(f"2026-03-{6 + int(days or 0):02}T{clock}"), duration
        seconds = (row["ended_at"] - row["started_at"]).total_seconds()
        assert row["exported_duration_seconds"] == Decimal(str(seconds)), duration


@pytest.mark.parametrize(("unit", "end"), [("ms", "17:00:00.090"), ("s", "17:01:30"), ("h", "11:00:00+4")])
def test_a_number_counts_in_the_unit_of_its_column(typist: Typist, by_duration: Contract, unit: str, end: str) -> None:
    column = by_duration.columns["duration"].model_copy(update={"unit": unit})
    contract = by_duration.model_copy(update={"columns": dict(by_duration.columns) | {"duration": column}})
    (row,) = typist(contract, [down(duration=90)])

    clock, _, days = end.partition("+")
    assert row["ended_at"] == utc(f"2026-03-{6 + int(days or 0):02}T{clock}")


def test_several_durations_add_up_and_a_further_one_may_be_empty(typist: Typist, by_duration: Contract) -> None:
    both, first, second = typist(by_duration, [down(duration=30, waited=0.5), down(duration=30), down(waited=1)])

    assert (both["ended_at"], first["ended_at"]) == (utc("2026-03-06T18:00"), utc("2026-03-06T17:30"))
    assert (second["ended_at"], second["faults"]) == (None, [])  # how long the stop itself lasted is not known


def test_a_given_end_wins_over_the_duration_and_an_open_stop_stays_open(typist: Typist, by_duration: Contract) -> None:
    given, opened = typist(by_duration, [down(ended_at="06.03.2026 18:45", duration=30), down()])

    assert (given["ended_at"], given["exported_duration_seconds"]) == (utc("2026-03-06T17:45"), Decimal(1800))
    assert (opened["ended_at"], opened["faults"]) == (None, [])


def test_a_duration_that_gives_no_end_rejects_the_row(typist: Typist, by_duration: Contract) -> None:
    cases: list[tuple[object, tuple[str, str]]] = [
        (-5, ("duration", "derived_negative")),
        ("5-", ("duration", "derived_negative")),
        ("zwei", ("duration", "not_a_number")),
        ("1:30 PM", ("duration", "not_a_number")),
        ("1:75", ("duration", "not_a_number")),
        ("#REF!", ("duration", "not_a_number")),
        (1e11, ("started_at", "day_out_of_range")),
        (1e300, ("duration", "not_a_number")),
    ]
    rows = typist(by_duration, [down(duration=duration) for duration, _ in cases])

    assert [(given, rules(row)) for row, (given, _) in zip(rows, cases, strict=True)] == [
        (duration, [fault]) for duration, fault in cases
    ]


def test_a_negative_duration_is_told_with_its_value(typist: Typist, by_duration: Contract) -> None:
    (row,) = typist(by_duration, [down(duration="5-")])

    assert row["faults"][0]["message"] == "5- is negative, so ended_at cannot be computed from started_at"


def test_a_text_duration_that_may_be_a_thousand_times_as_much_is_refused(typist: Typist, log: Contract) -> None:
    (row,) = typist(log, [stop(duration="1.234")])

    assert rules(row) == [("duration", "ambiguous_number")]


def test_a_stop_over_the_change_of_the_clock_lasts_as_long_as_it_says(typist: Typist, by_duration: Contract) -> None:
    """On 2026-10-25 the clock in Berlin is set back: three hours after 01:00 it shows 03:00."""
    (row,) = typist(by_duration, [down(started_at="25.10.2026 01:00", duration=180)])

    assert (row["started_at"], row["ended_at"]) == (utc("2026-10-24T23:00"), utc("2026-10-25T02:00"))


def test_a_start_is_the_end_without_the_duration(typist: Typist, by_end: Contract) -> None:
    cleared = {"_row": 2, "work_center": "PRS01", "interaction_id": "T1", "end_date": "2026-03-06"}
    plain, over_24, lacking, opened = typist(
        by_end,
        [
            cleared | {"end_time": "18:00:00", "duration": 90.5},
            cleared | {"end_time": "25:30:00", "duration": "2:00"},
            cleared | {"end_time": "18:00:00"},
            {name: value for name, value in cleared.items() if name != "end_date"} | {"duration": 60},
        ],
    )

    assert (plain["started_at"], plain["ended_at"]) == (utc("2026-03-06T16:58:29.500"), utc("2026-03-06T17:00"))
    assert (over_24["started_at"], over_24["ended_at"]) == (utc("2026-03-06T22:30"), utc("2026-03-07T00:30"))
    assert rules(over_24, "notes") == [("ended_at", "time_over_24")]
    assert rules(lacking) == [("started_at", "required"), ("duration", "required")]
    assert rules(opened) == [("started_at", "required")]


def test_an_execution_begins_its_duration_before_its_end(typist: Typist, totals: Contract) -> None:
    ran, unknown = typist(totals, [counted(duration=90, total_qty=1, good_qty=1), counted(total_qty=1, good_qty=1)])

    assert (ran["started_at"], ran["finished_at"]) == (utc("2026-03-06T11:30"), utc("2026-03-06T13:00"))
    assert (unknown["started_at"], unknown["faults"]) == (None, [])


def test_scrap_or_yield_is_what_the_total_leaves(typist: Typist, totals: Contract) -> None:
    cases: list[tuple[dict[str, Any], str, str]] = [
        ({"total_qty": 100, "good_qty": 90}, "90", "10"),
        ({"total_qty": 100, "good_qty": 90, "rework_qty": 4}, "90", "6"),
        ({"total_qty": 100, "scrap_qty": 8}, "92", "8"),
        ({"total_qty": 100, "scrap_qty": 8, "rework_qty": 2}, "90", "8"),
        ({"total_qty": "1.000,5", "good_qty": "999,625"}, "999.625", "0.875"),
        ({"total_qty": 0.3, "good_qty": 0.1}, "0.1", "0.2"),
        ({"total_qty": 100, "good_qty": 0}, "0", "100"),
        ({"total_qty": 100, "good_qty": 90, "scrap_qty": 10}, "90", "10"),
        ({"good_qty": 90, "scrap_qty": 10}, "90", "10"),
        ({"total_qty": "100-", "good_qty": "90-"}, "-90", "-10"),
    ]
    rows = typist(totals, [counted(**given) for given, *_ in cases])

    for row, (given, good, scrap) in zip(rows, cases, strict=True):
        assert row["faults"] == [], given
        assert quantities(row)[:2] == (Decimal(good), Decimal(scrap)), given


def test_a_quantity_that_cannot_be_computed_rejects_the_row_and_names_the_cell(
    typist: Typist, totals: Contract
) -> None:
    """An empty total was once read as 0, and the shift had minus ninety pieces of scrap."""
    cases: list[tuple[dict[str, Any], list[tuple[str, str]], str]] = [
        (
            {"good_qty": 90},
            [("total_qty", "required")],
            "total_qty is empty, so scrap_qty cannot be computed",
        ),
        (
            {"total_qty": 100},
            [("good_qty", "required"), ("scrap_qty", "required")],
            "good_qty is empty, so scrap_qty cannot be computed",
        ),
        (
            {"total_qty": 100, "good_qty": 90, "rework_qty": 15},
            [("total_qty", "derived_negative")],
            "scrap_qty = total_qty − good_qty − rework_qty would be -5",
        ),
        (
            {"total_qty": 100, "good_qty": 90, "scrap_qty": 5},
            [("scrap_qty", "derived_conflict")],
            "scrap_qty is not total_qty − good_qty − rework_qty: 5 and 10",
        ),
        ({"total_qty": "viele", "good_qty": 90}, [("total_qty", "not_a_number")], "'viele' is no number"),
        ({"total_qty": 1.2345, "good_qty": 1}, [("total_qty", "precision")], "1.2345 has more than 3 decimals"),
    ]
    rows = typist(totals, [counted(**given) for given, *_ in cases])

    for row, (given, faults, message) in zip(rows, cases, strict=True):
        assert rules(row) == faults, given
        assert row["faults"][0]["message"] == message


def test_a_contradiction_may_be_a_note_or_nothing(typist: Typist, totals: Contract) -> None:
    given = counted(total_qty=100, good_qty=90, scrap_qty=5)
    for effect, noted in (("note", [("scrap_qty", "derived_conflict")]), ("ignore", [])):
        derive = {n: d.model_copy(update={"on_conflict": effect}) for n, d in totals.derive.items()}
        (row,) = typist(totals.model_copy(update={"derive": derive}), [given])

        assert (row["faults"], rules(row, "notes")) == ([], noted)
        assert quantities(row) == (Decimal(90), Decimal(5), Decimal(0))


def test_an_id_is_made_of_fields_in_their_canonical_form(typist: Typist, by_duration: Contract) -> None:
    """The same stop is told as PRS01 by one export and as Presse 1 by the next: it must stay one stop."""
    named, aliased, iso, other = typist(
        by_duration,
        [
            down(duration=5, reason_code="1/2"),
            down(duration=6, work_center="Presse 1", reason_code="1/2"),
            down(duration=5, started_at="2026-03-06T18:00:00", reason_code="1/2"),
            down(duration=5, reason_code=None),
        ],
    )

    assert named["interaction_id"] == "PRS01/2026-03-06T17:00:00.000/1//2"
    assert named["business_key"] == "stops_by_duration|1000|PRS01|PRS01/2026-03-06T17:00:00.000/1//2"
    assert (aliased["business_key"], iso["business_key"]) == (named["business_key"], named["business_key"])
    assert (other["interaction_id"], other["faults"]) == ("PRS01/2026-03-06T17:00:00.000/", [])


def test_a_confirmation_is_made_of_machine_order_and_end_and_its_counter_is_constant(
    typist: Typist, totals: Contract
) -> None:
    sound, endless = typist(
        totals, [counted(total_qty=1, good_qty=1), counted(total_qty=1, good_qty=1, finished_at=None)]
    )

    assert (sound["confirmation"], sound["counter"]) == ("PRS01/004711/2026-03-06T13:00:00.000", "1")
    assert (sound["plant"], sound["operation"], sound["unit"]) == ("1000", "0010", "PC")
    assert ("finished_at", "required") in rules(endless)


def test_times_past_midnight_count_from_the_day_that_is_written(typist: Typist, log: Contract, sap: Contract) -> None:
    """The night shift writes 25:30 under the day on which it began."""
    none = {"started_at": None, "ended_at": None, "start_date": "2026-03-06"}
    spans = [("25:30:00", "26:15:00"), ("24:00:00", "24:10:00"), ("23:50:00", "24:00:00"), ("25:30:00", "02:15:00")]
    wanted = [
        ("2026-03-07T00:30", "2026-03-07T01:15"),
        ("2026-03-06T23:00", "2026-03-06T23:10"),
        ("2026-03-06T22:50", "2026-03-06T23:00"),
        ("2026-03-07T00:30", "2026-03-07T01:15"),
    ]
    for end_date in ("2026-03-06", None):
        days = none | ({"end_date": end_date} if end_date else {})
        stops = typist(log, [stop(**days, start_time=start, end_time=end) for start, end in spans])
        dates = {"start_date": "2026-03-06", "finish_date": end_date}
        runs = typist(sap, [confirmation(**dates, start_time=start, finish_time=end) for start, end in spans])

        assert [row["faults"] for row in (*stops, *runs)] == [[]] * 8
        assert [(row["started_at"], row["ended_at"]) for row in stops] == [(utc(a), utc(b)) for a, b in wanted]
        assert [(row["started_at"], row["finished_at"]) for row in runs] == [(utc(a), utc(b)) for a, b in wanted]
        assert rules(stops[0], "notes") == [("started_at", "time_over_24"), ("ended_at", "time_over_24")]
        assert rules(stops[3], "notes") == [("started_at", "time_over_24"), ("ended_at", "next_day")]


def test_times_of_two_days_later_are_refused(typist: Typist, log: Contract) -> None:
    clocks = ["48:00:00", "24:60", "-1:00", "99:00"]
    dates = {"started_at": None, "ended_at": None, "start_date": "2026-03-06", "end_date": "2026-03-06"}
    starts = [stop(**dates, start_time=clock, end_time="18:00:00") for clock in clocks]
    ends = [stop(**dates, start_time="06:00:00", end_time=clock) for clock in clocks]
    rows = typist(log, [*starts, *ends])

    assert [("start_time", "not_a_time") in rules(row) for row in rows[: len(clocks)]] == [True] * len(clocks)
    assert [rules(row) for row in rows[len(clocks) :]] == [[("end_time", "not_a_time")]] * len(clocks)


def test_durations_are_read_as_the_locale_writes_them(typist: Typist, by_duration: Contract) -> None:
    cases: list[tuple[object, str]] = [
        ("1.440,5", "86430"),
        ("1,5", "90"),
        ('="90"', "5400"),
        ("\u00a07,25 ", "435"),
        (",5", "30"),
        (1.234, "74.04"),
    ]
    rows = typist(by_duration, [down(duration=duration) for duration, _ in cases])

    assert [(row["exported_duration_seconds"], row["faults"]) for row in rows] == [
        (Decimal(seconds), []) for _, seconds in cases
    ]


def test_durations_of_another_locale_are_refused(typist: Typist, by_duration: Contract) -> None:
    """1.5 min in a German sheet is a date, a typing error or one and a half: nobody knows."""
    durations = ["1,234.5", "1.5", "1.44.0", "1 440"]
    rows = typist(by_duration, [down(duration=duration) for duration in durations])

    assert [rules(row) for row in rows] == [[("duration", "not_a_number")]] * len(durations)


def test_digits_that_a_formula_keeps_as_text_are_an_id_with_its_zeros(
    typist: Typist, by_duration: Contract, totals: Contract
) -> None:
    (stopped,) = typist(by_duration, [down(duration=1, reason_code='="0110"')])
    (made,) = typist(totals, [counted(order_id='="000100"', total_qty='="100"', good_qty='="97,5"')])

    assert (stopped["reason_code"], stopped["interaction_id"]) == ("000110", "PRS01/2026-03-06T17:00:00.000/000110")
    assert (made["order_id"], *quantities(made)[:2]) == ("000100", Decimal("97.5"), Decimal("2.5"))
