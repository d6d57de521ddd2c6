"""The engine that the tests marked `docker` use, with the images of the stack in it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from te_assets.simulator.run import simulate
from te_assets_tests.docker.client import Client, running_engine
from te_assets_tests.docker.composed import PROJECT, Composition, make_secrets
from te_assets_tests.docker.engine import Engine, why_not_here
from te_assets_tests.docker.images.build import TAGS, make_stand_ins

FIRST_DAY, LAST_DAY = date(2026, 3, 2), date(2026, 3, 4)


@pytest.fixture(scope="session")
def building() -> Iterator[Building]:
    """The build of the project's image, where something has begun it already."""
    with ThreadPoolExecutor(1) as pool:
        yield Building(pool)


@pytest.fixture(scope="session")
def engine(building: Building) -> Iterator[Client]:
    """The user's own engine where one answers, with the real images; else one of ours, with stand-ins for them."""
    if (users := running_engine()) is not None:
        yield users
        return
    require_engine()
    ours = Engine(new_folder())

    def told(step: str, seconds: float) -> None:
        print(f"{step}: {seconds:.0f} s")
        if step == TAGS["python"]:  # the others need not be waited for
            building.begin(ours)

    try:
        ours.start()
        make_stand_ins(ours, told)
        yield ours
    finally:
        building.wait()
        ours.stop()


@pytest.fixture(scope="session")
def image(engine: Client, building: Building) -> str:
    """Tag of the project's own image, built by its own command."""
    return building.begin(engine).result()


class Building:
    """A build that is begun once."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        """Nothing is built yet; `pool` is where it is."""
        self._pool = pool
        self._begun: Future[str] | None = None

    def begin(self, engine: Client) -> Future[str]:
        """Build in this engine, unless that has begun already; the tag."""
        if self._begun is None:
            self._begun = self._pool.submit(build_image, engine)
        return self._begun

    def wait(self) -> None:
        """Wait until nothing is being built, whether that has worked or not."""
        if self._begun is not None:
            self._begun.exception()


def build_image(engine: Client, requirements: str = "runtime") -> str:
    """Tag of the project's image, made as its administrator makes it."""
    built = subprocess.run(
        ["make", "--no-print-directory", "image", f"REQUIREMENTS={requirements}"],
        cwd=PROJECT,
        env={**os.environ, **engine.environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert built.returncode == 0, built.stderr[-4000:]
    return built.stdout.strip().splitlines()[-1]


@dataclass(frozen=True)
class Plant:
    """A simulated company: its site folder, the truth, and workbooks that were not delivered yet."""

    site: Path
    truth: Path
    books: list[Path]

    def take(self, number: int) -> list[Path]:
        """The next workbooks, which nobody takes again."""
        taken, self.books[:number] = self.books[:number], []
        return taken


@pytest.fixture(scope="session")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Plant:
    """Three days of three plants; tests take workbooks from the front, and the last one brings what is left.

    Those of all three days are first: a row of a day that no delivery touches keeps the data horizon that it was
    computed with, which the oracle would find.
    """
    folder = tmp_path_factory.mktemp("plant")
    made = simulate(folder, days=3, plants=3, seed=5, start=FIRST_DAY, work_centers=6)
    books = sorted(made.workbooks, key=lambda book: f"_{LAST_DAY}_" not in book.name)
    return Plant(made.site, folder / "truth", books)


@pytest.fixture(scope="session")
def composed(
    engine: Client, image: str, plant: Plant, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """The whole stack from the compose file, healthy; gone at the end with its volumes."""
    folder = tmp_path_factory.mktemp("composed")
    composition = Composition(engine, f"te-{uuid.uuid4().hex[:8]}", image, folder, plant.site)
    make_secrets(composition.secrets)
    try:
        composition.up()
        yield composition
    finally:
        composition.down(volumes=True, grace=1)


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
