"""What the sensor of a topic asks for, tick by tick."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import dagster as dg
import pytest
from kafka.admin import NewPartitions

from te_assets.automation.jobs import range_tags
from te_assets.automation.runs import REQUEST_TAG
from te_assets.delivery.errors import TopicMissing
from te_assets.delivery.positions import ShardLag
from te_assets.delivery.topics import INTERACTIONS, create_topics, describe, topic_ids
from te_assets.delivery.watch import TopicWatch
from te_assets.lake.touched import DayRange
from te_assets.stack.connect import kafka_admin, kafka_config
from te_assets_tests.automation.watching import DAY, SINCE, URGENT, Watch, end_pauses
from te_assets_tests.delivery.builders import messages, send_raw

pytestmark = pytest.mark.stack

TOPIC = "topic_interactions"  # name of the sensor


def test_nothing_new_on_the_topics_tells_lag_and_end(watch: Watch) -> None:
    assert watch.reason(TOPIC) == "lag 0, end 0"

    watch.send_stop(1)
    watch.load()
    watch.type_all()

    assert watch.reason(TOPIC) == "lag 0, end 1"


def test_an_event_is_asked_for_by_its_offsets_until_it_is_loaded(watch: Watch) -> None:
    watch.send_stop(1)
    (request,) = watch.requests(TOPIC)

    assert request.job_name == "load_interactions"
    key = request.tags[REQUEST_TAG]
    assert key.partition("/")[2] in {"0:0-1", "1:0-1", "2:0-1"}
    assert request.run_key == f"load_interactions:{key}"
    assert request.tags == {REQUEST_TAG: key, **URGENT}
    assert [r.run_key for r in watch.requests(TOPIC, "a cursor of whatever")] == [request.run_key]

    watch.send_stop(2)
    (more,) = watch.requests(TOPIC)
    assert more.run_key != request.run_key


@pytest.mark.parametrize("job", ["load_interactions", "deliver_interactions", "stream_interactions"])
def test_while_a_run_loads_the_topic_no_second_one_is_asked_for(watch: Watch, job: str) -> None:
    watch.send_stop(1)
    run = watch.queue(job)

    assert watch.reason(TOPIC) == f"lag 1, end 1, run {run.run_id[:8]} is on it"


def test_a_run_of_the_other_model_holds_nothing_up(watch: Watch) -> None:
    watch.send_stop(1)
    watch.queue("load_confirmations")

    assert [request.job_name for request in watch.requests(TOPIC)] == ["load_interactions"]


def test_a_failed_load_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster remembers run keys for ever: with the same key the range would never have been loaded."""
    watch.send_stop(1)
    (request,) = watch.requests(TOPIC)
    watch.fail(request)

    assert watch.reason(TOPIC) == "lag 1, end 1"

    end_pauses(monkeypatch)
    (again,) = watch.requests(TOPIC)
    assert again.run_key == f"{request.run_key}#1"


def test_a_missing_topic_is_named_with_what_to_do(watch: Watch) -> None:
    with kafka_admin(watch.stack.endpoints) as admin:
        admin.delete_topics([INTERACTIONS])
        until = time.monotonic() + 10
        while INTERACTIONS in admin.list_topics():
            assert time.monotonic() < until, "the topic is still there"
    with pytest.raises(TopicMissing) as caught:
        watch.tick(TOPIC)

    assert INTERACTIONS in str(caught.value)
    assert "Create it with te-assets migrate" in str(caught.value)


def test_a_topic_that_was_made_anew_is_asked_for_from_its_begin(watch: Watch) -> None:
    watch.send_stop(1)
    watch.load()
    watch.type_all()
    with kafka_admin(watch.stack.endpoints) as admin:
        before = topic_ids(admin)[INTERACTIONS]
        admin.delete_topics([INTERACTIONS])
        create_topics(admin)
        after = topic_ids(admin)[INTERACTIONS]
    assert watch.reason(TOPIC) == "lag 0, end 0"

    watch.send_stop(2)
    (request,) = watch.requests(TOPIC)

    assert before != after
    assert request.tags[REQUEST_TAG].startswith(f"{after}/")
    assert request.tags[REQUEST_TAG].endswith(":0-1")


def test_messages_on_a_partition_that_was_added_are_asked_for(watch: Watch) -> None:
    known = watch.tick(TOPIC).cursor
    with kafka_admin(watch.stack.endpoints) as admin:
        admin.create_partitions({INTERACTIONS: NewPartitions(4)})
        until = time.monotonic() + 10
        while len(describe(admin, INTERACTIONS).partitions) < 4:
            assert time.monotonic() < until, "the partition was not added"
    send_raw(kafka_config(watch.stack.endpoints), messages(2), topic=INTERACTIONS, partition=3)

    (request,) = watch.requests(TOPIC, known)

    assert request.tags[REQUEST_TAG].partition("/")[2] == "3:0-2"


