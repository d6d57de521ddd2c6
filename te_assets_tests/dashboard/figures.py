"""Two plants with figures in the marts, straight into their tables; and what plain SQL says of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from clickhouse_connect.driver.client import Client

from te_assets.site.model import Site
from te_assets.site.tables import apply_site
from te_assets_tests.lake.marts_workbench import TODAY, Row, Workbench, site, utc

PLANTS: Final = ("1000", "2000")
WORK_CENTERS: Final = ("M1", "M2", "M3", "M4", "M5", "M6", "M7")  # the last three are of no line
SHIFTS: Final = ("early", "late", "night")
CLASSES: Final = {
    "planned": ("P", "(break)"),
    "setup": ("S",),
    "technical": ("T", "T2"),
    "organisational": ("O",),
    "other": ("X",),
    "unclassified": ("?", "??"),
}


def two_plants(**more: Any) -> Site:
    """1000 in Berlin and 2000 in Chicago: lines L1 and L2 of two stations each; CAR is 12 PC, of material B 7.3."""
    stations = {"L1": ("series", WORK_CENTERS[:2]), "L2": ("parallel", WORK_CENTERS[2:4])}
    units = {"CAR": {"factor": {"to": "PC", "by": 12}}, "PC": {}}
    profile = json.loads(site(WORK_CENTERS, calendar="shifts", lines=stations, units=units).canonical)
    (plant,) = profile["plants"]
    other = json.loads(json.dumps(plant)) | {"id": "2000", "time_zone": "America/Chicago"}
    targets = [
        {"plant": "1000", "availability": 80, "scrap_rate": 3},
        {"plant": "2000", "availability": 80, "scrap_rate": 2},
        {"plant": "1000", "line": "L1", "availability": 70},
    ]
    return Site.model_validate(
        profile
        | {
            "plants": [plant, other],
            "targets": targets,
            "material_units": {"B": {"CAR": 7.3}},
            "scrap_reasons": {"1": {"text": "Surface"}, "2": {"text": "Dimension"}},
        }
        | more
    )


def fill(client: Client, *, seed: int = 7, profile: Site | None = None) -> None:
    """Figures of 2026-03-01 … 2026-03-15, with gaps in coverage, pieces of no shift, and three units."""
    apply_site(client, profile or two_plants(), today=TODAY)
    chance, bench = random.Random(seed), Workbench(client)
    places = [(plant, work_center) for plant in PLANTS for work_center in WORK_CENTERS]
    days = [date(2026, 3, 1) + timedelta(days=n) for n in range(15)]
    windows = [(*place, day, shift) for place in places for day in days for shift in SHIFTS]
    bench.insert("te_marts.availability", [_times(chance, *window) for window in windows])
    bench.insert("te_marts.downtime_reasons", [row for window in windows for row in _reasons(chance, *window)])
    bench.insert("te_marts.stops", [_unknown_stop(day, number) for number, day in enumerate(days)])
    pieces = [row for window in windows for row in _pieces(chance, *window)]
    bench.insert("te_marts.scrap_rate", pieces)
    bench.insert("te_marts.scrap_reasons", [row for each in pieces for row in _scrap(chance, each)])


def _place(plant: str, work_center: str, day: date, shift: str | None) -> dict[str, Any]:
    stamp = {"refreshed_at": utc("2026-03-16 00:00"), "run_id": "run"}
    return {"plant": plant, "work_center": work_center, "production_day": day, "shift": shift, **stamp}


def _times(chance: random.Random, plant: str, work_center: str, day: date, shift: str) -> Row:
    def some(most: int) -> Decimal:
        return Decimal(chance.randrange(most * 1000)) / 1000

    covered = chance.choice(("none", "partial", "full", "full", "full"))
    planned, down, setup = some(5000), some(9000), some(4000)
    return {
        **_place(plant, work_center, day, shift),
        "planned_operation_seconds": Decimal(28800),
        "planned_down_seconds": planned,
        "planned_busy_seconds": Decimal(28800) - planned,
        "unplanned_down_seconds": down,
        "setup_seconds": setup,
        "short_stop_seconds": some(600),
        "production_seconds": Decimal(28800) - planned - down - setup,
        "technical_down_seconds": some(4000),
        "unexplained_seconds": some(3000),
        "stops": chance.randrange(9),
        "short_stops": chance.randrange(4),
        "open_stops": chance.randrange(2),
        "failures": chance.randrange(5),
        "coverage": covered,
        "data_until": None if covered == "none" else utc(f"{day} 12:00"),
    }


def _reasons(chance: random.Random, plant: str, work_center: str, day: date, shift: str) -> Iterator[Row]:
    for name, codes in CLASSES.items():
        for code in codes:
            if chance.random() < 0.3:
                yield {
                    **_place(plant, work_center, day, shift),
                    "reason_class": name,
                    "reason_code": code,
                    "attributed_seconds": Decimal(chance.randrange(3_000_000)) / 1000,
                    "logged_seconds": Decimal(chance.randrange(4_000_000)) / 1000,
                    "stops": 0 if code == "(break)" else chance.randrange(4),
                }


def _unknown_stop(day: date, number: int) -> Row:
    return {
        **_place("1000", "M1", day, "early"),
        "interaction_id": str(number),
        "reason_class": "unclassified",
        "reason_code": "?",
        "reason_text": f"Said on {day}",
        "started_at": utc(f"{day} 06:00"),
        "ended_at": utc(f"{day} 07:00"),
    }


def _pieces(chance: random.Random, plant: str, work_center: str, day: date, shift: str) -> Iterator[Row]:
    for unit in ("PC", "PC", "CAR", "KG"):
        if chance.random() < 0.7:
            continue
        good, scrap, rework = (Decimal(chance.randrange(most)) / 1000 for most in (500_000, 20_000, 9_000))
        first, last = chance.choice(((True, False), (False, True), (False, False), (True, True)))
        yield {
            **_place(plant, work_center, day, None if chance.random() < 0.1 else shift),
            "material": chance.choice("ABC"),
            "operation": chance.choice(("0010", "0020", "0030")),
            "unit": unit,
            "is_first_operation": first,
            "is_last_operation": last,
            "good_qty": good,
            "scrap_qty": scrap,
            "rework_qty": rework,
            "produced_qty": good + scrap + rework,
            "outside_calendar_qty": Decimal(chance.randrange(5_000)) / 1000,
            "confirmations": chance.randrange(1, 6),
        }


def _scrap(chance: random.Random, pieces: Row) -> Iterator[Row]:
    names = ("plant", "work_center", "production_day", "shift", "material", "unit", "refreshed_at", "run_id")
    if pieces["scrap_qty"]:
        yield {
            **{name: pieces[name] for name in names},
            "scrap_reason_code": chance.choice(("", "1", "2", "9")),
            "scrap_qty": pieces["scrap_qty"],
            "confirmations": chance.randrange(1, 4),
        }


def said(client: Client, query: str) -> list[dict[str, Any]]:
    """Rows that plain SQL yields; numbers as JSON has them, days as text."""
    result = client.query(query)
    return [dict(zip(result.column_names, map(_plain, row), strict=True)) for row in result.result_rows]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value


def alike(row: Mapping[str, Any], expected: Mapping[str, Any]) -> bool:
    """Whether a row says what is expected: numbers to the thousandth, ratios to the billionth."""
    for name, value in expected.items():
        mine = row[name]
        if isinstance(value, float) and isinstance(mine, int | float):
            allowed = 1e-9 if abs(value) <= 1 else 1e-3
            if abs(mine - value) > allowed:
                return False
        elif mine != value:
            return False
    return True


def assert_alike(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    """Compare row by row, and show the first two that differ."""
    assert len(rows) == len(expected), (rows, expected)
    for row, wanted in zip(rows, expected, strict=True):
        assert alike(row, wanted), ({name: row[name] for name in wanted}, wanted)
