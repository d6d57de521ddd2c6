"""The daemon as containers run it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from te_assets.settings import Settings, environment
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets_tests.stack.instances import enter, opened

LIMIT = 60.0  # seconds


def test_it_tells_the_sensors_that_it_ends_and_that_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = enter(Settings(home=tmp_path / "home"), monkeypatch)
    home = Home(settings.home_dir)
    running.announce_stop(home)  # of the one before
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text("load_from: [{python_module: te_assets_tests.automation.launching}]\n", encoding="utf-8")
    command = [sys.executable, "-m", "te_assets.automation.daemon", "run", "-w", str(workspace)]

    with (
        subprocess.Popen(command, env=environment(settings), stderr=subprocess.DEVNULL) as daemon,
        opened() as instance,
    ):
        end = time.monotonic() + LIMIT
        while not instance.get_daemon_heartbeats():
            assert time.monotonic() < end
            assert daemon.poll() is None
            time.sleep(0.1)
        assert not running.is_stopping(home)

        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(LIMIT) == 0

    assert running.is_stopping(home)


def test_its_exit_status_is_the_daemons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = enter(Settings(home=tmp_path / "home"), monkeypatch)
    command = [sys.executable, "-m", "te_assets.automation.daemon", "rest"]

    done = subprocess.run(
        command, env=environment(settings), capture_output=True, text=True, check=False, timeout=LIMIT
    )

    assert done.returncode == 2
    assert "No such command 'rest'" in done.stderr
