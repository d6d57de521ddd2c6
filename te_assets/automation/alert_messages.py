"""What an alert says, and how it is written: as generic JSON and as Slack takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

Kind = Literal["run_failed", "check_failed", "asset_stale", "resolved", "summary"]
Format = Literal["json", "slack"]

LONGEST_TEXT: Final = 2000  # characters of `what`: an error may carry a page of SQL
SLACK_SECTION: Final = 3000  # characters that Slack takes in a section
_SLACK_LINK: Final = 500


@dataclass(frozen=True)
class Alert:
    """One thing that a person should know.

    Attributes:
        kind: What happened. `resolved` ends an earlier alert with the same id; `summary` stands for several.
        id: The thing itself: the same for its alert and for its end.
        subject: A line that names it.
        what: What happened and what to do.
        since: Since when, in UTC.
        link: Page of Dagster's UI.
        run_id: The run that failed, or that the check ran in.
        job: Its job.
        asset: The asset, as `marts/availability`.
        partitions: The production days, as `2026-03-03` or `2026-03-03…2026-03-09`.
        check: Name of the check.
        severity: ERROR or WARN of a check; FAIL or WARN of a stale asset.
    """

    kind: Kind
    id: str
    subject: str
    what: str
    since: datetime
    link: str | None = None
    run_id: str | None = None
    job: str | None = None
    asset: str | None = None
    partitions: str | None = None
    check: str | None = None
    severity: str | None = None


def body(alert: Alert, form: Format) -> dict[str, Any]:
    """The alert in the format that the receiver takes."""
    return as_slack(alert) if form == "slack" else as_json(alert)


def as_json(alert: Alert) -> dict[str, Any]:
    """All fields by their names; what does not apply is null."""
    return {
        "source": "te_assets",
        "kind": alert.kind,
        "id": alert.id,
        "subject": alert.subject,
        "what": shortened(alert.what),
        "since": _instant(alert.since),
        "link": alert.link,
        "run_id": alert.run_id,
        "job": alert.job,
        "asset": alert.asset,
        "partitions": alert.partitions,
        "check": alert.check,
        "severity": alert.severity,
    }


def as_slack(alert: Alert) -> dict[str, Any]:
    """A message for an incoming webhook: `text` is what the notification shows, `blocks` the message."""
    what = shortened(alert.what)
    known = [f"since {_instant(alert.since)}"]
    known += [f"{name} {value}" for name, value in (("job", alert.job), ("run", alert.run_id)) if value]
    # The whole mark-up is counted, and a link must not be cut in two: the longer part gives way.
    subject = _fitting(alert.subject, 300)
    blocks = [_section(f"*{subject}*\n{_fitting(what, SLACK_SECTION - len(subject) - 3)}")]
    if alert.link is not None and len(link := _escaped(alert.link).replace("|", "%7C")) <= _SLACK_LINK:
        blocks.append(_section(f"<{link}|Open in Dagster>"))
    context = {"type": "mrkdwn", "text": _fitting(" · ".join(known), 1000)}
    return {
        "text": _fitting(f"{alert.subject}: {what}", SLACK_SECTION),
        "blocks": [*blocks, {"type": "context", "elements": [context]}],
    }


def shortened(text: str, longest: int = LONGEST_TEXT) -> str:
    """The beginning of a long text, with a mark that something is missing."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _fitting(text: str, longest: int) -> str:
    """Escaped and at most `longest` characters; no escape is cut in two."""
    escaped = _escaped(text)
    return escaped if len(escaped) <= longest else re.sub(r"&[a-z]*$", "", escaped[: longest - 1]) + "…"


def _instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
