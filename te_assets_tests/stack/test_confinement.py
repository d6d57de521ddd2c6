"""Who may do what in the local ClickHouse, and that no query reads a file that it should not."""

from __future__ import annotations

import base64
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from te_assets.stack import landlock
from te_assets.stack.clickhouse import ClickHouseServer
from te_assets.stack.home import Home

pytestmark = pytest.mark.stack


def needs_landlock(test: Callable[..., None]) -> Callable[..., None]:
    """Only Linux with Landlock can confine a process."""
    skip = pytest.mark.skipif(landlock.abi() == 0, reason="this kernel has no Landlock")
    marked: Callable[..., None] = pytest.mark.platform(skip(test))
    return marked


@dataclass(frozen=True)
class Lake:
    """An engine with one secret row in te_raw and one public row in te_marts."""

    server: ClickHouseServer
    home: Home
    outside: Path

    def ask(self, user: str, sql: str) -> str:
        """Answer, or the error's text, of a user's query."""
        password = {"te_writer": self.server.writer_password, "te_reader": self.server.reader_password}.get(user, "")
        token = base64.b64encode(f"{user}:{password}".encode()).decode()
        request = urllib.request.Request(
            f"{self.server.url}/", data=sql.encode(), headers={"Authorization": f"Basic {token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return str(answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as error:
            return str(error.read().decode("utf-8", "replace"))

    def part(self) -> str:
        """A file that holds the secret row."""
        return self.ask("te_writer", "SELECT path FROM system.parts WHERE database = 'te_raw'").strip() + "data.bin"


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    root = tmp_path_factory.mktemp("confined")
    (root / "outside.txt").write_text("topsecret")
    home = Home(root / "home").create()
    server = ClickHouseServer(home)
    server.start()
    for database in ("te_raw", "te_staging", "te_marts", "te_ops"):
        server.query(f"CREATE DATABASE {database}")
        server.query(f"CREATE TABLE {database}.t (a String) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO te_raw.t VALUES ('topsecret')")
    server.query("INSERT INTO te_marts.t VALUES ('public')")
    yield Lake(server, home, root / "outside.txt")
    server.stop()


@pytest.mark.parametrize("sql", ["SELECT 1", "SHOW DATABASES", "SYSTEM START LISTEN HTTP", "SELECT * FROM te_marts.t"])
def test_default_can_do_nothing(lake: Lake, sql: str) -> None:
    assert "USER_SESSION_LIMIT_EXCEEDED" in lake.ask("default", sql)


@pytest.mark.parametrize("user", ["root", "te_admin", ""])
def test_nobody_else_exists(lake: Lake, user: str) -> None:
    answer = lake.ask(user, "SELECT 1")

    assert "AUTHENTICATION_FAILED" in answer or "USER_SESSION_LIMIT_EXCEEDED" in answer


@pytest.mark.parametrize("database", ["te_staging", "te_marts", "te_ops"])
def test_the_reader_reads_staging_marts_and_ops(lake: Lake, database: str) -> None:
    expected = "public\n" if database == "te_marts" else ""
    assert lake.ask("te_reader", f"SELECT a FROM {database}.t") == expected


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM te_raw.t",
        "SELECT count() FROM te_raw.t",
        "DESCRIBE te_raw.t",
        "SHOW CREATE TABLE te_raw.t",
        "SELECT * FROM merge('te_raw', '.*')",
        "SELECT * FROM merge(REGEXP('te_.*'), '^t$') WHERE a = 'topsecret'",
        "SELECT * FROM remote('127.0.0.1', te_raw.t)",
        "SELECT * FROM loop(te_raw.t)",
        "SELECT * FROM mergeTreeIndex('te_raw', 't')",
        "SELECT * FROM mergeTreeProjection('te_raw', 't', 'p')",
        "SELECT * FROM viewExplain('EXPLAIN', '', (SELECT * FROM te_raw.t))",
        "SELECT 1 IN te_raw.t",
        "SELECT query FROM system.processes",
        "SELECT * FROM system.parts WHERE database = 'te_raw'",
        "SELECT * FROM system.users",
        "SELECT data_paths FROM system.tables WHERE database = 'te_raw' AND name = 't'",
    ],
)
def test_the_reader_learns_nothing_of_raw(lake: Lake, sql: str) -> None:
    answer = lake.ask("te_reader", sql)

    assert "topsecret" not in answer
    assert answer == "" or "DB::Exception" in answer


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO te_marts.t VALUES ('x')",
        "ALTER TABLE te_marts.t DELETE WHERE 1",
        "DELETE FROM te_marts.t WHERE 1",
        "TRUNCATE TABLE te_marts.t",
        "DROP TABLE te_marts.t",
        "DROP DATABASE te_marts",
        "OPTIMIZE TABLE te_marts.t FINAL",
        "EXCHANGE TABLES te_marts.t AND te_staging.t",
        "ALTER TABLE te_marts.t DROP PARTITION tuple()",
        "CREATE TABLE te_marts.u (a String) ENGINE = Memory",
        "CREATE VIEW te_marts.v AS SELECT 1",
        "CREATE DATABASE te_more",
        "CREATE FUNCTION f AS x -> x",
        "CREATE USER u",
        "GRANT SELECT ON te_raw.* TO te_reader",
        "KILL QUERY WHERE 1",
        "SYSTEM FLUSH LOGS",
        "SYSTEM SHUTDOWN",
        "SET readonly = 0",
        "SELECT 1 SETTINGS max_result_rows = 0",
        "BACKUP TABLE te_marts.t TO File('b')",
    ],
)
def test_the_reader_changes_nothing(lake: Lake, sql: str) -> None:
    assert "DB::Exception" in lake.ask("te_reader", sql)
    assert lake.ask("te_writer", "SELECT a FROM te_marts.t") == "public\n"


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE DATABASE other",
        "CREATE DICTIONARY te_ops.d (a String) PRIMARY KEY a LAYOUT(FLAT()) "
        "SOURCE(EXECUTABLE(COMMAND 'id' FORMAT TSV))",
        "CREATE FUNCTION f AS x -> x",
        "DROP FUNCTION file",
        "CREATE USER u",
        "GRANT ALL ON *.* TO te_reader",
        "SYSTEM SHUTDOWN",
        "SYSTEM STOP LISTEN HTTP",
        "CREATE TABLE te_ops.u (a String) ENGINE = URL('http://127.0.0.1:1/', 'TSV')",
        "CREATE TABLE te_ops.u (a String) ENGINE = File('TSV')",
        "CREATE TABLE te_ops.u (a String) ENGINE = Executable('id', 'TSV')",
        "SELECT * FROM executable('id', 'TSV', 'a String')",
        "SELECT * FROM url('http://127.0.0.1:1/', 'TSV')",
        "SELECT * FROM remote('127.0.0.1', te_raw.t)",
        "SELECT * FROM s3('http://127.0.0.1:1/bucket/x', 'TSV')",
        "SELECT * FROM mysql('127.0.0.1:1', 'd', 't', 'u', 'p')",
        "INSERT INTO FUNCTION file('x.tsv', 'TSV', 'a String') VALUES ('x')",
    ],
)
def test_the_writer_leaves_its_databases_alone_and_the_machine_too(lake: Lake, sql: str) -> None:
    answer = lake.ask("te_writer", sql)

    assert "ACCESS_DENIED" in answer, answer


