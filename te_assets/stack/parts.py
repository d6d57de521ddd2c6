"""One service in the foreground, as a container runs it: this process becomes the service."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from te_assets.settings import Settings, environment
from te_assets.stack.dagster_storage import write_instance, write_workspace
from te_assets.stack.health import remember

LOOPBACK: Final = "127.0.0.1"
ANY_ADDRESS: Final = "0.0.0.0"  # noqa: S104 (of a container)
Command = Callable[[Settings, str, int], Sequence[str]]


@dataclass(frozen=True)
class Part:
    """A service that can stand alone.

    Attributes:
        port: Where it listens by default; None: nowhere.
        command: Arguments of Python, from settings, host and port.
        needs_instance: Whether it is one of Dagster's, whose home is written first.
    """

    port: int | None
    command: Command
    needs_instance: bool = False


def _webserver(settings: Settings, host: str, port: int) -> Sequence[str]:
    workspace = str(settings.dagster_home / "workspace.yaml")
    return ["-m", "dagster_webserver", "-h", host, "-p", str(port), "-w", workspace, "--log-level", "warning"]


def _daemon(settings: Settings, host: str, port: int) -> Sequence[str]:  # noqa: ARG001 (it listens nowhere)
    return ["-m", "te_assets.automation.daemon", "run", "-w", str(settings.dagster_home / "workspace.yaml")]


def _module(name: str) -> Command:
    return lambda _, host, port: ["-m", name, str(port), host]


PARTS: Final[Mapping[str, Part]] = {
    "code": Part(4000, _module("te_assets.automation.code_server"), needs_instance=True),
    "webserver": Part(3000, _webserver, needs_instance=True),
    "daemon": Part(None, _daemon, needs_instance=True),
    "gateway": Part(8000, _module("te_assets.gateway")),
    "dashboard": Part(8080, _module("te_assets.dashboard")),
}


def become(name: str, settings: Settings, host: str, port: int | None = None) -> NoReturn:
    """Replace this process by a service.

    Args:
        name: Of PARTS.
        settings: Put into its environment, where Dagster looks for them; a password from a file, too.
        host: Address to listen on.
        port: Port to listen on; None: the part's own.

    Raises:
        OSError: Dagster's home cannot be written.
    """
    part = PARTS[name]
    if part.needs_instance:
        settings.dagster_home.mkdir(parents=True, exist_ok=True)
        write_instance(settings)
        write_workspace(settings, settings.dagster_home / "workspace.yaml")
    at = port or part.port or 0
    remember(name, LOOPBACK if host == ANY_ADDRESS else host, at)
    os.execve(sys.executable, [sys.executable, *part.command(settings, host, at)], environment(settings))  # noqa: S606
