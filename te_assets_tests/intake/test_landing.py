"""A landed file is complete, never changes, and is the same for the same bytes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from te_assets.intake.landing import FileChanging, FileUnavailable, LandingStore


@pytest.fixture
def store(tmp_path: Path) -> LandingStore:
    return LandingStore(tmp_path / "landing")


def files_in(store: LandingStore, tmp_path: Path) -> list[Path]:
    return sorted(path for path in (tmp_path / "landing").rglob("*") if path.is_file())


def test_file_lies_under_the_hash_of_its_bytes(store: LandingStore, tmp_path: Path) -> None:
    source = tmp_path / "Stops week 10.xlsx"
    source.write_bytes(b"content")
    landed = store.land(source)
    assert landed.sha256 == hashlib.sha256(b"content").hexdigest()
    assert (landed.name, landed.size, landed.was_there) == ("Stops week 10.xlsx", 7, False)
    assert landed.path == store.path_of(landed.sha256)
    assert landed.path.read_bytes() == b"content"
    assert source.read_bytes() == b"content"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3_000_000))
def test_any_bytes_come_back(store: LandingStore, tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(content)
    assert store.path_of(store.land(source).sha256).read_bytes() == content


def test_same_bytes_under_another_name_are_one_file(store: LandingStore, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"content")
    (tmp_path / "copy of a.xlsx").write_bytes(b"content")
    first, again = store.land(tmp_path / "a.xlsx"), store.land(tmp_path / "copy of a.xlsx")
    assert (first.was_there, again.was_there) == (False, True)
    assert first.path == again.path
    assert again.name == "copy of a.xlsx"
    assert files_in(store, tmp_path) == [first.path]


def test_file_replaced_under_its_name_is_another_file(store: LandingStore, tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"friday")
    friday = store.land(source)
    source.write_bytes(b"monday")
    monday = store.land(source)
    assert not monday.was_there
    assert friday.path.read_bytes() == b"friday"
    assert monday.path.read_bytes() == b"monday"


def test_touched_file_is_the_same_file(store: LandingStore, tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"content")
    store.land(source)
    os.utime(source, (1, 1))
    assert store.land(source).was_there


def test_symbolic_link_lands_what_it_points_to(store: LandingStore, tmp_path: Path) -> None:
    (tmp_path / "real.xlsx").write_bytes(b"content")
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "real.xlsx")
    landed = store.land(tmp_path / "link.xlsx")
    assert landed.name == "link.xlsx"
    assert landed.path.read_bytes() == b"content"
    assert not landed.path.is_symlink()


def test_link_to_nowhere_missing_file_folder_and_pipe_are_refused(store: LandingStore, tmp_path: Path) -> None:
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "gone.xlsx")
    (tmp_path / "folder.xlsx").mkdir()
    os.mkfifo(tmp_path / "pipe.xlsx")
    for name, words in [
        ("link.xlsx", "cannot be read"),
        ("gone.xlsx", "cannot be read"),
        ("folder.xlsx", "not a regular file"),
        ("pipe.xlsx", "not a regular file"),
    ]:
        with pytest.raises(FileUnavailable, match=rf"{name}: .*{words}"):
            store.land(tmp_path / name)
    assert files_in(store, tmp_path) == []


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def replace(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(b"content")
    other.replace(path)


@pytest.mark.parametrize(
    ("meddle", "words"),
    [(append, "written to"), (replace, "replaced"), (Path.unlink, "moved or deleted")],
)
def test_file_that_changes_while_it_is_read_is_not_landed(
    store: LandingStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, meddle: Callable[[Path], None], words: str
) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"content")
    monkeypatch.setattr("te_assets.intake.landing.os.fsync", lambda _: meddle(source))  # after the last byte was read
    with pytest.raises(FileChanging, match=words):
        store.land(source)
    assert files_in(store, tmp_path) == []


def test_half_copies_of_killed_processes_are_swept_up(store: LandingStore, tmp_path: Path) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"content")
    old, young = tmp_path / "landing" / "incoming" / "old", tmp_path / "landing" / "incoming" / "young"
    young.parent.mkdir(parents=True)
    young.write_bytes(b"of a process that still runs")
    old.write_bytes(b"half")
    os.utime(old, (1, 1))
    store.land(source)
    assert (old.exists(), young.exists()) == (False, True)


def test_half_copied_file_of_a_killed_process_is_not_taken_for_a_landed_one(
    store: LandingStore, tmp_path: Path
) -> None:
    source = tmp_path / "a.xlsx"
    source.write_bytes(b"content")
    target = store.path_of(hashlib.sha256(b"content").hexdigest())
    target.parent.mkdir(parents=True)
    target.write_bytes(b"cont")  # as a file system may leave it after a power loss
    landed = store.land(source)
    assert not landed.was_there
    assert target.read_bytes() == b"content"


def test_landed_file_cannot_be_written_by_accident(store: LandingStore, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"content")
    assert store.land(tmp_path / "a.xlsx").path.stat().st_mode & 0o222 == 0
