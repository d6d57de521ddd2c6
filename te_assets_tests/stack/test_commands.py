from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from te_assets.commands.stack import doctor, down, status, up
from te_assets.stack.home import Home
from te_assets_tests.conftest import Stack
from te_assets_tests.stack.processes import nothing_left


@pytest.mark.parametrize("command", [up, down, status, doctor])
def test_each_help_has_an_example(command: click.Command) -> None:
    assert f"Example: te-assets {command.name}" in CliRunner().invoke(command, ["--help"]).stdout


def test_an_unknown_service_is_wrong_usage_and_the_known_ones_are_named() -> None:
    result = CliRunner().invoke(up, ["--only", "kafka,zookeeper"])

    assert result.exit_code == 2
    assert "zookeeper: no such service. There are kafka, clickhouse, dagster" in result.stderr


def test_down_where_nothing_runs_is_no_failure(tmp_path: Path) -> None:
    result = CliRunner().invoke(down, [])

    assert result.exit_code == 0
    assert "Nothing runs in" in result.stderr


def test_up_starts_none_where_own_servers_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", "k:9092")
    monkeypatch.setenv("TE_CLICKHOUSE_URL", "http://c:8123")
    result = CliRunner().invoke(up, ["--only", "kafka,clickhouse"])

    assert result.exit_code == 0
    assert "kafka: TE_KAFKA_BOOTSTRAP_SERVERS is set, so your own is used and none is started" in result.stderr
    assert "Nothing to start." in result.stderr


def test_status_of_a_home_that_is_down_is_null_and_exits_1() -> None:
    result = CliRunner().invoke(status, ["--json"])

    assert result.exit_code == 1
    document = json.loads(result.stdout)
    assert {
        name: document[name] for name in ("kafka", "clickhouse", "dagster", "gateway", "dashboard")
    } == dict.fromkeys(("kafka", "clickhouse", "dagster", "gateway", "dashboard"))
    assert document["healthy"] is False


@pytest.mark.stack
def test_status_tells_what_scripts_need(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    where = stack.endpoints.clickhouse
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", stack.kafka_server.bootstrap_servers)
    monkeypatch.setenv("TE_CLICKHOUSE_URL", where.url)
    monkeypatch.setenv("TE_CLICKHOUSE_PASSWORD", where.password.get_secret_value())
    result = CliRunner().invoke(status, ["--json"])

    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    assert document["kafka"]["bootstrap_servers"] == stack.kafka_server.bootstrap_servers
    assert document["clickhouse"] == {
        "host": "127.0.0.1",
        "port": stack.clickhouse_server.http_port,
        "user": "te_writer",
        "password": where.password.get_secret_value(),
        "version": stack.clickhouse_server.version,
    }
    assert document["lag"] == {"te.interactions.v1": 0, "te.confirmations.v1": 0}
    assert document["healthy"] is True
    assert where.password.get_secret_value() not in CliRunner().invoke(status, []).output


@pytest.mark.stack
def test_up_in_the_foreground_prints_addresses_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    process = subprocess.Popen(
        [sys.executable, "-m", "te_assets.cli", "up", "--only", "clickhouse"],
        env={**os.environ, "TE_HOME": str(home.root)},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    # The addresses are the last that it says before it waits: earlier, Ctrl-C would cut the start short.
    address = next(line for line in process.stderr if "http://" in line)
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()

    assert process.wait(60) == 0
    assert f"http://127.0.0.1:{home.port('clickhouse')}" in address
    assert rest.strip().endswith("stopped")
    nothing_left(str(home.root))


@pytest.mark.stack
def test_up_twice_is_no_failure_and_down_ends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_HOME", str(tmp_path / "home"))
    first = CliRunner().invoke(up, ["--detach", "--only", "clickhouse"])
    second = CliRunner().invoke(up, ["--detach", "--only", "clickhouse"])
    ended = CliRunner().invoke(down, [])

    assert (first.exit_code, second.exit_code, ended.exit_code) == (0, 0, 0)
    assert "Already running" in second.stderr
    assert "Stopped the services" in ended.stderr
    nothing_left(str(tmp_path))
