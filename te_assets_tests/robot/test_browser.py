"""Without a browser the robot says how to get one."""

from __future__ import annotations

from pathlib import Path

import pytest

from te_assets.robot.browser import find_chromium
from te_assets.robot.faults import BrowserMissing
from te_assets.settings import Settings


def program(path: Path) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_first_of_the_usual_names_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path / "google-chrome")
    expected = program(tmp_path / "chromium-browser")

    assert find_chromium(Settings()) == expected


def test_a_setting_wins_over_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TE_CHROMIUM", str(program(tmp_path / "mine")))

    assert find_chromium(Settings()) == tmp_path / "mine"


def test_a_setting_that_is_no_program_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TE_CHROMIUM", str(tmp_path))

    with pytest.raises(BrowserMissing, match=r"TE_CHROMIUM: .* is no program"):
        find_chromium(Settings())


def test_without_any_it_says_how_to_install_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BrowserMissing, match="apt-get install chromium; or point TE_CHROMIUM at one"):
        find_chromium(Settings())
