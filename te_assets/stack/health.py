"""Whether the one service of this container is well: `python -m te_assets.stack.health`, exit status 0 or 1.

Asked every few seconds, so it imports little: Dagster's own checks import all of Dagster, a second of a processor.
"""

from __future__ import annotations

import http.client
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

REMEMBERED: Final = Path("/tmp/te-assets-part")  # noqa: S108 (a container's own; it only decides what is asked)
PATHS: Final = {"webserver": "/server_info", "gateway": "/healthz", "dashboard": "/healthz"}
DAEMONS: Final = frozenset({"SENSOR", "SCHEDULER", "QUEUED_RUN_COORDINATOR", "BACKFILL", "MONITORING"})
LATE: Final = 120.0
"""Seconds after which a heartbeat is missed; one comes every thirty."""
TIMEOUT: Final = 5.0  # seconds


def remember(name: str, host: str, port: int) -> None:
    """Leave word which part this container runs and where it answers, for its health check."""
    REMEMBERED.write_text(f"{name} {host} {port}", encoding="utf-8")


def remembered() -> tuple[str, str, int]:
    """Which part this container runs, its host and its port.

    Raises:
        FileNotFoundError: None was started here.
    """
    name, host, port = REMEMBERED.read_text(encoding="utf-8").split()
    return name, host, int(port)


def ailment(name: str, host: str, port: int) -> str | None:
    """What is wrong with a part that should answer there; None: nothing."""
    try:
        if name == "daemon":
            return missed_heartbeats(_began(), datetime.now(UTC))
        if name == "code":
            return _not_serving(host, port)
        with closing(http.client.HTTPConnection(host, port, timeout=TIMEOUT)) as connection:
            connection.request("GET", PATHS[name])
            answer = connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
    return None if answer.status == http.client.OK else f"HTTP {answer.status} {answer.reason}"


def missed_heartbeats(began: datetime, now: datetime) -> str | None:
    """Daemons whose last heartbeat, in Dagster's PostgreSQL, is of an earlier process or too old; None: none is."""
    import psycopg2

    from te_assets.settings import Settings
    from te_assets.stack.postgres import reading

    settings = Settings()
    password = settings.dagster_postgres_password
    try:
        with reading(
            settings.dagster_postgres_host or "",
            settings.dagster_postgres_port,
            settings.dagster_postgres_db,
            settings.dagster_postgres_user,
            password.get_secret_value() if password else "",
            connect_seconds=int(TIMEOUT),
        ) as cursor:
            cursor.execute("SELECT daemon_type, timestamp FROM daemon_heartbeats")
            beats = {name: at.replace(tzinfo=UTC) for name, at in cursor.fetchall()}
    except psycopg2.Error as error:
        return " ".join(str(error).split())
    silent = sorted(
        name
        for name in DAEMONS
        if name not in beats or beats[name] < began or (now - beats[name]).total_seconds() > LATE
    )
    return f"no heartbeat of {', '.join(silent)}" if silent else None


def _not_serving(host: str, port: int) -> str | None:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    try:
        with grpc.insecure_channel(f"{host}:{port}") as channel:
            asked = health_pb2.HealthCheckRequest(service="DagsterApi")
            status = health_pb2_grpc.HealthStub(channel).Check(asked, timeout=TIMEOUT).status
    except grpc.RpcError as error:
        return str(error.code()) if isinstance(error, grpc.Call) else str(error)
    return None if status == health_pb2.HealthCheckResponse.SERVING else "it is not serving"


def _began() -> datetime:
    """When this container's first process began."""
    return datetime.fromtimestamp(Path("/proc/1").stat().st_ctime, UTC)


def main() -> int:
    """Ask, and say what is wrong."""
    try:
        wrong = ailment(*remembered())
    except FileNotFoundError:
        wrong = "no service was started here"
    if wrong:
        sys.stderr.write(f"{wrong}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    os._exit(main())  # gRPC's threads would take their time