def test_the_writer_can_do_what_the_lake_needs(lake: Lake) -> None:
    for sql in (
        "CREATE DATABASE te_tried",
        "CREATE TABLE te_tried.a (d Date, v String) ENGINE = ReplacingMergeTree PARTITION BY d ORDER BY v",
        "CREATE TABLE te_tried.b AS te_tried.a",
        "INSERT INTO te_tried.b VALUES ('2026-03-02', 'x')",
        "ALTER TABLE te_tried.a REPLACE PARTITION '2026-03-02' FROM te_tried.b",
        "ALTER TABLE te_tried.a DROP PARTITION '2026-03-02'",
        "ALTER TABLE te_tried.a ADD COLUMN w Nullable(Float64) COMMENT 'new'",
        "EXCHANGE TABLES te_tried.a AND te_tried.b",
        "RENAME TABLE te_tried.a TO te_tried.c",
        "CREATE VIEW te_tried.v DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT * FROM te_tried.c",
        "CREATE VIEW te_tried.p AS SELECT {x:UInt8} AS x",
        "CREATE TEMPORARY TABLE t (a Int8) ENGINE = Memory",
        "INSERT INTO te_tried.c SELECT d, v FROM input('d Date, v String') FORMAT TSV 2026-03-02\ty",
        "OPTIMIZE TABLE te_tried.c FINAL",
        "TRUNCATE TABLE te_tried.c",
        "SELECT count() FROM system.parts",
        "DROP VIEW te_tried.v",
        "DROP DATABASE te_tried SYNC",
    ):
        assert "DB::Exception" not in lake.ask("te_writer", sql), sql


