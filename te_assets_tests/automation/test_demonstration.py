"""`te-assets demo`: its own servers, the Dagster assets, the truth; nothing of it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from te_assets.automation.comparison import Difference
from te_assets.cli import cli
from te_assets_tests.stack.processes import nothing_left

pytestmark = pytest.mark.stack


def test_the_demo_agrees_with_the_truth_and_leaves_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_HOME", str(tmp_path))

    done = CliRunner().invoke(cli, ["demo", "--days", "1", "--seed", "5"])

    assert done.exit_code == 0, done.output
    assert "All figures agree with the truth" in done.stdout
    assert "DIFFERS" not in done.stdout
    nothing_left(str(tmp_path))


def test_a_difference_says_where_and_what() -> None:
    key = ("1000", "PRS01", "2026-03-02", "early")
    wrong = Difference("availability", key, {"stops": 3, "failures": 1}, {"stops": 4, "failures": 1})

    assert str(wrong) == "te_marts.availability 1000 / PRS01 / 2026-03-02 / early: stops is 3, truth 4"
    assert str(Difference("stops", key, None, {})).endswith("missing in the mart")
