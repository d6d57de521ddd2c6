"""What was fetched is known after whatever ended the run."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from te_assets.robot.alone import PortalBusy, alone
from te_assets.robot.ledger import opened
from te_assets.robot.periods import of_days

ZONE = "Europe/Berlin"
FIRST, SECOND = of_days(date(2026, 3, 2), date(2026, 3, 3), 24, ZONE)
AT = datetime(2026, 3, 5, tzinfo=UTC)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"a workbook")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "demo").mkdir()
    return tmp_path / "demo"


def kept(folder: Path) -> list[str]:
    return sorted(path.read_text() for path in (folder / "kept").glob("??/*"))


def test_a_kept_workbook_waits_until_it_is_delivered(folder: Path, book: Path) -> None:
    with opened(folder, ZONE) as ledger:
        assert ledger.of("log", FIRST) is None
        ledger.keep("log", FIRST, book, "Log März.xlsx", AT)
    with opened(folder, ZONE) as ledger:
        (waiting,) = ledger.waiting()
        assert (waiting.export, waiting.period.key, waiting.name) == ("log", FIRST.key, "Log März.xlsx")
        assert ledger.path_of(waiting).read_bytes() == b"a workbook"
        ledger.delivered(waiting, '{"sha256": "x"}')
    with opened(folder, ZONE) as ledger:
        known = ledger.of("log", FIRST)
        assert known is not None
        assert (known.state, known.sha256) == ("delivered", waiting.sha256)
        assert (ledger.waiting(), kept(folder)) == ([], [])
        assert ledger.of("log", SECOND) is None
        assert ledger.of("confirmations", FIRST) is None


def test_the_same_bytes_of_two_periods_are_kept_until_both_are_delivered(folder: Path, book: Path) -> None:
    with opened(folder, ZONE) as ledger:
        one, two = (ledger.keep("log", period, book, "a.xlsx", AT) for period in (FIRST, SECOND))
        ledger.delivered(one, "{}")
        assert kept(folder) == ["a workbook"]
        ledger.delivered(two, "{}")
        assert kept(folder) == []


def test_a_refused_workbook_leaves_its_period_missing(folder: Path, book: Path) -> None:
    with opened(folder, ZONE) as ledger:
        ledger.refused(ledger.keep("log", FIRST, book, "a.xlsx", AT))
        assert ledger.of("log", FIRST) is None
        assert kept(folder) == []


def test_a_kill_between_keeping_and_writing_down_leaves_no_file_behind(folder: Path, book: Path) -> None:
    with opened(folder, ZONE) as ledger:
        ledger.keep("log", FIRST, book, "a.xlsx", AT)
    lost = folder / "kept" / "ab" / ("ab" * 32)
    lost.parent.mkdir(exist_ok=True)
    lost.write_text("of a killed run")

    with opened(folder, ZONE):
        assert kept(folder) == ["a workbook"]


def test_a_period_without_rows_is_known_as_such(folder: Path) -> None:
    with opened(folder, ZONE) as ledger:
        ledger.nothing("log", FIRST, AT)
        known = ledger.of("log", FIRST)
        assert known is not None
        assert (known.state, ledger.waiting()) == ("empty", [])


def test_only_one_process_is_at_a_portal_and_its_end_frees_it(folder: Path) -> None:
    hold = (
        "import sys, pathlib; from te_assets.robot.alone import alone\n"
        "with alone(pathlib.Path(sys.argv[1])): print(1, flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"1\n"
        with pytest.raises(PortalBusy, match=rf"portal demo: another run is at it \(process {other.pid}, since "):
            alone(folder).__enter__()
        other.kill()
    with alone(folder):
        pass
