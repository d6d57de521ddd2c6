"""Terms and policies: the page says what docs/kpi.md says, in each language, and how this site counts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from te_assets.dashboard import texts as package
from te_assets.dashboard.terms import PLACES
from te_assets.dashboard.texts import LANGUAGES, texts
from te_assets.site.model import Policies
from te_assets_tests.dashboard.delivered import Delivered
from te_assets_tests.dashboard.delivered import delivered as delivered
from te_assets_tests.lake.worked_examples import table


def test_english_terms_are_those_of_the_page() -> None:
    """Somebody changed a formula in docs/kpi.md and the dashboard went on to say the old one."""
    terms = texts("en").terms
    said = [
        (terms[key].term, terms[key].formula, terms[key].unit, terms[key].standard, list(place.sql))
        for key, place in PLACES.items()
    ]

    page = [
        (term, formula.replace("`", ""), unit, "" if standard == "–" else standard, column.replace("`", "").split(", "))
        for term, formula, unit, standard, column in table("Definitions")
    ]
    assert said == page


def test_every_language_has_the_same_terms_policies_and_words() -> None:
    english = texts("en")
    known = set(Policies().as_text()) | set(Policies.model_fields)
    for language in LANGUAGES:
        other = texts(language)
        assert list(other.terms) == list(PLACES)
        assert list(other.policies) == list(english.policies)
        assert set(other.policies) <= known
        for part in ("columns", "notes", "words", "choices"):
            assert set(getattr(other, part)) == set(getattr(english, part)), (language, part)
        assert {k: set(v) for k, v in other.choices.items()} == {k: set(v) for k, v in english.choices.items()}
        for key, term in english.terms.items():
            assert bool(other.terms[key].standard) == bool(term.standard), (language, key)
            assert bool(other.terms[key].note) == bool(term.note), (language, key)


def test_no_two_files_of_a_language_say_the_same_thing_differently() -> None:
    """Minutes of stops stood under a heading in hours: the last file that was read had won."""
    for language in LANGUAGES:
        said: dict[tuple[str, str], object] = {}
        for file in sorted((Path(package.__file__).parent / language).glob("*.yaml")):
            for part, words in yaml.safe_load(file.read_text(encoding="utf-8")).items():
                for key, word in words.items():
                    assert said.setdefault((part, key), word) == word, (file.name, part, key)


@pytest.mark.stack
def test_definitions_and_meta_tell_how_this_site_counts(delivered: Delivered) -> None:
    dashboard = delivered.dashboard
    english, german = (dashboard.answer("definitions", language=language) for language in ("en", "de"))

    assert [term["key"] for term in english["terms"]] == list(PLACES)
    assert {policy["name"]: policy["value"] for policy in english["policies"]} == {
        "short_stop_minutes": "shorter than 5 min",
        "short_stops": "a loss of availability: they are in DOWN",
        "rework_in_produced": "counts: PQ = GQ + SQ + RQ",
        "headline_availability": "APT / PBT",
        "headline_scrap_basis": "over all operations",
        "operator": "replaced by a pseudonym",
        "fresh_within_hours": "at most 26 h old",
    }
    assert (
        next(p["value"] for p in german["policies"] if p["name"] == "rework_in_produced") == "zählt: PQ = GQ + SQ + RQ"
    )
    assert next(column["label"] for column in german["columns"] if column["name"] == "term") == "Begriff"

    meta = dashboard.answer("meta")
    (plant,) = meta["plants"]
    assert (meta["site"], plant["time_zone"], plant["day_starts"]) == ("Test", "Europe/Berlin", "06:00")
    assert plant["lines"] == [{"line": "L1", "name": "L1", "topology": "series"}]
    assert [(each["work_center"], each["line"]) for each in plant["work_centers"]] == [
        ("M3", ""),
        ("M1", "L1"),
        ("M2", "L1"),
    ]
    assert meta["shifts"] == plant["shifts"] == ["early", "late", "night"]
    assert (meta["materials"], sorted(meta["units"])) == (["A", "B"], ["KG", "PC"])
    assert {each["reason_code"]: each["reason_class"] for each in meta["reasons"]}["T2"] == "technical"
    assert (meta["first_day"], meta["last_day"]) == ("2026-02-23", "2026-03-08")
    assert (meta["headline_availability"], meta["headline_basis"]) == ("availability", "operation")
    assert meta["dagster_url"] is None

    for path in ("/api/v1/meta", "/api/v1/definitions", "/api/v1/provenance"):
        first = dashboard.get(path)
        assert (first.headers["Cache-Control"], "Accept-Language" in first.headers["Vary"]) == (
            "private, no-cache",
            True,
        )
        again = dashboard.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = dashboard.get(path, language="de", headers={"If-None-Match": first.headers["ETag"]})
        assert other.status_code == 200
