"""`te-assets robot` as people call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from te_assets.robot.portal.example import FILE
from te_assets.robot.portal_file import load_portal
from te_assets.settings import Settings
from te_assets_tests.commands.conftest import Run
from te_assets_tests.commands.conftest import run as run
from te_assets_tests.gateway.conftest import gateway as gateway
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.robot.conftest import PASSWORD, USER, DemoPortal, Opening

DAYS = ("--from", "2026-03-03", "--to", "2026-03-04")


@pytest.fixture
def entered(portal_of: Opening, monkeypatch: pytest.MonkeyPatch) -> DemoPortal:
    """A portal that the environment tells of."""
    portal = portal_of()
    for name, value in (("USER", USER), ("PASSWORD", PASSWORD), ("URL", portal.url)):
        monkeypatch.setenv(f"TE_PORTAL_DEMO_{name}", value)
    return portal


@pytest.fixture
def token_file(gateway: Gateway) -> Path:
    """Where the robot looks for its token."""
    path = Settings().home_dir / "robot" / "token"
    path.parent.mkdir(parents=True)
    path.write_text(gateway.token + "\n")
    return path


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.usefixtures("token_file", "chromium")
def test_a_run_delivers_and_tells_what(run: Run, entered: DemoPortal, gateway: Gateway) -> None:
    first = run("robot", "run", FILE, *DAYS, "--url", gateway.url, "--json")
    again = run("robot", "run", FILE, *DAYS, "--url", gateway.url)
    check = run("robot", "check", FILE, *DAYS)

    assert (first.code, again.code, check.code) == (0, 0, 0)
    told = json.loads(first.out)
    assert told["portal"] == "demo"
    assert [(each["export"], each["from"], each["to"], each["became"]) for each in told["periods"]] == [
        (name, f"2026-03-0{day}T00:00:00+01:00", f"2026-03-0{day + 1}T00:00:00+01:00", "delivered")
        for day in (3, 4)
        for name in ("interactions", "confirmations")
    ]
    assert again.err.count(": known\n") == 4
    assert (check.out, check.err) == ("", "demo: 0 of 4 exports are missing.\n")
    for answer in (first, again):
        assert PASSWORD not in answer.out + answer.err
        assert gateway.token not in answer.out + answer.err
    assert len(entered.asked()) == 4


@pytest.mark.browser
@pytest.mark.stack
@pytest.mark.usefixtures("token_file", "chromium")
def test_a_failure_exits_1_and_points_at_its_evidence(run: Run, entered: DemoPortal, gateway: Gateway) -> None:
    entered.desk.moods._script += ["error"] * 4
    portal = FILE.read_text().replace("pause_seconds: 2", "pause_seconds: 0")
    file = Settings().home_dir / "portal.yaml"
    file.write_text(portal)
    ended = run("robot", "run", file, "--from", "2026-03-03", "--to", "2026-03-03", "--url", gateway.url)

    assert ended.code == 1
    lines = ended.err.splitlines()
    assert lines[-2].startswith(
        "te-assets: interactions 2026-03-03 00:00 … 2026-03-04 00:00: the portal says: Export f"
    )
    evidence = Path(lines[-1].removeprefix("  evidence: "))
    assert (evidence / "trace.zip").is_file()
    assert ended.err.count("confirmations 2026-03-03 00:00 … 2026-03-04 00:00: delivered") == 1


def test_a_check_tells_what_is_missing_and_asks_nobody(run: Run) -> None:
    checked = run("robot", "check", FILE, "--from", "2026-03-28", "--to", "2026-03-29")

    assert checked.code == 0
    assert checked.out.splitlines() == [
        f"{name}  {period}  missing"
        for period in ("2026-03-28 00:00 … 2026-03-29 00:00", "2026-03-29 00:00 … 2026-03-30 00:00")
        for name in ("interactions", "confirmations")
    ]
    assert checked.err == "demo: 4 of 4 exports are missing.\n"


@pytest.mark.usefixtures("entered")
def test_without_a_token_it_says_how_to_make_one(run: Run) -> None:
    ended = run("robot", "run", FILE, "--url", "http://127.0.0.1:9")

    assert ended.code == 1
    assert "te-assets token create robot-demo --scope files --scope read, and name its file with --token" in ended.err


@pytest.mark.usefixtures("entered")
def test_without_a_gateway_it_says_how_to_start_one(run: Run, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("te_x")
    ended = run("robot", "run", FILE, "--token-file", token)

    assert ended.code == 1
    assert "start it with te-assets up, or name one with --url." in ended.err


def test_without_a_password_it_names_the_variables(run: Run) -> None:
    ended = run("robot", "run", FILE)

    assert ended.code == 1
    assert "TE_PORTAL_DEMO_USER and TE_PORTAL_DEMO_PASSWORD not set" in ended.err


@pytest.mark.parametrize(
    ("days", "what"),
    [
        (("--from", "2026-03-04"), "--from and --to go together"),
        (("--from", "2026-03-04", "--to", "2026-03-03"), "--from 2026-03-04 is after --to 2026-03-03"),
    ],
)
def test_days_that_make_no_sense_are_told(run: Run, days: tuple[str, ...], what: str) -> None:
    ended = run("robot", "check", FILE, *days)

    assert ended.code == 2
    assert what in ended.err


def test_the_portal_is_served_with_its_file_until_it_is_told_to_stop(tmp_path: Path) -> None:
    variables = {"TE_PORTAL_DEMO_USER": USER, "TE_PORTAL_DEMO_PASSWORD": PASSWORD}
    command = [sys.executable, "-m", "te_assets.cli", "robot", "portal", "--port", "0", "--days", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables}
    ) as portal:
        try:
            assert portal.stderr is not None
            assert portal.stdout is not None
            assert portal.stderr.readline().startswith("simulating 2 days from ")
            said = portal.stderr.readline()
            address = said.split()[2]
            page = requests.get(address + "/login", timeout=10)
        finally:
            portal.send_signal(signal.SIGTERM)
        file = tmp_path / "portal.yaml"
        file.write_text(portal.stdout.read())
        assert portal.wait(20) == 0

    assert said == f"portal at {address} for user {USER}, until Ctrl-C\n"
    assert "<h1>Sign in</h1>" in page.text
    assert load_portal(file) == load_portal(FILE).model_copy(update={"url": address})
