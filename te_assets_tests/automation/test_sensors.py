"""What the three sensors ask for, tick by tick, on real servers."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from kafka.admin import NewPartitions

from te_assets.automation.jobs import jobs, range_tags
from te_assets.automation.runs import REQUEST_TAG
from te_assets.automation.sensors import sensors
from te_assets.contracts.layout import Model
from te_assets.delivery.envelope import event_message
from te_assets.delivery.errors import TopicMissing
from te_assets.delivery.loader import load_topic
from te_assets.delivery.positions import ShardLag
from te_assets.delivery.publisher import publish_events
from te_assets.delivery.topics import INTERACTIONS, create_topics, describe, topic_ids
from te_assets.delivery.watch import TopicWatch
from te_assets.lake.files import record, waiting_publications
from te_assets.lake.history import type_history
from te_assets.lake.models import MODELS as LAKE_MODELS
from te_assets.lake.touched import DayRange, touch
from te_assets.profile import Profile
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets.stack.connect import kafka_admin, kafka_config
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, log_book, name_of, stop, wall
from te_assets_tests.conftest import Stack
from te_assets_tests.delivery.builders import messages, send_raw

pytestmark = pytest.mark.stack

SINCE = date(2026, 1, 1)
EXPORTED = datetime(2026, 3, 9, 6, tzinfo=UTC)
DAY = date(2026, 3, 3)
URGENT = {"dagster/priority": "10"}


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """An instance in memory."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


class Watch:
    """The sensors of the graph, each ticked by hand with resources that name the servers themselves."""

    def __init__(self, stack: Stack, instance: dg.DagsterInstance, inbox: Path) -> None:
        self.stack, self.instance, self.inbox = stack, instance, inbox
        where = stack.endpoints.clickhouse
        self._sensors = {sensor.name: sensor for sensor in sensors(SINCE, jobs())}
        self._resources = {
            "clickhouse": ClickHouseResource(
                host=where.host, port=where.port, user=where.user, password=where.password.get_secret_value()
            ),
            "kafka": KafkaResource(bootstrap_servers=stack.kafka_server.bootstrap_servers),
            "landing": LandingResource(inbox=str(inbox), store_folder=str(inbox.parent / "landing")),
            "profile": ProfileResource(),
        }

    def tick(self, name: str, cursor: str | None = None) -> dg.SensorResult:
        context = dg.build_sensor_context(instance=self.instance, cursor=cursor, resources=self._resources)
        result = self._sensors[name](context)
        assert isinstance(result, dg.SensorResult)
        return result

    def requests(self, name: str, cursor: str | None = None) -> list[dg.RunRequest]:
        return list(self.tick(name, cursor).run_requests or ())

    def reason(self, name: str, cursor: str | None = None) -> str:
        result = self.tick(name, cursor)
        assert not result.run_requests
        assert isinstance(result.skip_reason, dg.SkipReason | str)
        return result.skip_reason if isinstance(result.skip_reason, str) else result.skip_reason.skip_message or ""

    def queue(self, job: str, tags: Mapping[str, str] | None = None) -> dg.DagsterRun:
        """Put a run on record as Dagster does it when it takes a request."""
        repository = RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("te_assets"), "__repository__")
        run = dg.DagsterRun(
            job,
            run_id=str(uuid.uuid4()),
            status=DagsterRunStatus.QUEUED,
            tags=dict(tags or {}),
            remote_job_origin=RemoteJobOrigin(repository, job),
        )
        return self.instance.add_run(run)

    def fail(self, request: dg.RunRequest) -> None:
        """Carry out a request with a job that fails."""
        assert request.job_name is not None

        @dg.op
        def broken() -> None:
            raise dg.Failure("the disk is full")

        failing = dg.GraphDefinition(name=request.job_name, node_defs=[broken]).to_job()
        result = failing.execute_in_process(instance=self.instance, tags=dict(request.tags), raise_on_error=False)
        assert not result.success

    def send_stop(self, number: int, *days: date) -> None:
        row = {"plant": "1000", "work_center": "PRS01", "interaction_id": f"I-{number}"}
        message = event_message(
            "interactions",
            {**row, "started_at": EXPORTED.isoformat()},
            machine="1000/PRS01",
            event_id=f"e{number}",
            time=EXPORTED,
            contract="operator_log@1",
            days=tuple(day.isoformat() for day in days),
        )
        publish_events(kafka_config(self.stack.endpoints), [message])

    def load(self) -> None:
        load_topic(kafka_config(self.stack.endpoints), self.stack.clickhouse, INTERACTIONS, run_id="test")

    def type_all(self) -> None:
        profile = Profile.of(Settings())
        type_history(self.stack.clickhouse, LAKE_MODELS["interactions"], profile.typing("interactions"), run_id="test")

    def report_check(self, name: str, *, passed: bool, why: str) -> None:
        self.instance.report_runless_asset_event(
            dg.AssetCheckEvaluation(
                asset_key=dg.AssetKey(["raw", "interactions"]),
                check_name=name,
                passed=passed,
                metadata={},
                description=why,
            )
        )

    def touch(self, model: Model, *days: date, sequence: int = 1) -> None:
        touch(self.stack.clickhouse, model, "1000", days, sequence, "versions")


