"""The stand-ins run as hardened as a plant's containers do, and keep what they were given over a kill."""

from __future__ import annotations

import hashlib
import http.client
import secrets
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest

from te_assets.stack.render import render
from te_assets_tests.docker.client import Client
from te_assets_tests.docker.engine import Engine
from te_assets_tests.docker.images.base import TAG as BASE
from te_assets_tests.docker.images.build import TAGS
from te_assets_tests.docker.waiting import eventually

pytestmark = [pytest.mark.docker, pytest.mark.long]  # the compose file asks most of it in passing
HARDENED = ["--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--read-only"]
PASSWORD = 'p\'ss "word" $1'


class Container:
    """One container with one volume."""

    def __init__(self, engine: Engine, image: str, volume: str, *options: str) -> None:
        self._engine = engine
        self.name = f"te-{secrets.token_hex(4)}"
        run = ["run", "--detach", "--name", self.name, *HARDENED, "--volume", f"{self.name}:{volume}", *options, image]
        engine.docker(*run)

    def run(self, *command: str) -> str:
        return self._engine.docker("exec", self.name, *command).strip()

    def port(self, inside: int) -> int:
        return int(self._engine.docker("port", self.name, f"{inside}/tcp").rpartition(":")[2])

    def kill_and_start(self) -> None:
        self._engine.docker("kill", self.name)
        self._engine.docker("start", self.name)

    def stop(self) -> int:
        self._engine.docker("stop", self.name)
        return int(self._engine.docker("inspect", self.name, "--format", "{{.State.ExitCode}}"))

    def remove(self) -> None:
        self._engine.docker("rm", "--force", self.name)
        self._engine.docker("volume", "rm", self.name)


@pytest.fixture
def ours(engine: Client) -> Engine:
    if not isinstance(engine, Engine):
        pytest.skip("the engine that runs here has the real images")
    return engine


@pytest.fixture
def clickhouse(ours: Engine, tmp_path: Path) -> Iterator[Container]:
    users = tmp_path / "users.xml"
    sha256 = hashlib.sha256(PASSWORD.encode()).hexdigest()
    text = render(
        "clickhouse/users.xml.jinja",
        embedded=False,
        writer_sha256=sha256,
        reader_sha256=sha256,
        networks=["::/0"],
        extra_writer_grants=[],
    )
    closed = '<users><default remove="remove"/>'
    users.write_text(text if "<default remove" in text else text.replace("<users>", closed, 1), encoding="utf-8")
    users.chmod(0o644)
    mounted = f"{users}:/etc/clickhouse-server/users.d/te_assets.xml:ro"
    own = ["--user", "101:101", "--tmpfs", "/tmp", "--volume", mounted, "--publish", "127.0.0.1::8123"]
    container = Container(ours, TAGS["clickhouse"], "/var/lib/clickhouse", *own)
    yield container
    container.remove()


@pytest.fixture
def postgres(ours: Engine, tmp_path: Path) -> Iterator[Container]:
    secret = tmp_path / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    own = ["--user", "999:999", "--tmpfs", "/tmp", "--tmpfs", "/var/run/postgresql:uid=999,gid=999"]
    variables = {"POSTGRES_USER": "owner", "POSTGRES_DB": "storage", "POSTGRES_PASSWORD_FILE": "/run/secrets/password"}
    own += [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    container = Container(
        ours, TAGS["postgres"], "/var/lib/postgresql/data", *own, "--volume", f"{secret}:/run/secrets/password:ro"
    )
    yield container
    container.remove()


@pytest.fixture
def kafka(ours: Engine) -> Iterator[Container]:
    variables = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": "PLAINTEXT://localhost:9092",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
        "KAFKA_HEAP_OPTS": "-Xmx384m",
    }
    own = [word for name, value in variables.items() for word in ("--env", f"{name}={value}")]
    own += ["--tmpfs", "/tmp:exec"]
    own += [word for folder in ("config", "logs") for word in ("--tmpfs", f"/opt/kafka/{folder}:uid=1000,gid=1000")]
    container = Container(ours, TAGS["kafka"], "/var/lib/kafka/data", *own)
    yield container
    container.remove()


