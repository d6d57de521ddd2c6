"""What all waiting sensors have in common."""

from __future__ import annotations

import time

import pytest

from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets_tests.automation.watching import Watch

pytestmark = pytest.mark.stack


@pytest.mark.parametrize("name", ["landing", "topic_interactions", "topic_confirmations", "touched_days"])
def test_a_tick_ends_when_dagster_is_stopped(watch: Watch, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The daemon waits for its ticks: each stop took twenty seconds, and then a SIGKILL."""
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    home = Home(Settings().home_dir)
    running.announce_stop(home)
    begin = time.monotonic()

    assert watch.reason(name)
    assert time.monotonic() - begin < 30
    running.withdraw_stop(home)
    assert not running.is_stopping(home)
