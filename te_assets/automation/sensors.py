"""Sensors, running by default: the inbox, each topic, the touched production days.

Each looks for up to LONG_POLL seconds and returns at once when it has something to ask for: a look of its own every few
seconds would add those seconds to every figure. Dagster begins the next tick seconds after one has ended; so each topic
has a sensor of its own, and what one of them asks for leaves no gap in which the other's events wait.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import dagster as dg

from te_assets.assets.graph import MODELS
from te_assets.automation.arrivals import Arrived, Reported, posted_files, topic_event, workbooks_event
from te_assets.automation.checks import stopped_by
from te_assets.automation.decisions import (
    attempt_key,
    deliver_key,
    load_key,
    pieces_to_restate,
    restate_key,
    streamed_days,
    typing_key,
)
from te_assets.automation.jobs import (
    AT_ONCE,
    LIVE_PRIORITY,
    LONGEST_PIECE,
    LONGEST_STREAM,
    TOUCHED_ONLY,
    Job,
    job_name,
    range_tags,
)
from te_assets.automation.runs import REQUEST_TAG, failures, in_flight, ranges_in_flight
from te_assets.contracts.layout import Model
from te_assets.delivery.positions import topic_version
from te_assets.delivery.topics import ROW_TOPICS
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets.stack import restoration, running
from te_assets.stack.home import Home

if TYPE_CHECKING:
    from te_assets.assets.receiving import InboxSeen

LONG_POLL = 20.0  # seconds; a tick is given up by Dagster after 60
_LOOK_SECONDS: Final = 0.3
_LOADING: Final = ("load", "deliver", "stream")  # jobs that write raw: one of a model at a time
Found = TypeVar("Found")


def sensors(since: date, jobs: Sequence[Job]) -> list[dg.SensorDefinition]:
    """All sensors; each may launch the jobs of its kind."""

    def of_kind(*kinds: str) -> list[Job]:
        names = {job_name(kind, model) for kind in kinds for model in MODELS}
        return [job for job in jobs if job.name in names]

    return [
        _landing_sensor(of_kind("deliver")),
        *(_topic_sensor(model, since, of_kind("load", "stream")) for model in MODELS),
        _touched_days_sensor(since, of_kind("restate")),
    ]


def _tomorrow() -> date:
    return datetime.now(UTC).date() + timedelta(days=1)


def _loading(instance: dg.DagsterInstance, model: Model) -> list[dg.DagsterRun]:
    return in_flight(instance, [job_name(kind, model) for kind in _LOADING])


def _look_until(look: Callable[[], Found], enough: Callable[[Found], bool]) -> Found:
    """Look again and again until it is enough or LONG_POLL is over; the last look."""
    deadline = time.monotonic() + LONG_POLL
    while not enough(found := look()) and time.monotonic() < deadline and not _stopping():
        time.sleep(_LOOK_SECONDS)
    return found


def _stopping() -> bool:
    """Whether nobody is there any more for what a tick would find."""
    return running.is_stopping(Home(Settings().home_dir))


def _request(
    context: dg.SensorEvaluationContext, name: str, key: str, tags: dict[str, str] | None = None
) -> Iterator[dg.RunRequest]:
    """At most one request: none while a failed one pauses. What was asked before a restore is asked anew."""
    if restored := restoration.last(Settings()):
        key = f"{key} ({restored})"
    run_key = attempt_key(key, failures(context.instance, name, key), datetime.now(UTC))
    if run_key is not None:
        yield dg.RunRequest(
            run_key=f"{name}:{run_key}", job_name=name, tags={REQUEST_TAG: key, **LIVE_PRIORITY, **(tags or {})}
        )


def _result(
    requests: list[dg.RunRequest], cursor: str | None, reason: str, events: Sequence[dg.AssetMaterialization] = ()
) -> dg.SensorResult:
    if requests:
        return dg.SensorResult(run_requests=requests, cursor=cursor, asset_events=events)
    return dg.SensorResult(skip_reason=reason, cursor=cursor, asset_events=events)


def _landing_sensor(jobs: list[Job]) -> dg.SensorDefinition:
    @dg.sensor(
        name="landing",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=1,
        description=(
            "Watches the inbox and what the gateway has received: workbooks are landed by SHA-256, then delivered. The "
            "cursor (file → size and time; offsets of te.file-events.v1) may be thrown away."
        ),
    )
    def landing_sensor(
        context: dg.SensorEvaluationContext,
        clickhouse: ClickHouseResource,
        kafka: KafkaResource,
        landing: LandingResource,
        profile: ProfileResource,
    ) -> dg.SensorResult:
        from te_assets.assets.receiving import receive_inbox, receive_posted
        from te_assets.delivery.telling import Teller
        from te_assets.lake.files import waiting_publications

        before, requests, waiting = Arrived.of(context.cursor, restoration.last(Settings())), list[dg.RunRequest](), -1
        inbox_cursor, events = before.inbox, dict[Model, dg.AssetMaterialization]()
        store, inbox, contracts = landing.store(), landing.inbox_folder(), profile.profile().contracts().newest
        operator = profile.operator_policy()
        with (
            clickhouse.writer() as lake,
            posted_files(kafka.config(), before.posted) as posted,
            Teller(kafka.config(), context.log.warning) as tell,
        ):

            def look() -> "InboxSeen":
                nonlocal inbox_cursor, waiting
                seen = receive_inbox(lake, store, inbox, contracts, operator, inbox_cursor)
                inbox_cursor = seen.cursor
                fresh = seen.landed + receive_posted(lake, store, posted.read(), contracts, operator, tell)
                if not waiting and not fresh:
                    return seen  # nothing came since ClickHouse was asked
                waiting = 0
                for model in MODELS:
                    publications = waiting_publications(lake, model)
                    waiting += len(publications)
                    if publications and fresh:
                        events[model] = workbooks_event(model, publications)
                    key = deliver_key(f"{p.sha256}@{p.contract}" for p in publications)
                    if key and not _loading(context.instance, model):
                        requests.extend(_request(context, job_name("deliver", model), key))
                return seen

            seen = _look_until(look, lambda _: bool(requests))
            cursor = Arrived(inbox=inbox_cursor, posted=posted.place, restored=before.restored).model_dump_json()
        reason = f"{seen.files} files in {inbox}, {seen.unsettled} still growing, {waiting} publications wait for a run"
        return _result(requests, cursor, reason + posted.trouble, list(events.values()))

    return landing_sensor


def _topic_sensor(model: Model, since: date, jobs: list[Job]) -> dg.SensorDefinition:
    topic = ROW_TOPICS[model]

    @dg.sensor(
        name=f"topic_{model}",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=1,
        description=(
            f"Waits for messages on {topic} beyond the load ledger; asks for one loading run at a time, which goes on "
            "to the marts where the messages name few production days. The ledger is the truth; the cursor (end "
            "that was reported as materialized) may be thrown away."
        ),
    )
    def topic_sensor(
        context: dg.SensorEvaluationContext, clickhouse: ClickHouseResource, kafka: KafkaResource
    ) -> dg.SensorResult:
        from te_assets.delivery.watch import TopicWatch
        from te_assets.lake.typing_ledger import next_unit

        instance, requests, events = context.instance, list[dg.RunRequest](), list[dg.AssetMaterialization]()
        reported, deadline = Reported(context.cursor), time.monotonic() + LONG_POLL

        def changed(is_loading: bool) -> Callable[[], bool]:
            return lambda: _stopping() or (is_loading and not _loading(instance, model))

        with clickhouse.writer() as lake, TopicWatch(kafka.config(), lake, topic) as watch:
            while True:
                lags = watch.lags()
                loading = _loading(instance, model)
                key, untyped = load_key(lags), typing_key(next_unit(lake, topic, 1))
                left = deadline - time.monotonic()
                if left <= 0 or (not loading and (key or untyped)) or _stopping():
                    break
                # The end of a run is no reason to end the tick: the next one begins seconds later.
                watch.wait(() if loading else lags, left, until=changed(bool(loading)))
            if key and not loading:
                # Only before a run that loads it: told later, what is loaded already would look out of date.
                if reported.is_due(model, topic_version(lags), datetime.now(UTC)):
                    events.append(topic_event(model, lags))
                named = None if stopped_by(instance, model) else watch.days(lags)
                days = streamed_days(named, since, _tomorrow(), LONGEST_STREAM)
                name, tags = ("stream", range_tags(days) | TOUCHED_ONLY | AT_ONCE) if days else ("load", {})
                requests += _request(context, job_name(name, model), key, tags)
            elif untyped and not loading:
                requests += _request(context, job_name("load", model), untyped)
        behind, end = sum(lag.offsets for lag in lags), sum(lag.end for lag in lags)
        reason = f"lag {behind:,}, end {end:,}" + (f", run {loading[0].run_id[:8]} is on it" if loading else "")
        return _result(requests, reported.cursor, reason, events)

    return topic_sensor


def _touched_days_sensor(since: date, jobs: list[Job]) -> dg.SensorDefinition:
    @dg.sensor(
        name="touched_days",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=1,
        description=(
            "Asks for the contiguous pieces of production days that wait in te_ops.touched_days, newest "
            "first, until none is left."
        ),
    )
    def touched_days_sensor(context: dg.SensorEvaluationContext, clickhouse: ClickHouseResource) -> dg.SensorResult:
        from te_assets.lake.touched import waiting_days

        reasons: list[str] = []
        with clickhouse.writer() as lake:

            def look() -> list[dg.RunRequest]:
                requests: list[dg.RunRequest] = []
                reasons.clear()
                for model in MODELS:
                    if why := stopped_by(context.instance, model):
                        reasons.append(why)
                        continue
                    name = job_name("restate", model)
                    # Asked before the days: a run that ends in between has cleared its own.
                    busy = ranges_in_flight(context.instance, [name, job_name("stream", model)])
                    waiting = waiting_days(lake, model)
                    for piece in pieces_to_restate(waiting, busy, since, _tomorrow(), LONGEST_PIECE):
                        requests += _request(context, name, restate_key(piece, waiting), range_tags(piece))
                    reasons.append(f"{model}: {len(waiting)} production days wait")
                return requests

            requests = _look_until(look, bool)
        return _result(requests, None, "; ".join(reasons))

    return touched_days_sensor
