"""A publication is committed whole, and once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaTimeoutError

from te_assets.delivery.envelope import RowBatch, event_message
from te_assets.delivery.errors import KafkaFailed, KafkaSilent, PublicationFailed
from te_assets.delivery.log_reader import committed_records
from te_assets.delivery.manifests import read_manifests
from te_assets.delivery.producer import CheckedProducer
from te_assets.delivery.publisher import PublishStep, publish, publish_events
from te_assets.delivery.topics import CONFIRMATIONS, FILES, INTERACTIONS, TOPICS, create_topics
from te_assets_tests.delivery.builders import EXPORTED_AT, Crash, batches, publication

pytestmark = pytest.mark.stack


def lines(kafka: dict[str, Any], topic: str = CONFIRMATIONS) -> list[bytes]:
    """Committed lines in the order of the topic."""
    return [line for record in committed_records(kafka, topic) for line in (record.value or b"").split(b"\n")]


def expected(source: list[RowBatch]) -> list[bytes]:
    return [line for batch in source for line in batch.data.split(b"\n")]


def crash_before(step: PublishStep) -> Any:
    """An `on_step` that ends the publisher."""

    def on_step(now: PublishStep) -> None:
        if now == step:
            raise Crash(step)

    return on_step


def test_topics_are_created_once_and_with_their_retention(admin: KafkaAdminClient) -> None:
    assert create_topics(admin) == ()
    described = {topic["name"]: topic for topic in admin.describe_topics([spec.name for spec in TOPICS])}
    assert {name: len(topic["partitions"]) for name, topic in described.items()} == {
        "te.interactions.v1": 3,
        "te.confirmations.v1": 3,
        "te.files.v1": 1,
        "te.file-events.v1": 1,
    }


def test_rows_arrive_in_order_with_a_manifest_behind_them(kafka: dict[str, Any]) -> None:
    source = batches(2_550)
    manifest = publish(kafka, publication(), source)
    assert lines(kafka) == expected(source)
    assert (manifest.rows, sum(manifest.records.values()), manifest.was_there) == (2_550, 26, False)
    assert (manifest.chunk, manifest.chunks) == (1, 1)
    assert read_manifests(kafka) == [manifest]


def test_a_file_without_rows_is_published_as_such(kafka: dict[str, Any]) -> None:
    assert publish(kafka, publication(), []).rows == 0
    assert publish(kafka, publication(), []).was_there
    assert lines(kafka) == []


def test_the_same_publication_is_not_sent_twice(kafka: dict[str, Any]) -> None:
    first = publish(kafka, publication(), batches(300))
    again = publish(kafka, publication(), batches(300))
    assert again == first.model_copy(update={"was_there": True})
    assert len(lines(kafka)) == 300


def test_a_new_contract_version_is_another_publication(kafka: dict[str, Any]) -> None:
    publish(kafka, publication(version=1), batches(300))
    assert not publish(kafka, publication(version=2), batches(300)).was_there
    assert len(lines(kafka)) == 600
    assert [manifest.contract for manifest in read_manifests(kafka)] == ["sap_confirmations@1", "sap_confirmations@2"]


@pytest.mark.parametrize("step", ["begin", "sent", "flushed", "commit"])
def test_a_publisher_that_ends_before_its_commit_leaves_nothing_visible(
    kafka: dict[str, Any], step: PublishStep
) -> None:
    with pytest.raises(Crash):
        publish(kafka, publication(), batches(300), on_step=crash_before(step))
    assert lines(kafka) == []
    assert not publish(kafka, publication(), batches(300)).was_there
    assert lines(kafka) == expected(batches(300))


def test_a_publisher_killed_with_an_open_transaction_is_fenced_by_the_next(kafka: dict[str, Any]) -> None:
    """Its process was gone before it could abort: half a file stood in the log, uncommitted."""
    dead = KafkaProducer(**kafka, transactional_id="te-assets-publish-confirmations")
    dead.init_transactions()
    dead.begin_transaction()
    dead.send(CONFIRMATIONS, b'{"_row":2}', key=b"half").get(10)
    publish(kafka, publication(), batches(300))
    assert lines(kafka) == expected(batches(300))
    dead.close(timeout=0)


def test_while_another_models_manifest_is_undecided_nothing_is_sent(kafka: dict[str, Any]) -> None:
    """It hides what stands behind it on te.files.v1: a publication that is there would be sent again."""
    with closing(KafkaProducer(**kafka, transactional_id="te-assets-publish-interactions")) as other:
        other.init_transactions()
        publish(kafka, publication(), batches(300))
        other.begin_transaction()
        other.send(FILES, b"{}", key=b"other").get(10)
        with pytest.raises(KafkaSilent, match=r"te\.files\.v1, partition 0: readers are held back"):
            publish(kafka, publication(), batches(300), timeout=0.5)
        other.abort_transaction()
    assert publish(kafka, publication(), batches(300)).was_there
    assert lines(kafka) == expected(batches(300))


def test_an_answer_to_the_commit_that_got_lost_is_looked_up(
    kafka: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit was applied, its answer timed out; sending again would have doubled the file."""
    commit = CheckedProducer.commit

    def applied_but_unanswered(producer: CheckedProducer) -> None:
        commit(producer)
        raise KafkaTimeoutError("no answer")

    monkeypatch.setattr(CheckedProducer, "commit", applied_but_unanswered)
    manifest = publish(kafka, publication(), batches(300))
    assert not manifest.was_there
    assert lines(kafka) == expected(batches(300))


