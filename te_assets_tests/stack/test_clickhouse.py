from __future__ import annotations

import importlib.util
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from te_assets.stack import engine_package
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.engine_package import engine_library
from te_assets.stack.home import Home, PortTaken
from te_assets.stack.process import ServiceFailed
from te_assets_tests.stack.processes import nothing_left, wait_for

pytestmark = pytest.mark.stack


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ClickHouseServer]:
    server = ClickHouseServer(Home(tmp_path / "Werk ö & <1>").create())
    server.start()
    yield server
    server.stop()


def test_a_started_engine_answers_and_tells_its_version(server: ClickHouseServer) -> None:
    assert server.answers()
    assert server.version is not None
    assert server.version.startswith("26.9.")
    assert server.describe() == {
        "host": "127.0.0.1",
        "port": server.http_port,
        "user": "te_writer",
        "version": server.version,
    }


def test_a_clean_stop_says_so_and_leaves_nothing(server: ClickHouseServer, tmp_path: Path) -> None:
    server.stop()

    assert server.process is not None
    assert server.process.returncode == 0
    assert not server.is_running
    nothing_left(str(tmp_path))


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_acknowledged_is_there_after_a_restart(server: ClickHouseServer, end: str) -> None:
    server.query("CREATE DATABASE te_raw")
    server.query("CREATE TABLE te_raw.t (n UInt64) ENGINE = MergeTree ORDER BY n")
    for _ in range(20):
        server.query("INSERT INTO te_raw.t SELECT number FROM numbers(1000)")
    getattr(server, end)()
    server.restart()

    assert server.query("SELECT count(), sum(n) FROM te_raw.t") == f"20000\t{20 * 499500}\n"


def test_the_engine_starts_with_an_empty_environment(server: ClickHouseServer) -> None:
    assert server.process is not None
    if Path("/proc/self/environ").exists():
        assert Path(f"/proc/{server.process.pid}/environ").read_bytes() == b""


def test_a_taken_port_is_refused_before_anything_starts(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    with socket.create_server(("127.0.0.1", home.port("clickhouse_native"))), pytest.raises(PortTaken) as caught:
        ClickHouseServer(home).start()

    assert str(home.port("clickhouse_native")) in str(caught.value)
    nothing_left(str(tmp_path))


@pytest.mark.parametrize("name", ["clickhouse", "clickhouse_native"])
def test_a_port_that_is_taken_after_the_look_is_a_failed_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The engine stays alive without its listener, and somebody else's server answered in its place."""
    home = Home(tmp_path).create()
    monkeypatch.setattr(Home, "require_port", Home.port)
    with socket.create_server(("127.0.0.1", home.port(name))), pytest.raises(ServiceFailed, match="could not listen"):
        ClickHouseServer(home).start()

    nothing_left(str(tmp_path))


def test_an_engine_whose_parent_is_gone_ends(server: ClickHouseServer, tmp_path: Path) -> None:
    assert server.process is not None
    assert server.process.stdin is not None
    server.process.stdin.close()

    wait_for(lambda: not server.is_running, 10, "the engine has ended")
    assert server.process.returncode == 0


def test_a_signal_from_outside_stops_it_cleanly(server: ClickHouseServer) -> None:
    assert server.process is not None
    os.kill(server.process.pid, signal.SIGTERM)

    assert server.process.wait(10) == 0


def test_two_homes_serve_side_by_side_and_know_nothing_of_each_other(server: ClickHouseServer, tmp_path: Path) -> None:
    other = ClickHouseServer(Home(tmp_path / "other").create())
    other.start()
    other.query("CREATE DATABASE te_marts")

    assert server.query("SHOW DATABASES LIKE 'te_%'") == ""
    assert other.query("SHOW DATABASES LIKE 'te_%'") == "te_marts\n"
    assert server.writer_password != other.writer_password
    other.stop()
    assert server.answers()


def test_the_writer_gets_further_grants_where_they_are_asked_for(tmp_path: Path) -> None:
    server = ClickHouseServer(Home(tmp_path).create(), extra_writer_grants=["TABLE ENGINE ON Kafka", "READ ON KAFKA"])
    server.start()
    grants = server.query("SHOW GRANTS")
    server.stop()

    assert "GRANT TABLE ENGINE ON Kafka" in grants
    assert "READ ON KAFKA" in grants


def test_another_version_of_the_engine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_package, "PACKAGE_VERSION", "26.8.1")
    with pytest.raises(ServiceFailed, match=r"chdb-core 26\.9\.0 is installed.*pip install chdb-core==26\.8\.1"):
        engine_library()


def test_a_platform_without_the_engine_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ServiceFailed, match=r"not installed on this machine.*TE_CLICKHOUSE_URL"):
        engine_library()
