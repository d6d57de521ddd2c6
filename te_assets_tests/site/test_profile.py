from __future__ import annotations

from pathlib import Path

import pytest

from te_assets.site.profile import ProfileFaulty, load_site, parse_site

PERIOD = "calendars.three_shifts.periods.0"


def test_folder_and_file_both_name_the_profile(tmp_path: Path, profile: str) -> None:
    (tmp_path / "site.yaml").write_text(profile, encoding="utf-8")

    assert load_site(tmp_path) == load_site(tmp_path / "site.yaml")


def test_times_and_codes_need_no_quotes(profile: str) -> None:
    """YAML 1.1 reads 14:00 as 840 and 0001 as 1."""
    site = parse_site(profile.replace('"0001"', "0001").replace('"1000"', "1000"))

    assert site.calendars["three_shifts"].periods[0].shifts["late"].starts == "14:00"
    assert list(site.scrap_reasons) == ["0001"]
    assert site.plants[0].id == "1000"


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        ("line: L1,", "line: L9,", "10: plants.0.work_centers.0.line: plant '1000' has no line 'L9'"),
        (
            "calendar: around_the_clock",
            "calendar: always",
            "11: plants.0.work_centers.1.calendar: no calendar 'always'; calendars: three_shifts, around_the_clock",
        ),
        ("Europe/Berlin", "Europe/Berln", "6: plants.0.time_zone: 'Europe/Berln' is not in the time zone database"),
        ("since: 2026-01-01", "since: 2026-13-01", "2: since: "),
        ("since: 2026-01-01", "since: 2026-01-01\nunknown: 1", "3: unknown: the profile has no such key"),
        ("name: Demo\n", "", "1: name: name is missing; add it"),
        (
            "tuesday: [early, late]",
            "tuesday: [early, spaet]",
            f"26: {PERIOD}.week.tuesday: no shift 'spaet' in the period; it has early, late, night",
        ),
        (
            "ends: 22:00",
            "ends: 22:30",
            f"25: {PERIOD}.shifts.night: shifts 'late' and 'night' are worked on one day and overlap",
        ),
        (
            'starts: "22:00", ends: "06:00"',
            'starts: "22:00", ends: "07:00"',
            f"25: {PERIOD}.shifts.night: 22:00 to 07:00 reaches over 06:00",
        ),
        (
            'ends: "02:30"',
            'ends: "06:30"',
            f"25: {PERIOD}.shifts.night.breaks.0: 02:00 to 06:30 is not within the shift",
        ),
        (
            'starts: "06:00", ends: "12:00"',
            'starts: "six", ends: "12:00"',
            "29: calendars.three_shifts.periods.1.shifts.early.starts: 'six' is not a time of day",
        ),
        (
            "2026-03-11: [early]",
            "2025-03-11: [early]",
            "32: calendars.three_shifts.exceptions.2025-03-11: no period is valid on 2025-03-11",
        ),
        (
            "{always: true}",
            "{always: true, holidays: [2026-05-01]}",
            "33: calendars.around_the_clock: always means every hour",
        ),
        ("{always: true}", "{}", "33: calendars.around_the_clock: the calendar has neither periods nor always"),
        ("class: technical", "class: broken", "35: reasons.110.class: "),
        ("short_stop_minutes: 2.5", "short_stop_minutes: -1", "37: policies.short_stop_minutes: "),
        ("id: PRS02", "id: PRS01", "9: plants.0.work_centers: 'PRS01' stands here 2 times"),
        ("    name: Werk Nord\n", "    name: Werk Nord\n    name: Werk\n", "6: 'name' stands twice; remove one"),
        ("lines: [{", "lines: [[{", "9: not YAML: "),
    ],
)
def test_fault_is_explained_with_its_line(profile: str, was: str, becomes: str, message: str) -> None:
    assert was in profile

    with pytest.raises(ProfileFaulty) as caught:
        parse_site(profile.replace(was, becomes, 1))

    assert f"site.yaml, line {message}" in str(caught.value)


def test_every_fault_is_listed_in_the_order_of_lines(profile: str) -> None:
    with pytest.raises(ProfileFaulty) as caught:
        parse_site(profile.replace("series", "serial").replace("class: technical", "class: broken"))

    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == [
        "site.yaml, line 8",
        "site.yaml, line 35",
    ]


@pytest.mark.parametrize("text", ["", "- a list\n", "just text"])
def test_what_is_no_mapping_is_no_profile(text: str) -> None:
    with pytest.raises(ProfileFaulty, match="is empty or not a mapping"):
        parse_site(text)


def test_missing_file_says_how_to_create_one(tmp_path: Path) -> None:
    with pytest.raises(ProfileFaulty, match="te-assets site init"):
        load_site(tmp_path)


def test_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_bytes(b"name: W\xe4rme\n")

    with pytest.raises(ProfileFaulty, match=r"site\.yaml: cannot be read .* Save it as UTF-8"):
        load_site(tmp_path)
