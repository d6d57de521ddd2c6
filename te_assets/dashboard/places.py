"""The machines that filters select, in the order of the site."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from te_assets.dashboard.known import WorkCenter

if TYPE_CHECKING:
    from te_assets.dashboard.scope import Scope


def selected(scope: Scope) -> list[WorkCenter]:
    """Work centers of the site that the filters let through, whether they have data or not."""
    asked = scope.filters
    return [
        each
        for each in scope.known.work_centers
        if (not asked.plant or each.plant in asked.plant)
        and (not asked.line or each.line in asked.line)
        and (not asked.work_center or each.work_center in asked.work_center)
    ]


def with_former(scope: Scope, found: Iterable[tuple[str, str]]) -> list[WorkCenter]:
    """Those selected, then those that have data although the site no longer has them.

    Args:
        scope: What is asked.
        found: Plant and work center of what was found.
    """
    there = selected(scope)
    known = {(each.plant, each.work_center) for each in there}
    former = sorted(set(found) - known)
    return [*there, *(WorkCenter(plant, name, scope.known.name_of(plant, name), "") for plant, name in former)]


def labels(places: Iterable[WorkCenter], scope: Scope) -> dict[tuple[str, str], str]:
    """What to call each: its name, behind that of its plant where another plant has the same one."""
    places = list(places)
    names = [each.name for each in places]
    return {
        (each.plant, each.work_center): each.name
        if names.count(each.name) == 1
        else f"{scope.known.name_of_line(each.plant, '')} · {each.name}"
        for each in places
    }
