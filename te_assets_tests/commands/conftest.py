"""The stack as commands and Dagster's resources find it: in the environment."""

from __future__ import annotations

import pytest

from te_assets_tests.assets.deliveries import enter
from te_assets_tests.conftest import Stack


@pytest.fixture
def plant(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """Empty topics and databases, named by the environment; the simulator's site."""
    return enter(stack, monkeypatch)
