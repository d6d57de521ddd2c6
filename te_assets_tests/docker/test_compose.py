"""The compose file as an administrator meets it: brought up, delivered to, looked at from outside, without a secret."""

from __future__ import annotations

import ipaddress
import json
from pathlib import Path

import pytest
import yaml

from te_assets.gateway.client import GatewayClient, Refused
from te_assets.stack.orchestrator import ask
from te_assets_tests.docker.client import Client, DockerError
from te_assets_tests.docker.composed import COMPOSE, ONCE, OURS, SERVERS, Composition, make_secrets, settled, sha256
from te_assets_tests.docker.conftest import Plant

pytestmark = [pytest.mark.docker, pytest.mark.timeout(900)]

GOAL = 90.0  # seconds
SECRETS = ("clickhouse_writer_password", "clickhouse_reader_password", "postgres_password", "operator_key")
SETTING_OF = {
    "clickhouse_writer_password": "TE_CLICKHOUSE_PASSWORD",
    "clickhouse_reader_password": "TE_CLICKHOUSE_READER_PASSWORD",
    "postgres_password": "TE_DAGSTER_POSTGRES_PASSWORD",
    "operator_key": "TE_OPERATOR_KEY",
}
INNER_PORTS = {"kafka": 9092, "clickhouse": 8123, "postgres": 5432, "code": 4000}
LISTENS = "0A"  # in /proc/net/tcp
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"


def test_all_are_healthy_in_time(composed: Composition) -> None:
    assert composed.seconds_to_healthy is not None
    assert composed.seconds_to_healthy < GOAL
    for name in ONCE:
        assert (composed.inspect(name)["State"]["Status"], composed.inspect(name)["State"]["ExitCode"]) == ("exited", 0)


def test_workbooks_posted_and_dropped_are_in_the_marts_and_in_the_dashboards_answer(
    composed: Composition, plant: Plant
) -> None:
    """The dashboard's figures are those of the marts, and these what follows from the workbooks."""
    books = plant.take(2)
    gateway = composed.gateway()

    sent = gateway.send_file(books[0])
    composed.drop(books[1])
    settled(gateway, [sent.sha256, sha256(books[1])])

    period = {"from": "2026-03-02", "to": "2026-03-04"}
    availability = composed.shown("availability", **period)["total"]
    scrap = {(each["unit"], each["basis"]): each for each in composed.shown("scrap-rate", **period)["total"]}
    ((production, busy),) = composed.query(
        "SELECT toFloat64(sum(production_seconds)), toFloat64(sum(planned_busy_seconds)) FROM te_marts.availability "
        "WHERE production_day BETWEEN '2026-03-02' AND '2026-03-04'"
    )
    assert 0 < production < busy
    assert availability["availability"] == pytest.approx(production / busy, abs=1e-12)
    pieces = composed.query(
        "SELECT unit, toFloat64(sum(scrap_qty)), toFloat64(sum(produced_qty)) FROM te_marts.scrap_rate_plant_day "
        "WHERE basis = 'operation' AND production_day BETWEEN '2026-03-02' AND '2026-03-04' GROUP BY unit"
    )
    assert pieces
    for unit, scrapped, produced in pieces:
        assert (scrap[unit, "operation"]["scrap_qty"], scrap[unit, "operation"]["produced_qty"]) == (scrapped, produced)


def test_dagsters_page_knows_the_code_location_and_the_runs(composed: Composition) -> None:
    data = ask(
        composed.ports["DAGSTER"],
        "{ workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } "
        "runsOrError { ... on Runs { results { status } } } }",
    )

    assert data["workspaceOrError"]["locationEntries"] == [{"name": "te_assets", "loadStatus": "LOADED"}]
    statuses = [run["status"] for run in data["runsOrError"]["results"]]
    assert statuses.count("SUCCESS") >= 4
    assert "FAILURE" not in statuses


def test_only_pages_and_gateway_are_published_and_only_on_this_machine(composed: Composition) -> None:
    published = {
        name: [(each["HostIp"], each["HostPort"]) for each in ports]
        for name in (*SERVERS, *OURS)
        for ports in composed.inspect(name)["NetworkSettings"]["Ports"].values()
        if ports
    }

    assert published == {
        "webserver": [("127.0.0.1", str(composed.ports["DAGSTER"]))],
        "gateway": [("127.0.0.1", str(composed.ports["GATEWAY"]))],
        "dashboard": [("127.0.0.1", str(composed.ports["DASHBOARD"]))],
    }


