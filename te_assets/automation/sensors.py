"""Three sensors, running by default: the inbox, the topics, the touched production days."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import dagster as dg

from te_assets.assets.graph import MODELS
from te_assets.automation.decisions import attempt_key, deliver_key, load_key, pieces_to_restate, restate_key
from te_assets.automation.jobs import LIVE_PRIORITY, LONGEST_PIECE, Job, job_name, range_tags
from te_assets.automation.runs import REQUEST_TAG, failures, in_flight, ranges_in_flight
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets.stack import restoration


def sensors(since: date, jobs: Sequence[Job]) -> list[dg.SensorDefinition]:
    """All sensors; each may launch the jobs of its kind."""

    def of_kind(kind: str) -> list[Job]:
        return [job for job in jobs if job.name in {job_name(kind, model) for model in MODELS}]

    return [
        _landing_sensor(of_kind("deliver")),
        _kafka_sensor(of_kind("load")),
        _touched_days_sensor(since, of_kind("restate")),
    ]


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


def _result(requests: list[dg.RunRequest], cursor: str | None, reason: str) -> dg.SensorResult:
    return (
        dg.SensorResult(run_requests=requests, cursor=cursor)
        if requests
        else dg.SensorResult(skip_reason=reason, cursor=cursor)
    )


def _landing_sensor(jobs: list[Job]) -> dg.SensorDefinition:
    @dg.sensor(
        name="landing",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=2,
        description=(
            "Watches the inbox: settled workbooks are landed by SHA-256, then delivered. The cursor (file → "
            "size and time) may be thrown away."
        ),
    )
    def landing_sensor(
        context: dg.SensorEvaluationContext,
        clickhouse: ClickHouseResource,
        landing: LandingResource,
        profile: ProfileResource,
    ) -> dg.SensorResult:
        from te_assets.assets.receiving import receive_inbox
        from te_assets.lake.files import waiting_publications

        with clickhouse.writer() as lake:
            seen = receive_inbox(
                lake,
                landing.store(),
                landing.inbox_folder(),
                profile.profile().contracts().newest,
                profile.operator_policy(),
                context.cursor,
            )
            requests: list[dg.RunRequest] = []
            waiting = 0
            for model in MODELS:
                publications = waiting_publications(lake, model)
                waiting += len(publications)
                key = deliver_key(f"{p.sha256}@{p.contract}" for p in publications)
                name = job_name("deliver", model)
                if key and not in_flight(context.instance, [name]):
                    requests += _request(context, name, key)
        return _result(
            requests,
            seen.cursor,
            f"{seen.files} files in {landing.inbox_folder()}, {seen.unsettled} still growing, {waiting} "
            "publications wait for a run",
        )

    return landing_sensor


def _kafka_sensor(jobs: list[Job]) -> dg.SensorDefinition:
    @dg.sensor(
        name="topics",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=2,
        description=(
            "Compares the end of the topics with the load ledger; asks for one loading run per model at a "
            "time. Keeps no cursor: the ledger is the truth."
        ),
    )
    def topics_sensor(
        context: dg.SensorEvaluationContext, clickhouse: ClickHouseResource, kafka: KafkaResource
    ) -> dg.SensorResult:
        from te_assets.delivery.positions import lag
        from te_assets.lake.models import MODELS as LAKE_MODELS

        requests: list[dg.RunRequest] = []
        reasons: list[str] = []
        with clickhouse.writer() as lake:
            for model in MODELS:
                lags = lag(kafka.config(), lake, LAKE_MODELS[model].topic)
                name = job_name("load", model)
                behind, end = sum(shard.offsets for shard in lags), sum(shard.end for shard in lags)
                running = in_flight(context.instance, [name, job_name("deliver", model)])
                key = load_key(lags)
                if key and not running:
                    requests += _request(context, name, key)
                reasons.append(
                    f"{model}: lag {behind:,}, end {end:,}"
                    + (f", run {running[0].run_id[:8]} is on it" if running else "")
                )
        return _result(requests, None, "; ".join(reasons))

    return topics_sensor


def _touched_days_sensor(since: date, jobs: list[Job]) -> dg.SensorDefinition:
    @dg.sensor(
        name="touched_days",
        jobs=jobs,
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=2,
        description=(
            "Asks for the contiguous pieces of production days that wait in te_ops.touched_days, newest "
            "first, until none is left."
        ),
    )
    def touched_days_sensor(context: dg.SensorEvaluationContext, clickhouse: ClickHouseResource) -> dg.SensorResult:
        from te_assets.lake.touched import waiting_days

        tomorrow = datetime.now(UTC).date() + timedelta(days=1)
        requests: list[dg.RunRequest] = []
        reasons: list[str] = []
        with clickhouse.writer() as lake:
            for model in MODELS:
                waiting = waiting_days(lake, model)
                name = job_name("restate", model)
                for piece in pieces_to_restate(
                    waiting, ranges_in_flight(context.instance, name), since, tomorrow, LONGEST_PIECE
                ):
                    requests += _request(context, name, restate_key(piece, waiting), range_tags(piece))
                reasons.append(f"{model}: {len(waiting)} production days wait")
        return _result(requests, None, "; ".join(reasons))

    return touched_days_sensor
