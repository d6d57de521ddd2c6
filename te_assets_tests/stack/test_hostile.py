"""Whatever arrives on its ports, ClickHouse goes on serving. An engine once fell over a single failed native login."""

from __future__ import annotations

import socket
import struct
from collections import Counter
from collections.abc import Iterator

import pytest

from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.home import Home
from te_assets_tests.stack.hostile_inputs import Input, hello, inputs

pytestmark = pytest.mark.stack

FAMILIES = sorted({item.family for item in inputs("w", "r")})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """An engine of its own: the session's is spared."""
    server = ClickHouseServer(Home(tmp_path_factory.mktemp("hostile")).create())
    server.start()
    yield server
    server.stop()


def send(item: Input, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.settimeout(0.3)
        try:
            for piece in item.pieces:
                connection.sendall(piece)
            if item.end == "read":
                while connection.recv(65536):
                    pass
        except OSError:  # refused, reset or silent: all good answers
            pass
        if item.end == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def native_login(server: ClickHouseServer) -> int:
    """Kind of the packet that answers a good native login: 0 is the server's hello, 2 an exception."""
    with socket.create_connection(("127.0.0.1", server.native_port), timeout=10) as connection:
        connection.sendall(hello(b"te_reader", server.reader_password.encode()))
        return connection.recv(1)[0]


def test_there_are_at_least_200_inputs_and_both_ports_get_their_share() -> None:
    count = Counter(item.port for item in inputs("w", "r"))

    assert count.total() >= 200
    assert min(count.values()) >= 70


@pytest.mark.parametrize("family", FAMILIES)
def test_it_goes_on_serving_after(server: ClickHouseServer, family: str) -> None:
    assert server.process is not None
    process = server.process.pid
    ports = {"http": server.http_port, "native": server.native_port}
    for item in inputs(server.writer_password, server.reader_password):
        if item.family == family:
            send(item, ports[item.port])
            assert server.is_running, item
            assert server.query("SELECT 41 + 1", timeout=30) == "42\n", item

    assert server.process.pid == process
    assert native_login(server) == 0, "server hello"
