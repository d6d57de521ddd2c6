"""`te-assets simulate --live` as a newcomer types it, with a gateway of the home's own."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from te_assets.commands.simulation import _live_start, simulate
from te_assets.gateway.tokens import TokenFile
from te_assets.stack.connect import kafka_config
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.conftest import gateway as gateway
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.gateway.test_app import received


@pytest.mark.stack
def test_a_company_is_delivered_by_event_and_by_file_and_a_second_time_nothing_is_sent(
    gateway: Gateway, stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TE_HOME", str(stack.settings.home_dir))
    monkeypatch.setattr("te_assets.stack.connect.gateway_url", lambda _: gateway.url)
    arguments = [str(tmp_path / "company"), "--days", "1", "--plants", "1", "--live", "--speed", "86400"]
    first = CliRunner().invoke(simulate, arguments)
    files, ends = {event.name for event in received(stack)}, ends_of(stack)
    second = CliRunner().invoke(simulate, arguments)

    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    last = first.stderr.splitlines()[-1]
    assert "events and 2 workbooks delivered; truth: " in last
    assert last == second.stderr.splitlines()[-1]
    assert {name.split("_")[0] for name in files} == {"Störungen", "Rückmeldungen"}
    assert int(last.split()[0].replace(",", "")) == sum(ends.values())
    assert ends_of(stack) == ends
    assert [grant.name for grant in TokenFile(stack.settings.gateway_tokens).refresh()] == ["tests"]


@pytest.mark.parametrize(
    ("now", "days", "first"),
    [
        ("2026-11-30T01:40:00+00:00", 1, "2026-11-28"),  # the 29th goes on until noon in Chicago
        ("2026-11-30T12:29:59+00:00", 1, "2026-11-28"),
        ("2026-11-30T12:30:00+00:00", 1, "2026-11-29"),
        ("2026-11-30T23:59:59+00:00", 7, "2026-11-23"),
        ("2026-11-30T01:40:00+00:00", 0, "2026-11-30"),
    ],
)
def test_days_that_are_delivered_quickly_have_ended(now: str, days: int, first: str) -> None:
    """By night the command waited for the morning: events are not delivered before they happen."""
    assert str(_live_start(datetime.fromisoformat(now), days)) == first


def ends_of(stack: Stack) -> dict[str, int]:
    """Messages on the row topics."""
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(**kafka_config(stack.endpoints))
    topics = ("te.interactions.v1", "te.confirmations.v1")
    places = [TopicPartition(topic, number) for topic in topics for number in range(3)]
    found = consumer.end_offsets(places)
    consumer.close()
    return {topic: sum(found[place] for place in places if place.topic == topic) for topic in topics}


def test_another_gateway_needs_a_token(tmp_path: Path) -> None:
    ended = CliRunner().invoke(simulate, [str(tmp_path), "--live", "--url", "http://127.0.0.1:9"])

    assert ended.exit_code == 2
    assert "--url needs --token-file" in ended.output