@pytest.mark.parametrize("name", INNER_PORTS)
def test_servers_answer_their_neighbours(name: str, composed: Composition) -> None:
    composed.run("daemon", "python", "-c", CONNECT, "code.inside" if name == "code" else name, str(INNER_PORTS[name]))


def test_servers_answer_nobody_outside(composed: Composition) -> None:
    """They are on one network alone, which leads nowhere, whose names nobody else knows and to which no route leads.

    Addresses are not tried: without a route, what is sent to them leaves the machine.
    """
    inside = f"{composed.name}_inside"
    described = json.loads(composed.engine.docker("network", "inspect", inside))[0]
    assert described["Internal"] is True
    subnet = ipaddress.ip_network(described["IPAM"]["Config"][0]["Subnet"])
    for name in SERVERS:
        assert set(composed.inspect(name)["NetworkSettings"]["Networks"]) == {inside}

    image = composed.settings["TE_IMAGE"]
    table = composed.engine.docker("run", "--rm", "--network", "host", image, "cat", "/proc/net/route")
    routes = [ipaddress.ip_network(route) for route in ipv4_routes(table)]
    assert routes
    assert [route for route in routes if route.prefixlen and route.overlaps(subnet)] == []

    for network in ("bridge", f"{composed.name}_outside"):
        asks = (
            "import socket, sys\n"
            "for name in sys.argv[1:]:\n"
            "    try:\n"
            "        print(name, socket.gethostbyname(name))\n"
            "    except OSError:\n"
            "        pass\n"
        )
        names = (*SERVERS, "code.inside")
        known = composed.engine.docker("run", "--rm", "--network", network, image, "python", "-c", asks, *names)
        assert known == ""


def test_the_code_server_listens_on_the_inner_network_alone(composed: Composition) -> None:
    """It asks nobody who he is, and its container has an address on the outer network, too."""
    networks = composed.inspect("code")["NetworkSettings"]["Networks"]
    tables = composed.run("code", "cat", "/proc/net/tcp", "/proc/net/tcp6").splitlines()
    sockets = [words for line in tables if (words := line.split())[0] != "sl" and words[3] == LISTENS]
    places = [words[1].partition(":") for words in sockets]

    listening = [address(place) for place, _, port in places if int(port, 16) == INNER_PORTS["code"]]
    assert listening == [networks[f"{composed.name}_inside"]["IPAddress"]]


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO te_marts.availability (plant) VALUES ('x')",
        "ALTER TABLE te_staging.interactions DELETE WHERE 1",
        "CREATE TABLE te_marts.mine (x Int8) ENGINE = Memory",
        "DROP TABLE te_ops.files",
        "SELECT count() FROM te_raw.interactions",
        "SELECT * FROM url('http://gateway:8000/healthz', 'LineAsString')",
    ],
)
def test_the_reader_can_write_nothing(sql: str, composed: Composition) -> None:
    asks = (
        "import sys\n"
        "from te_assets.settings import Settings\n"
        "from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint\n"
        "from clickhouse_connect.driver.exceptions import DatabaseError\n"
        "client = clickhouse_client(clickhouse_endpoint(Settings()), reader=True)\n"
        "assert client.query('SELECT count() FROM te_marts.availability').result_rows[0][0] > 0\n"
        "try:\n"
        "    client.command(sys.stdin.read())\n"
        "except DatabaseError as error:\n"
        "    print(error)\n"
    )

    said = composed.run("dashboard", "python", "-c", asks, input=sql)

    assert "ACCESS_DENIED" in said or "READONLY" in said or "Cannot execute query in readonly mode" in said


