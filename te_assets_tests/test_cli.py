"""The command line as people meet it: help, wrong usage, failures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from te_assets import cli
from te_assets.cli import main
from te_assets.errors import TeAssetsError

COMMANDS = cli.cli.list_commands(click.Context(cli.cli))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "te_assets.cli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=dict(os.environ),
    )


def call(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["te-assets", *arguments])
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else -1
    return 0


def test_help_names_every_command() -> None:
    ended = run("--help")

    assert ended.returncode == 0
    assert [name for name in COMMANDS if f"\n  {name} " not in ended.stdout] == []
    assert ended.stderr == ""


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = call(monkeypatch, name, "--help")
    shown = capsys.readouterr()

    assert code == 0
    assert f"Example: te-assets {name}" in " ".join(shown.out.split())
    assert shown.err == ""


def test_version_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from te_assets import __version__

    assert call(monkeypatch, "--version") == 0
    assert __version__ in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ingets",), "No such command 'ingets'"),
        (("ingest",), "Missing argument"),
        (("ingest", "nothing.xlsx"), "'nothing.xlsx' does not exist"),
        (("check", "--jsno"), "No such option"),
        (("backfill", "2026-03-02"), "Missing argument"),
        (("backfill", "02.03.2026", "2026-03-08"), "'02.03.2026' does not match"),
        (("backfill", "2026-03-02", "2026-03-08", "--layer", "raw"), "'raw' is not one of"),
        (("simulate", "out", "--days", "0"), "--days"),
        (("up", "--only", "kafak"), "kafak: no such service"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(
    arguments: tuple[str, ...], words: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = call(monkeypatch, *arguments)
    shown = capsys.readouterr()

    assert code == 2
    assert words in shown.err
    assert shown.out == ""


def test_without_a_command_help_is_shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(monkeypatch) == 2
    assert "Commands:" in "".join(capsys.readouterr())


def test_a_failure_exits_1_with_its_message_alone() -> None:
    ended = run("backfill", "2026-03-08", "2026-03-02")

    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == (
        "te-assets: backfill: FROM 2026-03-08 is after TO 2026-03-02. Name the earlier day first.\n"
    )


def test_a_home_in_which_nothing_runs_is_a_failure_that_says_how_to_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(monkeypatch, "migrate") == 1
    assert "te-assets up" in capsys.readouterr().err


def test_a_setting_that_cannot_be_used_is_a_failure_without_a_traceback() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "te_assets.cli", "status"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "TE_KAFKA_REPLICATION_FACTOR": "many"},
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("te-assets: TE_KAFKA_REPLICATION_FACTOR")
    assert "Traceback" not in ended.stderr


def test_a_faulty_site_profile_is_a_failure_that_names_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "site.yaml").write_text("name: [")
    monkeypatch.setenv("TE_SITE", str(tmp_path))

    assert call(monkeypatch, "backfill", "2026-03-02", "2026-03-08") == 1
    assert "site.yaml" in capsys.readouterr().err


def test_ctrl_c_exits_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("te_assets.stack.doctor.examine", interrupted)

    assert call(monkeypatch, "doctor") == 130
    assert "Traceback" not in capsys.readouterr().err


def test_any_error_of_te_assets_is_shown_as_its_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: object) -> None:
        raise TeAssetsError("what, where, what to do")

    monkeypatch.setattr("te_assets.stack.doctor.examine", failing)

    assert call(monkeypatch, "doctor") == 1
    assert capsys.readouterr().err == "te-assets: what, where, what to do\n"


def test_help_loads_no_heavy_library() -> None:
    """`te-assets --help` is what everybody types first."""
    code = (
        "import sys; sys.argv = ['te-assets', '--help']\n"
        "from te_assets.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('dagster', 'polars', 'openpyxl', 'kafka', 'clickhouse_connect')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert ended.stdout.splitlines()[-1] == "[]"