def test_all_are_there(ours: Engine) -> None:
    there = ours.docker("images", "--format", "{{.Repository}}:{{.Tag}}").splitlines()
    assert {BASE, *TAGS.values()} <= set(there)


def test_python_installs_for_everybody(ours: Engine) -> None:
    script = "import sys, site, ssl, venv; print(sys.version_info[:2], site.getsitepackages()[0])"
    said = ours.docker("run", "--rm", "--user", "10001", *HARDENED, TAGS["python"], "python", "-c", script)
    assert said.strip() == "(3, 11) /usr/local/lib/python3.11/site-packages"


def test_clickhouse(clickhouse: Container) -> None:
    def ask(sql: str, user: str = "te_writer", password: str = PASSWORD) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", clickhouse.port(8123), timeout=10.0)
        token = b64encode(f"{user}:{password}".encode()).decode()
        connection.request("POST", "/", body=sql, headers={"Authorization": f"Basic {token}"})
        response = connection.getresponse()
        return response.status, response.read().decode().strip()

    assert eventually(lambda: ask("SELECT currentUser()")) == (200, "te_writer")
    assert ask("SELECT 1", user="default", password="")[0] in (401, 403)
    for statement in (
        "CREATE DATABASE te_trial",
        "CREATE TABLE te_trial.kept (n UInt32) ENGINE = MergeTree ORDER BY n",
        "INSERT INTO te_trial.kept SELECT number FROM numbers(1000)",
    ):
        assert ask(statement) == (200, "")

    clickhouse.kill_and_start()

    assert eventually(lambda: ask("SELECT sum(n) FROM te_trial.kept")) == (200, "499500")
    assert clickhouse.run("wget", "-qO-", "http://127.0.0.1:8123/ping") == "Ok."
    assert clickhouse.stop() == 0


def test_postgres(postgres: Container) -> None:
    query = ["psql", "--username", "owner", "--dbname", "storage", "--tuples-only", "--no-align", "--command"]
    ready = ["pg_isready", "--host", "127.0.0.1"]
    assert eventually(lambda: postgres.run(*ready))
    postgres.run(*query, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    assert postgres.run(*query, "SHOW server_version").startswith("16.")

    postgres.kill_and_start()

    assert eventually(lambda: postgres.run(*ready))
    assert postgres.run(*query, "SELECT sum(n) FROM kept") == "500500"
    others = 'psql "host=$(hostname -i) user=owner dbname=storage" --tuples-only --no-align --command "SELECT 1"'
    assert postgres.run("env", f"PGPASSWORD={PASSWORD}", "sh", "-c", others) == "1"
    with pytest.raises(AssertionError, match="password authentication failed"):
        postgres.run("env", "PGPASSWORD=wrong", "sh", "-c", others)
    assert postgres.stop() == 0


def test_kafka(kafka: Container) -> None:
    def tool(name: str, *options: str) -> str:
        return kafka.run(f"/opt/kafka/bin/{name}.sh", "--bootstrap-server", "localhost:9092", *options)

    topic = ["--topic", "te.trial.v1"]
    assert "Created topic" in eventually(lambda: tool("kafka-topics", "--create", *topic))
    send = f"echo hello | /opt/kafka/bin/kafka-console-producer.sh --bootstrap-server localhost:9092 {' '.join(topic)}"
    kafka.run("bash", "-c", f"{send} --compression-codec zstd")

    kafka.kill_and_start()

    assert eventually(lambda: tool("kafka-get-offsets", *topic)) == "te.trial.v1:0:1"
    read = ["--partition", "0", "--offset", "earliest", "--max-messages", "1", "--timeout-ms", "60000"]
    assert tool("kafka-console-consumer", *topic, *read) == "hello"
    assert kafka.stop() == 143  # as Java ends on SIGTERM
