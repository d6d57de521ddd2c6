"""A dashboard on the session's servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from te_assets_tests.conftest import Stack
from te_assets_tests.dashboard.serving import Dashboard, served


@pytest.fixture
def dashboard(stack: Stack) -> Iterator[Dashboard]:
    """With empty databases: a test puts into them what it shows."""
    with served(stack.settings) as dashboard:
        yield dashboard
