"""What happens to a file wakes who waits for it, and a received file is on record whatever else is away."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from te_assets.delivery.file_events import FileChanged, FileReceived
from te_assets.delivery.telling import Teller
from te_assets.gateway.news import News, Register
from te_assets.lake.files import FileState, of_file, record
from te_assets.settings import Settings
from te_assets.stack.connect import kafka_config
from te_assets.web.problems import Problem
from te_assets_tests.assets.deliveries import confirmation, confirmation_book
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import Gateway, served
from te_assets_tests.stack.processes import wait_for

A, B = "a" * 64, "b" * 64
NOW = datetime(2026, 3, 3, tzinfo=UTC)


def rejected(sha256: str) -> FileChanged:
    return FileChanged(sha256=sha256, change="rejected", changed_at=NOW)


def test_a_waiting_request_looks_again_when_something_happens_to_its_file() -> None:
    async def scene() -> tuple[int, float]:
        news, looks = News(), 0
        begin = time.monotonic()

        async def look() -> int:
            nonlocal looks
            looks += 1
            if looks == 1:
                asyncio.get_running_loop().call_soon(lambda: asyncio.ensure_future(news.tell(rejected(A))))
            return looks

        return await news.wait_for(A, look, lambda seen: seen == 2, 60.0), time.monotonic() - begin

    seen, seconds = asyncio.run(scene())

    assert seen == 2
    assert seconds < 0.4  # it would have looked by itself after half a second


def test_news_of_another_file_wakes_nobody_and_the_time_ends_the_waiting() -> None:
    async def scene() -> int:
        news, looks = News(), 0

        async def look() -> int:
            nonlocal looks
            looks += 1
            await news.tell(rejected(B))
            return looks

        return await news.wait_for(A, look, lambda _: False, 0.2)

    assert asyncio.run(scene()) == 2


def test_without_waiting_there_is_one_look() -> None:
    async def scene() -> int:
        looks = 0

        async def look() -> int:
            nonlocal looks
            looks += 1
            return looks

        return await News().wait_for(A, look, lambda _: False, 0)

    assert asyncio.run(scene()) == 1


def test_a_received_file_is_written_down_again_and_again_until_it_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("te_assets.gateway.news._AGAIN_AFTER", 0.0)
    tried: list[str] = []

    def write(_: Settings, event: FileReceived) -> None:
        tried.append(event.name)
        if len(tried) < 3:
            raise Problem(503, "clickhouse-away", "ClickHouse does not answer.")

    register = Register(Settings(home=tmp_path), write)
    asyncio.run(register.note(rejected(A)))
    asyncio.run(register.note(FileReceived(sha256=A, name="a.xlsx", size=1, received_at=NOW)))

    assert tried == ["a.xlsx"] * 3


@pytest.mark.stack
def test_a_posted_file_is_on_record_without_dagster(gateway: Gateway, stack: Stack, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, NOW.date())])
    sha256 = gateway.post_file(book).json()["sha256"]

    wait_for(lambda: bool(of_file(stack.clickhouse, sha256)), 30, "a line in te_ops.files")

    (state,) = of_file(stack.clickhouse, sha256)
    assert (state.state, state.name, state.size) == ("SEEN", "Confirmations.xlsx", book.stat().st_size)


@pytest.mark.stack
def test_a_file_received_while_clickhouse_was_away_is_on_record_later(stack: Stack, tmp_path: Path) -> None:
    book = confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, NOW.date())])
    stack.clickhouse_server.kill()
    try:
        with served(stack.settings) as gateway:
            sha256 = gateway.post_file(book).json()["sha256"]
    finally:
        stack.clickhouse_server.start()
    stack.settings.gateway_tokens.unlink()

    with served(stack.settings):
        wait_for(lambda: bool(of_file(stack.clickhouse, sha256)), 60, "a line in te_ops.files")


@pytest.mark.stack
def test_after_a_restart_of_kafka_the_gateway_reads_on(gateway: Gateway, stack: Stack, tmp_path: Path) -> None:
    before = confirmation_book(tmp_path / "Before.xlsx", [confirmation(1, NOW.date())])
    after = confirmation_book(tmp_path / "After.xlsx", [confirmation(2, NOW.date())])
    known = gateway.post_file(before).json()["sha256"]
    wait_for(lambda: bool(of_file(stack.clickhouse, known)), 30, "a line in te_ops.files")

    stack.kafka_server.stop()
    stack.kafka_server.start()
    sha256 = gateway.post_file(after).json()["sha256"]

    wait_for(lambda: bool(of_file(stack.clickhouse, sha256)), 60, "a line in te_ops.files")


@pytest.mark.stack
def test_a_request_that_waits_is_answered_when_its_file_is_rejected(
    gateway: Gateway, stack: Stack, tmp_path: Path
) -> None:
    """A robot asked every second, and each time ClickHouse was asked."""
    book = confirmation_book(tmp_path / "Confirmations.xlsx", [confirmation(1, NOW.date())])
    sha256 = gateway.post_file(book).json()["sha256"]
    why = "the reader gave up"

    def reject() -> None:
        record(stack.clickhouse, [FileState(sha256, "REJECTED", book.name, 1, reason=why)])
        with Teller(kafka_config(stack.endpoints)) as tell:
            tell([FileChanged(sha256=sha256, change="rejected", reason=why, changed_at=NOW)])

    later = threading.Timer(0.1, reject)
    later.start()
    status = gateway.get(f"/v1/files/{sha256}?wait=10").json()
    later.join()

    assert status["is_settled"]
    assert [(each["stage"], each["reason"]) for each in status["publications"]] == [("rejected", why)]


@pytest.mark.stack
@pytest.mark.parametrize("wait", ["-1", "11", "soon"])
def test_nobody_waits_longer_than_a_stopping_gateway_does(gateway: Gateway, wait: str) -> None:
    answer = gateway.get(f"/v1/files/{A}?wait={wait}")

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:te-assets:problem:invalid-request")
