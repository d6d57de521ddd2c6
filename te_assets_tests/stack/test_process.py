from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from te_assets.stack.process import LAST, GuardedProcess, ServiceFailed, log_tail
from te_assets_tests.stack.processes import nothing_left, wait_for

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
SLEEPER = "import time; print('up', flush=True); time.sleep(600)"
PARENT = """
import sys, time
from pathlib import Path
from te_assets.stack.process import GuardedProcess
process = GuardedProcess([sys.executable, "-c", sys.argv[1], sys.argv[2]], Path(sys.argv[3]), grace=1)
print(process.pid, process.guard_pid, flush=True)
time.sleep(600)
"""


def up(console: Path) -> bool:
    return console.exists() and b"up" in console.read_bytes()


@pytest.mark.parametrize("code", [SLEEPER, DEAF], ids=["obedient", "deaf to SIGTERM"])
def test_a_killed_parent_takes_its_processes_along(tmp_path: Path, code: str) -> None:
    """A broker that outlived a killed session kept its port for days."""
    mark = str(tmp_path / "mark")
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, code, mark, str(tmp_path / "console")], stdout=subprocess.PIPE
    )
    wait_for(lambda: up(tmp_path / "console"), 10, "the child is up")
    parent.kill()
    parent.communicate()

    nothing_left(mark)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells a process that its parent died")
def test_a_killed_guard_takes_its_process_along(tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    process = GuardedProcess([sys.executable, "-c", SLEEPER, mark], tmp_path / "console")
    wait_for(lambda: up(tmp_path / "console"), 10, "the child is up")
    os.kill(process.guard_pid, signal.SIGKILL)

    nothing_left(mark)
    process.stop()


def test_a_command_that_gives_way_does_so_with_all_that_it_starts(tmp_path: Path) -> None:
    code = "import os, subprocess, sys; subprocess.run([sys.executable, '-c', 'import os; print(os.nice(0))'])"
    process = GuardedProcess([sys.executable, "-c", code], tmp_path / "console", nice=LAST)

    assert process.wait(10) == 0
    assert int((tmp_path / "console").read_text()) == os.nice(0) + LAST


@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="sessions are no groups of this scheduler")
def test_a_command_gives_way_to_other_sessions_too(tmp_path: Path) -> None:
    """Runs of Dagster were nice and events were answered late all the same: nice counted within a session alone."""
    process = GuardedProcess([sys.executable, "-c", SLEEPER], tmp_path / "console", nice=LAST)
    try:
        assert Path(f"/proc/{process.pid}/autogroup").read_text().split()[-1] == str(LAST)
    finally:
        process.stop()


def test_what_a_command_started_ends_with_it(tmp_path: Path) -> None:
    mark = str(tmp_path / "mark")
    code = (
        f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {DEAF!r}, {mark!r}]); time.sleep(600)"
    )
    process = GuardedProcess([sys.executable, "-c", code], tmp_path / "console", grace=1)
    wait_for(lambda: up(tmp_path / "console"), 10, "the grandchild is up")
    process.stop()

    nothing_left(mark)


def test_stopping_gives_the_command_time_and_then_none(tmp_path: Path) -> None:
    process = GuardedProcess([sys.executable, "-c", DEAF], tmp_path / "console", grace=0.3)
    wait_for(lambda: up(tmp_path / "console"), 10, "the child is up")

    assert process.stop() == 128 + signal.SIGKILL


def test_the_exit_status_is_the_commands_own(tmp_path: Path) -> None:
    assert GuardedProcess([sys.executable, "-c", "raise SystemExit(7)"], tmp_path / "console").wait(10) == 7


def test_an_empty_environment_is_empty_but_for_what_is_added(tmp_path: Path) -> None:
    code = "import os; print(dict(os.environ))"
    command = [sys.executable, "-I", "-c", code]
    process = GuardedProcess(command, tmp_path / "console", environment={}, add={"A": "b=c"})
    assert process.wait(10) == 0

    seen = (tmp_path / "console").read_text()
    assert "'A': 'b=c'" in seen
    assert "PATH" not in seen


def test_a_command_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceFailed, match="Cannot start /no/such/java"):
        GuardedProcess(["/no/such/java"], tmp_path / "console")


def test_the_tail_of_a_log_is_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("".join(f"line {number}\n" for number in range(5000)))

    assert log_tail(log, lines=2) == f" Log: {log}, which ends:\n  line 4998\n  line 4999"
    assert log_tail(tmp_path / "none") == ""
