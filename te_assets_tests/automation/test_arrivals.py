"""What is told to Dagster of things that came from outside, and how often."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import dagster as dg
import pytest

from te_assets.automation.arrivals import QUIET, Arrived, Reported, topic_event, workbooks_event
from te_assets.delivery.ledger import Shard
from te_assets.delivery.positions import ShardLag, topic_version
from te_assets.delivery.received_files import Place
from te_assets.lake.files import FileState

NOW = datetime(2026, 3, 9, 7, 0, tzinfo=UTC)
LAGS = [
    ShardLag(Shard("te.interactions.v1", UUID(int=1), partition), position, 0, end)
    for partition, position, end in ((0, 5, 9), (1, 4, 4))
]


def test_a_version_is_reported_once() -> None:
    reported = Reported(None)

    assert reported.is_due("interactions", "a", NOW)
    assert not Reported(reported.cursor).is_due("interactions", "a", NOW + 10 * QUIET)
    assert Reported(reported.cursor).is_due("confirmations", "a", NOW)


def test_another_version_waits_until_half_a_minute_is_over() -> None:
    reported = Reported(None)
    reported.is_due("interactions", "a", NOW)

    assert not reported.is_due("interactions", "b", NOW + QUIET * 0.99)
    assert reported.is_due("interactions", "b", NOW + QUIET)
    assert not reported.is_due("interactions", "c", NOW + 1.99 * QUIET)


@pytest.mark.parametrize("cursor", [None, "", "{", "[]", '{"interactions": 3}', '{"interactions": ["a", "soon"]}'])
def test_a_cursor_that_is_lost_or_damaged_costs_one_report(cursor: str | None) -> None:
    assert Reported(cursor).is_due("interactions", "a", NOW)


def test_a_topic_tells_its_ends_and_what_is_not_loaded() -> None:
    event = topic_event("interactions", LAGS)

    assert event.asset_key == dg.AssetKey(["kafka", "interactions"])
    assert event.tags == {"dagster/data_version": "00000000/0:9,00000000/1:4"}
    assert event.metadata["lag"] == dg.MetadataValue.int(4)
    assert topic_version(LAGS) == "00000000/0:9,00000000/1:4"


def test_workbooks_that_wait_are_listed_and_versioned_whatever_their_order() -> None:
    states = [
        FileState(sha256=digit * 64, state="STORED", name=f"{digit}.xlsx", size=1, contract="operator_log@2")
        for digit in "ab"
    ]
    event = workbooks_event("interactions", states)

    assert event.asset_key == dg.AssetKey(["excel", "interactions"])
    assert event.metadata["files"] == dg.MetadataValue.int(2)
    assert event.tags == workbooks_event("interactions", states[::-1]).tags
    assert event.tags != workbooks_event("interactions", states[:1]).tags


@pytest.mark.parametrize("cursor", [None, "", "{", '{"a.xlsx": [1, true]}', '{"posted": 7}'])
def test_a_cursor_of_the_landing_sensor_that_cannot_be_read_counts_as_none(cursor: str | None) -> None:
    found = Arrived.of(cursor, "r-1")

    assert (found.inbox, found.posted, found.restored) == (None, Place(), "r-1")


def test_a_restored_lake_is_told_again_of_what_was_posted_before() -> None:
    """It may not know a file whose event the sensor had read."""
    read = Arrived(inbox="{}", posted=Place(topic_id="t", next={0: 9}), restored="r-1")

    assert Arrived.of(read.model_dump_json(), "r-1") == read
    assert Arrived.of(read.model_dump_json(), "r-2") == Arrived(restored="r-2")
