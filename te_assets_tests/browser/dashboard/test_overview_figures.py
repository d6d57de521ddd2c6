"""Every number of the overview as the marts have it, in the way of two languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import pytest
from playwright.sync_api import expect

from te_assets_tests.browser.dashboard.asked import Row, Scope, only, ratio
from te_assets_tests.browser.dashboard.conftest import Plant
from te_assets_tests.browser.dashboard.screen import Card, card_of, cards, settled, table
from te_assets_tests.browser.dashboard.writing import ENGLISH, GERMAN, Writing
from te_assets_tests.browser.windows import Windows

pytestmark = [pytest.mark.stack, pytest.mark.browser]

MOST: Final = 5
MOST_OF_A_UNIT: Final = 3
SITE_BASIS: Final = "operation"
"""Over which operations the site that te_assets comes with counts scrap."""


@dataclass(frozen=True)
class Case:
    """An address of the overview, and the words that its language has."""

    address: str
    first: date
    last: date
    writing: Writing
    titles: Mapping[str, str]
    classes: Mapping[str, str]
    full: tuple[str, str]
    where: str = "1"
    basis: str = "operation"
    bases: Mapping[str, str] = field(default_factory=dict)

    def scope(self, plant: Plant) -> Scope:
        return Scope(plant.stack.clickhouse, self.first, self.last, self.where, self.basis)


CASES: Final = {
    "English": Case(
        "/overview",
        date(2026, 3, 2),
        date(2026, 3, 8),
        ENGLISH,
        titles={
            "availability": "Availability",
            "technical": "Technical availability",
            "total": "Total availability",
            "scrap_rate": "Scrap rate",
            "down": "Unplanned downtime",
            "setup": "Set-up",
            "stops": "Stops",
            "produced": "Produced",
            "scrap": "Scrap",
            "unexplained": "Unexplained time",
            "unclassified": "Unclassified stops",
            "machines": "Most time lost",
            "reasons": "Reasons that cost most",
            "worst_scrap": "Highest scrap rate",
            "as_table": "Show as table",
        },
        classes={"technical": "technical", "organisational": "organisational", "other": "other", "setup": "set-up"},
        full=("full", "partial"),
        bases={"operation": "all operations"},
    ),
    "German, of four days of a plant, compared with the days before": Case(
        "/overview?from=2026-03-05&to=2026-03-08&plant=1000&basis=last_operation&bases=all",
        date(2026, 3, 5),
        date(2026, 3, 8),
        GERMAN,
        titles={
            "availability": "Verfügbarkeit",
            "technical": "Technische Verfügbarkeit",
            "total": "Gesamtverfügbarkeit",
            "scrap_rate": "Ausschussquote",
            "down": "Ungeplanter Stillstand",
            "setup": "Rüsten",
            "stops": "Stillstände",
            "produced": "Produziert",
            "scrap": "Ausschuss",
            "unexplained": "Ungeklärte Zeit",
            "unclassified": "Nicht zugeordnete Stillstände",
            "machines": "Am meisten Zeit verloren",
            "reasons": "Teuerste Gründe",
            "worst_scrap": "Höchste Ausschussquote",
            "as_table": "Als Tabelle zeigen",
        },
        classes={"technical": "technisch", "organisational": "organisatorisch", "other": "sonstige", "setup": "Rüsten"},
        full=("vollständig", "teilweise"),
        where="m.plant = '1000'",
        basis="last_operation",
        bases={"last_operation": "letzter Vorgang", "operation": "alle Vorgänge", "order": "ganzer Auftrag"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_every_number_of_the_overview_is_what_sql_says(plant: Plant, windows: Windows, name: str) -> None:
    case = CASES[name]
    page = windows.open(locale=case.writing.locale)
    page.goto(case.address)
    settled(page)

    assert cards(page) == [*main_cards(case, plant), *other_cards(case, plant)]
    assert table(card_of(page, case.titles["machines"])).rows == worst_machines(case, plant)
    assert table(card_of(page, case.titles["reasons"])).rows == worst_reasons(case, plant)
    assert table(card_of(page, case.titles["worst_scrap"])).rows == worst_scrap(case, plant)
    for chart in (0, 1):
        page.locator("te-chart-card").nth(chart).get_by_role("button", name=case.titles["as_table"]).click()
    expect(page.locator("te-chart-card canvas")).to_have_count(0)
    assert table(page.locator("te-chart-card").nth(0)).rows == availability_trend(case, plant)
    assert sorted(list(row) for row in table(page.locator("te-chart-card").nth(1)).rows) == sorted(
        scrap_trend(case, plant)
    )


def main_cards(case: Case, plant: Plant) -> list[Card]:
    """Availability, scrap rate of each unit and basis, then what costs time."""
    scope = case.scope(plant)
    now, before = only(scope.times()), only(scope.before.times())
    rates = [
        scrap_card(case, scope, unit, basis) for unit in (row["unit"] for row in scope.pieces()) for basis in case.bases
    ]
    return [
        ratio_card(case, "availability", ("production", "planned_busy"), (now, before), scope.target("availability")),
        *rates,
        hours_card(case, "down", now.get("unplanned_down"), before.get("unplanned_down")),
        hours_card(case, "setup", now.get("setup"), before.get("setup")),
        Card(
            case.titles["stops"],
            case.writing.decimal(now["all_stops"]),
            change(case, now["all_stops"], before.get("all_stops"), case.writing.decimal, better=-1),
        ),
    ]


def other_cards(case: Case, plant: Plant) -> list[Card]:
    """Figures that stand behind others."""
    scope = case.scope(plant)
    times = [
        {**row, "available": row["planned_busy"] - row["technical_down"]} if row else row
        for row in (only(scope.times()), only(scope.before.times()))
    ]
    stops = (scope.unclassified(), scope.before.unclassified())
    return [
        ratio_card(case, "technical", ("available", "planned_busy"), times),
        ratio_card(case, "total", ("production", "planned_operation"), times),
        ratio_card(case, "unexplained", ("unexplained", "planned_busy"), times, better=-1),
        ratio_card(case, "unclassified", ("part", "whole"), stops, better=-1),
        *(
            card
            for row in scope.pieces()
            for card in (
                quantity_card(case, scope, "produced", row, better=1),
                quantity_card(case, scope, "scrap", row, better=-1),
            )
        ),
    ]


def ratio_card(
    case: Case, name: str, parts: tuple[str, str], rows: Any, target: float | None = None, better: int = 1
) -> Card:
    now, before = rows
    (part, whole), write = parts, case.writing
    value, previous = (ratio(row.get(part), row.get(whole)) for row in (now, before))
    more = [
        f"{write.hours(now[part])} / {write.hours(now[whole])} h",
        *change(case, value, previous, write.percent, better=better, in_points=True),
        *aim(case, value, target, better),
    ]
    return Card(case.titles[name], write.percent(value), more)


def scrap_card(case: Case, scope: Scope, unit: str, basis: str) -> Card:
    write = case.writing
    now, before = (
        next((row for row in of.pieces(basis=basis) if row["unit"] == unit), {}) for of in (scope, scope.before)
    )
    value, previous = (ratio(row.get("scrap"), row.get("produced")) for row in (now, before))
    # The site aims at rates on its own basis.
    target = scope.target("scrap_rate") if basis == SITE_BASIS else None
    more = [
        f"{write.quantity(now['scrap'], rough=True)} / {write.quantity(now['produced'], unit, rough=True)}",
        case.bases[basis],
        *change(case, value, previous, write.percent, better=-1, in_points=True, decimals=2),
        *aim(case, value, target, -1, decimals=2),
    ]
    return Card(case.titles["scrap_rate"], write.percent(value, 2), more)


def quantity_card(case: Case, scope: Scope, name: str, now: Row, better: int) -> Card:
    write, unit = case.writing, now["unit"]
    before = next((row for row in scope.before.pieces() if row["unit"] == unit), {})

    def written(value: Any) -> str:
        return write.quantity(value, unit, rough=True)

    more = [case.bases[case.basis], *change(case, now[name], before.get(name), written, better=better)]
    return Card(case.titles[name], written(now[name]), more)


def hours_card(case: Case, name: str, value: Any, previous: Any) -> Card:
    def written(seconds: Any) -> str:
        return f"{case.writing.hours(seconds)} h"

    return Card(case.titles[name], written(value), change(case, value, previous, written, better=-1))


def change(
    case: Case, value: Any, previous: Any, written: Any, *, better: int, in_points: bool = False, decimals: int = 1
) -> list[str]:
    """Against the period before: points of a ratio, else the share of what it was."""
    if value is None or previous is None or (not in_points and not previous):
        return []
    write = case.writing
    difference = value - previous if in_points else (float(value) - float(previous)) / float(previous)
    number = write.percent(difference, decimals, signed=True)
    text = f"{number.removesuffix(write.percent_sign)} {write.points}" if in_points else number
    if number[0] in "+-":
        text += f" {write.better[0 if (difference > 0) == (better > 0) else 1]}"
    return [text, write.before.format(written(previous, decimals) if in_points else written(previous))]


def aim(case: Case, value: float | None, target: float | None, better: int, decimals: int = 1) -> list[str]:
    if target is None:
        return []
    text = case.writing.target.format(case.writing.percent(target, decimals))
    is_met = value is not None and (value >= target if better > 0 else value <= target)
    return [text if is_met or value is None else f"{text} {case.writing.missed}"]


def worst_machines(case: Case, plant: Plant) -> list[list[str]]:
    scope, write = case.scope(plant), case.writing
    rows = scope.times(
        "m.plant AS plant, m.work_center AS work_center,",
        f"HAVING NOT is_none ORDER BY unplanned_down + setup DESC, plant, work_center LIMIT {MOST}",
    )
    return [
        [
            machine(scope, row),
            f"{write.hours(row['unplanned_down'] + row['setup'])} h",
            write.percent(ratio(row["production"], row["planned_busy"])),
        ]
        for row in rows
    ]


def worst_reasons(case: Case, plant: Plant) -> list[list[str]]:
    write = case.writing
    return [
        [
            f"{row['text'] or row['code']} {case.classes[row['class']]}",
            f"{write.hours(row['seconds'])} h",
            write.decimal(row["number"]),
        ]
        for row in case.scope(plant).reasons(MOST)
    ]


def worst_scrap(case: Case, plant: Plant) -> list[list[str]]:
    """Of the unit with most confirmations first; of several units a few each."""
    scope, write = case.scope(plant), case.writing
    rows = scope.pieces("m.plant AS plant, m.work_center AS work_center,")
    units = [row["unit"] for row in scope.pieces()]
    found = []
    for unit in units:
        mine = [row for row in rows if row["unit"] == unit and row["scrap"]]
        mine.sort(key=lambda row: (-(ratio(row["scrap"], row["produced"]) or 0), row["plant"], row["work_center"]))
        found += [
            [
                machine(scope, row),
                write.percent(ratio(row["scrap"], row["produced"]), 2),
                write.quantity(row["scrap"], unit),
            ]
            for row in mine[: MOST if len(units) == 1 else MOST_OF_A_UNIT]
        ]
    return found


def machine(scope: Scope, row: Row) -> str:
    plant, work_center = row["plant"], row["work_center"]
    return f"{scope.names()[plant, work_center]} {plant} · {work_center}"


def availability_trend(case: Case, plant: Plant) -> list[list[str]]:
    scope, write = case.scope(plant), case.writing
    target = scope.target("availability")
    return [
        [
            write.day(row["day"]),
            write.percent(ratio(row["production"], row["planned_busy"])),
            write.percent(target),
            *(write.hours(row[name], 2) for name in ("planned_busy", "unplanned_down", "setup", "production")),
            write.hours(row["unexplained"], 2),
            write.decimal(row["all_stops"]),
            write.decimal(row["all_failures"]),
            case.full[0] if row["is_full"] else case.full[1],
        ]
        for row in scope.times("m.production_day AS day,", "ORDER BY day")
    ]


def scrap_trend(case: Case, plant: Plant) -> list[list[str]]:
    scope, write = case.scope(plant), case.writing
    target = scope.target("scrap_rate") if case.basis == SITE_BASIS else None
    return [
        [
            write.day(row["day"]),
            row["unit"],
            write.percent(ratio(row["scrap"], row["produced"]), 2),
            write.quantity(row["scrap"], row["unit"]),
            write.quantity(row["produced"], row["unit"]),
            write.percent(target, 2),
        ]
        for row in scope.pieces("m.production_day AS day,")
    ]
