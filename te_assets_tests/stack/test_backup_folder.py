"""A backup's folder is whole or refused, and its workbooks are what their names say."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from te_assets.errors import BackupError
from te_assets.stack import backup_folder
from te_assets.stack.backup_folder import Copied, Extent, Record, copy_workbooks, extent, finish, move, read, unfinished


def record(made: Path) -> Record:
    return Record(
        format=backup_folder.FORMAT,
        made_at=datetime(2026, 3, 10, 3, 15, tzinfo=UTC),
        te_assets="1.0",
        clickhouse="26.9",
        migrations={"0001_databases.sql": "0" * 64},
        disk="te_backups",
        lake_name="te_1",
        lake=extent(made / "lake"),
        landing=None,
    )


def backup(folder: Path) -> Record:
    """A backup of one file."""
    made = unfinished(folder)
    (made / "lake").mkdir()
    (made / "lake" / "data.bin").write_bytes(b"12345")
    told = record(made)
    finish(made, folder, told)
    return told


def keep(store: Path, content: bytes) -> Path:
    """A workbook in a landing store."""
    name = hashlib.sha256(content).hexdigest()
    path = store / name[:2] / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_a_whole_backup_is_read_as_it_was_written(tmp_path: Path) -> None:
    told = backup(tmp_path / "deep" / "b")

    assert read(tmp_path / "deep" / "b") == told
    assert told.lake == Extent(files=1, bytes=5)
    assert sorted(path.name for path in (tmp_path / "deep").iterdir()) == ["b"]
    assert (tmp_path / "deep" / "b").stat().st_mode & 0o077 == 0


def test_a_backup_never_replaces_another(tmp_path: Path) -> None:
    backup(tmp_path / "b")

    with pytest.raises(BackupError, match=r"b exists. Name a folder that does not"):
        unfinished(tmp_path / "b")


@pytest.mark.parametrize("content", [b"1234", None])
def test_a_backup_that_was_copied_in_part_is_refused(tmp_path: Path, content: bytes | None) -> None:
    backup(tmp_path / "b")
    data = tmp_path / "b" / "lake" / "data.bin"
    data.unlink()
    if content is not None:
        data.write_bytes(content)

    with pytest.raises(BackupError, match=r"lake is not as it was made: \d of 1 files, \d of 5 bytes.*copy it again"):
        read(tmp_path / "b")


def test_what_is_no_backup_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()

    with pytest.raises(BackupError, match=r"photos is not a backup of te-assets: it has no backup.json"):
        read(tmp_path / "photos")
    with pytest.raises(BackupError, match=r"nothing is not a folder. Check the path"):
        read(tmp_path / "nothing")


def test_a_record_that_is_damaged_or_newer_is_refused(tmp_path: Path) -> None:
    told = backup(tmp_path / "b")
    path = tmp_path / "b" / "backup.json"
    path.write_text(told.model_copy(update={"format": 2, "te_assets": "9.0"}).model_dump_json())
    with pytest.raises(BackupError, match=r"made by te_assets 9.0, which is newer"):
        read(tmp_path / "b")

    path.write_text("{")
    with pytest.raises(BackupError, match=r"backup.json cannot be read"):
        read(tmp_path / "b")


def test_what_is_left_of_a_cut_backup_is_made_use_of(tmp_path: Path) -> None:
    made = unfinished(tmp_path / "b")
    (made / "lake").mkdir()
    (made / "lake" / "half").write_bytes(b"x")
    workbook = keep(made / "landing", b"workbook")

    again = unfinished(tmp_path / "b")

    assert again == made
    assert not (made / "lake").exists()
    assert workbook.exists()


def test_workbooks_are_brought_once_and_their_bytes_compared(tmp_path: Path) -> None:
    store, target = tmp_path / "store", tmp_path / "target"
    first, second = keep(store, b"one"), keep(store, b"second")
    (store / "incoming").mkdir()
    (store / "incoming" / "half").write_bytes(b"x")

    assert copy_workbooks(store, target) == Copied(fresh=2, known=0, bytes=9)
    assert copy_workbooks(store, target) == Copied(fresh=0, known=2, bytes=9)
    assert (target / first.parent.name / first.name).read_bytes() == b"one"
    assert (target / second.parent.name / second.name).stat().st_ino == second.stat().st_ino

    there = target / first.parent.name / first.name
    there.unlink()
    there.write_bytes(b"bad")
    assert copy_workbooks(store, target) == Copied(fresh=1, known=1, bytes=9)
    assert there.read_bytes() == b"one"


def test_a_damaged_workbook_is_named(tmp_path: Path) -> None:
    path = keep(tmp_path / "store", b"one")
    path.write_bytes(b"two")

    with pytest.raises(BackupError, match=rf"{path.name} is damaged.*Deliver that workbook again"):
        copy_workbooks(tmp_path / "store", tmp_path / "target")


def test_another_file_system_gets_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def elsewhere(*_: object) -> None:
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    (tmp_path / "lake").mkdir()
    (tmp_path / "lake" / "data.bin").write_bytes(b"12345")
    workbook = keep(tmp_path / "store", b"one")
    monkeypatch.setattr(os, "link", elsewhere)
    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", elsewhere)
        move(tmp_path / "lake", tmp_path / "moved")
    copy_workbooks(tmp_path / "store", tmp_path / "target")

    assert (tmp_path / "moved" / "data.bin").read_bytes() == b"12345"
    assert not (tmp_path / "lake").exists()
    assert (tmp_path / "target" / workbook.parent.name / workbook.name).read_bytes() == b"one"


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "no space left. Free some"), (errno.EACCES, "cannot be written")]
)
def test_a_folder_that_takes_nothing_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(BackupError, match=rf"b.unfinished.*{words}"):
        unfinished(tmp_path / "b")
