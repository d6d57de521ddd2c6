"""A backup in the place of the lake: equal in every row, and nothing lost or doubled when loading goes on from it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kafka.admin import KafkaAdminClient

from te_assets.automation.backing_up import back_up, restore
from te_assets.automation.ingesting import ingest
from te_assets.delivery.loaded import Step
from te_assets.delivery.publisher import publish
from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS, ROW_TOPICS, create_topics
from te_assets.errors import BackupError, OffsetGap
from te_assets.intake.landing import LandingStore
from te_assets.lake import backup as lake_backup
from te_assets.lake.backup import DATABASES
from te_assets.lake.migrate import migrate
from te_assets.profile import Profile
from te_assets.settings import Settings
from te_assets.stack import backup_folder, running
from te_assets.stack.clickhouse_config import backups_folder
from te_assets.stack.connect import endpoints, kafka_config
from te_assets.stack.home import Home
from te_assets.stack.kafka import KafkaServer
from te_assets.stack.provision import provision
from te_assets_tests import oracle
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, log_book, name_of, stop, wall
from te_assets_tests.automation.backups import Machine, contents, definitions, machine
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import batches, delete_before, load, messages, publication, send_raw, topic_id
from te_assets_tests.lake.emptying import Emptying

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack

DAY = date(2026, 3, 3)
SMALL = Bounds(messages=5, patience=10)


@pytest.fixture(scope="module")
def machines(kafka_server: KafkaServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Machine]]:
    """The plant that is backed up and a new machine, each with a ClickHouse of its own in its home."""
    folder, kafka = tmp_path_factory.mktemp("machines"), kafka_server.bootstrap_servers
    with machine(folder / "here", kafka) as one, machine(folder / "there", kafka) as other:
        yield one, other


@pytest.fixture(scope="module")
def emptying_here() -> Emptying:
    return Emptying()


@pytest.fixture
def here(
    stack: Stack, machines: tuple[Machine, Machine], emptying_here: Emptying, monkeypatch: pytest.MonkeyPatch
) -> Machine:
    """The plant that is backed up: a lake without rows."""
    assert stack.settings.kafka_bootstrap_servers is not None
    monkeypatch.setenv("TE_KAFKA_BOOTSTRAP_SERVERS", stack.settings.kafka_bootstrap_servers)
    machines[0].enter(monkeypatch)
    shutil.rmtree(machines[0].settings.landing_dir)
    machines[0].settings.landing_dir.mkdir()
    emptying_here(machines[0].client)
    return machines[0]


@pytest.fixture
def there(stack: Stack, machines: tuple[Machine, Machine]) -> Machine:
    """A new machine: nothing in it, not even databases."""
    for database in DATABASES:
        machines[1].client.command(f"DROP DATABASE IF EXISTS {database} SYNC")
    shutil.rmtree(machines[1].settings.landing_dir)
    machines[1].settings.landing_dir.mkdir()
    return machines[1]


@pytest.fixture
def kafka(stack: Stack) -> dict[str, Any]:
    return kafka_config(stack.endpoints)


def workbooks(folder: Path, number: int, scrap: int = 10) -> list[Path]:
    """An export of each layout; rows of a later one are others."""
    at = wall(DAY + timedelta(days=number), 18)
    folder.mkdir(exist_ok=True)
    day = DAY + timedelta(days=number)
    return [
        log_book(folder / name_of("stops", at), [stop(10 * number + 1, wall(day, 8), wall(day, 9))]),
        confirmation_book(
            folder / name_of("confirmations", at), [confirmation(10 * number + n, day, 90, scrap) for n in (1, 2)]
        ),
    ]


def landed(settings: Settings) -> set[str]:
    return {path.name for path in settings.landing_dir.glob("??/*")}


def test_a_new_machine_holds_the_same_rows_definitions_and_workbooks(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path
) -> None:
    for topic in ROW_TOPICS.values():
        send_raw(kafka, messages(5), topic=topic)
        load(kafka, here.client, topic)
    book = LandingStore(here.settings.landing_dir).land(workbooks(tmp_path / "inbox", 0)[0])
    before, defined = contents(here.client), definitions(here.client)
    assert {"te_raw.confirmations", "te_raw.interactions", "te_ops.load_ledger"} <= before.keys()

    done = back_up(here.settings, tmp_path / "backup")
    restored = restore(there.settings, tmp_path / "backup")

    assert contents(there.client) == before
    assert definitions(there.client) == defined
    assert (restored.record, restored.migrations) == (done.record, ())
    assert landed(there.settings) == {book.sha256}
    assert restored.rows == {table: rows for table, (rows, _) in before.items() if table != "te_ops.schema_migrations"}
    oracle.check(kafka, there.client)
    # Nothing is left on the disks of the engines.
    for one in (here, there):
        assert list(backups_folder(Home(one.settings.home_dir)).iterdir()) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_restored_lake_is_the_same_in_every_row_and_loading_goes_on_from_it(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk died: what came after the last backup had to be found again in Kafka and in the inbox."""
    ingest(here.settings, workbooks(tmp_path / "inbox", 0))
    before, defined = contents(here.client), definitions(here.client)
    done = back_up(here.settings, tmp_path / "backup")
    later = workbooks(tmp_path / "inbox", 1)
    ingest(here.settings, later)
    assert contents(here.client) != before

    there.enter(monkeypatch)
    restored = restore(there.settings, tmp_path / "backup")

    assert contents(there.client) == before
    assert definitions(there.client) == defined
    assert (restored.record, restored.migrations) == (done.record, ())
    assert restored.landing is not None
    assert (restored.landing.fresh, restored.landing.known) == (2, 0)
    assert len(landed(there.settings)) == 2

    # What Kafka has beyond the backup is loaded; the files, delivered again, are not sent again.
    reports = ingest(there.settings, later)
    assert [(report.published, report.raw, report.difference) for report in reports] == [(1, 1, 0), (2, 2, 0)]
    oracle.check(kafka, there.client, profile=Profile.of(there.settings))
    figures = "SELECT count(), sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate"
    assert there.client.query(figures).result_rows == here.client.query(figures).result_rows
    oracle.check(kafka, here.client, profile=Profile.of(here.settings))


