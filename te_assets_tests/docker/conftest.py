"""The engine that the tests marked `docker` use, with the images of the stack in it."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from te_assets_tests.docker.client import Client, running_engine
from te_assets_tests.docker.engine import Engine, why_not_here
from te_assets_tests.docker.images.build import make_stand_ins


@pytest.fixture(scope="session")
def engine() -> Iterator[Client]:
    """The user's own engine where one answers, with the real images; else one of ours, with stand-ins for them."""
    if (users := running_engine()) is not None:
        yield users
        return
    require_engine()
    ours = Engine(new_folder())
    try:
        ours.start()
        make_stand_ins(ours, lambda step, seconds: print(f"{step}: {seconds:.0f} s"))
        yield ours
    finally:
        ours.stop()


def require_engine() -> None:
    """Skip where no engine of ours can run; fail where it must, in CI."""
    wanting = why_not_here()
    if wanting is None:
        return
    if os.environ.get("CI") and sys.platform.startswith("linux") and os.geteuid() == 0:
        pytest.fail(wanting)
    pytest.skip(wanting)


def new_folder() -> Path:
    """A folder for an engine; the kernel wants a short path for its socket, pytest's own are long."""
    return Path(tempfile.mkdtemp(prefix="te-docker-"))
