"""A real PostgreSQL of the distribution's packages, as an ordinary user, on a free port, in a folder of its own."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from te_assets.stack.process import GuardedProcess, log_tail

ADMIN = "te_admin"
START_LIMIT = 60.0  # seconds
NASTY = "p@ss:w/o#r%d?'\"&+= €"
"""A password with everything that a URL, a shell or YAML takes for something else."""


@dataclass(frozen=True)
class Database:
    """A database and its owner."""

    host: str
    port: int
    name: str
    user: str
    password: str


class Postgres:
    """A server that answers."""

    host = "127.0.0.1"

    def __init__(self, port: int, password: str) -> None:
        self.port = port
        self._password = password

    def connect(self) -> Any:
        return psycopg2.connect(
            host=self.host, port=self.port, dbname="postgres", user=ADMIN, password=self._password, connect_timeout=5
        )

    def database(self, password: str = NASTY) -> Database:
        """A new database with an owner of its own."""
        name = f"te_{secrets.token_hex(4)}"
        with contextlib.closing(self.connect()) as connection:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD %s", (password,))
                cursor.execute(f"CREATE DATABASE {name} OWNER {name}")
        return Database(self.host, self.port, name, name, password)


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """Start one; skips where no PostgreSQL is installed, except in CI, which installs it."""
    programs = _programs()
    if programs is None:
        wanting = "no initdb below /usr/lib/postgresql or on the path; on Debian: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(wanting)
        pytest.skip(wanting)
    folder = Path(tempfile.mkdtemp(prefix="te-postgres-"))  # pytest's own folders are closed to other users
    owner = _ordinary_user()
    try:
        secret, data = folder / "password", folder / "data"
        secret.write_text(secrets.token_hex(16), encoding="utf-8")
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
        subprocess.run(
            [
                *(programs / "initdb", "-D", data, "-U", ADMIN, "--pwfile", secret),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"),
            ],
            check=True,
            capture_output=True,
            cwd=folder,
            user=owner.pw_uid,
            group=owner.pw_gid,
            extra_groups=[] if os.geteuid() == 0 else None,
        )
        with _served(programs, data, owner) as port:
            server = Postgres(port, secret.read_text(encoding="utf-8"))
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(programs: Path, data: Path, owner: pwd.struct_passwd) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data.with_name("log")
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "fsync": "off"}
    process = GuardedProcess(
        [
            *(
                ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
                if _is_root()
                else []
            ),
            *(str(programs / "postgres"), "-D", str(data)),
            *(f"--{name}={value}" for name, value in settings.items()),
        ],
        log,
        grace=5.0,
        cwd=data.parent,
    )
    try:
        until = time.monotonic() + START_LIMIT
        ready: list[str] = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        while subprocess.run(ready, check=False).returncode != 0:
            assert process.wait(0.05) is None, f"PostgreSQL ended.{log_tail(log)}"
            assert time.monotonic() < until, f"PostgreSQL does not answer.{log_tail(log)}"
        yield port
    finally:
        process.stop()


def _programs() -> Path | None:
    """Folder of the newest server's programs."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _ordinary_user() -> pwd.struct_passwd:
    """This user, or one without rights where this one is root, which PostgreSQL refuses."""
    return pwd.getpwnam("nobody") if _is_root() else pwd.getpwuid(os.geteuid())


def _is_root() -> bool:
    return os.geteuid() == 0
