"""What another site profile would make of the figures: marts of its production days in shadows, beside those shown."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from te_assets.lake.current import compute_current
from te_assets.lake.days import create_shadow, drop_shadow, shadow_name
from te_assets.lake.marts import Mart, compute, table_of
from te_assets.lake.models import MODELS
from te_assets.lake.sql import render
from te_assets.lake.stale import AffectedDay
from te_assets.lake.touched import DayRange, contiguous_pieces

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_PIECE = 31  # days that are computed at a time
_VIEW = "te_ops.coverage_periods"


@dataclass(frozen=True)
class Figure:
    """What is compared of a mart.

    Attributes:
        keys: Columns that name a row.
        totals: Columns of these that totals are made for.
        values: Columns that are added up within a row.
        ratio: Those that the figure is divided from; none: it has no ratio.
    """

    mart: Mart
    keys: tuple[str, ...]
    totals: tuple[str, ...]
    values: tuple[str, ...]
    ratio: tuple[str, str] | None = None


_PLACE = ("plant", "work_center", "production_day", "shift")
FIGURES: Mapping[str, tuple[Figure, ...]] = {
    "interactions": (
        Figure(
            "availability",
            _PLACE,
            ("plant",),
            (
                *("planned_operation_seconds", "planned_down_seconds", "planned_busy_seconds"),
                *("unplanned_down_seconds", "setup_seconds", "short_stop_seconds", "production_seconds"),
                *("technical_down_seconds", "unexplained_seconds", "stops", "short_stops", "open_stops", "failures"),
            ),
            ("production_seconds", "planned_busy_seconds"),
        ),
        Figure(
            "downtime_reasons",
            (*_PLACE, "reason_class"),
            ("plant", "reason_class"),
            ("attributed_seconds", "logged_seconds", "stops"),
        ),
    ),
    "confirmations": (
        Figure(
            "scrap_rate",
            (*_PLACE, "unit"),
            ("plant", "unit"),
            ("good_qty", "scrap_qty", "rework_qty", "produced_qty", "outside_calendar_qty", "confirmations"),
            ("scrap_qty", "produced_qty"),
        ),
    ),
}


@dataclass(frozen=True)
class Difference:
    """A row of a figure before and after; None: there is no such row.

    Attributes:
        figure: Mart it is of.
        place: Key columns and their values.
        before: Values as they are shown.
        after: Values under the other profile.
    """

    figure: str
    place: Mapping[str, str]
    before: Mapping[str, Decimal] | None
    after: Mapping[str, Decimal] | None


@dataclass
class Preview:
    """Rows that differ, and sums over all rows of the affected days."""

    differences: list[Difference]
    totals: list[Difference]


def preview(client: Client, days: Sequence[AffectedDay], instead: Mapping[str, str]) -> Preview:
    """Compute the figures of affected days from other tables of the site and compare them with those shown.

    Nothing that counts is written: current rows and marts go into shadows, which are dropped.

    Args:
        client: Writer.
        days: The days that can differ.
        instead: Table of te_ops → table that is read in its place.
    """
    found = Preview([], [])
    with _coverage(client, instead) as tables:
        for model in FIGURES:
            places = {f"{day.plant} {day.production_day}" for day in days if day.model == model}
            affected = {day.production_day for day in days if day.model == model}
            for piece in reversed(contiguous_pieces(affected, _PIECE)):
                _compare(client, model, piece, sorted(places), tables, found)
    found.totals = _summed(found.totals)
    return found


def _compare(
    client: Client, model: str, piece: DayRange, places: list[str], instead: Mapping[str, str], found: Preview
) -> None:
    suffix = uuid4().hex
    current = f"te_staging.{model}"
    marts = [figure.mart for figure in FIGURES[model]]
    try:
        create_shadow(client, current, suffix)
        other = _Redirected(client, {**instead, current: shadow_name(current, suffix)})
        compute_current(cast("Client", other), MODELS[model], piece, shadow_name(current, suffix))
        compute(cast("Client", other), marts, piece.first, piece.last, run_id=suffix)
        for figure in FIGURES[model]:
            found.differences += _rows(client, figure, figure.keys, places, piece, suffix, differing=True)
            found.totals += _rows(client, figure, figure.totals, places, piece, suffix, differing=False)
    finally:
        for table in (current, *map(table_of, marts)):
            drop_shadow(client, table, suffix)


def _rows(
    client: Client,
    figure: Figure,
    keys: Sequence[str],
    places: list[str],
    piece: DayRange,
    suffix: str,
    *,
    differing: bool,
) -> Iterator[Difference]:
    table = table_of(figure.mart)
    sql = render(
        "site",
        "differences",
        mart=figure.mart,
        table=table,
        shadow=shadow_name(table, suffix),
        keys=keys,
        values=figure.values,
        differing=differing,
    )
    within = [place for place in places if piece.first <= date.fromisoformat(place[-10:]) <= piece.last]
    for *place, was, becomes, before, after in client.query(sql, parameters={"places": within}).result_rows:
        yield Difference(
            figure.mart,
            {key: str(value) for key, value in zip(keys, place, strict=True)},
            dict(zip(figure.values, before, strict=True)) if was else None,
            dict(zip(figure.values, after, strict=True)) if becomes else None,
        )


def _summed(parts: Sequence[Difference]) -> list[Difference]:
    """Totals of the pieces added up."""
    sums: dict[tuple[str, tuple[str, ...]], Difference] = {}
    for part in parts:
        key = (part.figure, tuple(part.place.values()))
        known = sums.get(key)
        sums[key] = (
            part
            if known is None
            else Difference(part.figure, part.place, _added(known.before, part.before), _added(known.after, part.after))
        )
    return list(sums.values())


def _added(one: Mapping[str, Decimal] | None, two: Mapping[str, Decimal] | None) -> Mapping[str, Decimal] | None:
    if one is None or two is None:
        return one or two
    return {name: value + two[name] for name, value in one.items()}


@contextmanager
def _coverage(client: Client, instead: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The view of coverage reads the site's work centers: it gets a twin that reads the other ones."""
    twin = f"{_VIEW}__site_{uuid4().hex[:12]}"
    database, name = _VIEW.split(".")
    ((text,),) = client.query(
        "SELECT as_select FROM system.tables WHERE database = {database:String} AND name = {name:String}",
        parameters={"database": database, "name": name},
    ).result_rows
    client.command(f"CREATE VIEW {twin} AS {_redirect(text, instead)}")
    try:
        yield {**instead, _VIEW: twin}
    finally:
        client.command(f"DROP VIEW IF EXISTS {twin}")


def _redirect(statement: str, instead: Mapping[str, str]) -> str:
    names = "|".join(map(re.escape, instead))
    return re.sub(rf"\b({names})\b", lambda match: instead[match[1]], statement)


class _Redirected:
    """A client whose statements read other tables than they name; what fills staging and marts is used as it is."""

    def __init__(self, client: Client, instead: Mapping[str, str]) -> None:
        self._client, self._instead = client, instead

    def command(self, statement: str, *arguments: Any, **options: Any) -> Any:
        return self._client.command(_redirect(statement, self._instead), *arguments, **options)

    def query(self, statement: str, *arguments: Any, **options: Any) -> Any:
        return self._client.query(_redirect(statement, self._instead), *arguments, **options)
