"""The site profile of the simulated company, as the product reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from te_assets.simulator.calendar import Calendar, Pattern
from te_assets.simulator.world import SHORT_STOP_MINUTES, Material, Plant, World

_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEEDS_QUOTES = re.compile(r"[\d:]+")
_UNIT_NAMES = {"ST": "Stück", "KG": "Kilogramm", "KAR": "Karton"}
_TARGETS = {"availability": 75, "scrap_rate": 2.5}  # per cent
_HEADING = "# Site profile of the simulated company, written by te_assets.simulator.\n"


def site_yaml(world: World) -> str:
    """The site profile as YAML text."""
    import yaml

    profile = {
        "name": world.name,
        "since": world.since,
        "plants": [_plant(plant) for plant in world.plants],
        "calendars": {calendar.name: _calendar(calendar) for calendar in world.calendars},
        "reasons": {reason.code: _reason(reason.text, reason.reason_class, reason.group) for reason in world.reasons},
        "scrap_reasons": {code: {"text": text} for code, text in world.scrap_reasons},
        **_units(world.materials),
        "targets": [target for plant in world.plants for target in _targets(plant)],
        "policies": {
            "short_stop_minutes": SHORT_STOP_MINUTES,
            "short_stops": "availability",
            "rework_in_produced": True,
            "operator": "pseudonym",
            "headline_availability": "availability",
            "headline_scrap_basis": "operation",
        },
    }

    class Dumper(yaml.SafeDumper):
        """Repeats values instead of pointing at them, and quotes times of day."""

        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is the library's
            return True

    def text_node(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        quotes = '"' if _NEEDS_QUOTES.fullmatch(text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=quotes)

    Dumper.add_representer(str, text_node)
    text: str = yaml.dump(
        profile, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=120, default_flow_style=None
    )
    return _HEADING + text


def write_site(world: World, folder: Path) -> Path:
    """Write `site.yaml` into the folder and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "site.yaml").write_text(site_yaml(world), encoding="utf-8")
    return folder


def _plant(plant: Plant) -> dict[str, Any]:
    return {
        "id": plant.id,
        "name": plant.name,
        "time_zone": plant.zone,
        "production_day_starts": plant.day_starts,
        "lines": [{"id": line.id, "name": line.name, "topology": line.topology} for line in plant.lines],
        "work_centers": [
            {
                "id": center.id,
                "name": center.name,
                "aliases": [center.alias],
                "line": center.line,
                "calendar": center.calendar,
            }
            for center in plant.work_centers
        ],
    }


def _units(materials: Iterable[Material]) -> dict[str, Any]:
    """Units, and what one order unit of a material holds; nothing where nothing is made."""
    units: dict[str, dict[str, Any]] = {}
    own: dict[str, dict[str, int]] = {}
    for material in materials:
        units.setdefault(material.unit, {"name": _UNIT_NAMES[material.unit]})
        if material.order_unit != material.unit:
            units[material.order_unit] = {"name": _UNIT_NAMES[material.order_unit], "factor": {"to": material.unit}}
            own[material.id] = {material.order_unit: material.pieces}
    return {"units": units, "material_units": own} if units else {}


def _targets(plant: Plant) -> list[dict[str, Any]]:
    return [{"plant": plant.id, **_TARGETS}, {"plant": plant.id, "line": plant.lines[0].id, "availability": 70}]


def _calendar(calendar: Calendar) -> dict[str, Any]:
    if calendar.always:
        return {"always": True}
    profile: dict[str, Any] = {"periods": [_pattern(pattern) for pattern in calendar.patterns]}
    if calendar.holidays:
        profile["holidays"] = list(calendar.holidays)
    if calendar.exceptions:
        profile["exceptions"] = {day: list(shifts) for day, shifts in calendar.exceptions}
    return profile


def _pattern(pattern: Pattern) -> dict[str, Any]:
    return {
        "valid_from": pattern.valid_from,
        "shifts": {
            shift.name: {
                "starts": shift.starts,
                "ends": shift.ends,
                "breaks": [{"starts": pause.starts, "ends": pause.ends} for pause in shift.breaks],
            }
            for shift in pattern.shifts
        },
        "week": {weekday: list(shifts) for weekday, shifts in zip(_WEEK, pattern.week, strict=True)},
    }


def _reason(text: str, reason_class: str, group: str) -> dict[str, str]:
    described = {"text": text, "class": reason_class}
    return {**described, "group": group} if group else described