def test_a_backup_while_a_load_runs_loses_and_doubles_nothing(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path
) -> None:
    """The loader of another machine knows nothing of our standstill: it inserts and records while we copy."""
    publish(kafka, publication(), batches(20_000))
    begun, failures = threading.Event(), list[BaseException]()

    def under_way(step: Step) -> None:
        if step.name == "loaded" and step.lo > 10:
            begun.set()

    def keep_loading() -> None:
        try:
            from te_assets.stack.connect import clickhouse_client, clickhouse_endpoint

            with closing(clickhouse_client(clickhouse_endpoint(here.settings))) as client:
                load(kafka, client, bounds=SMALL, on_step=under_way)
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)
            begun.set()

    loader = threading.Thread(target=keep_loading)
    loader.start()
    assert begun.wait(60)
    back_up(here.settings, tmp_path / "backup")
    was_running = loader.is_alive()
    loader.join(120)
    assert failures == []
    assert was_running, "the load ended before the backup: nothing was tried"

    restore(there.settings, tmp_path / "backup")
    loaded = "SELECT sum(lines) FROM te_ops.load_ledger WHERE state = 'LOADED'"
    in_ledger = int(str(there.client.command(loaded)))
    assert 0 < in_ledger < 20_000
    held = "SELECT uniqExact(topic_id, partition, offset, line) FROM te_raw.confirmations"
    assert int(str(there.client.command(held))) >= in_ledger

    rest = load(kafka, there.client, bounds=SMALL)
    assert rest.lines == 20_000 - in_ledger
    oracle.check(kafka, there.client)
    assert load(kafka, there.client).lines == 0


