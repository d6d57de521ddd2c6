"""What Prometheus is told of the gateway."""

from __future__ import annotations

from prometheus_client import Counter

from te_assets.web.measures import RequestMeasures


class Measures(RequestMeasures):
    """Counters of one gateway, from its start on."""

    def __init__(self) -> None:
        """All at zero."""
        super().__init__("gateway")
        self._events = Counter(
            "te_gateway_events", "Events that Kafka has acknowledged", ["model"], registry=self.registry
        )
        self._file_bytes = Counter("te_gateway_file_bytes", "Bytes of stored workbooks", registry=self.registry)

    def took_events(self, model: str, number: int) -> None:
        """Kafka has acknowledged events."""
        self._events.labels(model).inc(number)

    def took_file(self, size: int) -> None:
        """A workbook is in the store that was not there before."""
        self._file_bytes.inc(size)
