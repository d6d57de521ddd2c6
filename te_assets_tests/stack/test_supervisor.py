from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from te_assets.errors import StackError
from te_assets.settings import Settings
from te_assets.stack import running, supervisor
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.home import Home
from te_assets.stack.services import SERVICES, replaced, to_start
from te_assets.stack.supervisor import StopAsked, Supervisor, detach
from te_assets_tests.stack.processes import nothing_left, processes_naming, wait_for


class Paper:
    """A service on paper, which notes what is asked of it."""

    def __init__(
        self, name: str, notes: list[str], needs: frozenset[str] = frozenset(), *, broken: bool = False
    ) -> None:
        self.name = name
        self.needs = needs
        self.log = Path("/nowhere")
        self.is_running = False
        self._notes = notes
        self._broken = broken

    def launch(self) -> None:
        self._notes.append(f"launch {self.name}")
        self.is_running = True

    def wait_ready(self) -> None:
        if self._broken:
            raise StackError(f"{self.name} is broken")
        self._notes.append(f"ready {self.name}")

    def stop(self) -> None:
        if self.is_running:
            self._notes.append(f"stop {self.name}")
        self.is_running = False

    def describe(self) -> dict[str, Any]:
        return {"url": f"http://{self.name}"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").create()


def test_what_a_service_needs_answers_first_and_all_else_starts_side_by_side(home: Home) -> None:
    notes: list[str] = []
    services = [Paper("kafka", notes), Paper("clickhouse", notes), Paper("dagster", notes, frozenset({"kafka"}))]
    with Supervisor(home, services):
        pass

    assert notes == [
        "launch kafka",
        "launch clickhouse",
        "ready kafka",
        "launch dagster",
        "ready clickhouse",
        "ready dagster",
        "stop dagster",
        "stop clickhouse",
        "stop kafka",
    ]


def test_a_home_tells_what_runs_in_it_while_it_runs(home: Home) -> None:
    with Supervisor(home, [Paper("kafka", [])]):
        assert running.record(home) == running.Record(pid=os.getpid(), services={"kafka": {"url": "http://kafka"}})

    assert running.record(home) is None
    assert running.pid(home) is None


def test_a_service_that_cannot_start_takes_the_others_along(home: Home) -> None:
    notes: list[str] = []
    services = [Paper("kafka", notes), Paper("clickhouse", notes, broken=True)]
    with pytest.raises(StackError, match="clickhouse is broken"), Supervisor(home, services):
        pytest.fail("must not get here")

    assert notes[-2:] == ["stop clickhouse", "stop kafka"]
    assert running.pid(home) is None


def test_a_home_has_one_supervisor(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "LOCK_LIMIT", 0.1)
    with Supervisor(home, []), pytest.raises(running.AlreadyRunning, match="te-assets down"), Supervisor(home, []):
        pytest.fail("must not get here")


def test_a_service_that_falls_again_and_again_is_given_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.stack.supervisor.select.select", lambda *_: ([], [], []))
    monkeypatch.setattr("te_assets.stack.supervisor.signal.set_wakeup_fd", lambda *_, **__: -1)
    monkeypatch.setattr("te_assets.stack.supervisor.signal.signal", lambda *_: None)
    notes: list[str] = []
    kafka = Paper("kafka", notes)
    kafka.launch = lambda: notes.append("launch kafka")  # type: ignore[method-assign]
    with pytest.raises(StackError, match="kafka ended 6 times within 10 minutes"), Supervisor(home, [kafka]) as it:
        it.serve()

    assert notes.count("launch kafka") == 6


def test_a_service_that_is_hit_again_while_it_starts_again_is_tried_once_more(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A daemon and then the code server that it starts were killed, and all services went."""
    notes: list[str] = []
    dagster, kafka = Paper("dagster", notes), Paper("kafka", notes)
    starts = iter(["", "its code server ended", ""])

    def wait_ready() -> None:
        if wrong := next(starts):
            raise StackError(wrong)

    def wait_for_news(*_: object) -> Any:
        if notes.count("launch dagster") > 1:
            raise StopAsked
        dagster.is_running = False
        return [], [], []

    dagster.wait_ready = wait_ready  # type: ignore[method-assign]
    monkeypatch.setattr("te_assets.stack.supervisor.select.select", wait_for_news)
    monkeypatch.setattr("te_assets.stack.supervisor.signal.set_wakeup_fd", lambda *_, **__: -1)
    monkeypatch.setattr("te_assets.stack.supervisor.signal.signal", lambda *_: None)
    told: list[str] = []
    with pytest.raises(StopAsked), Supervisor(home, [kafka, dagster], progress=told.append) as it:
        it.serve()

    assert [line for line in told if "again" in line] == [
        "dagster ended unexpectedly: starting it again. Its log: /nowhere",
        "dagster did not start (its code server ended): starting it again. Its log: /nowhere",
    ]
    assert notes.count("launch dagster") == 3
    assert notes.count("launch kafka") == 1


def test_a_record_left_by_a_kill_counts_for_nothing(home: Home) -> None:
    running.write(home, running.Record(pid=1, services={"kafka": {}}))
    (home.run / "supervisor.lock").write_text("1")

    assert running.record(home) is None
    assert running.stop(home) is False


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose servers one test leaves to the next, because starting them is what takes time."""
    home = Home(tmp_path_factory.mktemp("shared") / "home").create()
    yield home
    running.stop(home)
    nothing_left(str(home.root))


@pytest.fixture
def two_running(shared_home: Home) -> Home:
    """Two servers that answer; started where a test before has stopped them."""
    if running.pid(shared_home) is None:
        lines: list[str] = []
        detach(shared_home, ["kafka", "clickhouse"], lines.append)
        assert "starting kafka" in lines
    return shared_home


@pytest.mark.stack
def test_two_homes_run_side_by_side(two_running: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other").create()
    detach(other, ["kafka", "clickhouse"], lambda _: None)
    first, second = running.record(two_running), running.record(other)
    assert running.stop(other)

    assert first is not None
    assert second is not None
    assert first.services["kafka"]["bootstrap_servers"] != second.services["kafka"]["bootstrap_servers"]
    assert first.services["clickhouse"]["port"] != second.services["clickhouse"]["port"]
    nothing_left(str(other.root))
    assert ClickHouseServer(two_running).answers()


@pytest.mark.stack
def test_a_detached_stack_outlives_its_starter_and_stops_cleanly(two_running: Home) -> None:
    record = running.record(two_running)
    assert record is not None
    assert record.pid != os.getpid()
    assert set(record.services) == {"kafka", "clickhouse"}

    assert running.stop(two_running)
    nothing_left(str(two_running.root))
    assert "stopped" in (two_running.logs / "supervisor.log").read_text()


@pytest.mark.stack
def test_a_service_that_was_killed_is_started_again(two_running: Home) -> None:
    [engine] = [pid for pid, line in processes_naming(str(two_running.root)).items() if "engine.py" in line]
    os.kill(engine, signal.SIGKILL)

    server = ClickHouseServer(two_running)
    wait_for(server.answers, 20, "ClickHouse answers again")
    assert engine not in processes_naming(str(two_running.root))


@pytest.mark.stack
def test_nothing_is_left_when_the_supervisor_is_killed(two_running: Home) -> None:
    """A killed terminal left a broker behind that held its port and its data folder."""
    running_pid = running.pid(two_running)
    assert running_pid is not None
    assert len(processes_naming(str(two_running.root))) >= 3
    os.kill(running_pid, signal.SIGKILL)

    nothing_left(str(two_running.root), 20)
    detach(two_running, ["kafka", "clickhouse"], lambda _: None)
    assert running.pid(two_running) not in {None, running_pid}


@pytest.mark.stack
def test_a_detached_start_that_fails_says_why_and_leaves_nothing(home: Home) -> None:
    with socket.create_server(("127.0.0.1", home.port("clickhouse"))), pytest.raises(StackError) as caught:
        detach(home, ["kafka", "clickhouse"], lambda _: None)

    assert f"Port {home.port('clickhouse')}" in str(caught.value)
    nothing_left(str(home.root))


@pytest.mark.stack
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_of_the_start_stops_everything(home: Home, number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "te_assets.stack.supervisor", str(home.root), "clickhouse", "kafka"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(lambda: any("engine.py" in line for line in processes_naming(str(home.root)).values()), 20, "begun")
        process.send_signal(number)

        assert process.wait(60) == 0
        nothing_left(str(home.root))
    finally:
        process.kill()


@pytest.fixture
def for_nobody() -> Iterator[Path]:
    """A folder of the user nobody, with the jars in a cache of their own."""
    from te_assets.stack.jars import install_jars

    jars = install_jars(lambda _: None)
    root = Path(tempfile.mkdtemp(prefix="te-ordinary-"))
    shutil.copytree(jars, root / "cache" / "te_assets" / jars.name)
    for path in (root, *root.rglob("*")):
        shutil.chown(path, "nobody", "nogroup")
    yield root
    shutil.rmtree(root)


ORDINARY = """
import os, sys
from pathlib import Path
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.supervisor import Supervisor
home = Home(Path(sys.argv[1])).create()
kafka, clickhouse = KafkaServer(home), ClickHouseServer(home)
with Supervisor(home, [kafka, clickhouse]):
    print(os.geteuid(), kafka.answers(), clickhouse.query("SELECT 42").strip(), clickhouse.confined)
"""


@pytest.mark.root
@pytest.mark.platform
@pytest.mark.stack
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root can become another user")
def test_an_ordinary_user_starts_and_stops_everything(for_nobody: Path) -> None:
    """Nothing may need root: `nobody` owns no more than the home and the cache."""
    # Root's own Python may lie in a folder that others cannot enter: that one right is lent.
    lent = [
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
        "--bounding-set=-all,+dac_read_search",
    ]
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *lent]
    package = str(Path(supervisor.__file__).parents[2])
    done = subprocess.run(
        [*user, sys.executable, "-c", ORDINARY, str(for_nobody / "home")],
        env={"XDG_CACHE_HOME": str(for_nobody / "cache"), "PYTHONPATH": package, "PATH": os.defpath},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout == f"{pwd.getpwnam('nobody').pw_uid} True 42 True\n"
    nothing_left(str(for_nobody))


def test_own_servers_are_not_started_and_the_order_is_fixed() -> None:
    names = list(SERVICES)
    assert names[:2] == ["kafka", "clickhouse"]
    assert to_start(Settings()) == names
    assert to_start(Settings(), only=("clickhouse", "kafka")) == ["kafka", "clickhouse"]
    own = Settings(clickhouse_url="http://lake:8123")
    assert replaced(own) == {"clickhouse": "TE_CLICKHOUSE_URL"}
    assert "clickhouse" not in to_start(own)
