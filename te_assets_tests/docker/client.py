"""The Docker command line against one engine, whoever started that engine."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ANSWER_LIMIT = 20.0  # seconds for an engine that runs already to say so
TAIL = 4000  # characters of a failed command's output that a message shows


class DockerError(AssertionError):
    """A command failed, or an engine did what it should not."""


class Client:
    """Runs the `docker` of the path against one engine."""

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        """An engine to talk to.

        Args:
            environment: Variables that name it; default: none, the engine of the user's own context.
        """
        self.environment = dict(environment or {})

    def docker(
        self,
        *arguments: str | Path,
        timeout: float = 120.0,
        input: str | bytes | None = None,  # noqa: A002 (as subprocess calls it)
        cwd: Path | None = None,
        add: Mapping[str, str] | None = None,
    ) -> str:
        """Run one command and return what it printed on standard output.

        Args:
            arguments: What follows `docker`.
            timeout: Seconds.
            input: Standard input; default: empty.
            cwd: Folder that relative paths are meant in.
            add: Variables on top of the process's own and those of the engine.

        Raises:
            DockerError: It failed or took too long; the message has what it printed on standard error.
        """
        said = " ".join(["docker", *map(str, arguments)])
        try:
            done = subprocess.run(
                ["docker", *map(str, arguments)],
                input=input.encode() if isinstance(input, str) else input or b"",
                capture_output=True,
                env={**os.environ, **self.environment, **(add or {})},
                cwd=cwd,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            printed = (error.stderr or b"").decode(errors="replace")[-TAIL:]
            raise DockerError(f"{said}: no end after {timeout:.0f} s. It printed:\n{printed}") from error
        if done.returncode != 0:
            printed = (done.stderr + done.stdout).decode(errors="replace").strip()[-TAIL:]
            raise DockerError(f"{said}: exit status {done.returncode}.\n{printed}")
        return done.stdout.decode(errors="replace")


def running_engine() -> Client | None:
    """The engine of the user's own context, if one answers.

    Nobody stops or cleans it, and no stand-ins are made in it: they would replace its real images.
    """
    if shutil.which("docker") is None:
        return None
    client = Client()
    try:
        client.docker("version", "--format", "{{.Server.Version}}", timeout=ANSWER_LIMIT)
    except DockerError:
        return None
    return client
