"""Cards of the overview: each figure with that of the period before, its parts and its target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

from te_assets.dashboard.answers import Card
from te_assets.dashboard.scope import Scope
from te_assets.dashboard.views.availability import only
from te_assets.dashboard.views.scrap_rate import BASES

Row = Mapping[str, Any]
_HEADLINES: Final = {
    "availability": "availability",
    "technical": "technical_availability",
    "total": "total_availability",
}
_PARTS: Final = {
    "availability": ("production_seconds", "planned_busy_seconds"),
    "technical_availability": ("technically_available_seconds", "planned_busy_seconds"),
    "total_availability": ("production_seconds", "planned_operation_seconds"),
    "unexplained": ("unexplained_seconds", "planned_busy_seconds"),
    "unclassified": ("unclassified_seconds", "unplanned_seconds"),
    "scrap_rate": ("scrap_qty", "produced_qty"),
}
_Better = Literal["higher", "lower"]


@dataclass(frozen=True)
class Pair:
    """A row of the period and that of the one before; None: there is none, so its figures are null."""

    now: Row | None
    before: Row | None

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Self:
        """From rows with `is_now`."""
        return cls(
            next((row for row in rows if row["is_now"]), None), next((row for row in rows if not row["is_now"]), None)
        )

    def figure(self, column: str) -> dict[str, Any]:
        """A figure, as a card takes it."""
        return {"value": _in(self.now, column), "previous": _in(self.before, column)}

    def ratio(self, name: str) -> dict[str, Any]:
        """A ratio with its parts, as a card takes it."""
        numerator, denominator = _PARTS[name]
        return {
            **self.figure(name),
            "numerator": _in(self.now, numerator),
            "denominator": _in(self.now, denominator),
            "previous_numerator": _in(self.before, numerator),
            "previous_denominator": _in(self.before, denominator),
        }


def _in(row: Row | None, column: str) -> Any:
    """The figure of a row; None too where nobody delivered what it is made of."""
    return None if row is None or row.get("coverage") == "none" else row[column]


def time_cards(scope: Scope, times: Pair, reasons: Pair) -> list[Card]:
    """Cards of machines; the headline first."""
    headline = _HEADLINES[scope.known.policies.get("headline_availability", "availability")]
    target = only([each.availability if each else None for each in scope.targets()])
    targets = {"availability": target}
    ratio = _card("percent", times.ratio, targets)
    names = sorted(_HEADLINES.values(), key=lambda name: name != headline)
    return [
        *(ratio(name, "higher", is_headline=name == headline) for name in names),
        _of_figure("unplanned_down", "hours", times, "unplanned_down_seconds"),
        _of_figure("setup", "hours", times, "setup_seconds"),
        _of_figure("stops", "integer", times, "stops"),
        ratio("unexplained", "lower"),
        _card("percent", reasons.ratio, {})("unclassified", "lower"),
    ]


def scrap_cards(scope: Scope, rows: Sequence[Row]) -> list[Card]:
    """Cards of pieces: of each unit its rates, that of the asked basis first, and its pieces on that basis."""
    target = only([each.scrap_rate if each else None for each in scope.targets()])
    headline = scope.headline_basis
    cards: list[Card] = []
    for unit in _units(rows):
        pairs = {
            basis: Pair.of([row for row in rows if (row["unit"], row["basis"]) == (unit, basis)]) for basis in BASES
        }
        pairs = {basis: pair for basis, pair in pairs.items() if pair.now or pair.before}
        for basis in sorted(pairs, key=lambda each: each != scope.basis):
            card = _card("rate", pairs[basis].ratio, {"scrap_rate": target if basis == headline else None})
            is_headline = basis == scope.basis and not cards
            cards.append(card("scrap_rate", "lower", unit=unit, basis=basis, is_headline=is_headline))
        if scope.basis in pairs:
            mine = pairs[scope.basis]
            of: dict[str, Any] = {"unit": unit, "basis": scope.basis}
            cards.append(_of_figure("produced", "quantity", mine, "produced_qty", better="higher", **of))
            cards.append(_of_figure("scrap", "quantity", mine, "scrap_qty", **of))
    return cards


def _units(rows: Sequence[Row]) -> list[str]:
    """Units of both periods, those with most confirmations in this one first."""
    counted = {(row["unit"], row["is_now"]): row["confirmations"] for row in rows if row["basis"] == "operation"}
    units = {unit for unit, _ in counted}
    return sorted(units, key=lambda unit: (-counted.get((unit, True), 0), -counted.get((unit, False), 0), unit))


def _card(
    kind: str, figures: Callable[[str], dict[str, Any]], targets: Mapping[str, float | None]
) -> Callable[..., Card]:
    def card(name: str, better: _Better, **more: Any) -> Card:
        return Card.model_validate(
            {"name": name, "kind": kind, "better": better, "target": targets.get(name), **figures(name), **more}
        )

    return card


def _of_figure(name: str, kind: str, pair: Pair, column: str, *, better: _Better = "lower", **more: Any) -> Card:
    return Card.model_validate({"name": name, "kind": kind, "better": better, **pair.figure(column), **more})
