"""Where the ClickHouse engine is installed, and what it cannot do on this machine."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import platform
from pathlib import Path
from typing import Final

from te_assets.stack.process import ServiceFailed

PACKAGE: Final = "chdb-core"
PACKAGE_VERSION: Final = "26.9.0"
CONFINED_ON: Final = "Linux x86-64"


def engine_library() -> Path:
    """The engine's library, as the Python package brings it.

    Raises:
        ServiceFailed: It is not installed here, or in another version.
    """
    instead = "Elsewhere use Docker, or set TE_CLICKHOUSE_URL to your own ClickHouse."
    spec = importlib.util.find_spec("chdb")
    folders = list(spec.submodule_search_locations or []) if spec else []
    library = next((path for folder in folders if (path := Path(folder) / "_chdb.abi3.so").exists()), None)
    if library is None:
        raise ServiceFailed(
            f"The local ClickHouse engine (Python package {PACKAGE}) is not installed on this machine "
            f"({platform.system()} {platform.machine()}). Run: pip install 'te_assets[local]'. It exists for "
            f"Linux with glibc and for macOS. {instead}"
        )
    found = importlib.metadata.version(PACKAGE)
    if found != PACKAGE_VERSION:
        raise ServiceFailed(
            f"{PACKAGE} {found} is installed; the local ClickHouse is tested with {PACKAGE_VERSION} alone, because its "
            f"listeners are not documented. Run: pip install {PACKAGE}=={PACKAGE_VERSION}. {instead}"
        )
    return library


def unconfined_sentence() -> str:
    """What a person must know where the kernel cannot confine the engine."""
    return (
        f"Warning: ClickHouse is not confined on this machine ({platform.system()} {platform.release()}): a query may "
        "read any file that you may read. Confinement needs Linux 5.13 or newer with Landlock; it is tested on "
        f"{CONFINED_ON}. Where others share the machine, use Docker or set TE_CLICKHOUSE_URL."
    )
