"""The sensors of the graph ticked by hand, on real servers."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from dagster import DagsterRunStatus
from dagster._core.definitions.asset_checks.asset_check_evaluation import AssetCheckEvaluationPlanned
from dagster._core.events import DagsterEvent, DagsterEventType
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.test_utils import create_run_for_test

from te_assets.automation.jobs import jobs
from te_assets.automation.sensors import sensors
from te_assets.contracts.layout import Model
from te_assets.delivery.envelope import event_message
from te_assets.delivery.loader import load_topic
from te_assets.delivery.publisher import publish_events
from te_assets.delivery.topics import INTERACTIONS
from te_assets.lake.history import type_history
from te_assets.lake.models import MODELS as LAKE_MODELS
from te_assets.lake.touched import touch
from te_assets.profile import Profile
from te_assets.resources.clickhouse import ClickHouseResource
from te_assets.resources.kafka import KafkaResource
from te_assets.resources.landing import LandingResource
from te_assets.resources.profile import ProfileResource
from te_assets.settings import Settings
from te_assets.stack.connect import kafka_config
from te_assets_tests.assets.deliveries import confirmation, confirmation_book, name_of
from te_assets_tests.conftest import Stack

SINCE = date(2026, 1, 1)
EXPORTED = datetime(2026, 3, 9, 6, tzinfo=UTC)
DAY = date(2026, 3, 3)
URGENT = {"dagster/priority": "10"}


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

    def plan_check(self, name: str) -> None:
        """A run has begun that will ask the question; it has not yet."""
        run = create_run_for_test(self.instance, "health")
        planned = AssetCheckEvaluationPlanned(asset_key=dg.AssetKey(["raw", "interactions"]), check_name=name)
        kind = DagsterEventType.ASSET_CHECK_EVALUATION_PLANNED.value
        self.instance.report_dagster_event(DagsterEvent(kind, "health", event_specific_data=planned), run.run_id)

    def touch(self, model: Model, *days: date, sequence: int = 1) -> None:
        touch(self.stack.clickhouse, model, "1000", days, sequence, "versions")


def end_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the time that a failed request waits were over."""
    monkeypatch.setattr("te_assets.automation.decisions._FIRST_PAUSE", timedelta(0))


def confirmations_in(inbox: Path, number: int = 1) -> Path:
    return confirmation_book(inbox / name_of(f"Confirmations {number}", EXPORTED), [confirmation(number, DAY)])
