"""What the benchmark of the API asks, and how it reads its figures."""

from __future__ import annotations

from bench.api import Timed, as_lists, scenarios
from te_assets.dashboard.catalog import VIEWS


def test_every_view_is_asked_and_each_request_fits_the_interface() -> None:
    asked = list(scenarios())

    for view, parameters in asked:
        if view in VIEWS:
            VIEWS[view].query.model_validate(as_lists(VIEWS[view].query, parameters))
    assert set(VIEWS) <= {view for view, _ in asked}


def test_a_route_is_judged_by_its_95th_percentile_and_its_floor() -> None:
    route = Timed("stops", api=[10.0] * 19 + [400.0], bare=[5.0] * 20)

    assert route.percentile(0.95) == 400.0
    assert route.percentile(0.5) == 10.0
    assert route.ratio == 2.0
    assert route.goal == 150.0
    assert Timed("overview").goal == 50.0