def test_a_commit_that_never_arrived_is_sent_again(kafka: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    commit, calls = CheckedProducer.commit, []

    def lost_once(producer: CheckedProducer) -> None:
        calls.append(producer)
        if len(calls) == 1:
            raise KafkaTimeoutError("no answer")
        commit(producer)

    monkeypatch.setattr(CheckedProducer, "commit", lost_once)
    publish(kafka, publication(), batches(300))
    assert len(calls) == 2
    assert calls[0] is not calls[1]
    assert lines(kafka) == expected(batches(300))


@pytest.mark.parametrize("is_in_the_log", [False, True])
def test_a_record_that_failed_is_not_committed_without(
    kafka: dict[str, Any], monkeypatch: pytest.MonkeyPatch, is_in_the_log: bool
) -> None:
    """kafka-python commits although a send failed; the file lacked a thousand rows and the manifest said otherwise.

    And a record whose delivery timed out may be in the log all the same: sending the file again must not double it.
    """
    send, failed = KafkaProducer.send, []

    class Failed:
        def get(self, timeout: float) -> None:
            raise KafkaTimeoutError("the batch expired")

    def third_fails(producer: KafkaProducer, topic: str, *arguments: Any, **options: Any) -> Any:
        failed.append(topic)
        if len(failed) == 3:
            if is_in_the_log:
                send(producer, topic, *arguments, **options).get(10)
            return Failed()
        return send(producer, topic, *arguments, **options)

    monkeypatch.setattr(KafkaProducer, "send", third_fails)
    publish(kafka, publication(), batches(500))
    assert len(failed) > 6  # the whole file went out again
    assert lines(kafka) == expected(batches(500))


def test_what_can_be_read_only_once_is_not_sent_twice(kafka: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(producer: CheckedProducer) -> None:
        raise KafkaTimeoutError("no answer")

    monkeypatch.setattr(CheckedProducer, "commit", lost)
    with pytest.raises(KafkaFailed, match=r"a\.xlsx .*then publish again"):
        publish(kafka, publication(), iter(batches(300)))
    monkeypatch.undo()
    publish(kafka, publication(), iter(batches(300)))
    assert lines(kafka) == expected(batches(300))


def test_an_error_of_the_reader_ends_the_transaction(kafka: dict[str, Any]) -> None:
    """An open transaction would hold every reader of the topic back until its timeout."""

    def broken() -> Iterator[RowBatch]:
        yield from batches(200)
        raise Crash("row 203 cannot be read")

    with pytest.raises(Crash):
        publish(kafka, publication(), broken())
    publish(kafka, publication("b.xlsx", model="interactions"), batches(100))
    assert lines(kafka) == []
    assert len(lines(kafka, INTERACTIONS)) == 100


def test_a_second_publisher_of_the_model_fences_the_first(kafka: dict[str, Any]) -> None:
    def other_takes_over(step: PublishStep) -> None:
        if step == "sent":
            publish(kafka, publication("b.xlsx"), batches(200, salt="b"))

    with pytest.raises(PublicationFailed, match="another publisher of confirmations took over"):
        publish(kafka, publication(), batches(300), on_step=other_takes_over)
    assert lines(kafka) == expected(batches(200, salt="b"))


def test_a_long_file_takes_several_transactions_and_goes_on_where_it_was_cut(kafka: dict[str, Any]) -> None:
    commits = 0

    def crash_at_third_commit(step: PublishStep) -> None:
        nonlocal commits
        commits += step == "commit"
        if commits == 3:
            raise Crash

    with pytest.raises(Crash):
        publish(kafka, publication(), batches(1_000), rows_per_transaction=300, on_step=crash_at_third_commit)
    assert [(m.chunk, m.chunks, m.rows) for m in read_manifests(kafka)] == [(1, 0, 300), (2, 0, 300)]

    whole = publish(kafka, publication(), batches(1_000), rows_per_transaction=300)
    assert (whole.rows, whole.chunks, sum(whole.records.values())) == (1_000, 4, 10)
    assert lines(kafka) == expected(batches(1_000))
    assert [(m.chunk, m.chunks) for m in read_manifests(kafka)] == [(1, 0), (2, 0), (3, 0), (4, 4)]
    assert publish(kafka, publication(), batches(1_000), rows_per_transaction=300).was_there


def test_a_cut_file_that_reads_otherwise_now_is_refused(kafka: dict[str, Any]) -> None:
    with pytest.raises(Crash):
        publish(kafka, publication(), batches(600), rows_per_transaction=300, on_step=crash_before("committed"))
    with pytest.raises(PublicationFailed, match="The reader was changed since"):
        publish(kafka, publication(), batches(600, salt="x"), rows_per_transaction=300)


def test_events_arrive_in_the_order_of_their_machine(kafka: dict[str, Any]) -> None:
    events = [
        event_message(
            "interactions",
            {"n": number},
            machine=f"1000/PRS0{number % 2}",
            event_id=str(number),
            time=EXPORTED_AT,
            contract="operator_log@1",
        )
        for number in range(200)
    ]
    assert publish_events(kafka, events) == 200
    by_key: dict[bytes, list[int]] = {}
    for record in committed_records(kafka, INTERACTIONS):
        by_key.setdefault(record.key or b"", []).append(int(dict(record.headers)["ce_id"] or b""))
    assert by_key == {b"1000/PRS00": list(range(0, 200, 2)), b"1000/PRS01": list(range(1, 200, 2))}


def test_no_broker_is_said_in_a_sentence() -> None:
    with pytest.raises(KafkaFailed, match=r"a\.xlsx .*See whether it runs"):
        publish({"bootstrap_servers": "127.0.0.1:1", "bootstrap_timeout_ms": 300}, publication(), iter(batches(1)))


def test_a_zombies_commit_after_its_file_was_published_by_another_is_refused(kafka: dict[str, Any]) -> None:
    with closing(KafkaProducer(**kafka, transactional_id="te-assets-publish-confirmations")) as zombie:
        zombie.init_transactions()
        zombie.begin_transaction()
        zombie.send(CONFIRMATIONS, b"zombie", key=b"k").get(10)
        publish(kafka, publication(), batches(100))
        with pytest.raises(Exception, match=r"(?i)fenced|epoch"):
            zombie.commit_transaction()
    assert lines(kafka) == expected(batches(100))
