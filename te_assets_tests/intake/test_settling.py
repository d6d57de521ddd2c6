"""A file is taken when nobody writes it and nobody has it open."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from te_assets.intake.settling import InboxLook, Seen, is_passed_over, lock_of, settled, settled_files

QUIET = 10.0


def put(inbox: Path, name: str, content: bytes = b"x") -> Path:
    path = inbox / name
    path.write_bytes(content)
    return path


def changed(path: Path) -> float:
    """When the file last changed by the clock of the file system."""
    return path.stat().st_ctime


def names(look: InboxLook) -> list[str]:
    return [path.name for path in look.settled]


def test_fresh_file_waits_and_an_old_one_is_taken(tmp_path: Path) -> None:
    now = changed(put(tmp_path, "stops.xlsx"))
    look = settled_files(tmp_path, QUIET, {}, now=now + 1)
    assert names(look) == []
    assert look.waiting == {"stops.xlsx": "it changed less than 10 s ago"}
    assert names(settled_files(tmp_path, QUIET, {}, now=now + QUIET + 1)) == ["stops.xlsx"]


def test_growing_file_with_an_old_time_stamp_waits_until_it_stops_growing(tmp_path: Path) -> None:
    """A copying tool sets the old time of change first and fills the file afterwards."""
    path = put(tmp_path, "stops.xlsx")
    now = changed(path) - 3600  # the server's clock is an hour ahead
    look = settled_files(tmp_path, QUIET, {}, now=now)
    path.write_bytes(b"xx")
    os.utime(path, (1, 1))
    look = settled_files(tmp_path, QUIET, look.seen, now=now + 11)
    assert names(look) == []
    look = settled_files(tmp_path, QUIET, look.seen, now=now + 16)
    assert names(look) == []
    look = settled_files(tmp_path, QUIET, look.seen, now=now + 21)
    assert names(look) == ["stops.xlsx"]


def test_file_replaced_under_its_name_waits_again(tmp_path: Path) -> None:
    path = put(tmp_path, "stops.xlsx")
    now = changed(path) - 3600
    look = settled_files(tmp_path, QUIET, {}, now=now)
    stamp = path.stat().st_mtime_ns
    put(tmp_path, "new").replace(path)
    os.utime(path, ns=(stamp, stamp))
    look = settled_files(tmp_path, QUIET, look.seen, now=now + 11)
    assert "stops.xlsx" in look.waiting


@pytest.mark.parametrize("lock", ["~$stops.xlsx", "~$ops.xlsx", ".~lock.stops.xlsx#"])
def test_file_that_is_open_in_a_spreadsheet_program_waits(tmp_path: Path, lock: str) -> None:
    path = put(tmp_path, "stops.xlsx")
    put(tmp_path, lock)
    later = changed(path) + 100
    look = settled_files(tmp_path, QUIET, {}, now=later)
    assert names(look) == []
    assert lock in look.waiting["stops.xlsx"]
    assert "close it" in look.waiting["stops.xlsx"]
    assert not settled(path, QUIET, now=later)
    (tmp_path / lock).unlink()
    assert names(settled_files(tmp_path, QUIET, look.seen, now=later)) == ["stops.xlsx"]
    assert settled(path, QUIET, now=later)


@pytest.mark.parametrize("name", ["~$stops.xlsx", ".hidden.xlsx", "stops.xlsx.part", "stops.XLSX.CRDOWNLOAD", "a.tmp"])
def test_bookkeeping_files_are_passed_over(tmp_path: Path, name: str) -> None:
    path = put(tmp_path, name)
    look = settled_files(tmp_path, QUIET, {}, now=changed(path) + 100)
    assert (look.settled, look.waiting, look.seen) == ((), {}, {})
    assert is_passed_over(name)


def test_whatever_else_is_dropped_is_taken_so_that_it_can_be_answered(tmp_path: Path) -> None:
    path = put(tmp_path, "photo.jpg")
    assert names(settled_files(tmp_path, QUIET, {}, now=changed(path) + 100)) == ["photo.jpg"]


def test_folders_dead_links_and_pipes_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.xlsx").mkdir()
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "gone.xlsx")
    os.mkfifo(tmp_path / "pipe.xlsx")
    look = settled_files(tmp_path, 0, {})
    assert (look.settled, look.waiting) == ((), {})
    assert not settled(tmp_path / "gone.xlsx", 0)


def test_link_to_a_file_is_followed(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    path = put(tmp_path, "real.xlsx")
    (inbox / "link.xlsx").symlink_to(path)
    assert names(settled_files(inbox, QUIET, {}, now=changed(path) + 100)) == ["link.xlsx"]


def test_missing_inbox_has_no_files(tmp_path: Path) -> None:
    assert settled_files(tmp_path / "inbox", QUIET, {}) == InboxLook((), {}, {})


def test_files_that_are_gone_are_forgotten(tmp_path: Path) -> None:
    path = put(tmp_path, "stops.xlsx")
    look = settled_files(tmp_path, QUIET, {"old.xlsx": Seen(1, 1, 1, 0.0)}, now=changed(path))
    assert set(look.seen) == {"stops.xlsx"}


def test_oldest_change_comes_first(tmp_path: Path) -> None:
    for name, at in [("b.xlsx", 300), ("a.xlsx", 200), ("c.xlsx", 100)]:
        os.utime(put(tmp_path, name), (at, at))
    assert names(settled_files(tmp_path, 0, {})) == ["c.xlsx", "a.xlsx", "b.xlsx"]


def test_lock_of_another_file_is_no_lock() -> None:
    assert lock_of("stops.xlsx", {"~$other.xlsx", "stops.xlsx"}) is None