FILES = ("/etc/passwd", "/etc/shadow", "{outside}", "{home}/secrets.json", "{home}/state.json", "{part}", "{users}")
WAYS = (
    "SELECT file('{path}')",
    "SELECT file('{path}', 'x')",
    "SELECT arrayMap(file, ['{path}'])",
    "SELECT arrayMap(x -> file(x), ['{path}'])",
    "SELECT * APPLY(file) FROM (SELECT '{path}' AS a)",
    "SELECT `file`(materialize('{path}'))",
    "SELECT if(1, file('{path}'), '')",
    "SELECT * FROM (SELECT 1) WHERE file('{path}') != ''",
    "SELECT * FROM file('{path}', 'LineAsString', 'line String')",
    "SELECT * FROM file('{path}', 'RawBLOB', 'line String')",
    "SELECT * FROM fileCluster('default', '{path}', 'LineAsString', 'line String')",
    "SELECT 'topsecret' INTO OUTFILE '{path}.out'",
    "SELECT * FROM sqlite('{path}', 't')",
    "SELECT * FROM filesystem('{path}')",
)


def located(lake: Lake, path: str) -> str:
    users = str(lake.home.clickhouse / "run" / "users.xml")
    return path.format(outside=lake.outside, home=lake.home.root, part=lake.part(), users=users)


@needs_landlock
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", FILES)
def test_the_reader_reads_no_file(lake: Lake, path: str, way: str) -> None:
    """The built-in file() asks for no grant: with it te_reader could read the parts of te_raw."""
    answer = lake.ask("te_reader", way.format(path=located(lake, path)))

    assert "DB::Exception" in answer, answer
    assert "topsecret" not in answer
    assert "root:" not in answer


@needs_landlock
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("path", FILES[:5])
def test_the_writer_reads_no_file_outside_the_engines_home(lake: Lake, path: str, way: str) -> None:
    answer = lake.ask("te_writer", way.format(path=located(lake, path)))

    assert "DB::Exception" in answer, answer
    assert "root:" not in answer


@needs_landlock
def test_a_link_out_of_the_home_leads_nowhere(lake: Lake) -> None:
    (lake.home.clickhouse / "data" / "way_out").symlink_to(lake.outside)
    answer = lake.ask("te_writer", f"SELECT * FROM file('{lake.home.clickhouse}/data/way_out', 'LineAsString')")

    assert "Permission denied" in answer


def test_a_backup_stays_in_the_home(lake: Lake) -> None:
    answer = lake.ask("te_writer", f"BACKUP TABLE te_marts.t TO File('{lake.outside.parent}/backup/')")

    assert "DB::Exception" in answer
    assert not (lake.outside.parent / "backup").exists()


@pytest.mark.parametrize("name", ["../../../backup", "/backup", "a/../../../../backup"])
def test_a_backup_leaves_its_disk_by_no_name(lake: Lake, name: str) -> None:
    answer = lake.ask("te_writer", f"BACKUP TABLE te_marts.t TO Disk('te_backups', '{name}')")

    found = [path for path in lake.outside.parent.rglob("backup") if "backups" not in path.parts]
    assert found == [], answer


@pytest.mark.parametrize("sql", ["BACKUP TABLE te_marts.t TO", "RESTORE TABLE te_marts.t FROM"])
def test_the_reader_makes_and_restores_no_backup(lake: Lake, sql: str) -> None:
    assert "ACCESS_DENIED" in lake.ask("te_reader", f"{sql} Disk('te_backups', 'reader')")
    assert not (lake.home.clickhouse / "data" / "backups" / "reader").exists()


def test_passwords_are_in_no_file_that_a_query_can_reach(lake: Lake) -> None:
    passwords = (lake.server.writer_password.encode(), lake.server.reader_password.encode())
    for file in lake.home.clickhouse.rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert not any(password in file.read_bytes() for password in passwords), file


@needs_landlock
def test_the_engine_sees_neither_the_python_packages_nor_the_users_folder(lake: Lake) -> None:
    for folder in (sys.prefix, str(Path.home()), str(lake.home.root)):
        assert lake.ask("te_writer", f"SELECT * FROM file('{folder}/*', 'LineAsString', 'a String')") == ""
    settings = f"{sys.prefix}/pyvenv.cfg"
    assert "Permission denied" in lake.ask("te_writer", f"SELECT * FROM file('{settings}', 'LineAsString', 'a String')")
