"""The stack as commands and Dagster's resources find it, in the environment; the sensors, ticked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from te_assets_tests.assets.deliveries import enter
from te_assets_tests.automation.watching import Watch
from te_assets_tests.conftest import Stack


@pytest.fixture
def plant(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Empty topics and databases, named by the environment; the simulator's site."""
    return enter(stack, monkeypatch)


@pytest.fixture
def watch(stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """Sensors over an empty inbox in which files settle at once, on an instance in memory."""
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 0.0)
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 0.0)
    (tmp_path / "inbox").mkdir()
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(stack, instance, tmp_path / "inbox")
