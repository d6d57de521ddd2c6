from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from te_assets.errors import StackError
from te_assets.settings import Settings
from te_assets.stack import doctor, landlock
from te_assets.stack.doctor import Finding, Verdict, examine
from te_assets.stack.home import Home
from te_assets.stack.status import Status


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def findings(settings: Settings) -> Mapping[str, Finding]:
    return {finding.check: finding for finding in examine(settings)}


def test_a_good_machine_has_nothing_wrong(settings: Settings) -> None:
    found = findings(settings)

    assert [finding for finding in found.values() if finding.is_wrong] == []
    assert set(found) == {
        *("python", "java", "kafka jars", "clickhouse engine", "confinement", "time zones"),
        *("home", "disk", "ports", "servers", "dashboard"),
    }
    assert found["servers"].mend == "Start them: te-assets up --detach"


def test_a_secret_that_others_may_read_is_wrong_and_mended_by_the_command_shown(settings: Settings) -> None:
    home = Home.open(settings)
    home.secrets()
    home.secrets_file.chmod(0o644)
    found = findings(settings)["permissions"]

    assert found.verdict is Verdict.WRONG
    assert found.mend == f"Run: chmod go-rwx '{home.secrets_file}'"
    home.secrets_file.chmod(0o600)
    assert "permissions" not in findings(settings)


def test_a_taken_port_is_named(settings: Settings) -> None:
    home = Home.open(settings)
    with socket.create_server(("127.0.0.1", home.port("kafka"))):
        found = findings(settings)["ports"]

    assert found.is_wrong
    assert str(home.port("kafka")) in found.what
    assert str(home.state_file) in found.mend


def test_a_full_disk_is_wrong(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage(Path.cwd())._replace(free=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)

    assert findings(settings)["disk"].is_wrong


def test_missing_jars_are_a_warning_because_up_brings_them(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "cache_folder", lambda: Path("/nowhere"))
    found = findings(settings)["kafka jars"]

    assert found.verdict is Verdict.WARN
    assert found.what.startswith("46 of 46 are missing")


def test_a_machine_without_landlock_is_told_what_that_means(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    found = findings(settings)["confinement"]

    assert found.verdict is Verdict.WARN
    assert "a query may read any file that you may read" in found.what


def test_an_old_python_is_wrong(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 0))

    assert findings(settings)["python"].mend == "Install Python 3.11 or newer."


def test_time_zones_that_are_missing_are_named(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ZONES", ("UTC", "Europe/Atlantis"))

    assert findings(settings)["time zones"].what == "unknown here: Europe/Atlantis"


def test_a_check_that_itself_fails_is_a_finding_and_the_next_ones_follow(settings: Settings) -> None:
    def contracts_of_the_site(settings: Settings) -> Iterator[Finding]:
        raise StackError("the site folder is gone")
        yield

    def later(settings: Settings) -> Iterator[Finding]:
        yield Finding("later", Verdict.GOOD, "fine")

    *_, failed, last = examine(settings, [contracts_of_the_site, later])

    assert failed == Finding("contracts of the site", Verdict.WRONG, "the site folder is gone")
    assert last.check == "later"


def test_own_servers_need_no_local_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = Settings(home=tmp_path, kafka_bootstrap_servers="127.0.0.1:1", clickhouse_url="http://127.0.0.1:1")
    monkeypatch.setattr(Status, "of", lambda _: Status(home=str(tmp_path), problems=["nobody answers"]))
    found = findings(own)

    assert not {"java", "kafka jars", "clickhouse engine", "confinement"} & set(found)
    assert found["servers"].what == "nobody answers"
