"""What the supervisor asks of a service, whichever it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol


class Service(Protocol):
    """One server of the home. `start` is `launch` and then `wait_ready`, for those who start one alone."""

    name: str
    needs: frozenset[str]
    """Names of services that must answer before this one is launched, where they are started too."""

    @property
    def is_running(self) -> bool:
        """Whether the process lives."""

    @property
    def log(self) -> Path:
        """Where to look when it does not."""

    def launch(self) -> None:
        """Start the process without waiting."""

    def wait_ready(self) -> None:
        """Wait until it answers; raise StackError where it ends or stays silent."""

    def stop(self) -> None:
        """Stop cleanly; nothing to do where it does not run."""

    def describe(self) -> dict[str, Any]:
        """What `te-assets status` shows of it."""


def quiet(line: str) -> None:
    """Progress that nobody looks at."""
