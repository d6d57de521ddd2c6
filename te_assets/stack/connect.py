"""How the rest of te_assets reaches Kafka and ClickHouse: the home's own servers, or those that the settings name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from te_assets.errors import SettingsError, StackError
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.clickhouse import READER, WRITER, ClickHouseServer
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client
    from kafka import KafkaAdminClient

ROWS_OF_A_BLOCK: Final = 2_000_000
"""More than the largest batch: an insert is one block, and that makes it atomic."""

WRITE_SETTINGS: Final[Mapping[str, int]] = {
    # Releases change these defaults (async_insert became 1 in 26.3).
    "async_insert": 0,
    "max_insert_block_size": ROWS_OF_A_BLOCK,
    "min_insert_block_size_rows": ROWS_OF_A_BLOCK,
    "min_insert_block_size_bytes": 0,
}


@dataclass(frozen=True)
class ClickHouseEndpoint:
    """Where ClickHouse is and who may enter."""

    url: str
    user: str
    password: SecretStr
    reader: str
    reader_password: SecretStr | None

    @property
    def host(self) -> str:
        """Host name or address."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """Port of the HTTP interface."""
        return urlsplit(self.url).port or (8443 if self.secure else 8123)

    @property
    def secure(self) -> bool:
        """Whether it is TLS."""
        return urlsplit(self.url).scheme == "https"


@dataclass(frozen=True)
class KafkaEndpoint:
    """Where Kafka is and how to enter."""

    bootstrap_servers: str
    security: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Keyword arguments of kafka-python for TLS and SASL; they hold a password."""


@dataclass(frozen=True)
class Endpoints:
    """Both servers."""

    kafka: KafkaEndpoint
    clickhouse: ClickHouseEndpoint


def endpoints(settings: Settings) -> Endpoints:
    """Both servers, whichever they are.

    Raises:
        StackError: One of them is neither named by the settings nor running in the home.
        SettingsError: A setting that the user's own server needs is missing or wrong.
    """
    return Endpoints(kafka=kafka_endpoint(settings), clickhouse=clickhouse_endpoint(settings))


def kafka_endpoint(settings: Settings) -> KafkaEndpoint:
    """The Kafka that the settings name, else the home's own.

    Raises:
        StackError: Neither exists.
        SettingsError: SASL without a user or password.
    """
    if settings.kafka_bootstrap_servers:
        return KafkaEndpoint(settings.kafka_bootstrap_servers, kafka_security(settings))
    home = Home(settings.home_dir)
    _require_running(home, "kafka", "Kafka", "TE_KAFKA_BOOTSTRAP_SERVERS")
    return KafkaEndpoint(KafkaServer(home).bootstrap_servers)


def clickhouse_endpoint(settings: Settings) -> ClickHouseEndpoint:
    """The ClickHouse that the settings name, else the home's own.

    Raises:
        StackError: Neither exists.
        SettingsError: TE_CLICKHOUSE_URL is no address of an HTTP interface.
    """
    if settings.clickhouse_url:
        if (
            urlsplit(settings.clickhouse_url).scheme not in {"http", "https"}
            or not urlsplit(settings.clickhouse_url).hostname
        ):
            raise SettingsError(
                f"TE_CLICKHOUSE_URL is {settings.clickhouse_url!r}. It must be the HTTP interface, as http://host:8123 "
                "or https://host:8443."
            )
        return ClickHouseEndpoint(
            url=settings.clickhouse_url,
            user=settings.clickhouse_user,
            password=settings.clickhouse_password or SecretStr(""),
            reader=READER,
            reader_password=settings.clickhouse_reader_password,
        )
    home = Home(settings.home_dir)
    _require_running(home, "clickhouse", "ClickHouse", "TE_CLICKHOUSE_URL")
    known = home.secrets()
    return ClickHouseEndpoint(
        url=ClickHouseServer(home).url,
        user=WRITER,
        password=SecretStr(known.te_writer),
        reader=READER,
        reader_password=SecretStr(known.te_reader),
    )


