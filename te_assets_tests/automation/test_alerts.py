"""What the two sensors tell a real webhook, tick by tick, about real runs, checks and freshness."""

import asyncio
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import dagster as dg
import pytest
from dagster._core.definitions.freshness import FreshnessState
from dagster._core.loader import LoadingContextForTest
from dagster._core.test_utils import freeze_time
from dagster._daemon.freshness import FreshnessDaemon

from te_assets.automation.alerting import MOST
from te_assets.automation.alerts import alert_sensors
from te_assets.automation.jobs import range_tags
from te_assets.automation.runs import REQUEST_TAG
from te_assets.automation.webhook import post
from te_assets.lake.touched import DayRange
from te_assets.settings import Settings
from te_assets.stack import running
from te_assets.stack.home import Home
from te_assets_tests.automation.receiver import SECRET, Receiver, receiving

NOTHING = "0 alerts delivered"
DAYS = dg.DailyPartitionsDefinition("2026-03-01", end_date="2026-04-01")


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    """The webhook of the settings."""
    with receiving() as made:
        monkeypatch.setenv("TE_ALERT_WEBHOOK_URL", made.url)
        monkeypatch.setenv("TE_DAGSTER_URL", "http://dagster.example:3000/")
        yield made


class Watch:
    """The sensors over an instance; what the daemon keeps between ticks is kept here."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.definitions = dg.Definitions()
        self.cursors: dict[str, str | None] = {}
        self._sensors = {sensor.name: sensor for sensor in alert_sensors()}

    def tick(self, name: str) -> str:
        """The skip reason: these sensors never ask for a run."""
        context = dg.build_sensor_context(
            instance=self.instance, cursor=self.cursors.get(name), definitions=self.definitions
        )
        result = self._sensors[name](context)
        assert isinstance(result, dg.SensorResult)
        assert not result.run_requests
        assert isinstance(result.skip_reason, dg.SkipReason)
        if result.cursor is not None:
            self.cursors[name] = result.cursor
        return result.skip_reason.skip_message or ""

    def runs(self) -> str:
        return self.tick("run_failures")

    def conditions(self) -> str:
        return self.tick("checks_and_freshness")

    def run(self, job: str, tags: Mapping[str, str] | None = None, *, error: Exception | None = None) -> str:
        """Execute a job to its end; its id."""

        @dg.op
        def work() -> None:
            if error is not None:
                raise dg.DagsterError("it went wrong") from error

        made = dg.GraphDefinition(name=job, node_defs=[work]).to_job()
        done = made.execute_in_process(instance=self.instance, tags=dict(tags or {}), raise_on_error=False)
        assert done.success == (error is None)
        return done.run_id


@pytest.fixture
def watch() -> Iterator[Watch]:
    """An instance in memory, looked at once so that what is told next is new."""
    with dg.DagsterInstance.ephemeral() as instance:
        yield Watch(instance)


FULL = OSError("the disk is full")


def days(first: str, last: str, request: str) -> dict[str, str]:
    """Tags of a run that restates production days."""
    span = DayRange(datetime.fromisoformat(first).date(), datetime.fromisoformat(last).date())
    return {REQUEST_TAG: request, **range_tags(span)}


# --- failed runs


@pytest.mark.parametrize("sensor", ["run_failures", "checks_and_freshness"])
@pytest.mark.parametrize("value", [None, ""])
def test_without_a_webhook_nothing_is_looked_at(
    watch: Watch, monkeypatch: pytest.MonkeyPatch, sensor: str, value: str | None
) -> None:
    if value is not None:  # a compose file passes on what nobody set
        monkeypatch.setenv("TE_ALERT_WEBHOOK_URL", value)
    watch.run("load_interactions", error=FULL)

    assert watch.tick(sensor) == "TE_ALERT_WEBHOOK_URL is not set"
    assert watch.cursors == {}


def test_nothing_failed(watch: Watch, receiver: Receiver) -> None:
    assert watch.runs() == "0 of 0 runs that ended had failed; 0 alerts delivered"

    watch.run("load_interactions")
    assert watch.runs() == "0 of 1 runs that ended had failed; 0 alerts delivered"
    assert receiver.requests == []


def test_a_failed_run_is_told_with_its_innermost_cause_and_a_link(watch: Watch, receiver: Receiver) -> None:
    tags = days("2026-03-03", "2026-03-05", "2026-03-03/2026-03-05@7")
    run_id = watch.run("restate_interactions", tags, error=FULL)

    assert watch.runs() == "1 of 1 runs that ended had failed; 1 alerts delivered"
    (told,) = receiver.taken()
    ended = watch.instance.get_run_record_by_id(run_id)
    assert ended is not None
    assert ended.end_time is not None
    assert told == {
        "source": "te_assets",
        "kind": "run_failed",
        "id": "run:restate_interactions:2026-03-03…2026-03-05",
        "subject": "Run failed: restate_interactions, 2026-03-03…2026-03-05",
        "what": (
            "work: OSError: the disk is full\n"
            "The sensor asks for it again by itself, after a pause that grows from 30 s to 1 h; mend the cause."
        ),
        "since": datetime.fromtimestamp(ended.end_time, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "link": f"http://dagster.example:3000/runs/{run_id}",
        "run_id": run_id,
        "job": "restate_interactions",
        "asset": None,
        "partitions": "2026-03-03…2026-03-05",
        "check": None,
        "severity": None,
    }


def test_slack_gets_its_own_format(watch: Watch, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TE_ALERT_FORMAT", "slack")
    run_id = watch.run("retract", error=FULL)
    watch.runs()

    (told,) = receiver.taken()
    assert set(told) == {"text", "blocks"}
    assert told["text"].startswith("Run failed: retract: work: OSError: the disk is full")
    assert f"<http://dagster.example:3000/runs/{run_id}|Open in Dagster>" in str(told["blocks"])


def test_what_a_person_started_must_be_started_again_by_a_person(watch: Watch, receiver: Receiver) -> None:
    watch.run("retract", error=FULL)
    watch.runs()

    assert receiver.taken()[0]["what"].endswith("Nothing asks for it again: mend the cause, then re-execute the run.")


def test_a_run_that_never_began_tells_what_is_known(watch: Watch, receiver: Receiver) -> None:
    """The process was killed while it started: no step failed, and no sensor of Dagster would have said why."""
    run = watch.instance.create_run_for_job(dg.GraphDefinition(name="retract", node_defs=[]).to_job())
    watch.instance.report_run_failed(run, "The process ended with signal 9")
    watch.runs()

    assert receiver.taken()[0]["what"].startswith("The process ended with signal 9\n")


def test_a_cancelled_run_is_no_failure(watch: Watch, receiver: Receiver) -> None:
    run = watch.instance.create_run_for_job(dg.GraphDefinition(name="retract", node_defs=[]).to_job())
    watch.instance.report_run_canceled(run)

    assert watch.runs().startswith("0 of 0 runs")
    assert receiver.requests == []


def test_a_request_that_keeps_failing_is_told_once_until_it_succeeds(watch: Watch, receiver: Receiver) -> None:
    """A full disk sent 300 messages in a night, and the one about the broken file was not seen among them."""
    tags = {REQUEST_TAG: "topic/0:5-9"}
    told = []
    for _ in range(3):
        watch.run("load_interactions", tags, error=FULL)
        watch.runs()
        told += receiver.kinds()
    assert told == [("run_failed", "Run failed: load_interactions")]

    good = watch.run("load_interactions", tags)
    watch.runs()
    (resolved,) = receiver.taken()
    assert resolved["kind"] == "resolved"
    assert resolved["subject"] == "Run succeeded again: load_interactions"
    assert resolved["run_id"] == good
    assert resolved["id"] == "run:load_interactions:topic/0:5-9"

    watch.run("load_interactions", tags)
    watch.runs()
    assert receiver.taken() == []

    watch.run("load_interactions", tags, error=FULL)
    watch.runs()
    assert receiver.kinds() == [("run_failed", "Run failed: load_interactions")]


def test_the_same_days_touched_again_are_the_same_request(watch: Watch, receiver: Receiver) -> None:
    """Each message touches today once more: while it cannot be restated, each would have told of another request."""
    for sequence in (7, 8, 9):
        watch.run("restate_interactions", days("2026-03-03", "2026-03-03", f"03@{sequence}"), error=FULL)
    watch.run("restate_confirmations", days("2026-03-03", "2026-03-03", "03@7"), error=FULL)
    watch.run("restate_interactions", days("2026-03-04", "2026-03-04", "04@7"), error=FULL)
    watch.runs()

    assert receiver.kinds() == [
        ("run_failed", "Run failed: restate_interactions, 2026-03-03"),
        ("run_failed", "Run failed: restate_confirmations, 2026-03-03"),
        ("run_failed", "Run failed: restate_interactions, 2026-03-04"),
    ]

    watch.run("restate_interactions", days("2026-03-05", "2026-03-05", "05@8"))
    watch.runs()
    assert receiver.taken() == []

    watch.run("restate_interactions", days("2026-03-03", "2026-03-06", "03/06@10"))
    watch.runs()
    assert receiver.kinds() == [
        ("resolved", "Run succeeded again: restate_interactions, 2026-03-03"),
        ("resolved", "Run succeeded again: restate_interactions, 2026-03-04"),
    ]


def test_a_load_that_fails_while_messages_arrive_is_told_once_per_cause(watch: Watch, receiver: Receiver) -> None:
    """The key of a load names the end of the topic: with each message it is another request."""
    for end in range(10, 14):
        cause = OSError(f"ClickHouse did not take 0:5-{end}")
        watch.run("load_interactions", {REQUEST_TAG: f"topic/0:5-{end}"}, error=cause)
    watch.run("load_interactions", {REQUEST_TAG: "topic/0:5-14"}, error=ValueError("offsets are gone"))
    watch.runs()
    causes = [body["what"].splitlines()[0] for body in receiver.taken()]
    assert causes == ["work: OSError: ClickHouse did not take 0:5-10", "work: ValueError: offsets are gone"]

    watch.run("load_interactions", {REQUEST_TAG: "topic/0:5-15"})
    watch.runs()
    assert [kind for kind, _ in receiver.kinds()] == ["resolved", "resolved"]


def test_a_tag_that_is_added_later_makes_no_new_failure(watch: Watch, receiver: Receiver) -> None:
    with freeze_time(datetime.now(UTC) - timedelta(minutes=30)):
        run_id = watch.run("retract", error=FULL)
    watch.runs()
    watch.run("load_interactions")
    watch.runs()
    watch.instance.add_run_tags(run_id, {"seen": "by me"})

    assert watch.runs() == "0 of 0 runs that ended had failed; 0 alerts delivered"
    assert len(receiver.taken()) == 1


def test_without_an_address_the_link_leads_to_the_homes_own_webserver(
    watch: Watch, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TE_DAGSTER_URL")
    first = watch.run("one", error=FULL)
    watch.runs()
    home = Home(Settings().home_dir).create()
    with running.hold(home):
        services = {"dagster": {"url": "http://127.0.0.1:21234"}}
        running.write(home, running.Record(pid=os.getpid(), services=services))
        second = watch.run("two", error=FULL)
        watch.runs()

    assert [(body["run_id"], body["link"]) for body in receiver.taken()] == [
        (first, None),
        (second, f"http://127.0.0.1:21234/runs/{second}"),
    ]


# --- delivery


def test_what_was_not_delivered_is_delivered_later(watch: Watch, receiver: Receiver) -> None:
    """The receiver was restarted when the night's only failure happened."""
    receiver.status = 503
    watch.run("retract", error=FULL)

    for _ in range(2):
        reason = watch.runs()
        assert reason == (
            f"1 of 1 runs that ended had failed; 0 alerts delivered, 1 wait: {receiver.host} did not take it: it "
            "answered 503. It is tried again; see TE_ALERT_WEBHOOK_URL."
        )

    receiver.status = 200
    assert watch.runs().endswith("1 alerts delivered")
    assert receiver.kinds() == [("run_failed", "Run failed: retract")]
    assert watch.runs().endswith(NOTHING)
    assert receiver.taken() == []


