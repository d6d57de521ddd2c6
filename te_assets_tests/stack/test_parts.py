"""Services in the foreground, as containers run them: which process this one becomes, with what."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import pytest
import yaml
from pydantic import SecretStr

from te_assets.settings import Settings
from te_assets.stack import health
from te_assets.stack.health import remembered
from te_assets.stack.parts import PARTS, become


class Became(Exception):
    """What os.execve was asked for."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        super().__init__(command)
        self.command = list(command)
        self.environment = environment


@pytest.fixture(autouse=True)
def _stays(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def execve(path: str, command: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
        assert path == sys.executable
        raise Became(command, environment)

    monkeypatch.setattr(os, "execve", execve)
    monkeypatch.setattr(health, "REMEMBERED", tmp_path / "part")
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path / "dagster"))


def became(name: str, settings: Settings, port: int | None = None) -> Became:
    with pytest.raises(Became) as caught:
        become(name, settings, "0.0.0.0", port)
    return caught.value


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("code", ["-m", "te_assets.automation.code_server", "4000", "0.0.0.0"]),
        ("gateway", ["-m", "te_assets.gateway", "8000", "0.0.0.0"]),
        ("dashboard", ["-m", "te_assets.dashboard", "8080", "0.0.0.0"]),
    ],
)
def test_a_part_listens_where_it_is_told_on_its_own_port(name: str, command: list[str]) -> None:
    assert became(name, Settings()).command == [sys.executable, *command]
    assert remembered() == (name, "127.0.0.1", PARTS[name].port)


def test_another_port_is_taken_and_remembered_for_the_health_check() -> None:
    assert became("gateway", Settings(), 9000).command[3] == "9000"
    assert remembered() == ("gateway", "127.0.0.1", 9000)


def test_a_part_with_an_address_of_its_own_is_asked_there() -> None:
    with pytest.raises(Became):
        become("code", Settings(), "code.inside")

    assert remembered() == ("code", "code.inside", 4000)


def test_parts_of_dagster_find_the_code_server_and_a_password_that_stands_in_no_file(tmp_path: Path) -> None:
    settings = Settings(
        dagster_postgres_host="db",
        dagster_postgres_password=SecretStr("s3cret"),
        dagster_code_server="code:4000",
        dagster_run_launcher="code_server",
        dagster_artifacts=tmp_path / "shared",
    )

    for name in ("code", "webserver", "daemon"):
        found = became(name, settings)
        assert found.environment["TE_DAGSTER_POSTGRES_PASSWORD"] == "s3cret"
        if name != "code":
            assert str(tmp_path / "dagster/workspace.yaml") in found.command

    written = {file.name: file.read_text(encoding="utf-8") for file in (tmp_path / "dagster").iterdir()}
    assert set(written) == {"dagster.yaml", "workspace.yaml"}
    assert "s3cret" not in "".join(written.values())
    instance = yaml.safe_load(written["dagster.yaml"])
    assert instance["run_launcher"]["class"] == "CodeServerRunLauncher"
    assert instance["local_artifact_storage"]["config"] == {"base_dir": str(tmp_path / "shared")}
    assert instance["compute_logs"]["config"] == {"base_dir": str(tmp_path / "shared/storage")}
    assert yaml.safe_load(written["workspace.yaml"]) == {
        "load_from": [{"grpc_server": {"host": "code", "port": 4000, "location_name": "te_assets"}}]
    }


def test_a_container_in_which_nothing_was_started_remembers_nothing() -> None:
    with pytest.raises(FileNotFoundError):
        remembered()
