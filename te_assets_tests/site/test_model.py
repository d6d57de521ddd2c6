from __future__ import annotations

from importlib import resources

import pytest
from pydantic import ValidationError

from te_assets.site.model import Site
from te_assets.site.profile import parse_site
from te_assets.site.schema import json_schema


def test_committed_schema_is_the_model_s() -> None:
    assert resources.files("te_assets.site").joinpath("schema.json").read_text(encoding="utf-8") == json_schema()


def test_places_know_a_work_center_by_any_of_its_names(profile: str) -> None:
    places = parse_site(profile).places()

    assert places.zones == {"1000": "Europe/Berlin", "2000": "America/Chicago"}
    assert places.day_start_minutes == {"1000": 360, "2000": 360}
    assert {name: work_center for (plant, name), work_center in places.work_center_ids.items() if plant == "1000"} == {
        "PRS01": "PRS01",
        "Press 1": "PRS01",
        "Presse 1": "PRS01",
        "PRS02": "PRS02",
        "PRS03": "PRS03",
    }


def test_plant_follows_from_a_work_center_only_where_one_plant_has_it(profile: str) -> None:
    places = parse_site(profile).places()

    assert places.plant_of_work_center == {"Press 1": "1000", "Presse 1": "1000", "PRS02": "1000", "PRS03": "1000"}


def test_hash_is_of_the_meaning_not_of_the_text(profile: str) -> None:
    site = parse_site(profile)

    assert (
        parse_site("# a comment\n" + profile.replace("14:00, ends: 22:00", '"14:00", ends: "22:00"')).hash == site.hash
    )
    assert parse_site(profile.replace("Material jam", "Jam")).hash != site.hash


@pytest.mark.parametrize("policy", ["operator", "short_stops"])
def test_profile_cannot_be_changed(profile: str, policy: str) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(parse_site(profile).policies, policy, "keep")


def test_policies_have_the_defaults_of_the_documentation(profile: str) -> None:
    site = parse_site(profile.split("policies:")[0])

    assert site.policies.as_text() == {
        "short_stop_minutes": "5",
        "short_stops": "availability",
        "rework_in_produced": "true",
        "operator": "pseudonym",
        "headline_availability": "availability",
        "headline_scrap_basis": "operation",
        "keep_runs_days": "90",
    }


def test_a_profile_survives_its_canonical_form(profile: str) -> None:
    site = parse_site(profile)

    assert Site.model_validate_json(site.canonical) == site
    assert parse_site(site.canonical) == site
