"""The lake's fixture of empty, migrated databases, and a profile to vary."""

from __future__ import annotations

import pytest

from te_assets_tests.lake.conftest import clickhouse

__all__ = ["clickhouse"]

PROFILE = """\
name: Demo
since: 2026-01-01
plants:
  - id: "1000"
    name: Werk Nord
    time_zone: Europe/Berlin
    production_day_starts: "06:00"
    lines: [{id: L1, name: Line 1, topology: series}]
    work_centers:
      - {id: PRS01, name: Press 1, aliases: ["Presse 1"], line: L1, calendar: three_shifts}
      - {id: PRS02, calendar: around_the_clock}
      - {id: PRS03}
  - id: "2000"
    time_zone: America/Chicago
    production_day_starts: "06:00"
    work_centers:
      - {id: PRS01, calendar: three_shifts}
calendars:
  three_shifts:
    periods:
      - valid_from: 2026-01-01
        shifts:
          early: {starts: "06:00", ends: "14:00", breaks: [{starts: "10:00", ends: "10:30"}]}
          late: {starts: 14:00, ends: 22:00}
          night: {starts: "22:00", ends: "06:00", breaks: [{starts: "02:00", ends: "02:30"}]}
        week: {monday: [early, late, night], tuesday: [early, late], saturday: [night]}
      - valid_from: 2026-03-09
        shifts:
          early: {starts: "06:00", ends: "12:00"}
        week: {monday: [early], tuesday: [early]}
    holidays: [2026-03-10]
    exceptions: {2026-03-11: [early]}
  around_the_clock: {always: true}
reasons:
  "110": {text: Material jam, class: technical, group: Mechanics}
scrap_reasons: {"0001": {text: Surface}}
policies: {short_stop_minutes: 2.5, short_stops: performance}
"""

EXTRAS = """\
units:
  PC: {name: Stück}
  CAR: {name: Karton, factor: {to: PC, by: 12}}
material_units:
  M-1: {CAR: 10}
targets:
  - {plant: "1000", availability: 85, scrap_rate: 2.5}
  - {plant: "1000", work_center: PRS01, valid_from: 2026-03-01, availability: 90}
"""


@pytest.fixture
def profile() -> str:
    """Two plants, a calendar that changes, one that is always worked."""
    return PROFILE


@pytest.fixture
def extras() -> str:
    """Units and targets, to follow the profile."""
    return EXTRAS
