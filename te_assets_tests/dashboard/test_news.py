"""How listeners are told, with versions of a made-up lake: one look for all, places, heartbeats, ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from te_assets.dashboard import news as module
from te_assets.dashboard.known import Known
from te_assets.dashboard.news import MOST_LISTENERS, News
from te_assets.web.problems import Problem

Event = dict[str, Any]


@dataclass
class Lake:
    """Versions that a test sets; counts how often it was asked."""

    version: int = 1
    away: Exception | None = None
    looks: int = 0
    looked: asyncio.Event = field(default_factory=asyncio.Event)

    async def known(self) -> Known:
        self.looks += 1
        self.looked.set()
        if self.away:
            raise self.away
        at = datetime(2026, 3, 2, 8, self.version, tzinfo=UTC)
        return Known(f"v{self.version}", at, None, {}, [], [], [], {}, converts=False, not_gathered={})

    async def row(self, name: str, bound: dict[str, str]) -> dict[str, Any]:
        assert name == "swapped"
        days = [int(bound[key][14:16]) for key in ("since", "until")]
        return {"tables": ["te_marts.states"], "first_day": date(2026, 3, days[0]), "last_day": date(2026, 3, days[1])}


class Listener:
    """Reads what it is told, event by event; comments as they are."""

    def __init__(self, news: News, last_id: str | None = None) -> None:
        news.join()
        self._news = news
        self._told: AsyncIterator[bytes] = news.listen(last_id)

    async def raw(self) -> str:
        async with asyncio.timeout(10):
            return (await anext(self._told)).decode()

    async def event(self) -> tuple[str, Event]:
        """Name and data of the next one."""
        while True:
            lines = dict(line.partition(": ")[::2] for line in (await self.raw()).splitlines() if line[:1] not in ":")
            if "event" in lines:
                data = json.loads(lines["data"])
                assert lines.get("id") == data.get("version")
                return lines["event"], data


def run(test: Callable[[News, Lake], Awaitable[None]]) -> None:
    async def within() -> None:
        lake = Lake()
        news = News(lake, lake)  # type: ignore[arg-type]
        await test(news, lake)
        news.end()

    asyncio.run(within())


@pytest.fixture(autouse=True)
def _fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)


def test_all_are_told_of_a_version_with_what_was_replaced_and_one_look_serves_all() -> None:
    async def test(news: News, lake: Lake) -> None:
        listeners = [Listener(news) for _ in range(50)]
        first = await asyncio.gather(*(each.event() for each in listeners))
        assert lake.looks <= 2
        lake.version = 3
        then = await asyncio.gather(*(each.event() for each in listeners))

        unchanged: Event = {"tables": [], "days": None, "missed": False}
        assert first == [("mart", {"version": "v1", "refreshed_at": "2026-03-02T08:01:00.000Z", **unchanged})] * 50
        replaced: Event = {"tables": ["te_marts.states"], "days": ["2026-03-01", "2026-03-03"], "missed": False}
        assert then == [("mart", {"version": "v3", "refreshed_at": "2026-03-02T08:03:00.000Z", **replaced})] * 50

    run(test)


def test_who_comes_again_knows_whether_something_was_missed() -> None:
    async def test(news: News, lake: Lake) -> None:
        missed = [(await Listener(news, last_id).event())[1]["missed"] for last_id in (None, "v1", "v0")]
        assert missed == [False, False, True]

    run(test)


def test_who_reads_slowly_is_told_the_newest_alone_and_that_there_were_others() -> None:
    async def test(news: News, lake: Lake) -> None:
        slow, quick = Listener(news), Listener(news)
        await slow.event()
        await quick.event()
        for version in (2, 3):
            lake.version = version
            assert (await quick.event())[1]["missed"] is False
        _, data = await slow.event()
        assert (data["version"], data["missed"]) == ("v3", True)

    run(test)


@pytest.mark.parametrize("error", [Problem(503, "clickhouse-away", "away"), RuntimeError("unforeseen")])
def test_away_is_told_once_and_the_version_when_it_is_back(error: Exception) -> None:
    async def test(news: News, lake: Lake) -> None:
        listener = Listener(news)
        assert (await listener.event())[0] == "mart"
        lake.away = error
        assert (await listener.event())[0] == "away"
        looks = lake.looks
        while lake.looks < looks + 5:
            lake.looked.clear()
            await lake.looked.wait()
        lake.away, lake.version = None, 2
        name, data = await listener.event()  # the next, so away was told once
        assert (name, data["version"], data["tables"]) == ("mart", "v2", ["te_marts.states"])

    run(test)


def test_who_comes_while_clickhouse_is_away_is_told_so() -> None:
    async def test(news: News, lake: Lake) -> None:
        lake.away = Problem(503, "clickhouse-away", "away")
        assert (await Listener(news).event())[0] == "away"

    run(test)


def test_a_silent_stream_has_heartbeats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.02)

    async def test(news: News, lake: Lake) -> None:
        listener = Listener(news)
        assert await listener.raw() == "retry: 2000\n\n"
        await listener.event()
        assert [await listener.raw() for _ in range(3)] == [": still here\n\n"] * 3

    run(test)


def test_two_hundred_may_listen_and_whoever_leaves_makes_room() -> None:
    async def test(news: News, lake: Lake) -> None:
        for _ in range(MOST_LISTENERS):
            news.join()
        with pytest.raises(Problem) as refused:
            news.join()
        assert (refused.value.status, refused.value.headers) == (503, {"Retry-After": "30"})
        news.leave()
        news.join()
        assert MOST_LISTENERS == news.listeners == 200

    run(test)


def test_nobody_looks_while_nobody_listens_and_then_anew() -> None:
    async def test(news: News, lake: Lake) -> None:
        await Listener(news).event()
        news.leave()
        while asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.sleep(0)
        looks, lake.version = lake.looks, 2
        listener = Listener(news)
        assert (await listener.event())[1]["version"] == "v2"
        assert lake.looks > looks

    run(test)


def test_at_the_end_all_are_let_go() -> None:
    async def test(news: News, lake: Lake) -> None:
        listener = Listener(news)
        await listener.event()
        news.end()
        with pytest.raises(StopAsyncIteration):
            await listener.raw()

    run(test)
