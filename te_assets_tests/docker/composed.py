"""The compose file brought up in an engine, and the ways in and out of it that its users have."""

from __future__ import annotations

import hashlib
import json
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from te_assets.gateway.client import GatewayClient, Refused, Unreachable
from te_assets_tests.docker.client import Client
from te_assets_tests.docker.waiting import eventually

PROJECT = Path(__file__).parents[2]
COMPOSE = PROJECT / "docker/compose.yaml"
UP_LIMIT = 240.0  # seconds
SETTLED_LIMIT = 240.0  # seconds: a run that was killed is found after thirty, and asked for again after a pause
SERVERS = ("kafka", "clickhouse", "postgres")
OURS = ("code", "webserver", "daemon", "gateway", "dashboard")
ONCE = ("configure", "migrate")
WANTED_FILES = 262_144
PAUSE = 0.5  # seconds: each look starts a program, and takes from what it looks at


class Composition:
    """One project of Docker Compose: `up`, `down`, workbooks in, figures out."""

    def __init__(
        self, engine: Client, name: str, image: str, folder: Path, site: Path, files: Sequence[Path] = (COMPOSE,)
    ) -> None:
        """Nothing is started yet.

        Args:
            engine: Where.
            name: Of the project.
            image: Tag of te_assets' own.
            folder: Takes the secrets.
            site: Site folder of the plant.
            files: Compose files, each over the ones before.
        """
        self.engine = engine
        self.name = name
        self._files = files
        self.secrets = folder / "secrets"
        self.seconds_to_healthy: float | None = None
        self.ports = dict(zip(("DAGSTER", "GATEWAY", "DASHBOARD"), free_ports(3), strict=True))
        self.settings = {
            "TE_IMAGE": image,
            "TE_SECRETS_DIR": str(self.secrets),
            "TE_SITE_DIR": str(site),
            **{f"TE_{which}_PORT": str(port) for which, port in self.ports.items()},
        }
        if (most := resource.getrlimit(resource.RLIMIT_NOFILE)[1]) < WANTED_FILES:
            self.settings["TE_CLICKHOUSE_OPEN_FILES"] = str(most)  # an engine of this machine may give no more

    def compose(self, *arguments: str | Path, timeout: float = 120.0, input: str | bytes | None = None) -> str:  # noqa: A002
        """Run `docker compose` on the project's own file."""
        where = ("--project-name", self.name, *(word for file in self._files for word in ("--file", str(file))))
        return self.engine.docker("compose", *where, *arguments, timeout=timeout, input=input, add=self.settings)

    def up(self) -> None:
        """Bring everything up and wait until all are healthy."""
        began = time.monotonic()
        self.compose("up", "--detach", "--wait", timeout=UP_LIMIT)
        self.seconds_to_healthy = time.monotonic() - began

    def down(self, *, volumes: bool = False, grace: int | None = None) -> None:
        """Take everything down.

        Args:
            volumes: Remove what was kept, too.
            grace: Seconds that a container has to end by itself; None: as the compose file says.
        """
        words = [*(["--volumes"] if volumes else []), *([] if grace is None else ["--timeout", str(grace)])]
        self.compose("down", *words, timeout=UP_LIMIT)

    def run(self, service: str, *command: str, input: str | None = None, timeout: float = 120.0) -> str:  # noqa: A002
        """Run a command in the container of a service; what it printed."""
        return self.compose("exec", "-T", service, *command, input=input, timeout=timeout)

    def container(self, service: str) -> str:
        """Name of a service's container, also of one that has ended."""
        return f"{self.name}-{service}-1"

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of a service's container."""
        return self.inspect_all(service)[service]

    def inspect_all(self, *services: str) -> dict[str, dict[str, Any]]:
        """What the engine knows of the containers of services, asked once."""
        found = self.engine.docker("inspect", *(self.container(service) for service in services))
        return dict(zip(services, json.loads(found), strict=True))

    def wait_healthy(self, *services: str, limit: float = UP_LIMIT) -> None:
        """Wait until services are healthy again by themselves."""

        def healthy() -> bool:
            states = [found["State"] for found in self.inspect_all(*(services or (*SERVERS, *OURS))).values()]
            return all(state["Running"] and state["Health"]["Status"] == "healthy" for state in states)

        eventually(healthy, limit, PAUSE)

    def query(self, sql: str) -> list[list[Any]]:
        """Rows of a query of ClickHouse, asked as te_writer from within: nobody outside is answered."""
        asks = (
            "import json, sys\n"
            "from te_assets.settings import Settings\n"
            "from te_assets.stack.connect import clickhouse_client, endpoints\n"
            "with clickhouse_client(endpoints(Settings())) as client:\n"
            "    print(json.dumps(client.query(sys.stdin.read()).result_rows, default=str))\n"
        )
        return list(json.loads(self.run("code", "python", "-c", asks, input=sql)))

    def gateway(self) -> GatewayClient:
        """A client of the gateway with a token of its own."""
        token = self.run("gateway", "te-assets", "token", "create", f"t{time.monotonic_ns()}", *_ALL_SCOPES).strip()
        return GatewayClient(f"http://127.0.0.1:{self.ports['GATEWAY']}", token)

    def drop(self, book: Path) -> None:
        """Put a workbook into the inbox, as the service's user sees it there."""
        self.compose("cp", str(book), f"code:/var/lib/te-assets/inbox/{book.name}")

    def shown(self, path: str, **filters: str) -> Any:
        """An answer of the dashboard's API."""
        url = f"http://127.0.0.1:{self.ports['DASHBOARD']}/api/v1/{path}"
        answer = requests.get(url, params=filters, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def verify(self, truth: Path | None = None) -> None:
        """Compare Kafka, te_raw, the ledgers, staging and marts with one another, or these with the simulator's truth.

        It happens in a container inside the project's network, with the tests' packages.
        """
        packages = next(path for path in sys.path if path.endswith("site-packages"))
        mounts = {PROJECT: "/project", Path(packages): "/packages", self.secrets: "/run/secrets"}
        mounts[Path(self.settings["TE_SITE_DIR"])] = "/site"
        if truth is not None:
            mounts[truth] = "/truth"
        volumes = [word for here, there in mounts.items() for word in ("--volume", f"{here}:{there}:ro")]
        variables = {
            "PYTHONPATH": "/project:/packages",
            "TE_HOME": "/tmp/home",
            "TE_SITE": "/site",
            "TE_KAFKA_BOOTSTRAP_SERVERS": "kafka:9092",
            "TE_CLICKHOUSE_URL": "http://clickhouse:8123",
            "TE_CLICKHOUSE_PASSWORD_FILE": "/run/secrets/clickhouse_writer_password",
            "TE_OPERATOR_KEY_FILE": "/run/secrets/operator_key",
        }
        given = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
        self.engine.docker(
            *("run", "--rm", "--user", "0", "--workdir", "/tmp"),
            *("--network", f"{self.name}_inside"),
            *volumes,
            *given,
            self.settings["TE_IMAGE"],
            *("python", "-m", "te_assets_tests.docker.verify", *(["/truth"] if truth else [])),
            timeout=SETTLED_LIMIT,
        )


_ALL_SCOPES: Sequence[str] = ("--scope", "files", "--scope", "events", "--scope", "read")


def settled(gateway: GatewayClient, hashes: Sequence[str], limit: float = SETTLED_LIMIT) -> None:
    """Wait until workbooks are in the marts, all of them."""

    def stages(sha256: str) -> list[str]:
        try:
            return [str(each["stage"]) for each in gateway.status(sha256)["publications"]]
        except (Refused, Unreachable):
            return []  # not landed yet, or the gateway is being started again

    def in_marts() -> bool:
        said = [stages(sha256) for sha256 in hashes]
        assert all(each and set(each) == {"in marts"} for each in said), f"stages: {said}"
        return True

    eventually(in_marts, limit, PAUSE)


def sha256(book: Path) -> str:
    """Of a workbook."""
    return hashlib.sha256(book.read_bytes()).hexdigest()


def make_secrets(folder: Path) -> None:
    """Make those that are missing, as an administrator does."""
    subprocess.run([PROJECT / "docker/make-secrets", folder], check=True, capture_output=True, timeout=60)


def free_ports(number: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on."""
    held = [socket.socket() for _ in range(number)]
    try:
        for one in held:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
