"""What machines did, instant by instant, with as much detail as can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from te_assets.dashboard.answers import Band, Machine, Span, StateRow, Timeline
from te_assets.dashboard.columns import ColumnSpec
from te_assets.dashboard.concurrently import together
from te_assets.dashboard.places import selected, with_former
from te_assets.web.problems import Problem

if TYPE_CHECKING:
    from te_assets.dashboard.asking import Asking
    from te_assets.dashboard.filters import TimelineQuery
    from te_assets.dashboard.scope import Scope

MOST_SPANS: Final = 10_000
MOST_BAND_DAYS: Final = 35
MOST_MACHINE_DAYS: Final = 3_000
"""Machines × days of which states are counted for several lengths of a pixel first; more take too long."""
MOST_MACHINES: Final = 1_000
WORST_FIRST: Final = (
    *("technical", "organisational", "other", "unclassified", "setup", "planned"),
    *("short_stop", "unexplained", "production", "no_data", "outside_calendar"),
)
"""Which state a span of several shows. Losses come first, in the order in which overlapping stops count (docs/kpi.md),
so that no stop disappears behind the production around it; then what is meant to be, then what is not known, last what
is no time of work: a pixel looks idle only where nothing else happened in it."""
BREAK: Final = "(break)"
COLUMNS: Final = (
    ColumnSpec("plant"),
    ColumnSpec("work_center"),
    ColumnSpec("name"),
    ColumnSpec("state", "choice"),
    ColumnSpec("seconds", "hours"),
    ColumnSpec("share", "percent"),
)


async def show(asking: Asking, query: TimelineQuery) -> Timeline:
    """States of the filtered machines."""
    scope = asking.scope
    there = selected(scope)
    if len(there) > MOST_MACHINES:
        detail = f"{len(there):,} machines are more than a timeline has room for: name at most {MOST_MACHINES:,}."
        raise Problem(422, "too-much", detail)
    (span_of_days,) = await asking.rows("timeline_range", (), {"plants": [plant.plant for plant in scope.plants]})
    starts, ends = span_of_days["starts"] or 0, span_of_days["ends"] or 0
    given, mart = scope.conditions("material", "reason_class"), scope.mart("states")
    by_class, bound = bool(query.reason_class), {"starts": starts, "classes": query.reason_class}
    pixels = pixels_of(ends - starts, query.width, len(there))
    if len(pixels) > 1 and len(there) * scope.days <= MOST_MACHINE_DAYS:
        (sizes,) = await asking.rows(
            "timeline_sizes", given, {**bound, "pixels": pixels}, mart=mart, by_class=by_class, lengths=len(pixels)
        )
        pixel = finest(pixels, sizes["spans"])
    else:
        pixel = pixels[-1]
    bound["pixel"] = pixel
    found = await together(
        spans=asking.rows("timeline", given, bound, mart=mart, by_class=by_class, order=list(WORST_FIRST)),
        totals=asking.rows("timeline_totals", given, bound, mart=mart, by_class=by_class),
        bands=asking.rows("timeline_bands", given) if scope.days <= MOST_BAND_DAYS else _nothing(),
        reasons=asking.rows("timeline_reasons", ()),
    )
    machines = _machines(scope, found["totals"])
    places = {(each.plant, each.work_center): number for number, each in enumerate(machines)}
    if not found["spans"]:
        scope.note_empty()
    if any(row["merged"] > 1 for row in found["spans"]):
        scope.note("merged_spans", seconds=round(pixel / 1000))
    return Timeline(
        about=scope.about(),
        columns=asking.columns(COLUMNS),
        start=starts,
        end=ends,
        pixel=pixel,
        machines=machines,
        spans=[
            Span.model_construct(
                machine=places[row["plant"], row["work_center"]],
                start=row["start"],
                end=row["end"],
                state=row["state"],
                reason_code=row["reason_code"],
                interaction_id=row["interaction_id"],
                merged=row["merged"],
            )
            for row in found["spans"]
        ],
        bands=[
            Band.model_construct(
                machine=places[row["plant"], row["work_center"]],
                shift=row["shift"],
                start=row["start"],
                end=row["end"],
            )
            for row in found["bands"]
            if (row["plant"], row["work_center"]) in places
        ],
        reasons=await _reasons(asking, found["spans"], found["reasons"]),
        rows=[
            StateRow(
                plant=machine.plant,
                work_center=machine.work_center,
                name=machine.name,
                state=state,
                seconds=seconds,
                share=seconds / total if total else None,
            )
            for machine in machines
            for total in [sum(machine.seconds.values())]
            for state, seconds in machine.seconds.items()
        ],
    )


def pixels_of(milliseconds: int, width: int, machines: int) -> list[int]:
    """Lengths that a pixel may have, each twice the one before.

    Args:
        milliseconds: Length of what is shown.
        width: Pixels across.
        machines: Rows.

    Returns:
        First that of a pixel of the screen; last one with which two spans in each pixel of each machine are not too
        many, whatever the states.
    """
    longest = max(1, -(-milliseconds // max(1, min(width, MOST_SPANS // (2 * max(machines, 1))))))
    found = [max(1, -(-milliseconds // width))]
    while 2 * found[-1] < longest:
        found.append(2 * found[-1])
    return found if found[-1] == longest else [*found, longest]


def finest(pixels: Sequence[int], spans: Sequence[int]) -> int:
    """The shortest pixel with which the spans are not too many; `spans` are those of each."""
    return next((pixel for pixel, number in zip(pixels, spans, strict=True) if number <= MOST_SPANS), pixels[-1])


def _machines(scope: Scope, totals: Sequence[Mapping[str, Any]]) -> list[Machine]:
    seconds: dict[tuple[str, str], dict[str, float]] = {}
    for row in totals:
        seconds.setdefault((row["plant"], row["work_center"]), {})[row["state"]] = row["seconds"]
    plants = scope.known.plants
    return [
        Machine.model_validate(
            {
                "plant": each.plant,
                "work_center": each.work_center,
                "name": each.name,
                "line": each.line,
                "time_zone": plants[each.plant].time_zone if each.plant in plants else "UTC",
                "seconds": {
                    state: mine[state]
                    for mine in [seconds.get((each.plant, each.work_center), {})]
                    for state in WORST_FIRST
                    if state in mine
                },
            }
        )
        for each in with_former(scope, seconds)
    ]


async def _reasons(
    asking: Asking, spans: Sequence[Mapping[str, Any]], of_site: Sequence[Mapping[str, Any]]
) -> dict[str, str]:
    """Texts of the reasons that the spans have: the site's, else as logged; a code without any is its own text."""
    scope, codes = asking.scope, sorted({row["reason_code"] for row in spans} - {""})
    known = {row["reason_code"]: row["reason_text"] for row in of_site} | {BREAK: scope.texts.words["break"]}
    if missing := [code for code in codes if code not in known]:
        given = scope.conditions("material", "reason_class")
        logged = await asking.rows("timeline_logged_reasons", given, {"codes": missing})
        known |= {row["reason_code"]: row["reason_text"] for row in logged}
    return {code: known.get(code) or code for code in codes}


async def _nothing() -> list[dict[str, Any]]:
    return []