def test_each_alert_is_delivered_once_when_the_receiver_fails_in_between(watch: Watch, receiver: Receiver) -> None:
    for job in ("one", "two", "three"):
        watch.run(job, error=FULL)
    receiver.only_first = 1

    assert "1 alerts delivered, 2 wait" in watch.runs()
    assert receiver.kinds() == [("run_failed", "Run failed: one")]

    receiver.only_first, receiver.status = None, 200
    watch.runs()
    assert receiver.kinds() == [("run_failed", "Run failed: two"), ("run_failed", "Run failed: three")]


def test_an_end_that_was_not_delivered_is_delivered_later(watch: Watch, receiver: Receiver) -> None:
    watch.run("retract", error=FULL)
    watch.runs()
    receiver.taken()
    receiver.status = 500
    watch.run("retract")
    watch.runs()
    receiver.status = 200
    watch.runs()

    assert receiver.kinds() == [("resolved", "Run succeeded again: retract")]


def test_a_receiver_that_hangs_holds_a_tick_up_once(
    watch: Watch, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three times 5 s and more, and Dagster would have ended the tick with everything in it."""
    monkeypatch.setattr("te_assets.automation.webhook.post", partial(post, timeout=0.1))
    for job in ("one", "two", "three"):
        watch.run(job, error=FULL)
    receiver.status = None

    assert "0 alerts delivered, 3 wait" in watch.runs()
    assert len(receiver.requests) == 1


def test_a_redirect_is_no_delivery(watch: Watch, receiver: Receiver) -> None:
    watch.run("retract", error=FULL)
    receiver.status = 302

    assert "1 wait" in watch.runs()
    receiver.status = 200
    watch.runs()
    assert len(receiver.taken()) == 1


@pytest.mark.parametrize("status", [200, 302, 500])
def test_the_secret_address_is_neither_shown_nor_logged(
    watch: Watch, receiver: Receiver, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("dagster").addHandler(caplog.handler)
    receiver.status = status
    watch.run("retract", error=FULL)
    reasons = watch.runs() + watch.conditions()
    logging.getLogger("dagster").removeHandler(caplog.handler)
    printed = capfd.readouterr()

    assert receiver.requests[0][1].endswith(SECRET)
    assert SECRET not in reasons + str(watch.cursors) + caplog.text + printed.out + printed.err
    assert ("1 wait" in caplog.text + printed.err) == (status != 200)


def test_a_flood_is_told_in_one_alert_beyond_the_first(watch: Watch, receiver: Receiver) -> None:
    """After a failed year's backfill the channel was muted, and stayed muted."""
    for number in range(MOST + 5):
        watch.run(f"job_{number:02}", error=FULL)

    assert watch.runs() == "25 of 25 runs that ended had failed; 21 alerts delivered"
    told = receiver.taken()
    assert [body["subject"] for body in told[:MOST]] == [f"Run failed: job_{number:02}" for number in range(MOST)]
    assert told[MOST]["kind"] == "summary"
    assert told[MOST]["subject"] == "5 further alerts at the same time"
    assert "run_failed: Run failed: job_24" in told[MOST]["what"]
    assert told[MOST]["link"] == "http://dagster.example:3000"

    watch.runs()
    assert receiver.taken() == []
    watch.run("job_24")
    watch.runs()
    assert receiver.kinds() == [("resolved", "Run succeeded again: job_24")]


@pytest.mark.parametrize("cursor", [None, "", "not the cursor of this sensor", '{"until": 7}', "[]"])
def test_without_its_cursor_a_tick_goes_back_an_hour_at_most(
    watch: Watch, receiver: Receiver, cursor: str | None
) -> None:
    """A reset cursor must not tell of last year."""
    with freeze_time(datetime.now(UTC) - timedelta(minutes=61)):
        watch.run("long_ago", error=FULL)
    with freeze_time(datetime.now(UTC) - timedelta(minutes=59)):
        watch.run("just_now", error=FULL)
    watch.cursors["run_failures"] = cursor
    watch.runs()

    assert receiver.kinds() == [("run_failed", "Run failed: just_now")]
    watch.runs()
    assert receiver.taken() == []


# --- checks


def checked(
    verdict: Callable[[dg.AssetExecutionContext], tuple[bool, Mapping[str, Any]]],
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
) -> dg.AssetsDefinition:
    """A mart with a check; its verdict is passed or not, and metadata."""

    @dg.asset(
        key=["marts", "availability"],
        partitions_def=DAYS,
        check_specs=[dg.AssetCheckSpec("figures_add_up", asset=["marts", "availability"])],
    )
    def mart(context: dg.AssetExecutionContext) -> dg.MaterializeResult:  # type: ignore[type-arg]
        passed, metadata = verdict(context)
        result = dg.AssetCheckResult(
            passed=passed, severity=severity, metadata=metadata, description=None if passed else "1 row is above 1"
        )
        return dg.MaterializeResult(check_results=[result])

    return mart


class Mart:
    """A mart whose bad days are said by the test."""

    def __init__(self, watch: Watch, severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR) -> None:
        self.bad: set[str] = set()
        self.names_days = True
        self.watch = watch
        self._asset = checked(self._verdict, severity)
        watch.definitions = dg.Definitions(assets=[self._asset])

    def _verdict(self, context: dg.AssetExecutionContext) -> tuple[bool, Mapping[str, Any]]:
        if "crash" in self.bad:
            raise FULL
        found = sorted(self.bad & set(context.partition_keys))
        rows = [dg.TableRecord({"day": day, "rows": 1}) for day in found]
        return not found, {"findings": dg.MetadataValue.table(rows)} if rows and self.names_days else {}

    def run(self, day: str) -> str:
        done = dg.materialize([self._asset], partition_key=day, instance=self.watch.instance, raise_on_error=False)
        assert done.success == ("crash" not in self.bad)
        return done.run_id


@pytest.mark.parametrize("severity", list(dg.AssetCheckSeverity))
def test_a_check_is_told_when_it_fails_and_when_it_passes_again(
    watch: Watch, receiver: Receiver, severity: dg.AssetCheckSeverity
) -> None:
    mart = Mart(watch, severity)
    mart.run("2026-03-03")
    assert watch.conditions() == "0 of 1 checks and assets are bad; 0 alerts delivered"

    mart.bad = {"2026-03-03"}
    run_id = mart.run("2026-03-03")
    assert watch.conditions() == "1 of 1 checks and assets are bad; 1 alerts delivered"
    (told,) = receiver.taken()
    since = told.pop("since")
    assert abs(datetime.fromisoformat(since) - datetime.now(UTC)) < timedelta(minutes=2)
    assert told == {
        "source": "te_assets",
        "kind": "check_failed",
        "id": "check:marts/availability:figures_add_up",
        "subject": f"Check failed ({severity.value}): figures_add_up of marts/availability",
        "what": "1 row is above 1",
        "link": f"http://dagster.example:3000/runs/{run_id}",
        "run_id": run_id,
        "job": None,
        "asset": "marts/availability",
        "partitions": "2026-03-03",
        "check": "figures_add_up",
        "severity": severity.value,
    }

    mart.run("2026-03-03")
    assert watch.conditions() == "1 of 1 checks and assets are bad; 0 alerts delivered"

    mart.bad = set()
    mart.run("2026-03-03")
    watch.conditions()
    watch.conditions()
    assert receiver.kinds() == [("resolved", "Check passes again: figures_add_up of marts/availability")]


def test_another_days_run_does_not_end_the_alert_of_a_bad_day(watch: Watch, receiver: Receiver) -> None:
    """Live runs of today pass the check every minute; 3 March was still wrong, and its alert had been taken back."""
    mart = Mart(watch)
    mart.bad = {"2026-03-03", "2026-03-09"}
    mart.run("2026-03-03")
    watch.conditions()
    assert [body["partitions"] for body in receiver.taken()] == ["2026-03-03"]

    mart.run("2026-03-04")
    watch.conditions()
    assert receiver.taken() == []

    mart.run("2026-03-09")
    watch.conditions()
    assert [body["partitions"] for body in receiver.taken()] == ["2026-03-09"]

    mart.bad = {"2026-03-09"}
    mart.run("2026-03-03")
    watch.conditions()
    assert receiver.taken() == []

    mart.bad = set()
    mart.run("2026-03-09")
    watch.conditions()
    assert [kind for kind, _ in receiver.kinds()] == ["resolved"]


def test_a_failure_that_names_no_days_finds_none_good(watch: Watch, receiver: Receiver) -> None:
    mart = Mart(watch)
    mart.bad = {"2026-03-03"}
    mart.run("2026-03-03")
    watch.conditions()
    mart.names_days = False
    mart.run("2026-03-03")
    watch.conditions()
    mart.run("2026-03-04")
    watch.conditions()

    assert [kind for kind, _ in receiver.kinds()] == ["check_failed"]


def test_a_check_that_names_no_days_speaks_for_the_whole_asset(watch: Watch, receiver: Receiver) -> None:
    mart = Mart(watch)
    mart.names_days = False
    mart.bad = {"2026-03-03"}
    mart.run("2026-03-03")
    watch.conditions()
    mart.run("2026-03-04")
    watch.conditions()

    assert [kind for kind, _ in receiver.kinds()] == ["check_failed", "resolved"]


def test_a_crashed_run_says_nothing_of_its_checks(watch: Watch, receiver: Receiver) -> None:
    """Its check stays planned for ever: neither failed nor passed again."""
    mart = Mart(watch)
    mart.bad = {"2026-03-03"}
    mart.run("2026-03-03")
    watch.conditions()
    receiver.taken()
    mart.bad = {"crash"}
    mart.run("2026-03-03")

    assert watch.conditions() == "1 of 1 checks and assets are bad; 0 alerts delivered"
    assert receiver.taken() == []


def test_a_check_that_was_reported_without_a_run_links_to_its_own_page(watch: Watch, receiver: Receiver) -> None:
    Mart(watch)
    evaluation = dg.AssetCheckEvaluation(
        asset_key=dg.AssetKey(["marts", "availability"]),
        check_name="figures_add_up",
        passed=False,
        blocking=True,
        description="3 stale days",
    )
    watch.instance.report_runless_asset_event(evaluation)
    watch.conditions()

    (told,) = receiver.taken()
    assert told["link"] == (
        "http://dagster.example:3000/assets/marts/availability?view=checks&checkDetail=figures_add_up"
    )
    assert told["run_id"] is None
    assert told["what"] == "3 stale days\nWhat it blocks keeps its old figures."


def test_without_its_cursor_what_is_bad_is_told_once_more_and_what_was_not_delivered_later(
    watch: Watch, receiver: Receiver
) -> None:
    mart = Mart(watch)
    mart.bad = {"2026-03-03"}
    mart.run("2026-03-03")
    receiver.status = 500
    assert "1 wait" in watch.conditions()
    receiver.status = 200
    for cursor in (watch.cursors["checks_and_freshness"], "not a cursor", None):
        watch.cursors["checks_and_freshness"] = cursor
        watch.conditions()
        watch.conditions()
        assert [kind for kind, _ in receiver.kinds()] == ["check_failed"]


def test_checks_and_assets_that_are_no_longer_defined_are_forgotten(watch: Watch, receiver: Receiver) -> None:
    mart = Mart(watch)
    mart.bad = {"2026-03-03"}
    mart.run("2026-03-03")
    watch.conditions()
    receiver.taken()
    watch.definitions = dg.Definitions()

    assert watch.conditions() == "0 of 0 checks and assets are bad; 0 alerts delivered"
    assert watch.cursors["checks_and_freshness"] == '{"bad":{}}'
    assert receiver.taken() == []


# --- freshness


class Fresh:
    """An asset that should come every day, judged by Dagster's own daemon at times that the test says."""

    def __init__(self, watch: Watch, policy: dg.FreshnessPolicy) -> None:
        self.watch = watch
        self.key = dg.AssetKey(["raw", "interactions"])
        specs = [dg.AssetSpec(self.key, freshness_policy=policy), dg.AssetSpec(["raw", "without"])]
        watch.definitions = dg.Definitions(assets=specs)

    def materialize(self) -> None:
        self.watch.instance.report_runless_asset_event(dg.AssetMaterialization(self.key))

    def judge(self, after: timedelta) -> FreshnessState:
        node = self.watch.definitions.resolve_asset_graph().get(self.key)
        context = LoadingContextForTest(self.watch.instance)
        with freeze_time(datetime.now(UTC) + after):
            asyncio.run(FreshnessDaemon()._evaluate_asset(context, node))
        record = self.watch.instance.get_freshness_state_records([self.key])[self.key]
        return record.freshness_state


DAILY = dg.FreshnessPolicy.time_window(timedelta(hours=24), timedelta(hours=12))


def test_a_stale_asset_is_told_once_and_once_when_it_is_fresh_again(watch: Watch, receiver: Receiver) -> None:
    fresh = Fresh(watch, DAILY)
    assert watch.conditions() == "0 of 0 checks and assets are bad; 0 alerts delivered"
    assert fresh.judge(timedelta(0)) is FreshnessState.UNKNOWN
    assert watch.conditions() == "0 of 1 checks and assets are bad; 0 alerts delivered"
    fresh.materialize()
    assert fresh.judge(timedelta(hours=11)) is FreshnessState.PASS
    watch.conditions()
    assert receiver.requests == []

    assert fresh.judge(timedelta(hours=25)) is FreshnessState.FAIL
    assert watch.conditions() == "1 of 1 checks and assets are bad; 1 alerts delivered"
    (told,) = receiver.taken()
    assert (told["kind"], told["id"], told["subject"]) == (
        "asset_stale",
        "asset:raw/interactions",
        "Late: raw/interactions",
    )
    assert (told["asset"], told["severity"]) == ("raw/interactions", "FAIL")
    assert told["link"] == "http://dagster.example:3000/assets/raw/interactions"
    assert f"last materialized at {datetime.now(UTC):%Y-%m-%d}" in told["what"]
    assert "it should be at least every 24 h. See whether deliveries have stopped" in told["what"]

    watch.conditions()
    assert receiver.taken() == []

    fresh.materialize()
    assert fresh.judge(timedelta(hours=1)) is FreshnessState.PASS
    watch.conditions()
    watch.conditions()
    assert receiver.kinds() == [("resolved", "Fresh again: raw/interactions")]


def test_an_asset_that_will_soon_be_late_is_told_then_and_not_again(watch: Watch, receiver: Receiver) -> None:
    fresh = Fresh(watch, DAILY)
    fresh.materialize()
    assert fresh.judge(timedelta(hours=13)) is FreshnessState.WARN
    watch.conditions()
    assert receiver.kinds() == [("asset_stale", "Soon late: raw/interactions")]

    assert fresh.judge(timedelta(hours=25)) is FreshnessState.FAIL
    watch.conditions()
    assert receiver.taken() == []


def test_a_deadline_is_told_in_words(watch: Watch, receiver: Receiver) -> None:
    fresh = Fresh(watch, dg.FreshnessPolicy.cron("0 6 * * *", timedelta(minutes=90), "Europe/Berlin"))
    fresh.materialize()
    assert fresh.judge(timedelta(hours=49)) is FreshnessState.FAIL
    watch.conditions()

    assert 'it should be in the 90 min before each "0 6 * * *" (Europe/Berlin)' in receiver.taken()[0]["what"]


def test_the_real_graph_can_be_looked_at(watch: Watch, receiver: Receiver) -> None:
    from te_assets.definitions import defs

    watch.definitions = defs

    assert watch.conditions() == "0 of 0 checks and assets are bad; 0 alerts delivered"
    mart = dg.AssetKey(["marts", "availability"])
    watch.instance.report_runless_asset_event(
        dg.AssetCheckEvaluation(asset_key=mart, check_name="figures_add_up", passed=False)
    )
    assert watch.conditions() == "1 of 1 checks and assets are bad; 1 alerts delivered"
    assert receiver.kinds() == [("check_failed", "Check failed (ERROR): figures_add_up of marts/availability")]
