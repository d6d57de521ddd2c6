"""Bad site files as people write them: each is refused by file and line, with what to do, and nothing of it is used."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import te_assets
from te_assets.errors import TeAssetsError
from te_assets.profile import Profile
from te_assets.site.profile import ProfileFaulty, load_site, parse_site
from te_assets_tests.conftest import Stack

LINES = ("a", "b", "c", "d", "e", "f", "g", "h", "i")


@dataclass(frozen=True)
class Bad:
    """An edit of the good profile, the line that the message must name, and words of what to do."""

    was: str
    becomes: str
    line: int
    words: str


# Lines are those of the profile in conftest.py, with units and targets after it.
BAD: dict[str, Bad] = {
    # YAML itself
    "tab": Bad("  three_shifts:", "\tthree_shifts:", 19, "indent with spaces, not with tabs"),
    "colon in text": Bad("name: Werk Nord", "name: Werk: Nord", 5, "put text with a colon in quotes"),
    "open bracket": Bad('aliases: ["Presse 1"]', 'aliases: ["Presse 1"', 10, "every [ needs its ]"),
    "two documents": Bad("calendars:", "---\ncalendars:", 18, "a site is one document"),
    "key twice": Bad("policies:", "reasons: {}\npolicies:", 37, "'reasons' stands twice; remove one"),
    "inner key twice": Bad("scrap_reasons: {", 'scrap_reasons: {"0001": {}, ', 36, "'0001' stands twice; remove one"),
    "unknown anchor": Bad('aliases: ["Presse 1"]', "aliases: [*1]", 10, "a text that begins with * needs quotes"),
    "bell": Bad("Material jam", "Material \x07jam", 35, "may not stand in YAML; remove it"),
    "endless": Bad("units:", "units: &u\n  U: *u", 38, "repeats itself without end"),
    "list as key": Bad("scrap_reasons:", "? [a, b]\n: c\nscrap_reasons:", 36, "a key must be plain text"),
    # keys and kinds
    "unknown key": Bad("holidays: [", "holydays: [", 31, "did you mean holidays?"),
    "unknown top key": Bad("policies:", "polices:", 37, "did you mean policies?"),
    "unknown policy": Bad("short_stops:", "short_stop:", 37, "did you mean short_stop"),
    "unknown key, nothing close": Bad(
        "    time_zone: Europe", "    colour: red\n    time_zone: Europe", 6, "Known here: id"
    ),
    "id missing": Bad("- {id: PRS03}", "- {name: Press 3}", 12, "id is missing; add it"),
    "zone missing": Bad("    time_zone: America/Chicago\n", "", 13, "time_zone is missing; add it"),
    "list for a mapping": Bad('  "110": {', '  - "110": {', 34, "must be a mapping"),
    "text for a list": Bad('aliases: ["Presse 1"]', "aliases: Presse 1", 10, "must be a list"),
    "no plant": Bad("plants:\n", "plants: []\nold:\n", 3, "needs at least one entry"),
    "empty name": Bad("id: PRS03", 'id: ""', 12, "is empty; give it a name"),
    # days and times
    "since no date": Bad("since: 2026-01-01", "since: 1. Januar", 2, "is no date; write it as 2026-01-31"),
    "since a century off": Bad("since: 2026-01-01", "since: 1926-01-01", 2, "is too early"),
    "since mistyped": Bad("since: 2026-01-01", "since: 2062-01-01", 2, "more than a year ahead"),
    "unknown zone": Bad("Europe/Berlin", "CET/Berlin", 6, "write an IANA name such as Europe/Berlin"),
    "hour 25": Bad('ends: "14:00"', 'ends: "25:00"', 23, 'write it as "06:00"'),
    "holiday no date": Bad("holidays: [2026-03-10]", "holidays: [2026-02-30]", 31, "is no date"),
    "holiday in German": Bad("holidays: [2026-03-10]", "holidays: [10.03.2026]", 31, "write it as 2026-01-31"),
    "holiday twice": Bad("[2026-03-10]", "[2026-03-10, 2026-03-10]", 31, "each may stand once"),
    "exception before the first period": Bad(
        "{2026-03-11: [early]}", "{2025-03-11: [early]}", 32, "the first begins later"
    ),
    "exception no date": Bad("{2026-03-11: [early]}", "{soon: [early]}", 32, "is no date"),
    "exception of an unknown shift": Bad("{2026-03-11: [early]}", "{2026-03-11: [late]}", 32, "no shift 'late'"),
    "period twice": Bad("valid_from: 2026-03-09", "valid_from: 2026-01-01", 20, "each may stand once"),
    # shifts
    "shifts overlap": Bad("late: {starts: 14:00", "late: {starts: 13:00", 24, "are worked on one day and overlap"),
    "shift over the day's start": Bad('ends: "06:00", breaks', 'ends: "07:00", breaks', 25, "or split the shift"),
    "break outside its shift": Bad(
        'starts: "10:00", ends: "10:30"', 'starts: "05:00", ends: "05:30"', 23, "not within"
    ),
    "breaks overlap": Bad(
        'ends: "10:30"}', 'ends: "10:30"}, {starts: "10:15", ends: "10:45"}', 23, "overlaps the break before it"
    ),
    "shift that is not there": Bad("saturday: [night]", "saturday: [nacht]", 26, "it has early, late, night"),
    "shift worked twice": Bad("saturday: [night]", "saturday: [night, night]", 26, "each may stand once"),
    "no shift": Bad(
        'shifts:\n          early: {starts: "06:00", ends: "12:00"}', "shifts: {}", 28, "at least one entry"
    ),
    "weekday in German": Bad("monday: [early]", "montag: [early]", 30, "did you mean monday?"),
    "always and periods": Bad("{always: true}", "{always: true, holidays: [2026-05-01]}", 33, "or always"),
    "neither always nor periods": Bad("{always: true}", "{always: false}", 33, "add one of them"),
    "always maybe": Bad("{always: true}", "{always: maybe}", 33, "neither true nor false"),
    # places
    "plant twice": Bad('- id: "2000"', '- id: "1000"', 3, "'1000' stands here 2 times"),
    "work center twice": Bad("{id: PRS03}", "{id: PRS02}", 9, "'PRS02' stands here 2 times"),
    "alias of another": Bad("{id: PRS03}", "{id: PRS03, aliases: [Presse 1]}", 9, "'Presse 1' stands here 2 times"),
    "line twice": Bad("topology: series}]", "topology: series}, {id: L1, topology: series}]", 8, "each may stand once"),
    "unknown line": Bad("line: L1,", "line: L7,", 10, "add it to its lines"),
    "unknown topology": Bad("topology: series", "topology: serie", 8, "did you mean series?"),
    "unknown calendar": Bad(
        "{id: PRS02, calendar: around_the_clock}", "{id: PRS02, calendar: always}", 11, "calendars: "
    ),
    # reasons and policies
    "class misspelt": Bad("class: technical", "class: tecnical", 35, "did you mean technical?"),
    "class in German": Bad("class: technical", "class: Störung", 35, "one of planned, setup, technical"),
    "class missing": Bad(", class: technical", "", 35, "class is missing; add it"),
    "reason of breaks": Bad('"110":', "(break):", 35, "is what scheduled breaks are called"),
    "minutes in words": Bad("short_stop_minutes: 2.5", "short_stop_minutes: two", 37, "is no number"),
    "decimal comma": Bad("short_stop_minutes: 2.5", 'short_stop_minutes: "2,5"', 37, "is no number"),
    "negative minutes": Bad("short_stop_minutes: 2.5", "short_stop_minutes: -1", 37, "greater than or equal to 0"),
    "never fresh": Bad("policies: {", "policies: {fresh_within_hours: 0, ", 37, "fresh_within_hours"),
    "figures due at no time": Bad("policies: {", "policies: {figures_due: '25:00', ", 37, "figures_due"),
    "unknown headline": Bad("policies: {", "policies: {headline_availability: totals, ", 37, "did you mean total?"),
    # units
    "unknown unit": Bad("to: PC, by: 12", "to: PCS, by: 12", 40, "no unit 'PCS'; units: PC, CAR. Add it"),
    "units in circles": Bad("PC: {name: Stück}", "PC: {factor: {to: CAR, by: 0.1}}", 39, "PC → CAR → PC"),
    "unit of itself": Bad("to: PC, by: 12", "to: CAR, by: 12", 40, "CAR → CAR; one must have no factor"),
    "factor below zero": Bad("by: 12", "by: -12", 40, "greater than 0"),
    "factor zero": Bad("by: 12", "by: 0", 40, "greater than 0"),
    "factor as a fraction": Bad("by: 12", "by: 1/12", 40, "is no number"),
    "factor too fine": Bad("by: 12", "by: 0.0000000000001", 40, "no more than 12 decimal places"),
    "factors too fine together": Bad(
        "name: Stück}",
        "factor: {to: G, by: 0.0000001}}\n  G: {factor: {to: K, by: 0.0000001}}\n  K: {}",
        39,
        "smaller unit",
    ),
    "factor missing": Bad(
        ", by: 12}}\nmaterial_units:\n  M-1: {CAR: 10}", "}}", 40, "add by, or factors in material_units"
    ),
    "unit of a material unknown": Bad("M-1: {CAR: 10}", "M-1: {KAR: 10}", 42, "Add it to units"),
    "unit of a material not converted": Bad("M-1: {CAR: 10}", "M-1: {PC: 10}", 42, "say to what"),
    # targets
    "target of no plant": Bad(
        'plant: "1000", availability: 85', 'plant: "3000", availability: 85', 44, "plants: 1000, 2000"
    ),
    "target above 100": Bad("availability: 85", "availability: 185", 44, "less than or equal to 100"),
    "target as a ratio": Bad("availability: 85", "availability: 0.85", 44, "write per cent: 85"),
    "target with a sign": Bad("scrap_rate: 2.5", "scrap_rate: 2.5%", 44, "is no number"),
    "target of nothing": Bad(", availability: 90", "", 45, "add availability or scrap_rate"),
    "target of two places": Bad("work_center: PRS01, v", "work_center: PRS01, line: L1, v", 45, "name one of them"),
    "target of no work center": Bad("work_center: PRS01, v", "work_center: PRS09, v", 45, "it has PRS01, PRS02, PRS03"),
    "target of no line": Bad("work_center: PRS01, v", "line: L9, v", 45, "it has L1"),
    "target twice": Bad("work_center: PRS01, valid_from: 2026-03-01, ", "", 45, "has another target"),
}


@pytest.fixture
def good(profile: str, extras: str) -> str:
    return profile + extras


def test_the_profile_that_they_are_made_of_is_good(good: str) -> None:
    assert parse_site(good).units
    assert len(BAD) >= 50


@pytest.mark.parametrize("name", BAD)
def test_a_bad_profile_is_refused_by_line_with_what_to_do(good: str, tmp_path: Path, name: str) -> None:
    bad = BAD[name]
    assert bad.was in good
    (tmp_path / "site.yaml").write_text(good.replace(bad.was, bad.becomes, 1), encoding="utf-8")

    with pytest.raises(ProfileFaulty) as caught:
        load_site(tmp_path)

    faults = str(caught.value).splitlines()
    assert f"site.yaml, line {bad.line}: " in faults[0]
    assert bad.words in faults[0]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty or not a mapping"),
        (b"# only a comment\n", "is empty or not a mapping"),
        (b"- a\n- b\n", "A profile begins with"),
        (b"name: Demo\nplants: \xff\xfe", "Save it as UTF-8"),
        (b"PK\x03\x04\x14\x00", "may not stand in YAML"),
        (b"[" * 2000, "nested too deeply"),
    ],
    ids=["empty", "comment", "list", "not UTF-8", "a workbook", "brackets"],
)
def test_what_is_no_profile_at_all(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "site.yaml").write_bytes(content)

    with pytest.raises(ProfileFaulty, match=words):
        load_site(tmp_path)


def test_a_billion_laughs_are_refused_quickly(good: str) -> None:
    """Each line repeats the one before nine times: without end in memory."""
    laughs = [f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]" for before, one in pairwise(LINES)]

    with pytest.raises(ProfileFaulty, match="repeats itself without end"):
        parse_site("\n".join(["a: &a [lol]", *laughs, good]))


def everything(stack: Stack) -> dict[str, Any]:
    tables = stack.clickhouse.query(
        "SELECT concat(database, '.', name) FROM system.tables "
        "WHERE database = 'te_ops' AND engine != 'View' ORDER BY 1"
    ).result_rows
    return {
        table: stack.clickhouse.query(f"SELECT count(), sum(cityHash64(*)) FROM {table}").result_rows
        for (table,) in tables
    }


def a_bad_contract(folder: Path) -> None:
    shipped = Path(te_assets.__file__).parent / "contracts" / "shipped" / "operator_log.yaml"
    (folder / "sources").mkdir()
    text = shipped.read_text(encoding="utf-8").replace("source:", "sorce:", 1)
    (folder / "sources" / "log.yaml").write_text(text, encoding="utf-8")


def a_used_contract_changed(folder: Path) -> None:
    shipped = Path(te_assets.__file__).parent / "contracts" / "shipped" / "operator_log.yaml"
    (folder / "sources").mkdir()
    shutil.copy(shipped, folder / "sources")
    path = folder / "sources" / "operator_log.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# a comment\ntags: {}\n", encoding="utf-8")


def a_bad_site(folder: Path) -> None:
    path = folder / "site.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("class: technical", "class: broken"), encoding="utf-8")


@pytest.mark.stack
@pytest.mark.parametrize("spoil", [a_bad_site, a_bad_contract, a_used_contract_changed])
def test_nothing_of_a_refused_profile_is_used(
    stack: Stack, good: str, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    """Plants of the new profile with the reasons of the old one would be figures of no profile at all."""
    (tmp_path / "site.yaml").write_text(good, encoding="utf-8")
    Profile(tmp_path).apply(stack.clickhouse)
    before = everything(stack)
    edited = good.replace("short_stop_minutes: 2.5", "short_stop_minutes: 9").replace("Werk Nord", "Werk Süd")
    (tmp_path / "site.yaml").write_text(edited, encoding="utf-8")
    spoil(tmp_path)

    with pytest.raises(TeAssetsError):
        Profile(tmp_path).apply(stack.clickhouse)

    assert everything(stack) == before
