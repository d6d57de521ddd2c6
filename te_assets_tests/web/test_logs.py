"""Lines of the log, for people and for those who collect them."""

from __future__ import annotations

import json
import logging
import sys

from te_assets.web.logs import JsonFormatter, TextFormatter


def record(*, failed: bool = False, **own: object) -> logging.LogRecord:
    error = None
    if failed:
        try:
            raise ValueError("broken\nin two lines")
        except ValueError:
            error = sys.exc_info()
    made = logging.LogRecord("te_assets.web.audit", logging.INFO, "", 1, "%s %s %d", ("GET", "/healthz", 200), error)
    made.created = 1_772_438_400.25
    vars(made).update(own)
    return made


def test_a_line_for_people() -> None:
    line = TextFormatter().format(record(request_id="r-1", bearer="", problem="", milliseconds=1.5))

    assert line == (
        "2026-03-02T08:00:00.250Z INFO te_assets.web.audit: GET /healthz 200 request_id=r-1 milliseconds=1.5"
    )


def test_a_line_for_machines_is_one_object() -> None:
    line = JsonFormatter().format(record(failed=True, request_id="r-1", bearer="mes"))

    assert "\n" not in line
    entry = json.loads(line)
    assert "broken\nin two lines" in entry.pop("traceback")
    assert entry == {
        "time": "2026-03-02T08:00:00.250Z",
        "level": "INFO",
        "logger": "te_assets.web.audit",
        "message": "GET /healthz 200",
        "request_id": "r-1",
        "bearer": "mes",
    }