def test_a_log_that_lost_what_was_loaded_is_asked_for_so_that_a_run_says_so(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.send_stop(1)
    real = TopicWatch.lags

    def lost(self: TopicWatch) -> tuple[ShardLag, ...]:
        return tuple(replace(lag, position=9) if lag.end else lag for lag in real(self))

    monkeypatch.setattr(TopicWatch, "lags", lost)
    (request,) = watch.requests(TOPIC)

    assert request.job_name == "load_interactions"
    assert request.tags[REQUEST_TAG].endswith(":9-1")


def test_events_that_name_their_days_are_taken_to_the_marts_by_one_run(watch: Watch) -> None:
    """A second run would cost its start, which is most of the time from an event to its figure."""
    watch.send_stop(1, DAY)
    watch.send_stop(2, DAY, DAY + timedelta(days=1))
    (request,) = watch.requests(TOPIC)

    assert request.job_name == "stream_interactions"
    assert request.tags == {
        REQUEST_TAG: request.tags[REQUEST_TAG],
        **range_tags(DayRange(DAY, DAY + timedelta(days=1))),
        "te/touched_only": "true",
        "te/at_once": "true",
        "dagster/priority": "20",
    }


@pytest.mark.parametrize(
    "days",
    [
        [(DAY,), ()],
        [(DAY,), (DAY + timedelta(days=7),)],
        [(SINCE - timedelta(days=1),)],
        [(datetime.now(UTC).date() + timedelta(days=3),)],
    ],
    ids=["one names none", "too far apart", "before the first partition", "not yet a partition"],
)
def test_otherwise_events_are_loaded_and_their_days_follow(watch: Watch, days: list[tuple[date, ...]]) -> None:
    for number, named in enumerate(days):
        watch.send_stop(number, *named)

    assert [request.job_name for request in watch.requests(TOPIC)] == ["load_interactions"]


def test_what_was_loaded_but_not_typed_is_asked_for(watch: Watch) -> None:
    """A run that failed between raw and history: the topic has nothing new, and nobody would come back to it."""
    watch.send_stop(1, DAY)
    watch.load()
    (request,) = watch.requests(TOPIC)

    assert request.job_name == "load_interactions"
    assert request.tags[REQUEST_TAG].startswith("typing ")

    watch.type_all()
    assert watch.reason(TOPIC) == "lag 0, end 1"


def test_a_message_ends_the_wait(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    begin = time.monotonic()
    with ThreadPoolExecutor() as pool:
        tick = pool.submit(watch.requests, TOPIC)
        watch.send_stop(1)
        (request,) = tick.result()

    assert request.job_name == "load_interactions"
    assert time.monotonic() - begin < 30


def test_the_end_of_a_run_ends_the_wait(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came to the topic meanwhile must not wait for the next message."""
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    run = watch.queue("load_interactions")
    watch.send_stop(1)
    with ThreadPoolExecutor() as pool:
        tick = pool.submit(watch.requests, TOPIC)
        watch.instance.report_run_failed(run)
        (request,) = tick.result()

    assert request.job_name == "load_interactions"


def test_a_tick_that_has_seen_a_run_end_goes_on_waiting(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster begins the next tick seconds later; an event in between would wait for it."""
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    run, waited, wait = watch.queue("load_interactions"), list[float](), TopicWatch.wait

    def wait_and_see(
        topics: TopicWatch, ends: Sequence[ShardLag], seconds: float, until: Callable[[], bool] | None
    ) -> None:
        if not waited:
            watch.instance.report_run_failed(run)
        else:
            watch.send_stop(1)
        waited.append(seconds)
        wait(topics, ends, seconds, until=until)

    monkeypatch.setattr(TopicWatch, "wait", wait_and_see)
    (request,) = watch.requests(TOPIC)

    assert request.job_name == "load_interactions"
    assert len(waited) == 2
    assert waited[1] < waited[0] <= 60


def test_what_arrived_is_reported_before_its_run_at_most_every_half_minute(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = watch.tick(TOPIC)
    watch.send_stop(1)
    first = watch.tick(TOPIC, nothing.cursor)
    watch.send_stop(2)
    soon = watch.tick(TOPIC, first.cursor)
    monkeypatch.setattr("te_assets.automation.arrivals.QUIET", timedelta(0))
    later = watch.tick(TOPIC, soon.cursor)
    again = watch.tick(TOPIC, later.cursor)

    assert list(nothing.asset_events) == list(soon.asset_events) == list(again.asset_events) == []
    reports = [*first.asset_events, *later.asset_events]
    assert [event.asset_key for event in reports] == [dg.AssetKey(["kafka", "interactions"])] * 2
    for lag, event in enumerate(reports, start=1):
        assert isinstance(event, dg.AssetMaterialization)
        assert event.metadata["lag"] == dg.MetadataValue.int(lag)
        ends = [part.rpartition(":")[2] for part in (event.tags or {})["dagster/data_version"].split(",")]
        assert sorted(ends) == ["0", "0", str(lag)]


def test_what_was_loaded_meanwhile_is_not_reported_any_more(watch: Watch) -> None:
    """The topic's new version after the load would make the raw table look out of date until the next message."""
    watch.send_stop(1)
    watch.load()

    assert list(watch.tick(TOPIC).asset_events) == []
