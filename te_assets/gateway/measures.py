"""What Prometheus is told of the gateway."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class Measures:
    """Counters of one gateway, from its start on."""

    def __init__(self) -> None:
        """All at zero."""
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "te_gateway_requests", "Answered requests", ["method", "route", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "te_gateway_request_seconds",
            "From the head of a request to its answer",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._events = Counter(
            "te_gateway_events", "Events that Kafka has acknowledged", ["model"], registry=self._registry
        )
        self._file_bytes = Counter("te_gateway_file_bytes", "Bytes of stored workbooks", registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is its template, never its path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def took_events(self, model: str, number: int) -> None:
        """Kafka has acknowledged events."""
        self._events.labels(model).inc(number)

    def took_file(self, size: int) -> None:
        """A workbook is in the store that was not there before."""
        self._file_bytes.inc(size)

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self._registry)
