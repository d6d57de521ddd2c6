"""From filters to what is asked of ClickHouse: days, places, conditions; and what the answer says of itself."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, cast

from te_assets.dashboard.answers import About, Note, NoteCode
from te_assets.dashboard.filters import Basis, Filters, Period
from te_assets.lake.months import GATHERED
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.dashboard.known import Known, Plant, Target
    from te_assets.dashboard.texts import Texts

LATEST_DAYS: Final = 7
LONG_DAYS: Final = 14
"""From so many days on, partitions of months are read: fewer than as many partitions of days."""
_LONGEST_LIST: Final = 30  # names that a message lists
GRAINS: Final[Mapping[str, str]] = {
    "shift": "production_day",
    "day": "production_day",
    "week": "toMonday(production_day)",
    "month": "toStartOfMonth(production_day)",
}
"""Grain → SQL of the day that a period bears."""


@dataclass
class Scope:
    """What is asked, resolved.

    Attributes:
        first_day: First production day.
        last_day: Last one, inclusive.
        plants: Those that are shown.
        notes: What the answer will say beside its figures.
    """

    filters: Filters
    known: Known
    texts: Texts
    first_day: date
    last_day: date
    basis: Basis
    plants: tuple[Plant, ...]
    notes: list[Note] = field(default_factory=list)

    @property
    def headline_basis(self) -> Basis:
        """The one that the site counts by, and that its targets are of."""
        return headline_basis(self.known)

    @property
    def days(self) -> int:
        """How many."""
        return (self.last_day - self.first_day).days + 1

    @property
    def previous(self) -> tuple[date, date]:
        """The days before, as many."""
        return self.first_day - timedelta(days=self.days), self.first_day - timedelta(days=1)

    @property
    def period_sql(self) -> str:
        """SQL of the day that a period of the grain bears."""
        return GRAINS[self.filters.grain]

    @property
    def by_shift(self) -> bool:
        """Whether the grain is the shift."""
        return self.filters.grain == "shift"

    def parameters(self, *, first_day: date | None = None, last_day: date | None = None) -> dict[str, Any]:
        """Values of the conditions that `conditions` names; other days if given."""
        asked = self.filters
        bound: dict[str, Any] = {
            "first_day": first_day or self.first_day,
            "last_day": last_day or self.last_day,
            "plant": asked.plant,
            "line": asked.line,
            "work_center": asked.work_center,
            "shift": asked.shift,
            "material": asked.material,
            "reason_class": asked.reason_class,
            "shift_order": list(dict.fromkeys(shift for plant in self.plants for shift in plant.shifts)),
        }
        if asked.as_of:
            bound["as_of"] = asked.as_of.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        return bound

    def conditions(self, *without: str) -> frozenset[str]:
        """Names of the filters that are given, for `parts/where.sql`; without those that do not matter."""
        given = {
            name
            for name in ("plant", "line", "work_center", "shift", "material", "reason_class")
            if getattr(self.filters, name) and name not in without
        }
        return frozenset(given)

    def mart(self, name: str) -> str:
        """A mart in FROM: as it is, or as it was.

        Long ranges come from its monthly copy, but for days that this does not have as they are now (lake/months.py).
        """
        if self.filters.as_of:
            return f"te_marts.{name}_as_of(as_of = {{as_of:String}})"
        is_long = name in GATHERED and self.days >= LONG_DAYS
        return self.known.mart(name) if is_long else f"te_marts.{name}"

    def targets(self) -> list[Target | None]:
        """Of the narrowest places that the filters name, on the last day."""
        return self._targets

    @cached_property
    def _targets(self) -> list[Target | None]:
        asked, known = self.filters, self.known
        places = [
            (each.plant, each.line, each.work_center if asked.work_center else "")
            for each in known.work_centers
            if (not asked.plant or each.plant in asked.plant)
            and (not asked.line or each.line in asked.line)
            and (not asked.work_center or each.work_center in asked.work_center)
        ]
        narrowed = asked.line or asked.work_center
        return [
            known.target(plant, line if narrowed else "", work_center, self.last_day)
            for plant, line, work_center in dict.fromkeys(places)
        ]

    def note(self, code: NoteCode, **values: Any) -> None:
        """Say something beside the figures; once."""
        if all(each.code != code for each in self.notes):
            self.notes.append(Note(code=code, text=self.texts.note(code, **values)))

    def note_empty(self) -> None:
        """Say why there are no figures."""
        first, last = _with_data(self.known.plants.values())
        if first is None or last is None:
            self.note("no_data_at_all")
        elif self.filters.as_of and self.known.first_as_of and self.filters.as_of < self.known.first_as_of:
            self.note("not_before", first=_minute(self.known.first_as_of))
        elif self.last_day < first or self.first_day > last:
            self.note("no_data_in_period", first=first, last=last)
        else:
            self.note("nothing_matches", first=first, last=last)

    def about(self) -> About:
        """What the answer says of itself."""
        zones = {plant.time_zone for plant in self.plants}
        until = [plant.data_until for plant in self.plants if plant.data_until]
        return About(
            first_day=self.first_day,
            last_day=self.last_day,
            period=None if self.filters.first_day else (self.filters.period or "latest"),
            grain=self.filters.grain,
            basis=self.basis,
            as_of=self.filters.as_of,
            time_zone=zones.pop() if len(zones) == 1 else None,
            data_until=max(until, default=None),
            refreshed_at=self.known.refreshed_at,
            version=self.known.version,
            notes=self.notes,
        )


def resolve(filters: Filters, known: Known, texts: Texts, *, now: datetime | None = None) -> Scope:
    """What the filters ask for.

    Args:
        filters: As given.
        known: The site and its data.
        texts: Words of the language.
        now: The instant that relative periods start from; now unless given.

    Raises:
        Problem: 422: a plant, line, work center or shift that the site does not have.
    """
    _check(filters.plant, known.plants, "plant")
    _check(filters.line, {line["line"] for line in known.lines}, "line")
    _check(filters.work_center, {each.work_center for each in known.work_centers}, "work_center")
    _check(filters.shift, {shift for plant in known.plants.values() for shift in plant.shifts}, "shift")
    plants = tuple(plant for name, plant in known.plants.items() if not filters.plant or name in filters.plant)
    if filters.first_day and filters.last_day:
        first, last = filters.first_day, filters.last_day
    else:
        first, last = _relative(filters.period or "latest", plants, now or datetime.now(UTC))
    return Scope(filters, known, texts, first, last, filters.basis or headline_basis(known), plants)


def headline_basis(known: Known) -> Basis:
    """Over which operations the site counts scrap."""
    return cast("Basis", known.policies.get("headline_scrap_basis", "operation"))


def _check(asked: Collection[str], there: Collection[str], what: str) -> None:
    unknown = sorted(set(asked) - set(there))
    if unknown:
        names = sorted(there)
        known = ", ".join(names[:_LONGEST_LIST]) + (" …" if len(names) > _LONGEST_LIST else "")
        detail = f"{what}: the site has no {', '.join(unknown)[:500]}. It has: {known or 'none'}."
        raise Problem(422, f"unknown-{what.replace('_', '-')}", detail)


def _relative(period: Period, plants: Collection[Plant], now: datetime) -> tuple[date, date]:
    """First and last production day; where plants of several zones have different days, all of them."""
    days = [plant.today(now) for plant in plants] or [now.date()]
    earliest, latest = min(days), max(days)
    monday = earliest - timedelta(days=earliest.weekday())
    month = earliest.replace(day=1)
    before = month - timedelta(days=1)
    if period == "latest":
        _, newest = _with_data(plants)
        last = newest or latest
        return last - timedelta(days=LATEST_DAYS - 1), last
    spans: Mapping[Period, tuple[date, date]] = {
        "today": (earliest, latest),
        "yesterday": (earliest - timedelta(days=1), latest - timedelta(days=1)),
        "last_7_days": (earliest - timedelta(days=6), latest),
        "last_30_days": (earliest - timedelta(days=29), latest),
        "last_90_days": (earliest - timedelta(days=89), latest),
        "this_week": (monday, latest),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "this_month": (month, latest),
        "last_month": (before.replace(day=1), before),
    }
    return spans[period]


def _with_data(plants: Collection[Plant]) -> tuple[date | None, date | None]:
    firsts = [plant.first_day for plant in plants if plant.first_day]
    lasts = [plant.last_day for plant in plants if plant.last_day]
    return min(firsts, default=None), max(lasts, default=None)


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
