"""A gateway on the session's servers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from te_assets_tests.automation.conftest import watch as watch
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.serving import Gateway, served


@pytest.fixture
def gateway(stack: Stack) -> Iterator[Gateway]:
    """With empty topics and databases, and a token for everything."""
    with served(stack.settings) as gateway:
        yield gateway
