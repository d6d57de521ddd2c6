from __future__ import annotations

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from te_assets.settings import Settings
from te_assets.stack.home import PORTS, Home, HomeError, PortTaken


def test_a_port_is_chosen_once_and_remembered(tmp_path: Path) -> None:
    port = Home(tmp_path).create().port("kafka")

    assert port in PORTS
    assert Home(tmp_path).port("kafka") == port
    assert json.loads((tmp_path / "state.json").read_text())["ports"] == {"kafka": port}


def test_ports_of_one_home_differ(tmp_path: Path) -> None:
    home = Home(tmp_path).create()

    assert len({home.port(name) for name in "abcdefgh"}) == 8


def test_a_taken_port_is_named_with_the_file_and_the_remedy(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    port = home.port("kafka")
    with socket.create_server(("127.0.0.1", port)), pytest.raises(PortTaken) as caught:
        home.require_port("kafka")

    message = str(caught.value)
    assert f"Port {port}" in message
    assert str(tmp_path / "state.json") in message
    assert 'delete the line "kafka"' in message


def test_the_remedy_for_a_taken_port_works(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    port = home.port("kafka")
    home.port("clickhouse")
    state = json.loads(home.state_file.read_text())
    del state["ports"]["kafka"]
    home.state_file.write_text(json.dumps(state))
    with socket.create_server(("127.0.0.1", port)):
        assert home.require_port("kafka") != port


def test_two_processes_that_open_a_home_at_once_agree_on_ports_and_passwords(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from te_assets.stack.home import Home;"
        "h = Home(Path(sys.argv[1])).create();"
        "print(h.port('kafka'), h.port('clickhouse'), h.secrets().te_writer)"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "h")], stdout=subprocess.PIPE) for _ in range(4)
    ]

    assert len({process.communicate()[0] for process in started}) == 1


def test_secrets_are_random_lasting_and_for_the_owner_alone(tmp_path: Path) -> None:
    one, other = Home(tmp_path / "one").create(), Home(tmp_path / "other").create()

    assert stat.S_IMODE(one.secrets_file.stat().st_mode if one.secrets() else 0) == 0o600
    assert one.secrets() == Home(one.root).secrets()
    assert one.secrets() != other.secrets()
    assert len(set(one.secrets().model_dump().values())) == 3
    assert min(map(len, one.secrets().model_dump().values())) >= 48


def test_folders_of_the_servers_are_closed_to_others_and_the_inbox_is_open(tmp_path: Path) -> None:
    os.umask(0o022)
    home = Home(tmp_path / "h").create()

    assert {
        stat.S_IMODE(f.stat().st_mode) for f in (home.kafka, home.clickhouse, home.dagster, home.logs, home.run)
    } == {0o700}
    assert stat.S_IMODE(home.inbox.stat().st_mode) == 0o755


def test_a_home_that_cannot_be_made_says_which_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="Set TE_HOME to a folder that you may write to") as caught:
        Home(tmp_path / "file" / "home").create()

    assert str(tmp_path / "file" / "home") in str(caught.value)


def test_a_home_that_cannot_be_written_says_which_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "kafka")  # root may write anywhere
    with pytest.raises(HomeError, match=r"Cannot write to .*kafka\. Set TE_HOME"):
        Home(tmp_path).create()


@pytest.mark.parametrize("character", [":", ",", ";", '"'])
def test_a_path_that_the_servers_would_split_is_refused(tmp_path: Path, character: str) -> None:
    with pytest.raises(HomeError, match="the path of a home cannot hold"):
        Home(tmp_path / f"a{character}b").create()


def test_a_damaged_state_says_that_it_may_be_deleted(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    home.state_file.write_text("{")
    with pytest.raises(HomeError, match=r"Delete it: new ports are chosen, no data is lost\."):
        home.port("kafka")


def test_damaged_secrets_are_not_replaced_silently(tmp_path: Path) -> None:
    home = Home(tmp_path).create()
    home.secrets_file.write_text("{}")
    with pytest.raises(HomeError, match="Restore it"):
        home.secrets()


def test_inbox_and_landing_of_the_settings_are_made_too(tmp_path: Path) -> None:
    Home.open(Settings(home=tmp_path / "h", inbox=tmp_path / "drop", landing=tmp_path / "store"))

    assert (tmp_path / "drop").is_dir()
    assert (tmp_path / "store").is_dir()
