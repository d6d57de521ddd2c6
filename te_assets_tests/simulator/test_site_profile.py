from __future__ import annotations

from pathlib import Path

import yaml

import te_assets.simulator
from te_assets.simulator.bulk import bulk_world
from te_assets.simulator.site_profile import site_yaml, write_site
from te_assets.simulator.world import demo_world

PACKAGED = Path(te_assets.simulator.__file__).parent / "site" / "site.yaml"


def test_the_packaged_site_is_the_generated_one() -> None:
    assert PACKAGED.read_text(encoding="utf-8") == site_yaml(demo_world())


def test_plants_cycle_through_the_zones(tmp_path: Path) -> None:
    profile = yaml.safe_load((write_site(demo_world(4), tmp_path) / "site.yaml").read_text(encoding="utf-8"))

    assert [(plant["id"], plant["time_zone"]) for plant in profile["plants"]] == [
        ("1000", "Europe/Berlin"),
        ("2000", "America/Chicago"),
        ("3000", "Asia/Tokyo"),
        ("4000", "Europe/Berlin"),
    ]


def test_times_and_codes_are_text() -> None:
    profile = yaml.safe_load(site_yaml(demo_world()))

    assert profile["plants"][0]["production_day_starts"] == "06:00"
    assert profile["calendars"]["three_shifts"]["periods"][0]["shifts"]["late"]["starts"] == "14:00"
    assert profile["reasons"]["110"] == {"text": "Material jam", "class": "technical", "group": "Mechanics"}


def test_every_work_center_has_a_line_and_a_calendar_that_exist() -> None:
    for world in (demo_world(3), bulk_world(7)):
        profile = yaml.safe_load(site_yaml(world))
        for plant in profile["plants"]:
            assert {center["line"] for center in plant["work_centers"]} <= {line["id"] for line in plant["lines"]}
            assert {center["calendar"] for center in plant["work_centers"]} <= set(profile["calendars"])
