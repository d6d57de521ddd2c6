"""What Prometheus is told of requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)


class RequestMeasures:
    """Counters of one service, from its start on."""

    def __init__(self, service: str) -> None:
        """All at zero; `service` stands in the names."""
        self.registry = CollectorRegistry()
        self._service = service
        self._requests = Counter(
            f"te_{service}_requests", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            f"te_{service}_request_seconds",
            "From the head of a request to its answer",
            ["method", "route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered; `route` is its template, never its path."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(method, route).observe(seconds)

    def shows(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Have a value shown that goes up and down, as it is when it is asked for."""
        Gauge(f"te_{self._service}_{name}", what, registry=self.registry).set_function(value)

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self.registry)
