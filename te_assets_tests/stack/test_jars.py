from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import pytest

from te_assets.stack.jars import JarError, Lock, install_jars, library_folder, missing_jars, sha256_of

CONTENT = {f"org.example:part{number}:1.{number}": f"jar {number}".encode() for number in range(3)}
CONTENT["org.apache.kafka:kafka_2.13:4.3.1"] = b"broker"


@pytest.fixture
def lock(tmp_path: Path) -> Lock:
    file = tmp_path / "kafka.lock"
    file.write_text("".join(f"{name} {hashlib.sha256(body).hexdigest()}\n" for name, body in CONTENT.items()))
    return Lock.read(file)


class Repository:
    """Serves jars into a folder, as jgo does: what lies there already is served as it is."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir()
        self.asked: list[str] = []
        self.cut: dict[str, int] = {}
        self.down: dict[str, int] = {}

    def __call__(self, coordinate: str) -> Path:
        self.asked.append(coordinate)
        file = self.folder / coordinate.replace(":", "_")
        if self.down.get(coordinate, 0):
            self.down[coordinate] -= 1
            raise ConnectionResetError("connection reset by peer")
        if not file.exists():
            body = CONTENT[coordinate]
            if self.cut.get(coordinate, 0):
                self.cut[coordinate] -= 1
                body = body[:2]
            file.write_bytes(body)
        return file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "m2")


def test_the_shipped_lock_holds_the_46_jars_of_one_broker() -> None:
    lock = Lock.read()

    assert len(lock.jars) == 46
    assert lock.kafka_version == "4.3.1"
    assert len({jar.file_name for jar in lock.jars}) == 46
    assert {jar.coordinate for jar in lock.jars} >= {
        "org.apache.kafka:kafka-clients:4.3.1",
        "org.apache.logging.log4j:log4j-core:2.25.4",
        "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4",
        "org.slf4j:slf4j-api:1.7.36",
    }


def test_every_jar_of_the_lock_is_installed_and_told(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    lines: list[str] = []
    folder = install_jars(lines.append, lock=lock, cache=tmp_path / "cache", fetch=repository)

    assert {file.name: file.read_bytes() for file in folder.iterdir()} == {
        jar.file_name: CONTENT[jar.coordinate] for jar in lock.jars
    }
    assert lines[0] == "Kafka 4.3.1: fetching part0-1.0.jar (1 of 4)"
    assert len(lines) == 4


def test_a_second_call_asks_nobody(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)
    repository.asked.clear()
    install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    assert repository.asked == []


def test_a_jar_that_was_damaged_on_disk_is_fetched_again_alone(
    lock: Lock, repository: Repository, tmp_path: Path
) -> None:
    folder = install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)
    repository.asked.clear()
    (folder / "part1-1.1.jar").write_bytes(b"jar")
    assert [jar.file_name for jar in missing_jars(lock, tmp_path / "cache")] == ["part1-1.1.jar"]
    install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    assert repository.asked == ["org.example:part1:1.1"]
    assert missing_jars(lock, tmp_path / "cache") == []


def test_a_cut_download_is_deleted_and_fetched_again(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    repository.cut["org.example:part2:1.2"] = 2
    install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    assert repository.asked.count("org.example:part2:1.2") == 3
    assert missing_jars(lock, tmp_path / "cache") == []


def test_a_refused_connection_is_tried_again(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    repository.down["org.example:part0:1.0"] = 2
    install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    assert missing_jars(lock, tmp_path / "cache") == []


def test_a_jar_that_is_never_right_is_named_with_both_checksums(
    lock: Lock, repository: Repository, tmp_path: Path
) -> None:
    repository.cut["org.example:part1:1.1"] = 99
    with pytest.raises(JarError) as caught:
        install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    message = str(caught.value)
    assert "org.example:part1:1.1" in message
    assert hashlib.sha256(CONTENT["org.example:part1:1.1"]).hexdigest() in message
    assert hashlib.sha256(b"ja").hexdigest() in message
    assert not (library_folder(lock, tmp_path / "cache") / "part1-1.1.jar").exists()


def test_a_dead_network_is_named_with_the_way_round_it(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    repository.down["org.example:part0:1.0"] = 99
    with pytest.raises(JarError) as caught:
        install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    message = str(caught.value)
    assert "org.example:part0:1.0" in message
    assert "connection reset by peer" in message
    assert "REQUESTS_CA_BUNDLE" in message
    assert "TE_KAFKA_BOOTSTRAP_SERVERS" in message


def test_homes_that_start_at_once_fetch_each_jar_once(lock: Lock, repository: Repository, tmp_path: Path) -> None:
    def install() -> None:
        install_jars(lambda _: None, lock=lock, cache=tmp_path / "cache", fetch=repository)

    threads = [threading.Thread(target=install) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(repository.asked) == sorted(CONTENT)


def test_a_line_that_is_no_coordinate_and_checksum_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.lock").write_text("org.example:part:1 " + "0" * 64 + "\norg.example:part\n")
    with pytest.raises(JarError, match=r"x\.lock, line 2"):
        Lock.read(tmp_path / "x.lock")


def test_the_sum_of_an_absent_file_is_none(tmp_path: Path) -> None:
    assert sha256_of(tmp_path / "nothing") is None
