"""From filters to days, places, targets and notes, without ClickHouse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from te_assets.dashboard.filters import LONGEST_DAYS, Filters, Period
from te_assets.dashboard.known import Known, Plant, Target, WorkCenter
from te_assets.dashboard.scope import GRAINS, Scope, resolve
from te_assets.dashboard.texts import LANGUAGES, texts
from te_assets.web.problems import Problem

BERLIN = Plant("1000", "Berlin", "Europe/Berlin", 360, ("early", "late"), date(2026, 3, 1), date(2026, 3, 20), None)
CHICAGO = Plant("2000", "Chicago", "America/Chicago", 360, ("day",), date(2026, 3, 4), date(2026, 3, 22), None)
NO_DATA = Plant("3000", "New", "Asia/Tokyo", 0, ("early",), None, None, None)
SPRING = date(2026, 1, 1)


def site(*plants: Plant, targets: tuple[Target, ...] = (), **more: Any) -> Known:
    """Lines L1 (M1, M2) and L2 (M3) in each plant; M4 is of none."""
    stations = {"M1": "L1", "M2": "L1", "M3": "L2", "M4": ""}
    return Known(
        version="v",
        refreshed_at=None,
        first_as_of=more.get("first_as_of"),
        plants={plant.plant: plant for plant in plants},
        work_centers=[
            WorkCenter(plant.plant, work_center, f"{work_center} of {plant.name}", line)
            for plant in plants
            for work_center, line in stations.items()
        ],
        lines=[
            {"plant": plant.plant, "line": line, "name": f"Line {line}"} for plant in plants for line in ("L1", "L2")
        ],
        targets=targets,
        policies=more.get("policies", {}),
        converts=False,
        not_gathered=more.get("not_gathered", {}),
    )


BOTH = site(BERLIN, CHICAGO)


def asked(known: Known = BOTH, *, now: str = "2026-03-18T12:00:00+00:00", **filters: Any) -> Scope:
    return resolve(Filters.model_validate(filters), known, texts("en"), now=datetime.fromisoformat(now))


def days(scope: Scope) -> tuple[str, str]:
    return str(scope.first_day), str(scope.last_day)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("today", "2026-03-18", "2026-03-18"),
        ("yesterday", "2026-03-17", "2026-03-17"),
        ("last_7_days", "2026-03-12", "2026-03-18"),
        ("last_30_days", "2026-02-17", "2026-03-18"),
        ("last_90_days", "2025-12-19", "2026-03-18"),
        ("this_week", "2026-03-16", "2026-03-18"),
        ("last_week", "2026-03-09", "2026-03-15"),
        ("this_month", "2026-03-01", "2026-03-18"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("latest", "2026-03-16", "2026-03-22"),
    ],
)
def test_relative_periods_on_a_wednesday(period: str, first: str, last: str) -> None:
    assert days(asked(period=period)) == (first, last)


def test_every_relative_period_has_days_and_latest_needs_no_asking() -> None:
    for period in get_args(Period):
        scope = asked(period=period)
        assert scope.first_day <= scope.last_day
        assert scope.about().period == period
    assert days(asked()) == days(asked(period="latest"))
    assert asked().about().period == "latest"


@pytest.mark.parametrize(
    ("now", "berlin", "chicago"),
    [
        ("2026-03-18T04:59:59+00:00", "2026-03-17", "2026-03-17"),  # Berlin 05:59:59: still yesterday's night shift
        ("2026-03-18T05:00:00+00:00", "2026-03-18", "2026-03-17"),  # Berlin 06:00
        ("2026-03-18T10:59:59+00:00", "2026-03-18", "2026-03-17"),  # Chicago 05:59:59, on summer time already
        ("2026-03-18T11:00:00+00:00", "2026-03-18", "2026-03-18"),
        ("2026-03-08T11:59:59+00:00", "2026-03-08", "2026-03-08"),  # Chicago put its clocks forward at 08:00 UTC …
        ("2026-03-08T10:59:59+00:00", "2026-03-08", "2026-03-07"),  # … so its day began at 11:00 UTC, not at 12:00
        ("2026-03-07T11:59:59+00:00", "2026-03-07", "2026-03-06"),
        ("2026-03-29T03:59:59+00:00", "2026-03-28", "2026-03-28"),  # Berlin put its clocks forward at 01:00 UTC
        ("2026-03-29T04:00:00+00:00", "2026-03-29", "2026-03-28"),
        ("2026-10-25T04:59:59+00:00", "2026-10-24", "2026-10-24"),  # and back
        ("2026-10-25T05:00:00+00:00", "2026-10-25", "2026-10-24"),
    ],
)
def test_today_is_the_production_day_of_the_plant(now: str, berlin: str, chicago: str) -> None:
    assert days(asked(now=now, period="today", plant=["1000"])) == (berlin, berlin)
    assert days(asked(now=now, period="today", plant=["2000"])) == (chicago, chicago)
    assert days(asked(now=now, period="today")) == (chicago, berlin)  # both days where they differ


def test_shifts_stand_in_the_order_in_which_the_plants_shown_begin_them() -> None:
    """By the alphabet the night came before the late shift."""
    german, other = replace(BERLIN, shifts=("Früh", "Spät", "Nacht")), replace(CHICAGO, shifts=("always",))

    assert asked(site(german, other)).parameters()["shift_order"] == ["Früh", "Spät", "Nacht", "always"]
    assert asked(site(german, other), plant=["2000"]).parameters()["shift_order"] == ["always"]


def test_a_month_begins_when_the_last_plant_is_in_it() -> None:
    """At 08:00 in Berlin on the 1st it is still the 31st in Chicago: neither loses a day."""
    scope = asked(now="2026-04-01T06:00:00+00:00", period="this_month")
    assert days(scope) == ("2026-03-01", "2026-04-01")
    assert days(asked(now="2026-04-01T06:00:00+00:00", period="this_month", plant=["1000"])) == (
        "2026-04-01",
        "2026-04-01",
    )


def test_latest_ends_with_the_newest_day_that_has_data_of_the_plants_shown() -> None:
    assert days(asked(plant=["1000"])) == ("2026-03-14", "2026-03-20")
    assert days(asked(plant=["2000"])) == ("2026-03-16", "2026-03-22")
    assert days(asked(site(NO_DATA), now="2026-03-18T16:00:00+00:00")) == ("2026-03-13", "2026-03-19")


def test_days_that_are_given_are_taken_as_they_are_and_have_as_many_before_them() -> None:
    scope = asked(BOTH, first_day=date(2026, 3, 2), last_day=date(2026, 3, 4))
    assert (days(scope), scope.days) == (("2026-03-02", "2026-03-04"), 3)
    assert scope.previous == (date(2026, 2, 27), date(2026, 3, 1))
    assert scope.about().period is None
    one = asked(BOTH, first_day=date(2026, 3, 2), last_day=date(2026, 3, 2))
    assert one.previous == (date(2026, 3, 1), date(2026, 3, 1))


@pytest.mark.parametrize(
    ("filters", "says"),
    [
        ({"from": "2026-03-04", "to": "2026-03-02"}, "is after to"),
        ({"from": "2026-03-04"}, "belong together"),
        ({"to": "2026-03-04"}, "belong together"),
        ({"from": "2026-03-02", "to": "2026-03-04", "period": "today"}, "not both"),
        ({"from": "2016-03-02", "to": "2026-03-10"}, f"more than {LONGEST_DAYS:,} days"),
        ({"period": "ever"}, "latest"),
        ({"from": "2026-02-30", "to": "2026-03-04"}, "date"),
        ({"work_centre": ["M1"]}, "Extra inputs"),
        ({"as_of": "2026-03-04T12:00:00"}, "timezone"),
        ({"reason_class": ["mechanical"]}, "technical"),
    ],
)
def test_filters_that_cannot_be_meant_are_refused(filters: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Filters.model_validate(filters)


@pytest.mark.parametrize(
    ("filters", "kind", "says"),
    [
        ({"plant": ["1000", "1001"]}, "unknown-plant", "no 1001. It has: 1000, 2000."),
        ({"line": ["L9"]}, "unknown-line", "no L9. It has: L1, L2."),
        ({"work_center": ["M1", "X", "W"]}, "unknown-work-center", "no W, X. It has: M1, M2, M3, M4."),
        ({"shift": ["night"]}, "unknown-shift", "no night. It has: day, early, late."),
    ],
)
def test_what_the_site_does_not_have_is_told_with_what_it_has(filters: dict[str, Any], kind: str, says: str) -> None:
    with pytest.raises(Problem) as told:
        asked(**filters)
    assert told.value.status == 422
    assert told.value.kind == kind
    assert told.value.detail.endswith(says)


def test_conditions_name_the_filters_that_are_given_and_matter() -> None:
    scope = asked(plant=["1000"], shift=["early"], material=["A"], as_of="2026-03-18T12:00:00.5+02:00")
    assert scope.conditions() == {"plant", "shift", "material"}
    assert scope.conditions("material", "line") == {"plant", "shift"}
    assert scope.parameters()["plant"] == ["1000"]
    assert scope.parameters()["as_of"] == "2026-03-18 10:00:00.500000"
    assert scope.parameters(first_day=date(2026, 1, 1))["first_day"] == date(2026, 1, 1)
    assert scope.mart("states") == "te_marts.states_as_of(as_of = {as_of:String})"
    assert asked().mart("states") == "te_marts.states"
    assert "as_of" not in asked().parameters()


def test_long_ranges_come_from_months_and_days_that_these_lack_from_the_mart() -> None:
    month: dict[str, Any] = {"first_day": date(2026, 3, 1), "last_day": date(2026, 3, 14)}
    assert asked(BOTH, **month).mart("scrap_rate") == ("(SELECT * EXCEPT (swapped_at) FROM te_marts.scrap_rate_months)")
    lacking = site(BERLIN, not_gathered={"scrap_rate": [date(2026, 3, 14)]})
    assert asked(lacking, **month).mart("scrap_rate") == (
        "(SELECT * EXCEPT (swapped_at) FROM te_marts.scrap_rate_months "
        "WHERE NOT has(['2026-03-14']::Array(Date), production_day) "
        "UNION ALL SELECT * FROM te_marts.scrap_rate WHERE production_day IN ['2026-03-14']::Array(Date))"
    )
    assert asked(BOTH, **month).mart("states") == "te_marts.states"
    assert asked(BOTH, **month | {"last_day": date(2026, 3, 13)}).mart("scrap_rate") == "te_marts.scrap_rate"


def test_grains() -> None:
    assert {grain: asked(grain=grain).period_sql for grain in GRAINS} == GRAINS
    assert [asked(grain=grain).by_shift for grain in GRAINS] == [True, False, False, False]


def test_basis_is_the_sites_headline_unless_another_is_asked_for() -> None:
    assert asked().basis == "operation"
    policy = site(BERLIN, policies={"headline_scrap_basis": "order"})
    assert (asked(policy).basis, asked(policy, basis="last_operation").basis) == ("order", "last_operation")


TARGETS = (
    Target("1000", "", "", SPRING, 0.8, 0.03),
    Target("1000", "", "", date(2026, 4, 1), 0.85, None),
    Target("1000", "L1", "", SPRING, 0.7, None),
    Target("1000", "", "M1", date(2026, 3, 10), None, 0.01),
    Target("2000", "", "", SPRING, 0.8, 0.02),
)


@pytest.mark.parametrize(
    ("place", "day", "expected"),
    [
        (("1000", "", ""), date(2026, 3, 18), (0.8, 0.03)),
        (("1000", "", ""), date(2026, 4, 1), (0.85, None)),  # the newer one of a place is in the place of the older
        (("1000", "", ""), date(2025, 12, 31), None),
        (("1000", "L1", ""), date(2026, 3, 18), (0.7, 0.03)),  # what the line does not say, the plant does
        (("1000", "L1", "M1"), date(2026, 3, 18), (0.7, 0.01)),
        (("1000", "L1", "M1"), date(2026, 3, 9), (0.7, 0.03)),
        (("1000", "L1", "M2"), date(2026, 3, 18), (0.7, 0.03)),
        (("1000", "L2", "M3"), date(2026, 3, 18), (0.8, 0.03)),
        (("1000", "", "M4"), date(2026, 3, 18), (0.8, 0.03)),
        (("2000", "L1", "M1"), date(2026, 3, 18), (0.8, 0.02)),
        (("3000", "", ""), date(2026, 3, 18), None),
    ],
)
def test_of_each_figure_the_narrowest_target_counts(
    place: tuple[str, str, str], day: date, expected: tuple[float | None, float | None] | None
) -> None:
    target = site(BERLIN, CHICAGO, targets=TARGETS).target(*place, day)
    assert (target and (target.availability, target.scrap_rate)) == expected


@pytest.mark.parametrize(
    ("filters", "availability"),
    [
        ({}, [0.8]),
        ({"plant": ["1000"]}, [0.8]),
        ({"line": ["L1"]}, [0.7, 0.8]),
        ({"plant": ["1000"], "line": ["L1", "L2"]}, [0.7, 0.8]),
        ({"plant": ["1000"], "work_center": ["M2", "M3"]}, [0.7, 0.8]),
        ({"plant": ["1000"], "work_center": ["M1"], "from": "2026-04-01", "to": "2026-04-02"}, [0.7]),
        ({"plant": ["1000"], "from": "2026-03-31", "to": "2026-04-01"}, [0.85]),  # that of the last day
    ],
)
def test_targets_are_those_of_the_places_that_the_filters_name(
    filters: dict[str, Any], availability: list[float]
) -> None:
    scope = asked(site(BERLIN, CHICAGO, targets=TARGETS), **filters)
    assert sorted({target.availability or 0 for target in scope.targets() if target}) == availability


@pytest.mark.parametrize(
    ("known", "filters", "code", "says"),
    [
        (site(NO_DATA), {}, "no_data_at_all", "Nothing has been delivered yet"),
        (BOTH, {"from": "2026-02-01", "to": "2026-02-28"}, "no_data_in_period", "from 2026-03-01 to 2026-03-22"),
        (BOTH, {"from": "2026-03-23", "to": "2026-03-24"}, "no_data_in_period", "from 2026-03-01 to 2026-03-22"),
        (BOTH, {"material": ["none"]}, "nothing_matches", "Take one away"),
        (
            site(BERLIN, first_as_of=datetime(2026, 3, 5, 10, tzinfo=UTC)),
            {"as_of": "2026-03-05T10:59:59+01:00"},
            "not_before",
            "from 2026-03-05 10:00 UTC on",
        ),
        (
            site(BERLIN, first_as_of=datetime(2026, 3, 5, 10, tzinfo=UTC)),
            {"as_of": "2026-03-05T11:00:00+01:00"},
            "nothing_matches",
            "from 2026-03-01 to 2026-03-20",
        ),
    ],
)
def test_an_empty_answer_says_why(known: Known, filters: dict[str, Any], code: str, says: str) -> None:
    scope = asked(known, **filters)
    scope.note_empty()
    scope.note_empty()
    (note,) = scope.about().notes
    assert note.code == code
    assert says in note.text


def test_notes_are_in_the_language_that_was_asked_for() -> None:
    said = set()
    for language in LANGUAGES:
        scope = resolve(Filters.model_validate({}), BOTH, texts(language))
        scope.note("other_units", units="KG")
        said.add(scope.notes[0].text)
        assert "KG" in scope.notes[0].text
    assert len(said) == len(LANGUAGES)


def test_zone_is_told_where_all_plants_are_in_one() -> None:
    assert asked(plant=["1000"]).about().time_zone == "Europe/Berlin"
    assert asked().about().time_zone is None
