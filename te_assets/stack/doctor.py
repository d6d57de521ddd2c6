"""Checks of the machine, the home and the servers; each is a function, and further ones are passed in."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import sys
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

from te_assets.dashboard.bundle import Bundle
from te_assets.errors import TeAssetsError
from te_assets.settings import Settings
from te_assets.stack import landlock, running
from te_assets.stack.engine_package import engine_library, unconfined_sentence
from te_assets.stack.home import Home, is_free
from te_assets.stack.jars import Lock, cache_folder, library_folder, missing_jars
from te_assets.stack.kafka import installed_java
from te_assets.stack.services import replaced
from te_assets.stack.status import Status

OLDEST_PYTHON: Final = (3, 11)
LEAST_DISK: Final = 5 * 1024**3  # bytes
ZONES: Final = ("UTC", "Europe/Berlin", "America/New_York")


class Verdict(Enum):
    """How a check ended."""

    GOOD = "ok"
    WARN = "warn"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """What one check found."""

    check: str
    verdict: Verdict
    what: str
    mend: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether something that is needed does not work."""
        return self.verdict is Verdict.WRONG


Check = Callable[[Settings], Iterator[Finding]]


def examine(settings: Settings, further: Iterable[Check] = ()) -> Iterator[Finding]:
    """Run all checks in order; a check whose own question fails is a finding, not an end."""
    for check in (*CHECKS, *further):
        try:
            yield from check(settings)
        except TeAssetsError as error:
            yield Finding(check.__name__.replace("_", " "), Verdict.WRONG, str(error))


def python(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """The interpreter."""
    found = platform.python_version()
    if sys.version_info[:2] >= OLDEST_PYTHON:
        yield Finding("python", Verdict.GOOD, f"{found} on {platform.system()} {platform.machine()}")
    else:
        yield Finding("python", Verdict.WRONG, f"{found} is too old", "Install Python 3.11 or newer.")


def local_parts(settings: Settings) -> Iterator[Finding]:
    """Java runtime, jars and engine, unless the user's own servers stand in."""
    own = replaced(settings)
    if "kafka" not in own:
        yield Finding("java", Verdict.GOOD, str(installed_java()))
        lock = Lock.read()
        missing = missing_jars(lock, cache_folder())
        where = library_folder(lock, cache_folder())
        if missing:
            yield Finding(
                "kafka jars",
                Verdict.WARN,
                f"{len(missing)} of {len(lock.jars)} are missing or damaged in {where}",
                "te-assets up fetches them (43 MB).",
            )
        else:
            yield Finding("kafka jars", Verdict.GOOD, f"{len(lock.jars)} of Kafka {lock.kafka_version} in {where}")
    if "clickhouse" not in own:
        yield Finding("clickhouse engine", Verdict.GOOD, str(engine_library()))


def pages(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """Whether the dashboard has its pages; its API needs none."""
    if Bundle().is_built:
        yield Finding("dashboard", Verdict.GOOD, "its pages are built")
    else:
        yield Finding("dashboard", Verdict.WARN, "its pages are not built", "Run: make frontend")


def confinement(settings: Settings) -> Iterator[Finding]:
    """Whether the kernel can keep the engine from files outside its home."""
    if "clickhouse" in replaced(settings):
        return
    version = landlock.abi()
    if version:
        yield Finding("confinement", Verdict.GOOD, f"Landlock, version {version}")
    else:
        yield Finding("confinement", Verdict.WARN, unconfined_sentence())


def time_zones(settings: Settings) -> Iterator[Finding]:  # noqa: ARG001
    """Whether time zones are known."""
    missing = []
    for name in ZONES:
        try:
            zoneinfo.ZoneInfo(name)
        except zoneinfo.ZoneInfoNotFoundError:
            missing.append(name)
    if missing:
        mend = "Run: pip install tzdata"
        yield Finding("time zones", Verdict.WRONG, f"unknown here: {', '.join(missing)}", mend)
    else:
        yield Finding("time zones", Verdict.GOOD, f"{len(zoneinfo.available_timezones())} known")


def home(settings: Settings) -> Iterator[Finding]:
    """Whether the home can be used and keeps its secrets."""
    place = Home.open(settings)
    yield Finding("home", Verdict.GOOD, str(place.root))
    for private in (place.secrets_file, place.kafka, place.clickhouse, place.dagster, place.logs, place.run):
        if not private.exists():
            continue
        mode = stat.S_IMODE(private.stat().st_mode)
        if mode & 0o077:
            yield Finding(
                "permissions",
                Verdict.WRONG,
                f"others may enter or read {private} (mode {mode:o})",
                f"Run: chmod go-rwx '{private}'",
            )
        if private.stat().st_uid != os.geteuid():
            yield Finding(
                "permissions",
                Verdict.WRONG,
                f"{private} belongs to another user",
                "Use the home as the user who made it, or set TE_HOME to one of your own.",
            )


def disk(settings: Settings) -> Iterator[Finding]:
    """Whether there is room for data and logs."""
    folder = settings.home_dir
    free = shutil.disk_usage(folder if folder.exists() else Path.cwd()).free
    what = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < LEAST_DISK:
        yield Finding("disk", Verdict.WRONG, what, "Free some space, or set TE_HOME to a larger disk.")
    else:
        yield Finding("disk", Verdict.GOOD, what)


def ports(settings: Settings) -> Iterator[Finding]:
    """Whether remembered ports are ours or free."""
    place = Home(settings.home_dir)
    remembered = place.read_state().ports
    if running.pid(place) is not None:
        yield Finding("ports", Verdict.GOOD, f"{len(remembered)} in use by this home")
        return
    taken = {name: port for name, port in remembered.items() if not is_free(port)}
    for name, port in taken.items():
        yield Finding(
            "ports",
            Verdict.WRONG,
            f"port {port}, remembered for {name}, is taken by another program",
            f'Stop that program, or delete the line "{name}" from {place.state_file}.',
        )
    if not taken:
        yield Finding("ports", Verdict.GOOD, f"{len(remembered)} remembered, all free")


def servers(settings: Settings) -> Iterator[Finding]:
    """Whether Kafka and ClickHouse answer, and in which version."""
    if running.pid(Home(settings.home_dir)) is None and len(replaced(settings)) < 2:
        yield Finding("servers", Verdict.WARN, "the local services are down", "Start them: te-assets up --detach")
        return
    found = Status.of(settings)
    if found.kafka:
        yield Finding("kafka", Verdict.GOOD, f"{found.kafka.version} at {found.kafka.bootstrap_servers}")
    if found.clickhouse:
        where = f"{found.clickhouse.host}:{found.clickhouse.port}"
        yield Finding("clickhouse", Verdict.GOOD, f"{found.clickhouse.version} at {where}")
    for problem in found.problems:
        yield Finding("servers", Verdict.WRONG, problem)


CHECKS: Final[tuple[Check, ...]] = (
    python,
    local_parts,
    pages,
    confinement,
    time_zones,
    home,
    disk,
    ports,
    servers,
)
