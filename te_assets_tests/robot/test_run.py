"""From the portal to the gateway: each period's workbook arrives once, whatever happens in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from te_assets.gateway.client import GatewayClient, Sent
from te_assets.robot.alone import PortalBusy, alone
from te_assets.robot.outcome import Outcome
from te_assets.robot.run import run_portal
from te_assets_tests.conftest import Stack
from te_assets_tests.gateway.conftest import gateway as gateway
from te_assets_tests.gateway.serving import Gateway
from te_assets_tests.gateway.test_app import received
from te_assets_tests.robot.conftest import DemoPortal, Opening, Watched

pytestmark = [pytest.mark.browser, pytest.mark.stack]


class Killed(BaseException):
    """The process ends here, and nothing is cleaned up by the program."""


@dataclass
class Post:
    """A client of the real gateway that notes what it posts, and is killed where a test says so."""

    client: GatewayClient
    before: list[bool] = field(default_factory=list)
    after: list[bool] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def send_file(self, path: Path, *, name: str = "", source: str = "") -> Sent:
        if self.before and self.before.pop(0):
            raise Killed
        self.sent.append(self.client.send_file(path, name=name, source=source))
        if self.after and self.after.pop(0):
            raise Killed
        return self.sent[-1]


Running = Callable[..., Outcome]


@pytest.fixture
def post(gateway: Gateway) -> Iterator[Post]:
    client = GatewayClient(gateway.url, gateway.token, patience=20)
    yield Post(client)
    client.close()


@pytest.fixture
def run(chromium: Path, tmp_path: Path, watched: Watched) -> Running:
    """Runs the robot in a home of the test; without a browser where it must not need one."""

    def run(portal: DemoPortal, to: Any, *, needs_browser: bool = True, **more: Any) -> Outcome:
        def find() -> Path:
            assert needs_browser, "nothing was to be exported"
            return chromium

        return run_portal(
            portal.file, portal.access, to, home=tmp_path / "home", chromium=find, around=watched.around, **more
        )

    return run


def log_only(portal: DemoPortal) -> dict[str, Any]:
    """Of the portal file: one export, one period."""
    period = portal.file.period.model_copy(update={"catch_up": 1})
    return {"exports": portal.file.exports[:1], "period": period}


def became(outcome: Outcome) -> list[tuple[str, str, str]]:
    return [(each.export, f"{each.period.starts:%d}", each.became) for each in outcome.periods]


def one_export(portal_of: Opening, *script: Any) -> DemoPortal:
    """A portal with one export and one period."""
    plain = portal_of()
    return portal_of(*script, **log_only(plain))


def test_what_is_missing_is_delivered_oldest_first_and_once(
    portal_of: Opening, run: Running, post: Post, gateway: Gateway, stack: Stack
) -> None:
    portal = portal_of("expired", "twice", "zero")
    outcome = run(portal, post)

    expected = [(name, day) for day in ("02", "03", "04") for name in ("interactions", "confirmations")]
    assert became(outcome) == [(*each, "delivered") for each in expected]
    assert became(run(portal, post, needs_browser=False)) == [(*each, "known") for each in expected]
    assert len(portal.asked()) == 6 + 2  # one more for each bad moment, but for the download that came twice
    arrived = received(stack)
    assert sorted(each.sha256 for each in arrived) == sorted(each.sha256 for each in outcome.periods)
    assert {each.name.partition("_exported-")[0] for each in arrived} == {"Störungen_1000", "Rückmeldungen_1000"}
    assert outcome.as_metadata() == {
        "files": "\n".join(f"{each.export} {each.period}: {each.sha256}" for each in outcome.periods),
        "portal": "demo",
        "delivered": 6,
        "known": 0,
        "empty": 0,
        "failed": 0,
        "failures": "",
        "evidence": "",
    }


def test_a_kill_before_the_post_loses_nothing(
    portal_of: Opening, run: Running, post: Post, stack: Stack, tmp_path: Path
) -> None:
    portal = one_export(portal_of)
    post.before.append(True)
    with pytest.raises(Killed):
        run(portal, post)
    (kept,) = (tmp_path / "home/robot/demo/kept").glob("??/*")

    outcome = run(portal, post, needs_browser=False)
    assert became(outcome) == [("interactions", "04", "delivered")]
    assert [each.sha256 for each in post.sent] == [kept.name]
    assert not kept.exists()
    assert [each.sha256 for each in received(stack)] == [kept.name]


def test_a_kill_after_the_post_counts_nothing_twice(portal_of: Opening, run: Running, post: Post, stack: Stack) -> None:
    """A portal writes the time into its exports: exported again, the period came as a second file."""
    portal = one_export(portal_of)
    post.after.append(True)
    with pytest.raises(Killed):
        run(portal, post)

    assert became(run(portal, post, needs_browser=False)) == [("interactions", "04", "delivered")]
    assert [each.was_known for each in post.sent] == [False, True]
    (sha256,) = {each.sha256 for each in post.sent}
    assert {each.sha256 for each in received(stack)} == {sha256}  # known bytes are told again, and count once
    assert len(portal.asked()) == 1


def test_again_exports_a_delivered_period_anew(portal_of: Opening, run: Running, post: Post) -> None:
    portal = one_export(portal_of)
    first, again = (run(portal, post, again=again).periods[0] for again in (False, True))

    assert (first.became, again.became) == ("delivered", "delivered")
    assert first.sha256 != again.sha256
    assert became(run(portal, post, needs_browser=False)) == [("interactions", "04", "known")]


def test_days_asked_for_are_fetched_as_far_as_they_have_ended(portal_of: Opening, run: Running, post: Post) -> None:
    portal = one_export(portal_of)
    outcome = run(portal, post, days=(date(2026, 3, 3), date(2026, 3, 9)))

    assert [f"{each.period.starts:%d}" for each in outcome.periods] == ["03", "04"]


def test_a_failure_does_not_stop_the_others(portal_of: Opening, run: Running, post: Post) -> None:
    portal = portal_of(*["crash"] * 2, attempts=2, period=one_export(portal_of).file.period)
    outcome = run(portal, post)

    assert became(outcome) == [("interactions", "04", "failed"), ("confirmations", "04", "delivered")]
    (failed,) = outcome.failed
    assert failed.reason == f"the portal answered 500 to {portal.url}/exports/interactions (2 attempts)"
    assert failed.evidence is not None
    assert failed.evidence.is_dir()


def test_a_gateway_that_is_away_gets_the_same_bytes_later(
    portal_of: Opening, run: Running, post: Post, watched: Watched
) -> None:
    portal = portal_of(period=one_export(portal_of).file.period)
    away = run(portal, GatewayClient("http://127.0.0.1:9", "te_x", patience=0.0))

    assert [each.became for each in away.periods] == ["failed", "failed"]
    assert all(each.reason.startswith("kept, and sent by the next run: ") for each in away.periods)
    outcome = run(portal, post, needs_browser=False)
    assert [each.became for each in outcome.periods] == ["delivered", "delivered"]
    assert {each.sha256 for each in outcome.periods} == {each.sha256 for each in away.periods}


def test_a_token_that_may_not_is_said_so_and_the_workbook_waits(
    portal_of: Opening, run: Running, post: Post, gateway: Gateway
) -> None:
    portal = one_export(portal_of)
    (failed,) = run(portal, GatewayClient(gateway.url, "te_wrong")).failed

    assert ": 401 " in failed.reason
    assert became(run(portal, post, needs_browser=False)) == [("interactions", "04", "delivered")]


def test_a_workbook_that_the_gateway_refuses_is_shown_and_exported_anew_next_time(
    portal_of: Opening, run: Running, post: Post, tmp_path: Path
) -> None:
    portal = one_export(portal_of)
    (export,) = portal.file.exports
    wrong = portal.file.model_copy(update={"exports": [export.model_copy(update={"source": "sap_confirmations"})]})
    (failed,) = run(DemoPortal(portal.desk, portal.url, wrong), post).failed

    assert ": 422 " in failed.reason
    assert failed.evidence is not None
    (refused,) = failed.evidence.glob("refused-St*.xlsx")
    assert hashlib.sha256(refused.read_bytes()).hexdigest() == failed.sha256
    assert list((tmp_path / "home/robot/demo/kept").glob("??/*")) == []
    assert became(run(portal, post)) == [("interactions", "04", "delivered")]
    assert len(portal.asked()) == 2


def test_a_second_run_is_told_who_is_at_it(portal_of: Opening, run: Running, post: Post, tmp_path: Path) -> None:
    portal = portal_of()
    folder = tmp_path / "home/robot/demo"
    folder.mkdir(parents=True)

    with alone(folder), pytest.raises(PortalBusy, match=r"portal demo: another run is at it \(process \d+, since 2"):
        run(portal, post, needs_browser=False)
    assert portal.asked() == []
