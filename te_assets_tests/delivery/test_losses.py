"""Messages that go from the topic: a GAP on record and a load that failed loudly, or nothing lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kafka.admin import KafkaAdminClient

from te_assets.delivery.loaded import Step
from te_assets.delivery.reader import Bounds
from te_assets.errors import OffsetGap
from te_assets_tests.delivery.builders import (
    Crash,
    Lake,
    crash_at,
    delete_before,
    large_messages,
    load,
    messages,
    send_raw,
)
from te_assets_tests.oracle import check

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

pytestmark = pytest.mark.stack
SMALL = Bounds(messages=10, patience=10)


def test_retention_that_passed_the_loader_is_a_gap_on_record_and_a_failed_load(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, messages(5))
    load(kafka, client)
    send_raw(kafka, messages(10, first=5))
    delete_before(admin, 9)
    with pytest.raises(OffsetGap, match=r"partition 0: offsets 5 to 8 are gone .* The gap is on record"):
        load(kafka, client)
    assert [(gap.lo, gap.hi, gap.next) for gap in lake.ledger("GAP")] == [(5, 8, 9)]
    assert load(kafka, client).lines == 6
    assert lake.count() == (11, 11)
    check(kafka, client, gaps_allowed=True)


def test_a_gap_in_one_partition_does_not_hold_up_the_others(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, messages(5), partition=0)
    send_raw(kafka, messages(5), partition=1)
    delete_before(admin, 3)
    with pytest.raises(OffsetGap):
        load(kafka, client)
    assert lake.count() == (5, 5)
    load(kafka, client)
    assert lake.count() == (7, 7)


def test_truncation_inside_a_planned_range_is_a_gap_up_to_what_is_left(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, messages(20))
    with pytest.raises(Crash):
        load(kafka, client, bounds=SMALL, on_step=crash_at("insert"))
    delete_before(admin, 4)
    with pytest.raises(OffsetGap, match="4 messages between offsets 0 and 3 went from the topic after they were plan"):
        load(kafka, client, bounds=SMALL)
    assert load(kafka, client, bounds=SMALL).lines == 16
    assert [(gap.lo, gap.next, gap.messages) for gap in lake.ledger("GAP")] == [(0, 4, 4)]
    assert lake.count() == (16, 16)
    check(kafka, client, gaps_allowed=True)


def test_truncation_beyond_a_planned_range_is_a_gap_for_all_that_is_gone(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, messages(20))
    with pytest.raises(Crash):
        load(kafka, client, bounds=SMALL, on_step=crash_at("insert"))
    delete_before(admin, 15)
    with pytest.raises(OffsetGap, match="10 messages between offsets 0 and 9"):
        load(kafka, client, bounds=SMALL)
    with pytest.raises(OffsetGap, match="offsets 10 to 14 are gone"):
        load(kafka, client, bounds=SMALL)
    assert load(kafka, client, bounds=SMALL).lines == 5
    check(kafka, client, gaps_allowed=True)


def test_truncation_of_a_range_that_was_inserted_loses_nothing(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, messages(20))
    with pytest.raises(Crash):
        load(kafka, client, bounds=SMALL, on_step=crash_at("read_back"))
    delete_before(admin, 10)
    assert load(kafka, client, bounds=SMALL).lines == 20
    assert lake.ledger("GAP") == []
    assert lake.count() == (20, 20)


def test_truncation_while_a_load_runs_is_judged_anew(
    kafka: dict[str, Any], client: Client, lake: Lake, admin: KafkaAdminClient
) -> None:
    send_raw(kafka, large_messages(50))

    def retention_passes(step: Step) -> None:
        if step.name == "loaded" and step.lo == 0:
            delete_before(admin, 35)

    with pytest.raises(OffsetGap):
        load(kafka, client, bounds=Bounds(messages=5, patience=10), on_step=retention_passes)
    load(kafka, client)
    gaps = [(gap.lo, gap.next) for gap in lake.ledger("GAP")]
    lost = sum(end - begin for begin, end in gaps)
    assert lake.count() == (50 - lost, 50 - lost)
    assert lost > 0
    assert gaps[-1][1] == 35
    check(kafka, client, gaps_allowed=True)
