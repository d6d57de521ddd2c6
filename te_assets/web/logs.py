"""Logs of the gateway on standard error: lines for people, or one JSON object per line."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final, Literal

LogFormat = Literal["text", "json"]
_OWN: Final = ("request_id", "bearer", "problem", "milliseconds")
"""What the audit line of a request says beside its text."""


class TextFormatter(logging.Formatter):
    """`2026-03-02T08:00:00.000Z INFO te_assets.web.audit: GET /healthz 200 milliseconds=1.2`."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, more with a traceback."""
        own = "".join(f" {name}={value}" for name, value in _own(record).items())
        line = f"{_time(record)} {record.levelname} {record.name}: {record.getMessage()}{own}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """One JSON object per line, for those who collect logs."""

    def format(self, record: logging.LogRecord) -> str:
        """Always one line."""
        entry = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_own(record),
        }
        if record.exc_info:
            entry["traceback"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def set_up(log_format: LogFormat) -> None:
    """Have everything from INFO on written to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if log_format == "json" else TextFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # it repeats each attempt; the gateway says it once


def _own(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name in _OWN if (value := getattr(record, name, "")) != ""}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