@pytest.mark.long
def test_ledgers_in_a_backup_are_older_than_the_data(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BACKUP promises no common moment for several tables: a range was loaded between the ledger and raw."""
    send_raw(kafka, messages(5))
    load(kafka, here.client)
    run = lake_backup._run

    def after_another_load(client: Client, statement: str, disk: str) -> None:
        send_raw(kafka, messages(7, first=5))
        load(kafka, client)
        run(client, statement, disk)

    monkeypatch.setattr(lake_backup, "_run", after_another_load)
    back_up(here.settings, tmp_path / "backup")
    monkeypatch.undo()

    restore(there.settings, tmp_path / "backup")

    raw = "SELECT count() FROM te_raw.confirmations"
    ledger = "SELECT sum(lines) FROM te_ops.load_ledger WHERE state = 'LOADED'"
    assert [int(str(there.client.command(query))) for query in (raw, ledger)] == [12, 5]
    assert load(kafka, there.client).lines == 7
    assert int(str(there.client.command(raw))) == 12
    oracle.check(kafka, there.client)


@pytest.mark.long
def test_retention_that_passed_the_backup_is_a_gap_on_record(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path
) -> None:
    send_raw(kafka, messages(5))
    load(kafka, here.client)
    back_up(here.settings, tmp_path / "backup")
    send_raw(kafka, messages(10, first=5))
    with closing(KafkaAdminClient(**kafka)) as admin:
        delete_before(admin, 9)
    restore(there.settings, tmp_path / "backup")

    with pytest.raises(OffsetGap, match=r"offsets 5 to 8 are gone .* The gap is on record .*te-assets reprocess"):
        load(kafka, there.client)

    assert load(kafka, there.client).lines == 6
    oracle.check(kafka, there.client, gaps_allowed=True)


@pytest.mark.long
def test_topics_that_were_made_anew_are_loaded_from_their_begin_beside_what_was_restored(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path
) -> None:
    """Kafka died with the machine: the restored positions mean nothing in topics of the same name."""
    send_raw(kafka, messages(5))
    load(kafka, here.client)
    former = topic_id(kafka)
    back_up(here.settings, tmp_path / "backup")
    with closing(KafkaAdminClient(**kafka)) as admin:
        admin.delete_topics([CONFIRMATIONS])
        create_topics(admin)
    send_raw(kafka, messages(3, first=100))
    restore(there.settings, tmp_path / "backup")

    done = load(kafka, there.client)

    assert (done.lines, done.recreated) == (3, True)
    rows = there.client.query("SELECT topic_id, count() FROM te_raw.confirmations GROUP BY 1").result_rows
    assert {topic: lines for topic, lines in rows} == {former: 5, topic_id(kafka): 3}
    assert load(kafka, there.client).lines == 0
    oracle.check(kafka, there.client)


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_files_after_the_backup_are_sent_again_where_kafka_is_new(
    here: Machine, there: Machine, kafka: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files of a lost day are in the inbox still: delivered again they count once, as the old ones do."""
    first, later = workbooks(tmp_path / "inbox", 0), workbooks(tmp_path / "inbox", 1)
    ingest(here.settings, first)
    back_up(here.settings, tmp_path / "backup")
    ingest(here.settings, later)
    expected = here.client.query("SELECT sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate").result_rows
    with closing(KafkaAdminClient(**kafka)) as admin:
        admin.delete_topics([spec for spec in admin.list_topics() if spec.startswith("te.")])
        create_topics(admin)
    there.enter(monkeypatch)
    restore(there.settings, tmp_path / "backup")

    reports = ingest(there.settings, [*first, *later])

    assert [(report.raw, report.difference, bool(report.note)) for report in reports] == [
        (1, 0, True),
        (2, 0, True),
        (1, 0, False),
        (2, 0, False),
    ]
    assert there.client.query("SELECT sum(good_qty), sum(scrap_qty) FROM te_marts.scrap_rate").result_rows == expected
    assert there.client.command("SELECT count() FROM te_ops.conservation WHERE difference != 0") == 0


@pytest.mark.long
def test_a_lake_that_is_not_empty_is_replaced_only_when_told(
    here: Machine, kafka: dict[str, Any], tmp_path: Path
) -> None:
    send_raw(kafka, messages(5))
    load(kafka, here.client)
    back_up(here.settings, tmp_path / "backup")
    before = contents(here.client)
    send_raw(kafka, messages(2, first=5))
    load(kafka, here.client)

    with pytest.raises(BackupError, match=r"is not empty: te_ops.load_ledger \(4 rows\).*--replace"):
        restore(here.settings, tmp_path / "backup")
    restore(here.settings, tmp_path / "backup", replace=True)

    assert contents(here.client) == before
    assert load(kafka, here.client).lines == 2
    oracle.check(kafka, here.client)
    assert here.client.command("SELECT count() FROM system.databases WHERE name LIKE 'te_former_%'") == 0


@pytest.mark.long
@pytest.mark.parametrize("at", ["the first rename", "all renames", "the restore"])
def test_a_restore_that_was_cut_leaves_the_former_lake(
    here: Machine, kafka: dict[str, Any], tmp_path: Path, at: str
) -> None:
    """The power went while the backup was being read: the lake must not be half one and half the other."""
    send_raw(kafka, messages(5))
    load(kafka, here.client)
    back_up(here.settings, tmp_path / "backup")
    send_raw(kafka, messages(2, first=5))
    load(kafka, here.client)
    before = contents(here.client)
    renamed = {"the first rename": 1}.get(at, 4)
    for database in ("te_ops", "te_raw", "te_staging", "te_marts")[:renamed]:
        here.client.command(f"RENAME DATABASE {database} TO {database.replace('te_', 'te_former_')}")
    if at == "the restore":
        for database in DATABASES:
            here.client.command(f"CREATE DATABASE {database}")
        here.client.command("CREATE TABLE te_raw.confirmations (x UInt8) ENGINE = MergeTree ORDER BY x")

    if at == "the restore":  # whatever comes first
        provision(endpoints(here.settings))
    else:
        with pytest.raises(BackupError, match="is not empty"):
            restore(here.settings, tmp_path / "backup")

    assert contents(here.client) == before


@pytest.mark.long
def test_a_restore_that_fails_puts_the_former_lake_back(here: Machine, kafka: dict[str, Any], tmp_path: Path) -> None:
    """One bit of the backup had turned over on its disk."""
    send_raw(kafka, [(b"k", bytes(f'{{"n": {n}, "x": "{"abc" * 40}"}}', "ascii")) for n in range(500)])
    load(kafka, here.client)
    back_up(here.settings, tmp_path / "backup")
    before = contents(here.client)
    data = max((tmp_path / "backup" / "lake" / "data" / "te_raw").rglob("*.bin"), key=lambda path: path.stat().st_size)
    flipped = bytearray(data.read_bytes())
    flipped[len(flipped) // 2] ^= 1
    data.write_bytes(flipped)

    with pytest.raises(BackupError):
        restore(here.settings, tmp_path / "backup", replace=True)

    assert contents(here.client) == before
    assert here.client.command("SELECT count() FROM system.databases WHERE name LIKE 'te_former_%'") == 0


@pytest.mark.long
def test_a_backup_of_an_older_te_assets_is_migrated(
    here: Machine, there: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from te_assets.lake.migrate import shipped

    *older, newest = shipped()
    for database in DATABASES:
        here.client.command(f"DROP DATABASE {database} SYNC")
    migrate(here.client, tuple(older))
    back_up(here.settings, tmp_path / "backup")

    restored = restore(there.settings, tmp_path / "backup")

    assert restored.migrations == (newest.name,)
    assert migrate(there.client) == ()


def test_a_backup_of_a_newer_te_assets_is_refused_in_words(here: Machine, tmp_path: Path) -> None:
    columns = ["name", "sha256"]
    here.client.insert("te_ops.schema_migrations", [["9999_later.sql", "0" * 64]], column_names=columns)
    back_up(here.settings, tmp_path / "backup")

    with pytest.raises(BackupError, match=r"made by a newer te_assets: this one does not know 9999_later.sql. Install"):
        restore(here.settings, tmp_path / "backup")


@pytest.mark.long
def test_dagster_must_not_run_while_the_lake_is_replaced(here: Machine, tmp_path: Path) -> None:
    back_up(here.settings, tmp_path / "backup")
    services = {"clickhouse": here.server.describe(), "dagster": {"url": "http://127.0.0.1:1"}}
    home = Home(here.settings.home_dir)
    before = running.record(home)
    assert before is not None
    running.write(home, running.Record(pid=1, services=services))
    try:
        with pytest.raises(BackupError, match=r"Dagster runs .* te-assets up --detach --only kafka,clickhouse"):
            restore(here.settings, tmp_path / "backup")
    finally:
        running.write(home, before)


@pytest.mark.long
def test_a_backup_that_was_cut_is_made_again_under_its_name(
    here: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before the record was written: the folder never had the name that was asked for."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(backup_folder, "finish", killed)
        with pytest.raises(KeyboardInterrupt):
            back_up(here.settings, tmp_path / "backup")
    with pytest.raises(BackupError, match=r"backup.unfinished is there, but that backup was cut: make another"):
        restore(here.settings, tmp_path / "backup")
    with pytest.raises(BackupError, match=r"backup.unfinished was cut before it was whole: it has no backup.json"):
        restore(here.settings, tmp_path / "backup.unfinished")

    back_up(here.settings, tmp_path / "backup")

    assert not (tmp_path / "backup.unfinished").exists()
    assert restore(here.settings, tmp_path / "backup").record.lake is not None


@pytest.mark.long
def test_your_own_server_keeps_the_lake_on_its_disk(stack: Stack, tmp_path: Path) -> None:
    kafka = kafka_config(stack.endpoints)
    send_raw(kafka, messages(5))
    load(kafka, stack.clickhouse)
    before = contents(stack.clickhouse)

    done = back_up(stack.settings, tmp_path / "backup")

    assert done.lake_on_server == f"Disk('te_backups', '{done.record.lake_name}')"
    assert not (tmp_path / "backup" / "lake").exists()
    restore(stack.settings, tmp_path / "backup", replace=True)
    assert contents(stack.clickhouse) == before
    shutil.rmtree(stack.clickhouse_server._home.clickhouse / "data" / "backups" / done.record.lake_name)
    with pytest.raises(BackupError, match=r"Disk te_backups of ClickHouse does not have the backup"):
        restore(stack.settings, tmp_path / "backup", replace=True)
    assert contents(stack.clickhouse) == before


def test_a_server_without_the_disk_says_which_setting_to_add(stack: Stack, tmp_path: Path) -> None:
    settings = stack.settings.model_copy(update={"clickhouse_backup_disk": "vault"})

    with pytest.raises(BackupError, match=r"has no disk vault .*<backups><allowed_disk>vault</allowed_disk></backups>"):
        back_up(settings, tmp_path / "backup")
    with pytest.raises(BackupError, match=r"cannot be the name of a disk .* TE_CLICKHOUSE_BACKUP_DISK"):
        back_up(settings.model_copy(update={"clickhouse_backup_disk": "a', 'b"}), tmp_path / "backup")


@pytest.mark.parametrize(
    ("code", "said", "words"),
    [
        (497, "Not enough privileges", "GRANT READ, WRITE ON DISK"),
        (243, "Cannot reserve 1 MiB", "no space left on disk te_backups"),
        (75, "Cannot write to file: No space left on device", "no space left on disk te_backups"),
        (1000, "something else", "the lake is as it was"),
    ],
)
def test_what_the_server_refuses_is_said_with_what_to_do(code: int, said: str, words: str) -> None:
    assert words in lake_backup._advice(code, said, "te_backups")


def test_a_backup_needs_a_lake(there: Machine, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no lake to back up yet"):
        back_up(there.settings, tmp_path / "backup")
    assert not (tmp_path / "backup.unfinished").exists()
