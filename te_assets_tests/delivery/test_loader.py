"""Topics → te_raw: what stands there, resumption, two loaders."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient

from te_assets.delivery.envelope import event_message, lines_hash
from te_assets.delivery.errors import NoRawTable
from te_assets.delivery.loaded import Step
from te_assets.delivery.positions import ledger_positions
from te_assets.delivery.publisher import publish, publish_events
from te_assets.delivery.reader import Bounds
from te_assets.delivery.topics import CONFIRMATIONS, INTERACTIONS
from te_assets.delivery.watch import lag
from te_assets_tests.delivery.builders import (
    EXPORTED_AT,
    Crash,
    Lake,
    batches,
    crash_at,
    load,
    publication,
    send_raw,
    topic_id,
)
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack
SMALL = Bounds(messages=10, patience=10)


def test_lines_of_a_workbook_stand_in_raw_with_their_provenance(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    source = batches(250)
    manifest = publish(kafka, publication(), source)
    done = load(kafka, client)
    assert (done.lines, done.messages, done.surplus, done.lag, done.more) == (250, 3, 0, 0, False)
    assert lake.payloads() == [line for batch in source for line in batch.data.split(b"\n")]
    row = client.query(
        "SELECT topic, topic_id, line, key, file_sha256, sheet, row, contract, exported_at, event_id, payload "
        "FROM te_raw.confirmations WHERE row = 103"
    ).result_rows
    assert row == [
        (
            CONFIRMATIONS,
            topic_id(kafka),
            2,
            f"{publication().sha256}/Rückmeldungen",
            publication().sha256,
            "Rückmeldungen",
            103,
            "sap_confirmations@1",
            EXPORTED_AT.replace(tzinfo=None),
            "",
            '{"_row":103,"order_id":"103","good_qty":103}',
        )
    ]
    in_raw = client.query("SELECT sum(xxHash64(payload)) FROM te_raw.confirmations").result_rows[0][0]
    assert in_raw == manifest.lines_hash
    check(kafka, client)


def test_an_event_keeps_its_id_and_time(kafka: dict[str, Any], client: Client) -> None:
    event = event_message(
        "interactions",
        {"plant": "1000"},
        machine="1000/PRS01",
        event_id="e-1",
        time=datetime(2026, 3, 6, 18, tzinfo=UTC),
        contract="operator_log@1",
        row=4,
    )
    publish_events(kafka, [event])
    load(kafka, client, INTERACTIONS)
    row = client.query("SELECT key, file_sha256, row, contract, exported_at, event_id FROM te_raw.interactions")
    assert row.result_rows == [("1000/PRS01", "", 4, "operator_log@1", datetime(2026, 3, 6, 18), "e-1")]
    check(kafka, client)


def test_a_plan_is_one_block_whatever_the_server_or_the_client_set(
    kafka: dict[str, Any], client: Client, lake: Lake
) -> None:
    """async_insert became 1 with a release, and blocks of 65,409 rows made an insert come in halves."""
    publish(kafka, publication(), batches(200_000, per_message=1_000))
    load(kafka, client, bounds=Bounds(lines=200_000))
    parts = client.query("SELECT uniqExact(_part) FROM te_raw.confirmations").result_rows[0][0]
    assert (len(lake.ledger("LOADED")), parts) == (1, 1)


def test_loading_again_does_nothing(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    publish(kafka, publication(), batches(300))
    load(kafka, client)
    before = lake.ledger()
    assert load(kafka, client).lines == 0
    assert lake.ledger() == before


def test_memory_is_bounded_by_messages_lines_and_bytes(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    publish(kafka, publication(), batches(1_000))
    load(kafka, client, bounds=Bounds(messages=4))
    assert [plan.messages for plan in lake.ledger("LOADED")] == [4, 4, 2]
    publish(kafka, publication("b.xlsx"), batches(1_000))
    load(kafka, client, bounds=Bounds(lines=350))
    assert [plan.lines for plan in lake.ledger("LOADED")][3:] == [400, 400, 200]
    publish(kafka, publication("c.xlsx"), batches(1_000))
    load(kafka, client, bounds=Bounds(data=1))
    assert [plan.messages for plan in lake.ledger("LOADED")][6:] == [1] * 10
    check(kafka, client)


def test_a_bounded_load_says_that_there_is_more(kafka: dict[str, Any], client: Client) -> None:
    publish(kafka, publication(), batches(1_000))
    first = load(kafka, client, max_lines=300, bounds=Bounds(messages=2))
    assert (first.lines, first.more) == (400, True)
    assert sum(shard.offsets for shard in lag(kafka, client, CONFIRMATIONS)) == first.lag > 0
    assert (load(kafka, client).lines, load(kafka, client).more) == (600, False)
    check(kafka, client)


def test_lag_counts_from_the_ledger_to_the_stable_end(kafka: dict[str, Any], client: Client) -> None:
    publish(kafka, publication(), batches(300))
    assert sum(shard.offsets for shard in lag(kafka, client, CONFIRMATIONS)) == 4  # three messages and the end mark
    load(kafka, client)
    assert sum(shard.offsets for shard in lag(kafka, client, CONFIRMATIONS)) == 0
    assert sorted(ledger_positions(client).values()) == [4]


def test_the_group_offset_is_a_signal_of_lag_for_others(
    kafka: dict[str, Any], client: Client, admin: KafkaAdminClient
) -> None:
    publish(kafka, publication(), batches(300))
    load(kafka, client)  # the first one may still have to wait for the group coordinator
    publish(kafka, publication("b.xlsx"), batches(300))
    load(kafka, client)
    committed = admin.list_group_offsets({"te-assets-load": None})["te-assets-load"]
    assert {place.partition: entry.offset for place, entry in committed.items() if place.topic == CONFIRMATIONS}


def test_only_row_topics_have_a_table(kafka: dict[str, Any], client: Client) -> None:
    with pytest.raises(NoRawTable, match=r"te\.files\.v1 has no table in te_raw"):
        load(kafka, client, "te.files.v1")


@pytest.mark.parametrize("step", ["plan", "insert", "read_back", "loaded"])
@pytest.mark.parametrize("occurrence", [1, 2])
def test_a_loader_that_ends_at_any_step_is_continued(
    kafka: dict[str, Any], client: Client, lake: Lake, step: str, occurrence: int
) -> None:
    publish(kafka, publication(), batches(3_000))
    with pytest.raises(Crash):
        load(kafka, client, bounds=SMALL, on_step=crash_at(step, occurrence))
    assert load(kafka, client, bounds=SMALL).surplus == 0
    assert lake.count() == (3_000, 3_000)
    check(kafka, client)


def test_a_continued_plan_is_carried_out_as_planned(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    """The bounds changed between the runs, and batches cut otherwise had doubled rows."""
    publish(kafka, publication(), batches(3_000))
    with pytest.raises(Crash):
        load(kafka, client, bounds=Bounds(messages=7), on_step=crash_at("insert", 2))
    left = lake.ledger("PLANNED")[-1]
    load(kafka, client, bounds=Bounds(messages=11))
    assert lake.ledger("LOADED")[1] == left
    assert [plan.messages for plan in lake.ledger("LOADED")] == [7, 7, 11, 5]
    check(kafka, client)


def test_steps_are_told_in_their_order(kafka: dict[str, Any], client: Client) -> None:
    publish(kafka, publication(), batches(2_000))
    steps: list[Step] = []
    load(kafka, client, bounds=SMALL, on_step=steps.append)
    assert [step.name for step in steps] == ["read", "plan", "insert", "read_back", "loaded"] * 2
    # The end mark of the transaction belongs to the last range.
    assert [(step.lo, step.next) for step in steps if step.name == "loaded"] == [(0, 10), (10, 21)]


def test_new_partitions_are_loaded_from_their_begin(
    kafka: dict[str, Any], client: Client, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, [(b"k", b'{"_row":1}')])
    load(kafka, client)
    admin.create_partitions({CONFIRMATIONS: 5})
    admin.wait_for_topics([CONFIRMATIONS])
    with closing(KafkaProducer(**kafka)) as producer:
        producer.send(CONFIRMATIONS, b'{"_row":2}', key=b"k", partition=4).get(10)
    assert load(kafka, client).lines == 1
    check(kafka, client)


def test_poison_is_loaded_as_it_came_and_neighbours_go_on(kafka: dict[str, Any], client: Client, lake: Lake) -> None:
    deep = b'{"a":' * 5_000 + b"1" + b"}" * 5_000
    values: list[tuple[bytes | None, bytes | None]] = [
        (b"k", b'{"_row":1}'),
        (b"k", b"\xff\xfe\x00 no UTF-8"),
        (None, b"no JSON {"),
        (b"", b""),
        (b"null", None),
        (b"k", b'{"_row":9223372036854775808,"x":1e308,"y":NaN}'),
        (b"k", b'{"_row":4294967301}'),
        (b"k", deep),
        (b"k", b"x" * 900_000),
        (b"k", b"x" * 899_999 + b"\n" + b'{"_row":7}'),
        (b"k", b'["_row"]'),
        (b"k", b'{"a":{"_row":5}}'),
        (b"k", b'{ "_row" : 6 }\n{"_row":8}\n'),
    ]
    send_raw(kafka, values)
    done = load(kafka, client)
    assert done.messages == len(values)
    assert lake.payloads() == [line for _, value in values for line in (value or b"").rstrip(b"\n").split(b"\n")]
    rows = client.query("SELECT row FROM te_raw.confirmations ORDER BY offset, line").result_columns[0]
    assert list(rows) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 6, 8]
    check(kafka, client)


def test_malformed_headers_do_not_stop_loading(kafka: dict[str, Any], client: Client) -> None:
    headers = [("te_exported_at", b"\xff"), ("ce_time", b"soon"), ("ce_dataschema", b"\x00\xff"), ("ce_id", b"")]
    send_raw(kafka, [(b"k", b'{"_row":1}')], headers=headers)
    load(kafka, client)
    contract, distance = client.query(
        "SELECT contract, abs(dateDiff('second', exported_at, kafka_time)) FROM te_raw.confirmations"
    ).result_rows[0]
    assert (contract, distance) == ("\x00\ufffd", 0)
    check(kafka, client)


def test_hashes_of_python_and_clickhouse_are_the_same(client: Client) -> None:
    lines = [b"", b"a", "Ä€😀".encode(), b"\xff\x00", b"x" * 100_000, json.dumps({"a": 1}).encode()]
    for line in lines:
        found = client.query(f"SELECT xxHash64(unhex('{line.hex()}'))").result_rows[0][0]
        assert found == lines_hash(line)
