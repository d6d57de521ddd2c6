"""Evidence shows why, to its owner alone, and does not fill the disk."""

from __future__ import annotations

import stat
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from te_assets.robot.evidence import KEPT, Evidence
from te_assets.robot.secrets import Secrets

AT = datetime(2026, 3, 5, 6, tzinfo=UTC)


def test_only_the_last_folders_are_kept(tmp_path: Path) -> None:
    made = [Evidence(tmp_path, "log", AT + timedelta(minutes=n), Secrets([])).close() for n in range(KEPT + 3)]

    assert sorted(tmp_path.iterdir()) == made[3:]
    assert made[-1].name == "20260305T062200.000000Z-log"


def test_two_failures_of_one_moment_have_a_folder_each(tmp_path: Path) -> None:
    first, second = (Evidence(tmp_path, "log", AT, Secrets([])).close() for _ in range(2))

    assert (first.name, second.name) == ("20260305T060000.000000Z-log", "20260305T060000.000000Z-log-2")


def test_without_a_browser_the_error_is_there_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path / "evidence", "log", AT, Secrets(["hunter2"]))
    evidence.describe("it said hunter2", None)
    folder = evidence.close()

    assert (folder / "page.txt").read_text() == "error: it said ***\n"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)] == [0o700, 0o700]


def test_what_holds_a_secret_after_all_is_removed(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path, "log", AT, Secrets(["hunter2"]))
    with zipfile.ZipFile(evidence.folder / "trace.zip", "w", zipfile.ZIP_DEFLATED) as trace:
        trace.writestr("trace.network", '{"postData": "user=u&password=hunter2"}')
    (evidence.folder / "screenshot.png").write_bytes(b"a picture")
    folder = evidence.close()

    assert sorted(path.name for path in folder.iterdir()) == ["page.txt", "screenshot.png"]
    assert (folder / "page.txt").read_text() == "trace.zip held a secret and was removed\n"