@pytest.mark.parametrize("name", [*SERVERS, *OURS, *ONCE])
def test_every_container_is_confined(name: str, composed: Composition) -> None:
    found = composed.inspect(name)
    host = found["HostConfig"]

    assert host["CapDrop"] == ["ALL"]
    assert host["SecurityOpt"] == ["no-new-privileges:true"]
    assert not host["Privileged"]
    assert host["Memory"] > 0
    assert host["PidsLimit"] > 0
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "5"}}
    assert host["RestartPolicy"]["Name"] == ("no" if name in ONCE else "unless-stopped")
    if name not in SERVERS:
        assert host["ReadonlyRootfs"]
    if name not in ONCE:
        _, *processes = composed.engine.docker("top", composed.container(name), "-eo", "pid,uid").splitlines()
        assert processes
        assert "0" not in {process.split()[1] for process in processes}


def test_each_container_has_the_volumes_and_secrets_that_it_needs_alone(composed: Composition) -> None:
    def mounted(name: str, below: str) -> set[str]:
        targets = [mount["Destination"] for mount in composed.inspect(name)["Mounts"]]
        return {target.removeprefix(below) for target in targets if target.startswith(below)}

    secrets = {name: mounted(name, "/run/secrets/") for name in (*SERVERS, *OURS)}
    folders = {name: mounted(name, "/var/lib/te-assets/") for name in OURS}

    writer, reader, postgres, key = SECRETS
    assert secrets == {
        "kafka": set(),
        "clickhouse": set(),
        "postgres": {postgres},
        "code": {*SECRETS, "alert_webhook_url"},
        "webserver": {postgres},
        "daemon": {postgres},
        "gateway": {writer, key},
        "dashboard": {reader},
    }
    assert folders == {
        "code": {"state", "dagster", "landing", "inbox", "backups"},
        "webserver": {"dagster"},
        "daemon": {"dagster", "state"},
        "gateway": {"state", "landing"},
        "dashboard": set(),
    }


def test_no_secret_is_in_what_the_engine_shows_or_logs(composed: Composition) -> None:
    values = [(composed.secrets / name).read_text() for name in SECRETS]
    assert all(len(value) >= 32 for value in values)
    containers = [composed.container(name) for name in (*SERVERS, *OURS, *ONCE)]

    shown = composed.engine.docker("inspect", *containers) + composed.compose("logs", "--no-color")

    assert "te_writer" in composed.run("clickhouse", "cat", "/etc/clickhouse-server/users.d/te_assets.xml")
    assert [name for name, value in zip(SECRETS, values, strict=True) if value in shown] == []


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_without_a_secret_nothing_starts_and_a_sentence_names_it(
    name: str, how: str, engine: Client, image: str, plant: Plant, tmp_path: Path
) -> None:
    composition = Composition(engine, f"te-without-{how}", image, tmp_path, plant.site)
    make_secrets(composition.secrets)
    (composition.secrets / name).unlink()
    if how == "empty":
        (composition.secrets / name).touch()
    try:
        with pytest.raises(DockerError) as caught:
            composition.compose("up", "--detach", "--wait")
        said = str(caught.value) if how == "absent" else composition.compose("logs", "--no-color", "configure")

        wanted = name if how == "absent" else SETTING_OF[name]
        assert wanted in said
        running = composition.compose("ps", "--services", "--status", "running").split()
        assert running == []
    finally:
        composition.down(volumes=True, grace=1)


def test_the_file_names_the_image_of_this_version(image: str) -> None:
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]

    assert {services[name]["image"] for name in (*OURS, *ONCE)} == {f"${{TE_IMAGE:-{image}}}"}
    assert f"{services['configure']['build']['args']['VERSION']}" == image.partition(":")[2]


def test_who_has_no_token_is_refused(composed: Composition) -> None:
    stranger = GatewayClient(f"http://127.0.0.1:{composed.ports['GATEWAY']}", "not-a-token")

    with pytest.raises(Refused, match="401"):
        stranger.status("0" * 64)


def address(number: str) -> str:
    """An address of /proc/net, whose words of 32 bits are little-endian; IPv4 also where it stands in IPv6."""
    words = [bytes.fromhex(number[at : at + 8])[::-1] for at in range(0, len(number), 8)]
    found = ipaddress.ip_address(b"".join(words))
    return str(found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else str(found)


def ipv4_routes(table: str) -> list[str]:
    """Networks in /proc/net/route."""
    rows = [line.split() for line in table.splitlines()[1:] if line.strip()]
    return [f"{address(row[1])}/{address(row[7])}" for row in rows]