def kafka_security(settings: Settings) -> dict[str, Any]:
    """Keyword arguments of kafka-python for the TLS and SASL settings.

    Raises:
        SettingsError: SASL without a mechanism, user or password.
    """
    security: dict[str, Any] = {"security_protocol": settings.kafka_security_protocol}
    for name in ("cafile", "certfile", "keyfile"):
        path = getattr(settings, f"kafka_ssl_{name}")
        if path is not None:
            security[f"ssl_{name}"] = str(path)
    if settings.kafka_security_protocol.startswith("SASL"):
        given = {
            "TE_KAFKA_SASL_MECHANISM": settings.kafka_sasl_mechanism,
            "TE_KAFKA_SASL_USERNAME": settings.kafka_sasl_username,
            "TE_KAFKA_SASL_PASSWORD": settings.kafka_sasl_password,
        }
        if missing := [name for name, value in given.items() if not value]:
            raise SettingsError(
                f"TE_KAFKA_SECURITY_PROTOCOL is {settings.kafka_security_protocol}, which needs {', '.join(missing)}."
            )
        assert settings.kafka_sasl_password is not None
        security["sasl_mechanism"] = settings.kafka_sasl_mechanism
        security["sasl_plain_username"] = settings.kafka_sasl_username
        security["sasl_plain_password"] = settings.kafka_sasl_password.get_secret_value()
    return security


def kafka_config(where: Endpoints | KafkaEndpoint) -> dict[str, Any]:
    """Keyword arguments that every client of kafka-python takes."""
    kafka = where.kafka if isinstance(where, Endpoints) else where
    return {
        "bootstrap_servers": [server.strip() for server in kafka.bootstrap_servers.split(",")],
        "reconnect_backoff_max_ms": 500,  # its own 30 s keep a client away long after the broker is back
        **kafka.security,
    }


@contextmanager
def kafka_admin(where: Endpoints | KafkaEndpoint) -> Iterator[KafkaAdminClient]:
    """An admin client, closed at the end.

    Raises:
        StackError: No broker answers.
    """
    from kafka import KafkaAdminClient
    from kafka.errors import KafkaError

    config = kafka_config(where)
    try:
        client = KafkaAdminClient(bootstrap_timeout_ms=10_000, **config)
    except KafkaError as error:
        raise StackError(
            f"Kafka at {', '.join(config['bootstrap_servers'])} does not answer ({error}). Start it with te-assets up, "
            "or check TE_KAFKA_BOOTSTRAP_SERVERS and its TLS and SASL settings (a wrong password looks like this too)."
        ) from error
    try:
        yield client
    finally:
        client.close()


def clickhouse_client(
    where: Endpoints | ClickHouseEndpoint,
    *,
    reader: bool = False,
    settings: Mapping[str, Any] | None = None,
    **options: Any,
) -> Client:
    """A client of ClickHouse; close it when done.

    Args:
        where: The server.
        reader: As te_reader, who reads staging, marts and ops; else as the writer, with inserts that are one block.
        settings: ClickHouse settings of every query of this client; te_reader may not set any.
        options: Further arguments of clickhouse_connect.get_client.

    Raises:
        StackError: The server does not answer or refuses the login.
        SettingsError: There is no password for te_reader.
    """
    import clickhouse_connect
    from clickhouse_connect.driver.exceptions import ClickHouseError

    server = where.clickhouse if isinstance(where, Endpoints) else where
    if reader and server.reader_password is None:
        raise SettingsError(f"No password for {server.reader} on {server.url}. Set TE_CLICKHOUSE_READER_PASSWORD.")
    user, password = (server.reader, server.reader_password) if reader else (server.user, server.password)
    assert password is not None
    try:
        return clickhouse_connect.get_client(
            host=server.host,
            port=server.port,
            secure=server.secure,
            username=user,
            password=password.get_secret_value(),
            autogenerate_session_id=False,  # a session serves one query at a time, a shared client more
            settings=dict(settings or {}) if reader else {**WRITE_SETTINGS, **(settings or {})},
            **options,
        )
    except ClickHouseError as error:
        raise StackError(
            f"ClickHouse at {server.url} refuses {user}, or does not answer: {str(error)[:500]}. Start it with "
            "te-assets up, or check TE_CLICKHOUSE_URL, TE_CLICKHOUSE_USER and TE_CLICKHOUSE_PASSWORD."
        ) from error


def gateway_url(settings: Settings) -> str:
    """Address of the home's own gateway.

    Raises:
        StackError: It is not running.
    """
    found = running.record(Home(settings.home_dir))
    if found is None or "gateway" not in found.services:
        raise StackError(
            f"No gateway is running for home {settings.home_dir}: start it with te-assets up, or name one with --url."
        )
    return str(found.services["gateway"]["url"])


def _require_running(home: Home, service: str, title: str, variable: str) -> None:
    found = running.record(home)
    if found is None or service not in found.services:
        raise StackError(
            f"{title} is not running for home {home.root}: start it with te-assets up, or set {variable} to your own."
        )
