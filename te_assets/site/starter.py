"""A first site.yaml from a few answers: one plant, one calendar, comments that say where the rest belongs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

from te_assets.errors import SiteError
from te_assets.site.profile import FILE_NAME, ProfileFaulty, parse_site

SCHEMA_NAME = "site.schema.json"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = tuple(day[:3] for day in _DAYS)
_ALWAYS = "always"
_NAMES = {1: ("day",), 2: ("early", "late"), 3: ("early", "late", "night")}
_SPAN = re.compile(r"(\d{1,2}:\d{2})-(\d{1,2}:\d{2})")


@dataclass(frozen=True)
class Answers:
    """What the starter asks.

    Attributes:
        plant: Id of the plant.
        name: Its name for people; empty: the id.
        time_zone: IANA name.
        day_start: Wall time `HH:MM`.
        work_centers: Ids with commas.
        shifts: `HH:MM-HH:MM` with commas, or `always`.
        weekdays: `mon-fri`, `mon,sat`.
        since: First production day; None: the first of this year.
    """

    plant: str
    work_centers: str
    name: str = ""
    time_zone: str = "Europe/Berlin"
    day_start: str = "06:00"
    shifts: str = "06:00-14:00,14:00-22:00,22:00-06:00"
    weekdays: str = "mon-fri"
    since: str | None = None


def write_starter(folder: Path, answers: Answers) -> Path:
    """Write a new site folder: site.yaml, its schema for editors, and an empty sources/.

    Returns:
        The site.yaml.

    Raises:
        SiteError: The folder is not empty, or the answers make no profile; nothing was written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise SiteError(f"{folder}: is not empty. Name a new folder, or edit the {FILE_NAME} that is there.")
    text = starter_yaml(answers)
    try:
        parse_site(text)
    except ProfileFaulty as error:
        raise SiteError(f"site init: these answers make no profile, nothing was written:\n{error}") from error
    (folder / "sources").mkdir(parents=True)
    schema = resources.files("te_assets.site").joinpath("schema.json").read_text(encoding="utf-8")
    (folder / SCHEMA_NAME).write_text(schema, encoding="utf-8")
    (folder / FILE_NAME).write_text(text, encoding="utf-8")
    return folder / FILE_NAME


def starter_yaml(answers: Answers) -> str:
    """The profile as commented YAML.

    Raises:
        SiteError: Shifts or weekdays are not written as asked.
    """
    from jinja2 import Environment, StrictUndefined

    shifts = _shifts(answers.shifts)
    worked = _weekdays(answers.weekdays)
    names = [shift["name"] for shift in shifts]
    # JSON strings are YAML, whatever stands in them.
    values: dict[str, Any] = {
        "name": json.dumps(answers.name or answers.plant, ensure_ascii=False),
        "plant": json.dumps(answers.plant, ensure_ascii=False),
        "time_zone": json.dumps(answers.time_zone),
        "day_start": json.dumps(answers.day_start),
        "work_centers": [
            json.dumps(one.strip(), ensure_ascii=False) for one in answers.work_centers.split(",") if one.strip()
        ],
        "shifts": shifts,
        "week": {day: names if day in worked else [] for day in _DAYS},
        "since": json.dumps(answers.since) if answers.since else f"{datetime.now(UTC).year}-01-01",
    }
    template = resources.files("te_assets.site").joinpath("site.yaml.jinja").read_text(encoding="utf-8")
    environment = Environment(
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - YAML, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.from_string(template).render(**values)


def _shifts(text: str) -> list[dict[str, str]]:
    if text.strip() == _ALWAYS:
        return []
    spans = [_SPAN.fullmatch(part.strip()) for part in text.split(",")]
    names = _NAMES.get(len(spans), tuple(f"shift_{number}" for number in range(1, len(spans) + 1)))
    found = []
    for name, span in zip(names, spans, strict=True):
        if span is None:
            raise SiteError(f'shifts {text!r}: write them as "06:00-14:00,14:00-22:00", or always.')
        found.append({"name": name, "starts": json.dumps(span[1]), "ends": json.dumps(span[2])})
    return found


def _weekdays(text: str) -> set[str]:
    found: set[str] = set()
    for part in text.lower().split(","):
        first, _, last = part.strip().partition("-")
        days = [day.strip()[:3] for day in (first, last or first)]
        if any(day not in _SHORT for day in days):
            raise SiteError(f"weekdays {text!r}: write them as mon-fri, or as mon,wed,sat.")
        begin, end = (_SHORT.index(day) for day in days)
        found.update(_DAYS[(begin + step) % 7] for step in range((end - begin) % 7 + 1))
    return found