@pytest.fixture
def watch(stack: Stack, instance: dg.DagsterInstance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Sensors over an empty inbox in which files settle at once."""
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 0.0)
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 0.0)
    (tmp_path / "inbox").mkdir()
    return Watch(stack, instance, tmp_path / "inbox")


def end_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the time that a failed request waits were over."""
    monkeypatch.setattr("te_assets.automation.decisions._FIRST_PAUSE", timedelta(0))


def confirmations_in(inbox: Path, number: int = 1) -> Path:
    return confirmation_book(inbox / name_of(f"Confirmations {number}", EXPORTED), [confirmation(number, DAY)])


# --- the inbox


def test_empty_inbox_asks_for_nothing_and_says_so_in_numbers(watch: Watch) -> None:
    assert watch.reason("landing") == f"0 files in {watch.inbox}, 0 still growing, 0 publications wait for a run"


def test_a_growing_file_waits(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.assets.receiving.QUIET_SECONDS", 3600.0)
    confirmations_in(watch.inbox)

    assert watch.reason("landing") == f"1 files in {watch.inbox}, 1 still growing, 0 publications wait for a run"


def test_a_settled_workbook_is_asked_for_once_per_model_and_again_as_long_as_it_waits(watch: Watch) -> None:
    log_book(watch.inbox / name_of("Log", EXPORTED), [stop(1, wall(DAY, 8), wall(DAY, 9))])
    confirmations_in(watch.inbox)
    first = watch.tick("landing")
    asked = first.run_requests or []

    assert [request.job_name for request in asked] == ["deliver_interactions", "deliver_confirmations"]
    for request in asked:
        key = request.tags[REQUEST_TAG]
        assert request.run_key == f"{request.job_name}:{key}"
        assert request.tags == {REQUEST_TAG: key, **URGENT}
    # Dagster drops a run key that it knows, so asking again is asking once.
    assert [r.run_key for r in watch.requests("landing", first.cursor)] == [r.run_key for r in asked]
    assert [r.run_key for r in watch.requests("landing", None)] == [r.run_key for r in asked]
    assert watch.stack.clickhouse.command("SELECT count() FROM te_ops.files") == 6  # 2 × SEEN, STORED, STORED as …


def test_while_a_delivery_is_queued_no_second_one_is_asked_for(watch: Watch) -> None:
    confirmations_in(watch.inbox)
    watch.queue("deliver_confirmations")

    assert watch.reason("landing") == f"1 files in {watch.inbox}, 0 still growing, 1 publications wait for a run"


def test_a_delivered_workbook_is_not_asked_for_even_if_the_cursor_is_thrown_away(watch: Watch) -> None:
    confirmations_in(watch.inbox)
    watch.tick("landing")
    client = watch.stack.clickhouse
    (waiting,) = waiting_publications(client, "confirmations")
    record(client, [replace(waiting, state="PUBLISHED")])

    assert watch.reason("landing", None).endswith("0 publications wait for a run")
    assert watch.reason("landing", "not the cursor of this sensor").endswith("0 publications wait for a run")


def test_a_failed_delivery_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirmations_in(watch.inbox)
    (request,) = watch.requests("landing")
    watch.fail(request)

    assert watch.reason("landing").endswith("1 publications wait for a run")

    end_pauses(monkeypatch)
    (again,) = watch.requests("landing")
    assert again.run_key == f"{request.run_key}#1"
    assert again.tags == request.tags


def test_another_workbook_beside_a_failed_one_is_another_request(watch: Watch) -> None:
    """A delivery failed at night; the day's workbooks must not wait until its pause is over."""
    confirmations_in(watch.inbox)
    (request,) = watch.requests("landing")
    watch.fail(request)
    confirmations_in(watch.inbox, 2)

    (other,) = watch.requests("landing")
    assert other.run_key is not None
    assert other.run_key != request.run_key
    assert "#" not in other.run_key


# --- the topics


def test_nothing_new_on_the_topics_tells_lag_and_end(watch: Watch) -> None:
    assert watch.reason("topics") == "interactions: lag 0, end 0; confirmations: lag 0, end 0"

    watch.send_stop(1)
    watch.load()
    watch.type_all()

    assert watch.reason("topics") == "interactions: lag 0, end 1; confirmations: lag 0, end 0"


def test_an_event_is_asked_for_by_its_offsets_until_it_is_loaded(watch: Watch) -> None:
    watch.send_stop(1)
    (request,) = watch.requests("topics")

    assert request.job_name == "load_interactions"
    key = request.tags[REQUEST_TAG]
    assert key.partition("/")[2] in {"0:0-1", "1:0-1", "2:0-1"}
    assert request.run_key == f"load_interactions:{key}"
    assert request.tags == {REQUEST_TAG: key, **URGENT}
    assert [r.run_key for r in watch.requests("topics", "a cursor of whatever")] == [request.run_key]

    watch.send_stop(2)
    (more,) = watch.requests("topics")
    assert more.run_key != request.run_key


@pytest.mark.parametrize("job", ["load_interactions", "deliver_interactions", "stream_interactions"])
def test_while_a_run_loads_the_topic_no_second_one_is_asked_for(watch: Watch, job: str) -> None:
    watch.send_stop(1)
    run = watch.queue(job)

    assert watch.reason("topics") == (
        f"interactions: lag 1, end 1, run {run.run_id[:8]} is on it; confirmations: lag 0, end 0"
    )


def test_a_run_of_the_other_model_holds_nothing_up(watch: Watch) -> None:
    watch.send_stop(1)
    watch.queue("load_confirmations")

    assert [request.job_name for request in watch.requests("topics")] == ["load_interactions"]


def test_a_failed_load_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster remembers run keys for ever: with the same key the range would never have been loaded."""
    watch.send_stop(1)
    (request,) = watch.requests("topics")
    watch.fail(request)

    assert watch.reason("topics") == "interactions: lag 1, end 1; confirmations: lag 0, end 0"

    end_pauses(monkeypatch)
    (again,) = watch.requests("topics")
    assert again.run_key == f"{request.run_key}#1"


def test_a_missing_topic_is_named_with_what_to_do(watch: Watch) -> None:
    with kafka_admin(watch.stack.endpoints) as admin:
        admin.delete_topics([INTERACTIONS])
        until = time.monotonic() + 10
        while INTERACTIONS in admin.list_topics():
            assert time.monotonic() < until, "the topic is still there"
    with pytest.raises(TopicMissing) as caught:
        watch.tick("topics")

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
    assert watch.reason("topics") == "interactions: lag 0, end 0; confirmations: lag 0, end 0"

    watch.send_stop(2)
    (request,) = watch.requests("topics")

    assert before != after
    assert request.tags[REQUEST_TAG].startswith(f"{after}/")
    assert request.tags[REQUEST_TAG].endswith(":0-1")


def test_messages_on_a_partition_that_was_added_are_asked_for(watch: Watch) -> None:
    known = watch.tick("topics").cursor
    with kafka_admin(watch.stack.endpoints) as admin:
        admin.create_partitions({INTERACTIONS: NewPartitions(4)})
        until = time.monotonic() + 10
        while len(describe(admin, INTERACTIONS).partitions) < 4:
            assert time.monotonic() < until, "the partition was not added"
    send_raw(kafka_config(watch.stack.endpoints), messages(2), topic=INTERACTIONS, partition=3)

    (request,) = watch.requests("topics", known)

    assert request.tags[REQUEST_TAG].partition("/")[2] == "3:0-2"


def test_a_log_that_lost_what_was_loaded_is_asked_for_so_that_a_run_says_so(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.send_stop(1)
    real = TopicWatch.lags

    def lost(self: TopicWatch) -> dict[str, tuple[ShardLag, ...]]:
        return {
            topic: tuple(replace(lag, position=9) if lag.end else lag for lag in lags)
            for topic, lags in real(self).items()
        }

    monkeypatch.setattr(TopicWatch, "lags", lost)
    (request,) = watch.requests("topics")

    assert request.job_name == "load_interactions"
    assert request.tags[REQUEST_TAG].endswith(":9-1")


def test_events_that_name_their_days_are_taken_to_the_marts_by_one_run(watch: Watch) -> None:
    """A second run would cost its start, which is most of the time from an event to its figure."""
    watch.send_stop(1, DAY)
    watch.send_stop(2, DAY, DAY + timedelta(days=1))
    (request,) = watch.requests("topics")

    assert request.job_name == "stream_interactions"
    assert request.tags == {
        REQUEST_TAG: request.tags[REQUEST_TAG],
        **URGENT,
        **range_tags(DayRange(DAY, DAY + timedelta(days=1))),
        "te/touched_only": "true",
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

    assert [request.job_name for request in watch.requests("topics")] == ["load_interactions"]


def test_what_was_loaded_but_not_typed_is_asked_for(watch: Watch) -> None:
    """A run that failed between raw and history: the topic has nothing new, and nobody would come back to it."""
    watch.send_stop(1, DAY)
    watch.load()
    (request,) = watch.requests("topics")

    assert request.job_name == "load_interactions"
    assert request.tags[REQUEST_TAG].startswith("typing ")

    watch.type_all()
    assert watch.reason("topics") == "interactions: lag 0, end 1; confirmations: lag 0, end 0"


def test_a_message_ends_the_wait(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    begin = time.monotonic()
    with ThreadPoolExecutor() as pool:
        tick = pool.submit(watch.requests, "topics")
        watch.send_stop(1)
        (request,) = tick.result()

    assert request.job_name == "load_interactions"
    assert time.monotonic() - begin < 30


def test_the_end_of_a_run_ends_the_wait(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """What came to the topic meanwhile must not wait for a message of the other one."""
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    run = watch.queue("load_interactions")
    watch.send_stop(1)
    with ThreadPoolExecutor() as pool:
        tick = pool.submit(watch.requests, "topics")
        watch.instance.report_run_failed(run)
        (request,) = tick.result()

    assert request.job_name == "load_interactions"


def test_a_tick_that_has_seen_a_run_end_goes_on_waiting(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dagster begins the next tick seconds later; an event in between would wait for it."""
    monkeypatch.setattr("te_assets.automation.sensors.LONG_POLL", 60.0)
    run, waited, wait = watch.queue("load_interactions"), list[float](), TopicWatch.wait

    def wait_and_see(topics: TopicWatch, ends: Sequence[ShardLag], seconds: float, until: Callable[[], bool]) -> None:
        if not waited:
            watch.instance.report_run_failed(run)
        else:
            watch.send_stop(1)
        waited.append(seconds)
        wait(topics, ends, seconds, until=until)

    monkeypatch.setattr(TopicWatch, "wait", wait_and_see)
    (request,) = watch.requests("topics")

    assert request.job_name == "load_interactions"
    assert len(waited) == 2
    assert waited[1] < waited[0] <= 60


def test_what_arrived_is_reported_before_its_run_at_most_every_half_minute(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = watch.tick("topics")
    watch.send_stop(1)
    first = watch.tick("topics", nothing.cursor)
    watch.send_stop(2)
    soon = watch.tick("topics", first.cursor)
    monkeypatch.setattr("te_assets.automation.arrivals.QUIET", timedelta(0))
    later = watch.tick("topics", soon.cursor)
    again = watch.tick("topics", later.cursor)

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

    assert list(watch.tick("topics").asset_events) == []


# --- the touched production days


def test_marts_wait_while_a_check_that_stops_them_fails_and_the_reason_says_what_to_do(watch: Watch) -> None:
    watch.touch("interactions", DAY)
    watch.touch("confirmations", DAY)
    watch.report_check("ledger_contiguous", passed=False, why="te_ops.load_ledger: 1 holes. Restore them together.")

    result = watch.tick("touched_days")
    assert [request.job_name for request in result.run_requests or ()] == ["restate_confirmations"]

    watch.touch("confirmations", DAY, sequence=1)
    watch.report_check("ledger_contiguous", passed=True, why="all is well")
    assert [request.job_name for request in watch.requests("touched_days")] == [
        "restate_interactions",
        "restate_confirmations",
    ]


def test_no_touched_day_asks_for_nothing_and_says_so_in_numbers(watch: Watch) -> None:
    assert watch.reason("touched_days") == "interactions: 0 production days wait; confirmations: 0 production days wait"


def test_two_far_apart_days_are_two_requests_newest_first(watch: Watch) -> None:
    early, late = date(2026, 1, 3), date(2026, 6, 20)
    watch.touch("interactions", early, sequence=7)
    watch.touch("interactions", late, sequence=8)
    asked = watch.requests("touched_days")

    assert [request.job_name for request in asked] == ["restate_interactions"] * 2
    assert [request.run_key for request in asked] == [
        "restate_interactions:2026-06-20/2026-06-20@8",
        "restate_interactions:2026-01-03/2026-01-03@7",
    ]
    assert [dict(request.tags) for request in asked] == [
        {REQUEST_TAG: f"{day}/{day}@{sequence}", **URGENT, **range_tags(DayRange(day, day))}
        for day, sequence in ((late, 8), (early, 7))
    ]
    assert [r.run_key for r in watch.requests("touched_days", "thrown away")] == [r.run_key for r in asked]


def test_a_range_is_one_request_of_at_most_31_days_per_model(watch: Watch) -> None:
    days = [DAY + timedelta(days=n) for n in range(40)]
    watch.touch("interactions", *days)
    watch.touch("confirmations", *days[:3])

    assert [request.tags[REQUEST_TAG] for request in watch.requests("touched_days")] == [
        "2026-03-12/2026-04-11@1",
        "2026-03-03/2026-03-11@1",
        "2026-03-03/2026-03-05@1",
    ]


def test_a_day_that_is_no_partition_yet_waits(watch: Watch) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    watch.touch("interactions", tomorrow + timedelta(days=1), SINCE - timedelta(days=1))

    assert watch.reason("touched_days") == "interactions: 2 production days wait; confirmations: 0 production days wait"

    watch.touch("interactions", tomorrow)
    assert [r.tags[REQUEST_TAG] for r in watch.requests("touched_days")] == [f"{tomorrow}/{tomorrow}@1"]


def test_days_that_a_queued_run_restates_are_left_to_it(watch: Watch) -> None:
    days = [DAY + timedelta(days=n) for n in range(3)]
    watch.touch("interactions", *days)
    watch.queue("restate_interactions", range_tags(DayRange(days[1], days[1])))

    assert [request.tags[REQUEST_TAG] for request in watch.requests("touched_days")] == [
        f"{day}/{day}@1" for day in (days[2], days[0])
    ]


def test_a_failed_restatement_pauses_and_is_asked_for_again_under_another_key(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.touch("interactions", DAY)
    (request,) = watch.requests("touched_days")
    watch.fail(request)

    assert watch.reason("touched_days").startswith("interactions: 1 production days wait")

    end_pauses(monkeypatch)
    (again,) = watch.requests("touched_days")
    assert again.run_key == f"{request.run_key}#1"

    watch.touch("interactions", DAY, sequence=2)
    (changed,) = watch.requests("touched_days")
    assert changed.run_key == "restate_interactions:2026-03-03/2026-03-03@2"


def test_a_request_that_failed_all_weekend_is_still_asked_for(watch: Watch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run key that was used before is dropped by Dagster without a word."""
    watch.touch("interactions", DAY)
    (request,) = watch.requests("touched_days")
    end_pauses(monkeypatch)
    keys = set()
    for _ in range(25):
        (again,) = watch.requests("touched_days")
        keys.add(again.run_key)
        watch.instance.add_run(
            dg.DagsterRun(
                "restate_interactions",
                run_id=str(uuid.uuid4()),
                status=DagsterRunStatus.FAILURE,
                tags=dict(request.tags),
            )
        )

    assert len(keys) == 25
