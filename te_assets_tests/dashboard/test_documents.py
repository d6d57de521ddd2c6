"""The committed document of the API is that of the code, and says which problems routes answer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from te_assets.dashboard.catalog import VIEWS
from te_assets.dashboard.documents import OPENAPI, documents

COMMITTED = Path(__file__).parents[2] / "docs" / "api"


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    return documents()[OPENAPI]


def test_the_committed_document_is_that_of_the_code(made: dict[str, Any]) -> None:
    """The types of the pages are made from it. Write it anew: `make docs`, then `npm run types` in frontend."""
    assert json.loads((COMMITTED / OPENAPI).read_text(encoding="utf-8")) == made


def test_all_references_lead_somewhere(made: dict[str, Any]) -> None:
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(made)):
        found: Any = made
        for part in reference.split("/"):
            assert part in found, reference
            found = found[part]


def test_each_view_has_its_route_and_all_routes_say_which_problems_they_answer(made: dict[str, Any]) -> None:
    paths = made["paths"]
    documented = {
        path: sorted(int(status) for status in route["get"]["responses"]) for path, route in made["paths"].items()
    }

    assert {f"/api/v1/{name}" for name in VIEWS} <= set(paths)
    assert {method for route in paths.values() for method in route} == {"get"}  # it only reads
    assert {tuple(documented[f"/api/v1/{name}"]) for name in VIEWS} == {(200, 304, 422, 500, 503, 504)}
    assert documented["/api/v1/events"] == [200, 422, 500, 503]
    assert (documented["/healthz"], documented["/readyz"], documented["/metrics"]) == ([200], [200, 503], [200])


def test_what_is_told_as_events_is_described(made: dict[str, Any]) -> None:
    told = made["components"]["schemas"]["MartRefreshed"]

    assert set(told["required"]) == {"version", "refreshed_at", "tables", "days", "missed"}
    assert set(made["components"]["schemas"]["Away"]["required"]) == {"detail"}
