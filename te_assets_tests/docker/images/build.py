"""Makes the stand-in images by tag in an engine of the tests' own."""

from __future__ import annotations

import io
import lzma
import shutil
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

from te_assets.stack import jars
from te_assets.stack.engine_package import engine_library
from te_assets_tests.docker.client import Client
from te_assets_tests.docker.images import base

HERE: Final = Path(__file__).parent
BUILD_LIMIT: Final = 600.0  # seconds
TAGS: Final = {
    "python": "python:3.11-slim",
    "postgres": "postgres:16",
    "kafka": "apache/kafka:4.3.1",
    "clickhouse": "clickhouse/clickhouse-server:26.9",
}
"""Folders beside this file and what is built from them."""

Told = Callable[[str, float], None]
"""Takes the name of a step and the seconds that it took."""


def make_stand_ins(client: Client, told: Told | None = None) -> None:
    """Make all images, those that do not depend on each other side by side.

    Args:
        client: An engine of the tests' own. Images of the same tags are replaced.
        told: Is told of each step that has ended.

    Raises:
        DockerError: A build failed.
        JarError: Jars could not be fetched.
    """
    scratch = Path(tempfile.mkdtemp(prefix="te-stand-ins-"))
    try:
        with ThreadPoolExecutor(max_workers=4) as pool:

            def step(name: str, work: Callable[..., object], *arguments: object) -> Future[object]:
                def timed() -> object:
                    begun = time.monotonic()
                    result = work(*arguments)
                    if told is not None:
                        told(name, time.monotonic() - begun)
                    return result

                return pool.submit(timed)

            made = step(base.TAG, base.make_base, client, scratch / "root")
            broker = step("jars of the broker", broker_jars)
            fetched = step("jars of the stand-ins", own_jars, scratch)
            library = step("engine of ClickHouse", engine_files, scratch / "engine")
            made.result()
            python = step(TAGS["python"], build, client, "python", {})
            fetched.result()
            kafka_folders = {"broker": broker.result(), "tools": scratch / "tools"}
            kafka = step(TAGS["kafka"], build, client, "kafka", kafka_folders)
            postgres = step(TAGS["postgres"], build, client, "postgres", {"server": scratch / "server"})
            python.result()
            engine_folders = {"library": library.result(), "stack": Path(jars.__file__).parent}
            clickhouse = step(TAGS["clickhouse"], build, client, "clickhouse", engine_folders)
            for last in (kafka, postgres, clickhouse):
                last.result()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def build(client: Client, name: str, contexts: dict[str, Path]) -> None:
    """Build one folder, with other folders under names of their own."""
    more = [word for key, path in contexts.items() for word in ("--build-context", f"{key}={path}")]
    client.docker(
        *("build", "--quiet", "--tag", TAGS[name], *more, str(HERE / name)),
        timeout=BUILD_LIMIT,
        add={"DOCKER_BUILDKIT": "1"},
    )


def broker_jars() -> Path:
    """Folder of the project's own broker."""
    return jars.install_jars(lambda _: None)


def own_jars(scratch: Path) -> bool:
    """Fetch what `jars.lock` names: Kafka's tools into one folder, the server of PostgreSQL unpacked into another."""
    lock = jars.Lock.read(HERE / "jars.lock")
    fetch = jars.jgo_fetch()
    tools, server = scratch / "tools", scratch / "server"
    tools.mkdir()
    for jar in lock.jars:
        jars.install_jar(jar, tools, fetch)
    packed = next(tools.glob("embedded-postgres-binaries-*.jar"))
    with zipfile.ZipFile(packed) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".txz"))
        content = lzma.decompress(archive.read(name))
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        archive.extractall(server, filter="tar")
    packed.unlink()
    return True


def engine_files(folder: Path) -> Path:
    """The engine's library and what it loads, where its own search path finds it."""
    library = engine_library()
    package = library.parent
    target = folder / package.name
    target.mkdir(parents=True)
    (folder / "chdb_core.libs").mkdir()
    for path in (library, *package.glob("libpybind11nonlimitedapi_*.so"), *package.parent.glob("chdb_core.libs/*")):
        _link_or_copy(path, folder / path.parent.name / path.name)
    return folder


def _link_or_copy(path: Path, target: Path) -> None:
    """The library has half a gigabyte."""
    try:
        target.hardlink_to(path)
    except OSError:  # on another file system
        shutil.copy2(path, target)
