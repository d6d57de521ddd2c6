"""Configuration for servers in containers: the users, grants and limits of the local ones."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pydantic import SecretStr

from te_assets.errors import SettingsError
from te_assets.settings import Settings
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.clickhouse_config import write_configuration
from te_assets.stack.home import Home
from te_assets.stack.render import render
from te_assets.stack.server_configuration import write_server_configuration

GIVEN = {
    "clickhouse_password": "writers",
    "clickhouse_reader_password": "readers",
    "dagster_postgres_password": "dagsters",
    "operator_key": "pseudonyms",
}


def settings(**other: str) -> Settings:
    return Settings(**{name: SecretStr(value) for name, value in {**GIVEN, **other}.items()})


def xml(path: Path) -> ElementTree.Element:
    return ElementTree.fromstring(path.read_text(encoding="utf-8"))


def properties(text: str) -> dict[str, str]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def test_users_of_a_server_are_those_of_the_local_one_but_for_its_own_session(tmp_path: Path) -> None:
    write_server_configuration(settings(), tmp_path / "servers", "kafka")
    home = Home(tmp_path / "home").create()
    write_configuration(home, 1, 2)
    theirs = xml(tmp_path / "servers/clickhouse/users.d/te_assets.xml")
    ours = xml(home.clickhouse / "run/users.xml")

    for user in ("te_writer", "te_reader"):
        for part in (f"users/{user}/grants", f"profiles/{user}"):
            here, there = ours.find(part), theirs.find(part)
            assert here is not None
            assert there is not None
            assert ElementTree.canonicalize(ElementTree.tostring(here), strip_text=True) == ElementTree.canonicalize(
                ElementTree.tostring(there), strip_text=True
            )
    assert [user.tag for user in theirs.iterfind("users/*")] == ["default", "te_writer", "te_reader"]
    default = theirs.find("users/default")
    assert default is not None
    assert (default.attrib, len(default)) == ({"remove": "remove"}, 0)


def test_of_passwords_there_are_hashes_alone_and_the_servers_user_may_read_them(tmp_path: Path) -> None:
    files = write_server_configuration(settings(), tmp_path, "kafka")

    text = "".join(file.read_text(encoding="utf-8") for file in files)
    users = xml(tmp_path / "clickhouse/users.d/te_assets.xml")
    assert [name for name, value in GIVEN.items() if value in text.replace("te_writers", "")] == []
    for user, password in (("te_writer", "writers"), ("te_reader", "readers")):
        assert users.findtext(f"users/{user}/password_sha256_hex") == hashlib.sha256(password.encode()).hexdigest()
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o644}


def test_a_server_listens_for_its_clients_and_speaks_nothing_else(tmp_path: Path) -> None:
    write_server_configuration(settings(), tmp_path, "kafka")
    config = xml(tmp_path / "clickhouse/config.d/te_assets.xml")

    assert (config.findtext("listen_host"), config.findtext("http_port")) == ("0.0.0.0", "8123")
    removed = [element.tag for element in config if element.get("remove")]
    assert {"mysql_port", "postgresql_port", "interserver_http_port", "metric_log", "trace_log"} <= set(removed)
    assert config.findtext("backups/allowed_disk") == "te_backups"
    assert [handler.findtext("url") for handler in config.iterfind("http_handlers/rule")] == [
        "/ping",
        r"regex:/(\?.*)?",
    ]
    assert config.find("users_config") is None
    assert config.find("interactive") is None


def test_a_broker_has_the_local_ones_properties_but_for_where_it_is(tmp_path: Path) -> None:
    write_server_configuration(settings(), tmp_path, "broker")
    home = Home(tmp_path / "home").create()
    local = properties(rendered(home))
    found = properties((tmp_path / "kafka/server.properties").read_text(encoding="ascii"))

    places = {"listeners", "advertised.listeners", "log.dirs"}
    quorum = {"controller.quorum.voters", "controller.quorum.bootstrap.servers"}
    assert {key: found[key] for key in found.keys() - places - quorum} == {
        key: local[key] for key in local.keys() - places - quorum
    }
    assert found["advertised.listeners"] == "PLAINTEXT://broker:9092,CONTROLLER://127.0.0.1:9093"
    assert found["listeners"] == "PLAINTEXT://:9092,CONTROLLER://127.0.0.1:9093"
    assert found["controller.quorum.voters"] == "1@127.0.0.1:9093"
    assert found["log.dirs"] == "/var/lib/kafka/data"


def rendered(home: Home) -> str:
    """Properties of the local broker, which is not started."""
    return render(
        "server.properties.jinja",
        container=False,
        listen="127.0.0.1",
        host="127.0.0.1",
        port=1,
        controller_port=2,
        data=str(home.kafka / "data"),
        overrides={},
    )


@pytest.mark.parametrize("missing", sorted(GIVEN))
def test_a_missing_secret_is_named_and_nothing_is_written(missing: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"^TE_{missing.upper()}: not set, .*docker/make-secrets"):
        write_server_configuration(settings(**{missing: ""}), tmp_path / "none", "kafka")

    assert not (tmp_path / "none").exists()


def test_all_missing_secrets_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        write_server_configuration(Settings(), tmp_path, "kafka")

    assert all(f"TE_{name.upper()}" in str(caught.value) for name in GIVEN)


def test_what_is_there_is_replaced(tmp_path: Path) -> None:
    write_server_configuration(settings(), tmp_path, "kafka")
    before = (tmp_path / "clickhouse/users.d/te_assets.xml").read_text(encoding="utf-8")

    write_server_configuration(settings(clickhouse_password="others"), tmp_path, "kafka")

    assert (tmp_path / "clickhouse/users.d/te_assets.xml").read_text(encoding="utf-8") != before
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == [
        "server.properties",
        "te_assets.xml",
        "te_assets.xml",
    ]


def test_the_local_engine_still_listens_on_loopback_alone(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    write_configuration(home, 18123, 19000)

    config = xml(home.clickhouse / "run/config.xml")

    assert config.findtext("listen_host") == "127.0.0.1"
    assert ClickHouseServer(home).url.startswith("http://127.0.0.1:")
