"""The committed documents are those of the code, and describe what is answered."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from te_assets.gateway.documents import documents
from te_assets.gateway.pages import page_of

COMMITTED = Path(__file__).parents[2] / "docs" / "api"


@pytest.fixture(scope="module")
def made() -> dict[str, dict[str, Any]]:
    return documents()


@pytest.mark.parametrize("name", ["openapi.json", "asyncapi.json"])
def test_the_committed_document_is_that_of_the_code(name: str, made: dict[str, dict[str, Any]]) -> None:
    """Whoever generates a client from it must get one that fits. Write it anew: `make docs`."""
    assert json.loads((COMMITTED / name).read_text(encoding="utf-8")) == made[name]


def test_all_references_lead_somewhere(made: dict[str, dict[str, Any]]) -> None:
    for name, document in made.items():
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)):
            found: Any = document
            for part in reference.split("/"):
                assert part in found, f"{name}: {reference}"
                found = found[part]


def test_routes_say_which_problems_they_answer(made: dict[str, dict[str, Any]]) -> None:
    paths = made["openapi.json"]["paths"]
    documented = {
        f"{method} {path}": sorted(int(status) for status in route["responses"])
        for path, routes in paths.items()
        for method, route in routes.items()
    }

    assert documented == {
        "post /v1/files": [200, 202, 400, 401, 403, 413, 415, 422, 429, 500, 503, 507],
        "get /v1/files/{sha256}": [200, 401, 403, 404, 422, 429, 500, 503],
        "get /v1/files/{sha256}/rejects.xlsx": [200, 401, 403, 404, 410, 422, 429, 500, 503],
        "post /v1/events/interactions": [202, 400, 401, 403, 409, 413, 422, 429, 500, 503, 507],
        "post /v1/events/confirmations": [202, 400, 401, 403, 409, 413, 422, 429, 500, 503, 507],
        "get /healthz": [200],
        "get /readyz": [200, 503],
        "get /metrics": [200],
    }


def test_topics_are_named_with_their_messages(made: dict[str, dict[str, Any]]) -> None:
    document = made["asyncapi.json"]

    assert set(document["channels"]) == {
        "te.interactions.v1",
        "te.confirmations.v1",
        "te.file-events.v1",
        "te.file-events.v1.live",
        "te.file-events.v1.record",
    }
    assert set(document["components"]["schemas"]["FileChanged"]["required"]) == {"sha256", "change", "changed_at"}
    assert set(document["components"]["schemas"]["FileReceived"]["required"]) == {
        "sha256",
        "name",
        "size",
        "received_at",
    }


def test_the_page_of_the_topics_escapes_what_it_shows() -> None:
    page = page_of(
        {
            "info": {"title": "<b>", "version": "1"},
            "channels": {"a": {"address": "<i>", "description": "x & y"}},
            "components": {"schemas": {"S": {"title": "<u>"}}},
        }
    )

    assert "<b>" not in page
    assert "&lt;i&gt;" in page
    assert "x &amp; y" in page
    assert "&lt;u&gt;" in page
