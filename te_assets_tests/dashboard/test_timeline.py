"""States over time: spans as a plain merge in Python makes them, totals as the states themselves add up."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from te_assets.dashboard.views.timeline import MOST_SPANS, WORST_FIRST, finest, pixels_of
from te_assets_tests.dashboard.marts import REFRESHED, apply_plants, insert
from te_assets_tests.lake.marts_workbench import utc

if TYPE_CHECKING:
    from te_assets_tests.conftest import Stack
    from te_assets_tests.dashboard.serving import Dashboard

MACHINES = ("M1", "M2", "M3", "M4")
DAY_BEGINS = utc("2026-03-02 05:00")  # 06:00 in Berlin
MILLISECOND = timedelta(milliseconds=1)
ONE_DAY = {"from": "2026-03-02", "to": "2026-03-02"}


@given(milliseconds=st.integers(0, 3_660 * 86_400_000), width=st.integers(50, 4_000), machines=st.integers(0, 1_000))
def test_two_spans_in_each_pixel_of_each_machine_are_never_too_many(
    milliseconds: int, width: int, machines: int
) -> None:
    pixels = pixels_of(milliseconds, width, machines)

    assert pixels[0] == max(1, -(-milliseconds // width))
    assert 2 * machines * -(-milliseconds // pixels[-1]) <= MOST_SPANS
    assert all(shorter < longer <= 2 * shorter for shorter, longer in itertools.pairwise(pixels))


def test_the_finest_pixel_with_which_there_are_not_too_many_spans_is_taken() -> None:
    assert finest([10, 20, 40], [9_000, 4_000, 2_000]) == 10
    assert finest([10, 20, 40], [90_000, 10_000, 2_000]) == 20
    assert finest([10, 20, 40], [90_000, 30_000, 10_001]) == 40, "the last one cannot be too many"


def random_states(chance: random.Random, work_center: str, shape: str) -> list[dict[str, Any]]:
    """A production day without gaps: what takes long, what is short, or both in turn, with pieces of a millisecond."""
    lengths: Mapping[str, tuple[int, ...]] = {
        "short": (1, 5_000),
        "long": (600_000, 9_000_000),
        "both": (1, 700, 90_000, 4_000_000),
    }
    rows: list[dict[str, Any]] = []
    at, until = DAY_BEGINS, DAY_BEGINS + timedelta(days=1)
    most = 20_000 if shape == "short" else 1_000_000
    while at < until:
        choice = chance.choice(lengths[shape])
        length = chance.randint(max(1, choice // 2), max(1, min(choice * 2, most * 60)))
        end = min(until, at + length * MILLISECOND)
        name = chance.choice(WORST_FIRST)
        stop = name in WORST_FIRST[:7]
        rows.append(
            {
                "plant": "1000",
                "work_center": work_center,
                "production_day": date(2026, 3, 2),
                "shift": chance.choice(("early", "late", None)),
                "started_at": at,
                "ended_at": end,
                "state": name,
                "reason_code": chance.choice(("T", "O", "(break)", "new")) if stop else "",
                "interaction_id": f"I{len(rows)}" if stop else "",
                **REFRESHED,
            }
        )
        at = end
    return rows


def millis(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def merged(rows: Sequence[Mapping[str, Any]], machine: int, starts: int, pixel: int) -> list[dict[str, Any]]:
    """What the view is to show of a machine, by the plainest way."""
    groups: list[tuple[int | None, list[Mapping[str, Any]]]] = []
    for row in rows:
        begin, end = millis(row["started_at"]), millis(row["ended_at"])
        bucket = None if end - begin >= pixel else (begin - starts) // pixel
        if bucket is not None and groups and groups[-1][0] == bucket:
            groups[-1][1].append(row)
        else:
            groups.append((bucket, [row]))
    spans = []
    for _, group in groups:
        worst = min(group, key=lambda row: (WORST_FIRST.index(row["state"]), row["started_at"]))
        spans.append(
            {
                "machine": machine,
                "start": millis(group[0]["started_at"]),
                "end": millis(group[-1]["ended_at"]),
                "state": worst["state"],
                "reason_code": worst["reason_code"],
                "interaction_id": worst["interaction_id"] if len(group) == 1 else "",
                "merged": len(group),
            }
        )
    return spans


@pytest.mark.stack
def test_spans_are_those_of_a_plain_merge_and_totals_those_of_the_states(stack: Stack, dashboard: Dashboard) -> None:
    apply_plants(stack.clickhouse, {"1000": "Europe/Berlin"}, MACHINES, calendar="shifts")
    chance = random.Random(20260302)
    shapes = dict(zip(MACHINES, ("short", "long", "both", "both"), strict=True))
    states = {name: random_states(chance, name, shape) for name, shape in shapes.items()}
    insert(stack.clickhouse, "te_marts.states", [row for rows in states.values() for row in rows])
    assert sum(map(len, states.values())) > MOST_SPANS
    starts = millis(DAY_BEGINS)

    for more in ({"width": 50}, {"width": 777}, {"width": 4_000}, {"work_center": "M3", "width": 4_000}):
        answer = dashboard.answer("timeline", {**ONE_DAY, **more})

        shown = [each["work_center"] for each in answer["machines"]]
        assert (answer["start"], answer["end"]) == (starts, starts + 86_400_000)
        pixels = pixels_of(86_400_000, int(str(more["width"])), len(shown))
        sizes = [sum(len(merged(states[name], 0, starts, pixel)) for name in shown) for pixel in pixels]
        assert answer["pixel"] == finest(pixels, sizes)
        expected = [
            span for number, name in enumerate(shown) for span in merged(states[name], number, starts, answer["pixel"])
        ]
        assert answer["spans"] == expected
        assert len(answer["spans"]) <= MOST_SPANS
        for before, after in zip(answer["spans"], answer["spans"][1:], strict=False):
            assert before["machine"] != after["machine"] or before["end"] == after["start"]
        for machine in answer["machines"]:
            mine = states[machine["work_center"]]
            assert machine["seconds"] == {
                name: pytest.approx(
                    sum(millis(row["ended_at"]) - millis(row["started_at"]) for row in mine if row["state"] == name)
                    / 1000
                )
                for name in {row["state"] for row in mine}
            }
            assert sum(machine["seconds"].values()) == pytest.approx(86_400)
        assert sum(row["share"] for row in answer["rows"]) == pytest.approx(len(shown))
        assert [note["code"] for note in answer["about"]["notes"]] == ["merged_spans"]

    technical = dashboard.answer("timeline", {**ONE_DAY, "reason_class": "technical", "shift": "early"})
    assert {span["state"] for span in technical["spans"]} == {"technical"}
    assert sum(span["merged"] for span in technical["spans"]) == sum(
        (row["state"], row["shift"]) == ("technical", "early") for rows in states.values() for row in rows
    )


@pytest.mark.stack
def test_a_timeline_shows_shifts_and_texts_of_reasons_and_every_machine_that_was_asked_for(
    stack: Stack, dashboard: Dashboard
) -> None:
    apply_plants(
        stack.clickhouse, {"1000": "Europe/Berlin", "2000": "America/Chicago"}, ["M1", "M2"], calendar="shifts"
    )
    later = DAY_BEGINS + timedelta(hours=24)
    common = {"plant": "1000", "production_day": date(2026, 3, 2), "shift": "early", **REFRESHED}
    insert(
        stack.clickhouse,
        "te_marts.states",
        [
            {
                **common,
                "work_center": name,
                "started_at": DAY_BEGINS,
                "ended_at": later,
                "state": "technical",
                "reason_code": code,
                "interaction_id": "I1",
            }
            for name, code in (("M1", "logged"), ("M2", "nobody's"), ("OLD", "(break)"))
        ],
    )
    insert(
        stack.clickhouse,
        "te_marts.stops",
        [
            {
                **common,
                "work_center": "M1",
                "interaction_id": "I1",
                "reason_class": "unclassified",
                "reason_code": "logged",
                "reason_text": "siehe Schichtbuch",
                "started_at": DAY_BEGINS,
                "ended_at": later,
                "attributed_seconds": 1,
            }
        ],
    )

    answer = dashboard.answer("timeline", ONE_DAY, language="fr")

    assert [(each["plant"], each["work_center"], each["time_zone"]) for each in answer["machines"]] == [
        ("1000", "M1", "Europe/Berlin"),
        ("1000", "M2", "Europe/Berlin"),
        ("2000", "M1", "America/Chicago"),
        ("2000", "M2", "America/Chicago"),
        ("1000", "OLD", "Europe/Berlin"),
    ]
    assert [span["machine"] for span in answer["spans"]] == [0, 1, 4]
    assert {(span["merged"], span["interaction_id"]) for span in answer["spans"]} == {(1, "I1")}
    assert answer["reasons"] == {
        "(break)": "Pause planifiée",
        "logged": "siehe Schichtbuch",
        "nobody's": "nobody's",
    }
    # Chicago's day begins seven hours later, and ends last.
    assert (answer["start"], answer["end"]) == (millis(DAY_BEGINS), millis(later + timedelta(hours=7)))
    assert len(answer["bands"]) == 2 * 2 * 3
    assert answer["bands"][0] == {
        "machine": 0,
        "shift": "early",
        "start": millis(DAY_BEGINS),
        "end": millis(DAY_BEGINS + timedelta(hours=8)),
    }
    assert answer["about"]["notes"] == []

    empty = dashboard.answer("timeline", {"from": "2026-02-02", "to": "2026-02-02"})
    assert (empty["spans"], empty["rows"]) == ([], [])
    assert [note["code"] for note in empty["about"]["notes"]] == ["no_data_at_all"]
    months = dashboard.answer("timeline", {"from": "2026-02-01", "to": "2026-03-31"})
    assert months["bands"] == []
