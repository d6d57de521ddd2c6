"""Every view by its name: what it can be asked, what it answers, and what answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from te_assets.dashboard import answers, filters
from te_assets.dashboard.views import availability


@dataclass(frozen=True)
class View:
    """A view.

    Attributes:
        query: What it can be asked.
        answer: What it answers.
        show: Answers it; an `Asking` and the query.
    """

    query: type[filters.Filters]
    answer: type[answers.Answer]
    show: Callable[..., Awaitable[Any]]


VIEWS: Final[Mapping[str, View]] = {
    "availability": View(filters.AvailabilityQuery, answers.Availability, availability.show),
}
"""A further view is one more line here; its route is made from it."""
