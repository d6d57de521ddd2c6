"""The stream of events as a browser reads it, of a dashboard on real servers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import date
from types import TracebackType
from typing import Any, Self

import pytest
import requests

from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.serving import Dashboard, served

pytestmark = pytest.mark.stack


class Stream:
    """An open connection; each event is awaited for at most ten seconds beyond a heartbeat."""

    def __init__(self, dashboard: Dashboard, last_id: str | None = None) -> None:
        headers = {"Accept": "text/event-stream", "Accept-Encoding": "gzip"}
        self.answer = requests.get(
            f"{dashboard.url}/api/v1/events",
            headers=headers | ({"Last-Event-ID": last_id} if last_id else {}),
            stream=True,
            timeout=25,
        )
        self._lines: Iterator[str] = self.answer.iter_lines(chunk_size=1, decode_unicode=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.answer.close()

    def event(self) -> tuple[str, dict[str, Any]]:
        found: dict[str, str] = {}
        for line in self._lines:
            if line:
                name, _, value = line.partition(": ")
                found[name] = value
            elif "event" in found:
                return found["event"], json.loads(found["data"])
            else:
                found = {}
        raise EOFError

    def rest(self) -> list[str]:
        return list(self._lines)


def swap(stack: Stack, table: str, day: date) -> None:
    stack.clickhouse.insert(
        "te_ops.swaps", [[table, day, 1, 0, "test"]], ["table", "production_day", "rows", "sequence", "run_id"]
    )


def wait_for(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, what
        time.sleep(0.02)


def listeners(dashboard: Dashboard) -> float:
    lines = dashboard.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.startswith("te_dashboard_listeners "))


def test_a_page_is_told_of_each_refresh_at_once_and_gives_its_place_back(dashboard: Dashboard, stack: Stack) -> None:
    with Stream(dashboard) as stream:
        headers = stream.answer.headers
        assert headers["Content-Type"].startswith("text/event-stream")
        assert headers["Cache-Control"] == "no-store"
        assert "Content-Encoding" not in headers  # what is packed is gathered first
        name, first = stream.event()
        assert (name, first["tables"], first["days"], first["missed"]) == ("mart", [], None, False)
        assert listeners(dashboard) == 1

        swap(stack, "te_marts.availability", date(2026, 3, 2))
        swap(stack, "te_marts.states", date(2026, 3, 4))
        told = [stream.event()[1]]
        if told[0]["days"] != ["2026-03-02", "2026-03-04"]:  # the look fell between the two
            told.append(stream.event()[1])
        assert sorted(table for each in told for table in each["tables"]) == [
            "te_marts.availability",
            "te_marts.states",
        ]
        assert (told[0]["days"][0], told[-1]["days"][1]) == ("2026-03-02", "2026-03-04")
        assert told[-1]["version"] != first["version"]

        stack.clickhouse.command("INSERT INTO te_ops.files (sha256, state, name) VALUES ('ab', 'SEEN', 'a.xlsx')")
        _, last = stream.event()
        assert (last["tables"], last["days"], last["refreshed_at"]) == ([], None, told[-1]["refreshed_at"])
        assert last["version"] == dashboard.answer("availability")["about"]["version"]
    wait_for(lambda: listeners(dashboard) == 0, "the dashboard does not see that the page was left")

    with Stream(dashboard, last["version"]) as same, Stream(dashboard, first["version"]) as other:
        assert (same.event()[1]["missed"], other.event()[1]["missed"]) == (False, True)


def test_a_stop_ends_open_streams_at_once(stack: Stack) -> None:
    """uvicorn waits for what is being answered: without a word to the streams it waited until they were cut."""
    with served(stack.settings) as dashboard:
        streams = [Stream(dashboard) for _ in range(5)]
        assert {stream.event()[0] for stream in streams} == {"mart"}
        begun = time.monotonic()
    assert time.monotonic() - begun < 3
    # Ended as chunks end, not cut: else requests would raise.
    assert [stream.rest() for stream in streams] == [[]] * 5


def test_more_than_may_listen_are_told_to_come_later(dashboard: Dashboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.dashboard.news.MOST_LISTENERS", 1)
    with Stream(dashboard) as stream:
        stream.event()
        refused = dashboard.get("/api/v1/events")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
        assert refused.json()["type"] == "urn:te-assets:problem:too-many-listeners"


def test_away_and_back_is_told_to_those_who_listen(dashboard: Dashboard, stack: Stack) -> None:
    with Stream(dashboard) as stream:
        _, before = stream.event()
        stack.clickhouse_server.kill()
        try:
            assert stream.event()[0] == "away"
            with Stream(dashboard) as later:
                assert later.event()[0] == "away"
        finally:
            stack.clickhouse_server.start()
        name, after = stream.event()
        assert (name, after["version"]) == ("mart", before["version"])
