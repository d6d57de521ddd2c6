"""The jars of the Kafka broker: installed once per user from `kafka.lock`, each checked by its SHA-256."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from te_assets.errors import StackError
from te_assets.stack.home import locked, make_folder

LOCK_FILE: Final = Path(__file__).with_name("kafka.lock")
BROKER: Final = "org.apache.kafka:kafka_2.13:"
TRIES: Final = 3
TIMEOUT: Final = 60  # seconds without an answer

Progress = Callable[[str], None]
Fetch = Callable[[str], Path]
"""Brings the jar of a coordinate and says where it lies. A second call for the same coordinate may serve a cache."""


class JarError(StackError):
    """A jar of the Kafka broker could not be installed."""


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    coordinate: str
    sha256: str

    @property
    def file_name(self) -> str:
        """Name of the file in the library folder."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


@dataclass(frozen=True)
class Lock:
    """The jars that make one broker."""

    jars: tuple[Jar, ...]

    @classmethod
    def read(cls, path: Path = LOCK_FILE) -> Lock:
        """The lock in a file of lines `group:artifact:version sha256`.

        Raises:
            JarError: A line is something else.
        """
        jars = []
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            coordinate, _, sha256 = line.partition(" ")
            if coordinate.count(":") != 2 or len(sha256) != 64:
                raise JarError(f"{path}, line {number}: not 'group:artifact:version sha256'. Restore the file.")
            jars.append(Jar(coordinate, sha256))
        return cls(tuple(jars))

    @property
    def kafka_version(self) -> str:
        """Version of the broker."""
        return next(jar.coordinate.rpartition(":")[2] for jar in self.jars if jar.coordinate.startswith(BROKER))

    @cached_property
    def fingerprint(self) -> str:
        """Names the folder of exactly these jars."""
        return hashlib.sha256("\n".join(f"{jar.coordinate} {jar.sha256}" for jar in self.jars).encode()).hexdigest()[
            :12
        ]


def cache_folder() -> Path:
    """The user's cache folder for te_assets; honours XDG_CACHE_HOME."""
    from platformdirs import user_cache_path

    return user_cache_path("te_assets", appauthor=False)


def library_folder(lock: Lock, cache: Path) -> Path:
    """Where the jars of a lock lie."""
    return cache / f"kafka-{lock.kafka_version}-{lock.fingerprint}"


def missing_jars(lock: Lock, cache: Path) -> list[Jar]:
    """Jars that are absent or differ from the lock."""
    folder = library_folder(lock, cache)
    return [jar for jar in lock.jars if sha256_of(folder / jar.file_name) != jar.sha256]


def install_jars(
    progress: Progress, *, lock: Lock | None = None, cache: Path | None = None, fetch: Fetch | None = None
) -> Path:
    """Bring what is missing and return the folder that holds exactly the jars of the lock.

    Safe when two homes start at once: the second waits and finds the work done.

    Args:
        progress: Takes one line for each jar that is fetched.
        lock: Default: the broker's.
        cache: Default: the user's cache folder.
        fetch: Default: jgo, which keeps its own copy under M2_REPO or ~/.m2.

    Raises:
        JarError: A jar cannot be fetched, or is not the one that the lock names.
    """
    lock = lock or Lock.read()
    cache = cache or cache_folder()
    folder = library_folder(lock, cache)
    if not missing_jars(lock, cache):
        return folder
    make_folder(folder)
    with locked(cache / ".lock"):
        missing = missing_jars(lock, cache)
        fetch = fetch or jgo_fetch()
        for number, jar in enumerate(missing, start=1):
            progress(f"Kafka {lock.kafka_version}: fetching {jar.file_name} ({number} of {len(missing)})")
            install_jar(jar, folder, fetch)
    return folder


def install_jar(jar: Jar, folder: Path, fetch: Fetch) -> None:
    """Fetch one jar until it is the one that the lock names.

    Raises:
        JarError: It is not, after several tries.
    """
    why = ""
    for _ in range(TRIES):
        try:
            fetched = fetch(jar.coordinate)
        except OSError as error:  # requests' errors are OSErrors too: refused, timed out, cut
            why = f"{type(error).__name__}: {error}"
            continue
        found = sha256_of(fetched)
        if found == jar.sha256:
            fresh = folder / f".{jar.file_name}.{os.getpid()}"
            shutil.copyfile(fetched, fresh)
            fresh.replace(folder / jar.file_name)
            return
        why = f"its SHA-256 is {found}, the lock says {jar.sha256}"
        fetched.unlink(missing_ok=True)  # a cut download would be served again for ever
    raise JarError(
        f"Kafka jar {jar.coordinate}: tried {TRIES} times, {why}. Check the network and any proxy "
        "(REQUESTS_CA_BUNDLE names a company's own CA), run it again, or set "
        "TE_KAFKA_BOOTSTRAP_SERVERS to your own Kafka."
    )


def jgo_fetch() -> Fetch:
    """Fetches with jgo, one jar at a time.

    Raises:
        JarError: jgo is not installed.
    """
    try:
        from jgo.maven import MavenContext
    except ModuleNotFoundError as error:
        raise JarError(
            "jgo, which fetches the jars of Kafka, is not installed. Run: pip install 'te_assets[local]', "
            "or set TE_KAFKA_BOOTSTRAP_SERVERS to your own Kafka."
        ) from error

    context = MavenContext(timeout=TIMEOUT)

    def fetch(coordinate: str) -> Path:
        # "!" asks for this artifact as it stands, without the dependency management of its parents.
        artifact = context.create_dependency(f"{coordinate}!").artifact
        try:
            return Path(artifact.resolve())
        except (OSError, RuntimeError) as error:  # RuntimeError: not found in any repository
            if artifact.cached_path is not None:
                artifact.cached_path.unlink(missing_ok=True)  # jgo takes a cut file for whole
            raise OSError(str(error)) from error

    return fetch


def sha256_of(path: Path) -> str | None:
    """SHA-256 of a file, None where there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None
