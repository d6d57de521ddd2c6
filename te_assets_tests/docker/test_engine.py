"""The tests' own engine is real, survives a power cut, and leaves the machine as it was."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from te_assets_tests.docker.client import DockerError, running_engine
from te_assets_tests.docker.conftest import new_folder, require_engine
from te_assets_tests.docker.engine import Engine
from te_assets_tests.docker.picture import picture
from te_assets_tests.docker.tiny import SERVER, make_tiny
from te_assets_tests.docker.waiting import eventually

pytestmark = pytest.mark.docker
LIMIT = 30.0  # seconds
CHAIN = "TE-OTHERS"
COUNT = """
$| = 1;
open(my $file, "+>>", "/data/starts") or die $!; print $file "x"; close $file;
print -s "/data/starts", "\\n"; $SIG{TERM} = sub { exit 0 }; sleep 1000;
"""


@pytest.fixture(autouse=True, scope="module")
def _possible() -> None:
    require_engine()


@pytest.fixture(scope="module")
def own() -> Iterator[Engine]:
    """An engine of these tests alone."""
    with engine_in(new_folder()) as engine:
        engine.start()
        make_tiny(engine)
        yield engine


@contextmanager
def engine_in(folder: Path) -> Iterator[Engine]:
    engine = Engine(folder)
    try:
        yield engine
    finally:
        engine.stop()


def test_container_is_reached_by_the_machine_and_reaches_it(own: Engine) -> None:
    own.docker("run", "--detach", "--name", "server", "--publish", "127.0.0.1::8000", "te-tiny", "perl", "-e", SERVER)
    address = own.docker("port", "server", "8000/tcp").strip()
    assert address.startswith("127.0.0.1:")
    assert eventually(lambda: ask(int(address.rpartition(":")[2]), "hello")) == "you said hello"

    with socket.create_server((own.machine_address, 0)) as machine:
        machine.settimeout(LIMIT)
        where = f"{own.machine_address}:{machine.getsockname()[1]}"
        client = f'use IO::Socket::INET; my $s = IO::Socket::INET->new("{where}") or die $!; print <$s>;'
        own.docker("run", "--detach", "--name", "client", "te-tiny", "perl", "-e", client)
        connection, _ = machine.accept()
        with connection:
            connection.sendall(b"good morning")
    own.docker("wait", "client", timeout=LIMIT)
    assert own.docker("logs", "client") == "good morning"


def test_engine_that_runs_already_is_found(own: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in own.environment.items():
        monkeypatch.setenv(name, value)
    found = running_engine()
    assert found is not None
    assert "te-tiny" in found.docker("images", "--format", "{{.Repository}}")

    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    assert running_engine() is None


def test_taken_port_is_refused(own: Engine) -> None:
    """The port belongs to the machine, not to the engine's namespace: two programs cannot have it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DockerError, match="Address already in use"):
            own.docker("run", "--publish", f"127.0.0.1:{port}:8000", "te-tiny", "perl", "-e", SERVER)


def test_power_cut(own: Engine) -> None:
    """A container with a restart policy comes back by itself, one without stays where it was, volumes keep all."""
    run = ["run", "--detach", "--volume", "data:/data"]
    own.docker(*run, "--name", "back", "--restart", "unless-stopped", "te-tiny", "perl", "-e", COUNT)
    own.docker("run", "--detach", "--name", "gone", "te-tiny", "perl", "-e", "sleep 1000")
    assert eventually(lambda: own.docker("logs", "back")) == "1\n"
    before = own.processes()

    own.kill()

    assert own.processes() == []
    assert not [pid for pid in before if is_alive(pid)]
    with pytest.raises(DockerError, match="Cannot connect to the Docker daemon"):
        own.docker("ps")

    own.start()

    assert eventually(lambda: own.docker("logs", "back").endswith("2\n"))
    assert own.docker("inspect", "back", "--format", "{{.State.Status}}").strip() == "running"
    assert own.docker("inspect", "gone", "--format", "{{.State.Status}}").strip() == "exited"


def test_machine_is_as_it_was(others_rules: str) -> None:
    folder = new_folder()
    before = picture(folder)
    assert others_rules in before.rules
    with engine_in(folder) as engine:
        engine.start()
        make_tiny(engine)
        engine.docker("network", "create", "beside")
        served = ["--publish", "127.0.0.1::8000", "te-tiny", "perl", "-e", SERVER]
        engine.docker("run", "--detach", "--network", "beside", *served)
        during, processes = picture(folder), engine.processes()
    assert picture(folder) == before
    assert not folder.exists()
    assert not [pid for pid in processes if is_alive(pid)]
    assert during.processes
    assert during.mounts
    assert during.control_groups or Path("/run/systemd/system").is_dir()
    assert not any("docker" in link or link.startswith("br-") for link in during.links - before.links)
    assert not any("DOCKER" in rule for rule in set(during.rules) - set(before.rules))


def test_machine_is_as_it_was_after_tests_that_were_killed() -> None:
    """Ctrl-C twice, or a CI that loses patience, left a daemon with its containers behind."""
    folder = new_folder()
    before = picture(folder)
    program = f"""
from pathlib import Path
from te_assets_tests.docker.engine import Engine
engine = Engine(Path({str(folder)!r}))
engine.start()
print("started", flush=True)
input()
"""
    tests = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
    )
    with tests:
        assert tests.stdout is not None
        assert tests.stdout.readline() == b"started\n"
        assert picture(folder).processes
        tests.send_signal(signal.SIGKILL)

    assert eventually(lambda: not folder.exists())
    assert eventually(lambda: picture(folder) == before)


def test_engine_that_cannot_start_says_why() -> None:
    folder = new_folder()
    (folder / "data").write_text("not a folder", encoding="utf-8")
    with engine_in(folder) as engine, pytest.raises(DockerError, match=r"dockerd in .* ended.(.|\n)*points to a file"):
        engine.start()


@pytest.fixture
def others_rules() -> Iterator[str]:
    """A rule of somebody else's, in a chain of their own."""
    rule = [CHAIN, "-s", "203.0.113.7/32", "-j", "DROP"]
    subprocess.run(["iptables", "-w", "-N", CHAIN], check=True)
    try:
        subprocess.run(["iptables", "-w", "-A", *rule], check=True)
        yield f"iptables-save filter -A {' '.join(rule)}"
    finally:
        subprocess.run(["iptables", "-w", "-F", CHAIN], check=True)
        subprocess.run(["iptables", "-w", "-X", CHAIN], check=True)


def ask(port: int, word: str) -> str:
    """Send a line to a port of this machine; what is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=LIMIT) as connection:
        connection.sendall(f"{word}\n".encode())
        return connection.makefile(encoding="utf-8").readline().strip()


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
