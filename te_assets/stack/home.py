"""The home: the folder of one local stack, with its remembered ports and its passwords."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import random
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from te_assets.errors import StackError
from te_assets.settings import Settings

# Below the range that systems hand out for outgoing connections: a remembered port stays free while we are down.
PORTS: Final = range(20_000, 32_000)
PRIVATE: Final = 0o700


class HomeError(StackError):
    """The home cannot be used."""


class PortTaken(StackError):
    """A remembered port belongs to somebody else."""


class Secrets(BaseModel):
    """Random passwords of one home; never shown, kept in a file that only its owner reads."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    te_writer: str
    te_reader: str
    operator_key: str


class State(BaseModel):
    """What a home remembers between starts."""

    model_config = ConfigDict(extra="ignore")

    ports: dict[str, int] = {}
    kafka_cluster_id: str | None = None


@dataclass(frozen=True)
class Home:
    """One local stack's folder. Make it with `Home.open`, or `Home(root).create()` in a test."""

    root: Path

    @classmethod
    def open(cls, settings: Settings) -> Home:
        """The home that the settings name, with all its folders.

        Raises:
            HomeError: The folder cannot be made or written.
        """
        home = cls(settings.home_dir).create()
        for folder in (settings.inbox_dir, settings.landing_dir):
            make_folder(folder)
        return home

    def create(self) -> Home:
        """Make the folders that are missing; safe to repeat.

        Raises:
            HomeError: The folder cannot be made or written, or its path cannot be used by the servers.
        """
        # Java splits a class path at ":" and Kafka its log.dirs at ",": such a path would be two.
        for character in set(self.root.as_posix()) & set(':,;"\n'):
            raise HomeError(
                f"{self.root}: the path of a home cannot hold {character!r}. Set TE_HOME to a folder without it."
            )
        for folder in (self.root, self.inbox, self.landing):
            make_folder(folder)
        for folder in (self.kafka, self.clickhouse, self.dagster, self.logs, self.run):
            make_folder(folder, mode=PRIVATE)
        return self

    @property
    def kafka(self) -> Path:
        """Data and configuration of the broker."""
        return self.root / "kafka"

    @property
    def clickhouse(self) -> Path:
        """Data and configuration of the engine; it reads nothing of the home outside."""
        return self.root / "clickhouse"

    @property
    def dagster(self) -> Path:
        """The Dagster instance."""
        return self.root / "dagster"

    @property
    def inbox(self) -> Path:
        """Where people drop workbooks, unless TE_INBOX says otherwise."""
        return self.root / "inbox"

    @property
    def landing(self) -> Path:
        """Store of landed workbooks by SHA-256, unless TE_LANDING says otherwise."""
        return self.root / "landing"

    @property
    def logs(self) -> Path:
        """Logs of every service."""
        return self.root / "logs"

    @property
    def run(self) -> Path:
        """Lock and record of the running supervisor."""
        return self.root / "run"

    @property
    def state_file(self) -> Path:
        """Remembered ports."""
        return self.root / "state.json"

    @property
    def secrets_file(self) -> Path:
        """Passwords, mode 0600."""
        return self.root / "secrets.json"

    def read_state(self) -> State:
        """What the home remembers; empty for a new one.

        Raises:
            HomeError: state.json is damaged.
        """
        try:
            return State.model_validate_json(self.state_file.read_bytes())
        except FileNotFoundError:
            return State()
        except (ValidationError, OSError) as error:
            raise HomeError(
                f"{self.state_file} cannot be read ({error}). Delete it: new ports are chosen, no data is lost."
            ) from error

    @contextlib.contextmanager
    def change_state(self) -> Iterator[State]:
        """Change what the home remembers, one process at a time; written when the block ends."""
        with locked(self.root / ".lock"):
            state = self.read_state()
            yield state
            write_private(self.state_file, state.model_dump_json(indent=1))

    def port(self, name: str) -> int:
        """The home's port for `name` on 127.0.0.1: chosen free once, then always the same."""
        known = self.read_state().ports.get(name)
        if known is not None:
            return known
        with self.change_state() as state:
            if name not in state.ports:
                state.ports[name] = free_port(avoid=set(state.ports.values()))
            return state.ports[name]

    def require_port(self, name: str) -> int:
        """The home's port for `name`, of which nobody else must listen.

        Raises:
            PortTaken: Somebody does.
        """
        port = self.port(name)
        if not is_free(port):
            raise PortTaken(
                f"Port {port} of 127.0.0.1 is taken by another program; {self.state_file} remembers it for {name}. "
                f'Stop that program, or delete the line "{name}" from the file and a free port is chosen.'
            )
        return port

    def secrets(self) -> Secrets:
        """The home's passwords; made at random on the first call.

        Raises:
            HomeError: secrets.json is damaged or cannot be read.
        """
        if not self.secrets_file.exists():
            with locked(self.root / ".lock"):
                if not self.secrets_file.exists():
                    made = Secrets(
                        te_writer=secrets.token_hex(24),
                        te_reader=secrets.token_hex(24),
                        operator_key=secrets.token_hex(32),
                    )
                    write_private(self.secrets_file, json.dumps(made.model_dump(), indent=1))
        try:
            return Secrets.model_validate_json(self.secrets_file.read_bytes())
        except (ValidationError, OSError) as error:
            raise HomeError(
                f"{self.secrets_file} cannot be used ({error}). Restore it; without it the operator pseudonyms change."
            ) from error


def make_folder(folder: Path, mode: int = 0o777) -> None:
    """Make a folder with its parents and see that it can be written.

    Raises:
        HomeError: It cannot.
    """
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"Cannot make the folder {folder} ({error.strerror}). Set TE_HOME to a folder that you may write to."
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise HomeError(f"Cannot write to {folder}. Set TE_HOME to a folder that you may write to, or mend its owner.")


def write_private(path: Path, text: str) -> None:
    """Replace a file as a whole; only its owner may read it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an advisory lock; it goes with the process, however that ends."""
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections of our own last start may linger
        try:
            probe.bind(("127.0.0.1", port))
            probe.listen(1)
        except OSError:
            return False
    return True


def free_port(avoid: set[int]) -> int:
    """A free port of 127.0.0.1 that is not in `avoid`.

    Raises:
        PortTaken: None was found.
    """
    chance = random.SystemRandom()
    for _ in range(200):
        port = chance.choice(PORTS)
        if port not in avoid and is_free(port):
            return port
    raise PortTaken(f"No free port found on 127.0.0.1 between {PORTS.start} and {PORTS.stop}. Close what holds them.")
