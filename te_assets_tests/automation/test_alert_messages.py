"""What alerts say, in both formats, and that docs/alerts.md shows what is sent."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from te_assets.automation.alert_messages import LONGEST_TEXT, SLACK_SECTION, Alert, Format, as_json, as_slack, body
from te_assets.automation.alert_runs import RunEnd, RunsState, follow

PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"
AT = datetime(2026, 3, 4, 5, 12, 40, tzinfo=UTC)
RUN = "0d5c9c3e-6c0f-4f0e-9d0a-6f6f2f2b7a11"
CHECK = Alert(
    kind="check_failed",
    id="check:marts/availability:figures_add_up",
    subject="Check failed (ERROR): figures_add_up of marts/availability",
    what="2 < 3 & 4 > 3",
    since=AT,
    link="http://127.0.0.1:3000/assets/marts/availability?view=checks&checkDetail=figures_add_up",
    asset="marts/availability",
    partitions="2026-03-03",
    check="figures_add_up",
    severity="ERROR",
)


def example() -> Alert:
    """The alert of the page, made by the code that makes them all."""
    end = RunEnd(
        RUN,
        "restate_interactions",
        AT,
        failed=True,
        request="2026-03-02/2026-03-03@118",
        days=("2026-03-02", "2026-03-03"),
        cause=(
            "restate: te_assets.errors.LakeError: ClickHouse at 127.0.0.1:20412 does not answer. Start it with "
            "te-assets up."
        ),
    )
    (step,) = follow(RunsState.at_first(AT), [end], AT, "https://dagster.plant.example")
    assert step.alert is not None
    return step.alert


def texts(message: dict[str, Any]) -> list[str]:
    """Every text of a Slack message."""
    blocks = message["blocks"]
    return [
        message["text"],
        *(block["text"]["text"] for block in blocks if block["type"] == "section"),
        *(element["text"] for block in blocks if block["type"] == "context" for element in block["elements"]),
    ]


def test_json_has_every_field_and_null_for_what_does_not_apply() -> None:
    assert as_json(CHECK) == {
        "source": "te_assets",
        "kind": "check_failed",
        "id": "check:marts/availability:figures_add_up",
        "subject": "Check failed (ERROR): figures_add_up of marts/availability",
        "what": "2 < 3 & 4 > 3",
        "since": "2026-03-04T05:12:40Z",
        "link": "http://127.0.0.1:3000/assets/marts/availability?view=checks&checkDetail=figures_add_up",
        "run_id": None,
        "job": None,
        "asset": "marts/availability",
        "partitions": "2026-03-03",
        "check": "figures_add_up",
        "severity": "ERROR",
    }


def test_slack_gets_a_notification_a_message_a_link_and_the_time() -> None:
    message = as_slack(CHECK)

    assert message["text"] == "Check failed (ERROR): figures_add_up of marts/availability: 2 &lt; 3 &amp; 4 &gt; 3"
    assert texts(message)[1:] == [
        "*Check failed (ERROR): figures_add_up of marts/availability*\n2 &lt; 3 &amp; 4 &gt; 3",
        "<http://127.0.0.1:3000/assets/marts/availability?view=checks&amp;checkDetail=figures_add_up|Open in Dagster>",
        "since 2026-03-04T05:12:40Z",
    ]


def test_without_an_address_of_the_ui_there_is_no_link() -> None:
    alert = replace(CHECK, link=None)

    assert as_json(alert)["link"] is None
    assert [block["type"] for block in as_slack(alert)["blocks"]] == ["section", "context"]


def test_an_error_text_cannot_call_the_whole_channel() -> None:
    """A rejected cell held "<!channel>"; the plant was woken by its own workbook."""
    message = as_slack(replace(CHECK, subject="<!channel>", what="<!here> <https://evil.example|click>"))

    assert all("<!" not in text and "<https://evil" not in text for text in texts(message))


def test_slack_takes_the_longest_error() -> None:
    """Slack refuses a section of more than 3000 characters, and the alert would wait for ever."""
    message = as_slack(replace(CHECK, subject="&" * 400, what="<" * 10_000, run_id="r" * 2000))

    assert all(0 < len(text) <= SLACK_SECTION for text in texts(message))
    assert "&lt;…" in texts(message)[1]


@pytest.mark.parametrize("sign", ["&", "<", ">"])
@pytest.mark.parametrize("before", range(6))
def test_no_escape_is_cut_in_two_wherever_the_limit_falls(sign: str, before: int) -> None:
    """Slack shows "&am" as it stands, or refuses the message."""
    long = "a" * before + sign * 2500

    for text in texts(as_slack(replace(CHECK, what=long, subject=long, link=None))):
        assert len(text) <= SLACK_SECTION
        assert re.fullmatch(r"(?:[^&<>]|&(?:amp|lt|gt);)*", text)


def test_json_is_bounded_too() -> None:
    assert len(as_json(replace(CHECK, what="x" * 50_000))["what"]) == LONGEST_TEXT


@pytest.mark.parametrize("form", ["json", "slack"])
def test_the_page_shows_what_is_sent(form: Format) -> None:
    """People write their receivers after the example."""
    shown = re.search(rf"^`TE_ALERT_FORMAT={form}`.*?^```json\n(.*?)^```", PAGE.read_text("utf-8"), re.M | re.S)

    assert shown is not None
    assert json.loads(shown[1]) == body(example(), form)
