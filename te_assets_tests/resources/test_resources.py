"""Resources find servers, folders and the site: named by themselves, else by the environment, else in the home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from te_assets.errors import StackError
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets_tests.conftest import Stack


def clickhouse_of(stack: Stack, **fields: Any) -> ClickHouseResource:
    where = stack.endpoints.clickhouse
    given = {"host": where.host, "port": where.port, "password": where.password.get_secret_value(), **fields}
    return ClickHouseResource(**given)


def test_without_servers_the_message_says_how_to_start_them() -> None:
    with pytest.raises(StackError, match="te-assets up"), ClickHouseResource().writer():
        pass
    with pytest.raises(StackError, match="te-assets up"):
        KafkaResource().config()


def test_bootstrap_servers_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", "plant:9092")

    assert KafkaResource().config()["bootstrap_servers"] == ["plant:9092"]
    assert KafkaResource(bootstrap_servers="one:1, two:2").config()["bootstrap_servers"] == ["one:1", "two:2"]


def test_folders_win_over_the_environment_and_that_over_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = Settings().home_dir
    named = LandingResource(inbox=str(tmp_path / "in"), store_folder=str(tmp_path / "store"))

    assert LandingResource().inbox_folder() == home / "inbox"
    assert LandingResource().store().path_of("ab" * 32).is_relative_to(home / "landing")
    monkeypatch.setenv("TE_INBOX", str(tmp_path / "elsewhere"))
    assert LandingResource().inbox_folder() == tmp_path / "elsewhere"
    assert named.inbox_folder() == tmp_path / "in"
    assert named.store().path_of("ab" * 32).is_relative_to(tmp_path / "store")


def test_the_profile_is_that_of_the_folder_else_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert ProfileResource().profile().folder == Settings().site_dir
    monkeypatch.setenv("TE_SITE", str(tmp_path / "site"))
    assert ProfileResource().profile().folder == tmp_path / "site"
    assert ProfileResource(folder=str(tmp_path / "own")).profile().folder == tmp_path / "own"


@pytest.mark.stack
def test_a_named_server_needs_no_environment(stack: Stack) -> None:
    with clickhouse_of(stack).writer() as client:
        assert client.command("SELECT currentUser()") == "te_writer"
        assert client.command("SELECT count() FROM te_ops.files") == 0


@pytest.mark.stack
def test_settings_hold_for_every_query_and_inserts_stay_one_block(stack: Stack) -> None:
    with clickhouse_of(stack, settings={"max_threads": 1}).writer() as client:
        assert client.command("SELECT toUInt8(getSetting('max_threads'))") == 1
        assert client.command("SELECT toUInt8(getSetting('async_insert'))") == 0


@pytest.mark.stack
def test_a_wrong_password_is_a_message_without_the_password(stack: Stack) -> None:
    with pytest.raises(StackError) as caught, clickhouse_of(stack, password="hunter2").writer():
        pass

    assert "refuses te_writer" in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.stack
def test_without_a_host_the_environment_names_the_servers(plant: Stack) -> None:
    with ClickHouseResource().writer() as client:
        assert client.command("SELECT currentUser()") == "te_writer"
    assert KafkaResource().config()["bootstrap_servers"] == [plant.kafka_server.bootstrap_servers]


@pytest.mark.stack
@pytest.mark.parametrize(
    ("nice", "priority", "threads"), [(0, "1", "0"), (9, "1", "9"), (10, "2", "10"), (19, "2", "19"), (-5, "1", "0")]
)
def test_a_process_that_gives_way_does_so_in_clickhouse(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, nice: int, priority: str, threads: str
) -> None:
    monkeypatch.setattr("te_assets.resources.clickhouse.os.nice", lambda _: nice)

    with clickhouse_of(stack).writer() as client:
        rows = client.query(
            "SELECT name, value FROM system.settings WHERE name IN ('priority', 'os_thread_priority')"
        ).result_rows
    assert {name: value for name, value in rows} == {"priority": priority, "os_thread_priority": threads}
