"""Every view by its name: what it can be asked, what it answers, and what answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from te_assets.dashboard import answers, filters
from te_assets.dashboard.views import (
    availability,
    confirmations,
    downtime_pareto,
    heatmap,
    orders,
    overview,
    provenance,
    quality,
    rejected_rows,
    scrap_pareto,
    scrap_rate,
    stops,
    timeline,
)


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
    "overview": View(filters.Filters, answers.Overview, overview.show),
    "availability": View(filters.AvailabilityQuery, answers.Availability, availability.show),
    "scrap-rate": View(filters.ScrapRateQuery, answers.ScrapRate, scrap_rate.show),
    "downtime-pareto": View(filters.DowntimeParetoQuery, answers.DowntimePareto, downtime_pareto.show),
    "scrap-pareto": View(filters.ScrapParetoQuery, answers.ScrapPareto, scrap_pareto.show),
    "heatmap": View(filters.HeatmapQuery, answers.Heatmap, heatmap.show),
    "timeline": View(filters.TimelineQuery, answers.Timeline, timeline.show),
    "stops": View(filters.StopsQuery, answers.Stops, stops.show),
    "confirmations": View(filters.ConfirmationsQuery, answers.Confirmations, confirmations.show),
    "orders": View(filters.OrdersQuery, answers.Orders, orders.show),
    "provenance": View(filters.ProvenanceQuery, answers.Provenance, provenance.show),
    "quality": View(filters.Filters, answers.Quality, quality.show),
    "rejected-rows": View(filters.RejectedRowsQuery, answers.RejectedRows, rejected_rows.show),
}
"""A further view is one more line here; its route is made from it."""
