"""Delivery of a tick's alerts: as far as the receiver takes them, within the tick's time."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from te_assets.automation.alert_messages import LONGEST_TEXT, Alert
from te_assets.automation.alerting import LONGEST, MOST, Step, deliver
from te_assets.automation.webhook import AlertNotDelivered

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)


def steps(number: int) -> list[Step[int]]:
    """Steps 1, 2, 3 …, each with an alert."""
    return [
        Step(n, Alert("run_failed", str(n), f"subject {n}" + ", marts/states" * 20, "what", NOW))
        for n in range(1, number + 1)
    ]


def test_the_state_goes_with_what_was_delivered() -> None:
    sent: list[str] = []

    def post(alert: Alert) -> None:
        if alert.id == "3":
            raise AlertNotDelivered("the receiver is gone")
        sent.append(alert.id)

    done = deliver(0, steps(4), post)

    assert sent == ["1", "2"]
    assert (done.state, done.sent, done.waiting, done.why) == (2, 2, 2, "the receiver is gone")


def test_what_is_not_told_moves_the_state_too() -> None:
    quiet: list[Step[int]] = [Step(1), Step(2)]

    assert deliver(0, quiet, lambda alert: None).state == 2
    assert deliver(7, [], lambda alert: None).state == 7


def test_a_slow_receiver_does_not_take_the_whole_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """20 alerts of almost 5 s each: Dagster ended the tick after 60 s, its cursor was lost, all 20 came again."""
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr("te_assets.automation.alerting.time", SimpleNamespace(monotonic=lambda: clock.now))

    def post(alert: Alert) -> None:
        clock.now += 4.9

    done = deliver(0, steps(MOST), post)

    assert done.sent == done.state == 7
    assert clock.now < LONGEST + 5
    assert done.waiting == MOST - 7
    assert "slow" in done.why


@pytest.mark.parametrize(
    ("number", "last"), [(MOST, "subject 20, marts"), (MOST + 1, "1 further alert at the same time")]
)
def test_the_limit_is_exact(number: int, last: str) -> None:
    sent: list[Alert] = []
    done = deliver(0, steps(number), sent.append)

    assert done.state == number
    assert len(sent) == min(number, MOST + 1)
    assert sent[-1].subject.startswith(last)


def test_a_summary_names_its_first_alerts_and_counts_the_others() -> None:
    sent: list[Alert] = []
    deliver(0, steps(100), sent.append, "http://dagster.example")

    lines = sent[-1].what.splitlines()
    assert sent[-1].subject == "80 further alerts at the same time"
    assert lines[1].startswith("run_failed: subject 21, marts/states")
    assert lines[-1] == "and 60 more"
    assert len(sent[-1].what) < LONGEST_TEXT
    assert sent[-1].link == "http://dagster.example"


def test_a_summary_that_was_not_delivered_leaves_the_state_before_it() -> None:
    def post(alert: Alert) -> None:
        if alert.kind == "summary":
            raise AlertNotDelivered("the receiver is gone")

    done = deliver(0, steps(30), post)

    assert (done.state, done.sent, done.waiting) == (MOST, MOST, 1)
