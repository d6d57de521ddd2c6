from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from te_assets.errors import SettingsError, StackError
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.connect import (
    ClickHouseEndpoint,
    KafkaEndpoint,
    clickhouse_client,
    clickhouse_endpoint,
    endpoints,
    kafka_admin,
    kafka_config,
    kafka_endpoint,
)
from te_assets.stack.home import Home
from te_assets_tests.conftest import Stack


def test_a_home_in_which_nothing_runs_says_how_to_start(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "h")

    with pytest.raises(StackError, match=r"Kafka is not running for home .*/h: start it with te-assets up"):
        endpoints(settings)
    with pytest.raises(StackError, match="ClickHouse is not running"):
        clickhouse_endpoint(settings)
    assert not (tmp_path / "h").exists()


def test_the_homes_own_servers_are_used_while_its_supervisor_lives(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    with running.hold(home):
        running.write(home, running.Record(pid=1, services={"kafka": {}, "clickhouse": {}}))
        where = endpoints(Settings(home=tmp_path))

    assert where.kafka.bootstrap_servers == f"127.0.0.1:{home.port('kafka')}"
    assert where.clickhouse.url == f"http://127.0.0.1:{home.port('clickhouse')}"
    assert where.clickhouse.password.get_secret_value() == home.secrets().te_writer
    assert where.clickhouse.reader_password == SecretStr(home.secrets().te_reader)
    assert home.secrets().te_writer not in repr(where)


def test_own_servers_win_and_need_no_home(tmp_path: Path) -> None:
    where = endpoints(
        Settings(
            home=tmp_path / "none",
            kafka_bootstrap_servers="one:9092, two:9092",
            clickhouse_url="https://lake.example:8443",
            clickhouse_user="loader",
            clickhouse_password=SecretStr("pw"),
        )
    )

    assert kafka_config(where)["bootstrap_servers"] == ["one:9092", "two:9092"]
    assert where.clickhouse == ClickHouseEndpoint(
        "https://lake.example:8443", "loader", SecretStr("pw"), "te_reader", None
    )
    assert (where.clickhouse.host, where.clickhouse.port, where.clickhouse.secure) == ("lake.example", 8443, True)


@pytest.mark.parametrize(("url", "port"), [("http://lake", 8123), ("https://lake", 8443), ("http://lake:80/", 80)])
def test_a_url_without_a_port_means_the_usual_one(url: str, port: int) -> None:
    assert clickhouse_endpoint(Settings(clickhouse_url=url)).port == port


@pytest.mark.parametrize("url", ["lake:8123", "tcp://lake:9000", "http://", "clickhouse"])
def test_a_url_that_is_none_is_shown_with_a_good_one(url: str) -> None:
    with pytest.raises(SettingsError, match="as http://host:8123 or https://host:8443"):
        clickhouse_endpoint(Settings(clickhouse_url=url))


def test_sasl_and_tls_settings_become_arguments_of_the_client(tmp_path: Path) -> None:
    where = kafka_endpoint(
        Settings(
            kafka_bootstrap_servers="k:9093",
            kafka_security_protocol="SASL_SSL",
            kafka_sasl_mechanism="SCRAM-SHA-512",
            kafka_sasl_username="te",
            kafka_sasl_password=SecretStr("geheim"),
            kafka_ssl_cafile=tmp_path / "ca.pem",
        )
    )

    assert kafka_config(where) == {
        "bootstrap_servers": ["k:9093"],
        "reconnect_backoff_max_ms": 500,
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": "te",
        "sasl_plain_password": "geheim",
        "ssl_cafile": str(tmp_path / "ca.pem"),
    }
    assert "geheim" not in repr(where)


def test_what_sasl_lacks_is_named() -> None:
    settings = Settings(kafka_bootstrap_servers="k:9093", kafka_security_protocol="SASL_PLAINTEXT")
    with pytest.raises(SettingsError, match="TE_KAFKA_SASL_MECHANISM, TE_KAFKA_SASL_USERNAME, TE_KAFKA_SASL_PASSWORD"):
        kafka_endpoint(settings)


def test_a_server_that_does_not_answer_is_named_with_the_remedy(tmp_path: Path) -> None:
    nobody = Home(tmp_path).create().port("nobody")
    where = ClickHouseEndpoint(f"http://127.0.0.1:{nobody}", "te_writer", SecretStr("x"), "te_reader", None)
    with pytest.raises(StackError, match=rf"127\.0\.0\.1:{nobody} .*te-assets up"):
        clickhouse_client(where)
    with pytest.raises(SettingsError, match="TE_CLICKHOUSE_READER_PASSWORD"):
        clickhouse_client(where, reader=True)


@pytest.mark.stack
def test_a_wrong_password_names_the_user_and_the_settings(stack: Stack) -> None:
    where = ClickHouseEndpoint(stack.endpoints.clickhouse.url, "te_writer", SecretStr("no"), "te_reader", None)
    with pytest.raises(StackError, match=r"refuses te_writer.*TE_CLICKHOUSE_PASSWORD"):
        clickhouse_client(where)


@pytest.mark.stack
def test_the_writers_inserts_are_synchronous_and_one_block(stack: Stack) -> None:
    """async_insert became 1 by default in 26.3: an acknowledged insert was not there yet."""
    rows = stack.clickhouse.query(
        "SELECT name, value FROM system.settings WHERE name IN "
        "('async_insert', 'max_insert_block_size', 'min_insert_block_size_rows', 'min_insert_block_size_bytes')"
    ).result_rows

    assert {name: int(value) for name, value in rows} == {
        "async_insert": 0,
        "max_insert_block_size": 2_000_000,
        "min_insert_block_size_rows": 2_000_000,
        "min_insert_block_size_bytes": 0,
    }


@pytest.mark.stack
def test_one_client_serves_many_threads(stack: Stack) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def ask(number: int) -> int:
        return int(stack.clickhouse.query(f"SELECT {number} FROM numbers(1)").result_rows[0][0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(64))) == list(range(64))


@pytest.mark.stack
def test_the_reader_logs_in_and_reads_marts(stack: Stack) -> None:
    client = clickhouse_client(stack.endpoints, reader=True)
    assert client.query("SELECT count() FROM te_marts.availability").result_rows == [(0,)]
    client.close()


@pytest.mark.stack
def test_kafka_that_is_not_there_is_named_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import kafka

    real = kafka.KafkaAdminClient
    monkeypatch.setattr(kafka, "KafkaAdminClient", lambda **config: real(**{**config, "bootstrap_timeout_ms": 300}))
    nobody = Home(tmp_path).create().port("nobody")
    refused = pytest.raises(StackError, match=rf"127\.0\.0\.1:{nobody} does not answer")
    with refused, kafka_admin(KafkaEndpoint(f"127.0.0.1:{nobody}")):
        pytest.fail("must not get here")


@pytest.mark.stack
@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_finds_its_topics_and_tables_empty(stack: Stack, turn: str) -> None:
    from te_assets.delivery.topics import TOPICS

    with kafka_admin(stack.endpoints) as admin:
        assert {spec.name for spec in TOPICS} <= set(admin.list_topics())
    assert stack.clickhouse.query("SELECT count() FROM te_raw.interactions").result_rows == [(0,)]
    stack.clickhouse.command("INSERT INTO te_raw.interactions (topic, line) VALUES ('te.interactions.v1', 1)")
