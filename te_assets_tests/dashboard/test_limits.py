"""What holds when ClickHouse is slow, away or refuses: an answer that says so, and nothing left behind."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from te_assets.dashboard import lake
from te_assets.dashboard.documents import documents
from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.serving import Dashboard, served

pytestmark = pytest.mark.stack

SLOW = "SELECT sum(sipHash64(number)) FROM numbers_mt(1000000000000)"
SECONDS = 10.0


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Texts that stand in for those of queries, by name."""
    texts: dict[str, str] = {}
    real = lake.statement
    monkeypatch.setattr(lake, "statement", lambda name, **given: texts.get(name) or real(name, **given))
    return texts


def running(stack: Stack, user: str) -> int:
    found = stack.clickhouse.query(
        "SELECT count() FROM system.processes WHERE user = {user:String} AND query LIKE 'SELECT sum(sipHash64%'",
        parameters={"user": user},
    )
    return int(found.result_rows[0][0])


def wait_for(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.02)


@pytest.mark.parametrize("user", ["te_reader", "te_writer"])
def test_a_query_that_is_too_slow_is_answered_and_stopped(
    stack: Stack, instead: dict[str, str], monkeypatch: pytest.MonkeyPatch, user: str
) -> None:
    """The reader hung up after ten seconds, and ClickHouse went on for thirty: a few of these, and it was busy."""
    monkeypatch.setattr(lake, "LONGEST_SECONDS", 1)
    instead["availability"] = SLOW
    known = {} if user == "te_reader" else {"clickhouse_reader_password": None}
    with served(stack.settings.model_copy(update=known)) as dashboard, ThreadPoolExecutor(1) as pool:
        asked = pool.submit(dashboard.get, "/api/v1/availability")
        wait_for(lambda: running(stack, user) > 0, "the query does not begin")
        answer = asked.result()
        assert (answer.status_code, answer.headers["Content-Type"]) == (504, "application/problem+json")
        assert answer.json()["type"] == "urn:te-assets:problem:too-slow"
        assert "within 1 s" in answer.json()["detail"]
        wait_for(lambda: running(stack, user) == 0, "the query goes on")


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("SELECT number FROM numbers(2000000)", 422, "too-much"),
        ("SELECT length(groupArray(range(1000000 + number))) FROM numbers(400)", 422, "too-much"),
        ("SELECT * FROM te_marts.of_a_later_version", 503, "not-migrated"),
        ("SELECT * FROM te_later.figures", 503, "not-migrated"),
        ("SELECT throwIf(1)", 500, "defect"),
    ],
)
def test_what_clickhouse_refuses_is_said_as_what_it_is(
    dashboard: Dashboard, instead: dict[str, str], text: str, status: int, kind: str
) -> None:
    instead["availability"] = text
    answer = dashboard.get("/api/v1/availability")

    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:te-assets:problem:{kind}")
    assert text not in answer.text
    assert ("Retry-After" in answer.headers) == (status == 503)


def test_while_clickhouse_is_away_it_says_so_and_recovers_by_itself(dashboard: Dashboard, stack: Stack) -> None:
    assert dashboard.get("/readyz").json() == {"status": "ready", "clickhouse": True}
    assert dashboard.get("/api/v1/availability").status_code == 200
    stack.clickhouse_server.kill()
    try:
        answers = [dashboard.get("/api/v1/availability") for _ in range(3)]
        assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers[1:]] == [(503, "2")] * 2
        assert {answer.json()["type"] for answer in answers[1:]} == {"urn:te-assets:problem:clickhouse-away"}
        away = dashboard.get("/readyz")
        assert (away.status_code, away.json()) == (503, {"status": "not ready", "clickhouse": False})
        assert dashboard.get("/healthz").status_code == 200
    finally:
        stack.clickhouse_server.start()

    assert dashboard.get("/api/v1/availability").status_code == 200
    assert dashboard.get("/readyz").status_code == 200


def test_the_document_that_is_served_is_that_of_the_code(dashboard: Dashboard) -> None:
    assert dashboard.get("/openapi.json").json() == documents()["dashboard.openapi.json"]
