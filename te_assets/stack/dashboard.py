"""The dashboard of the home."""

from __future__ import annotations

from te_assets.dashboard.bundle import Bundle
from te_assets.settings import Settings
from te_assets.stack.connect import clickhouse_endpoint
from te_assets.stack.home import Home
from te_assets.stack.http_service import HttpService
from te_assets.stack.jars import Progress
from te_assets.stack.provision import provision_clickhouse
from te_assets.stack.service import quiet
from te_assets.stack.standstill import steady


class DashboardService(HttpService):
    """The figures of one home, for people."""

    name = "dashboard"
    needs = frozenset({"clickhouse"})
    grace = 15.0  # no query takes longer than ten

    def __init__(self, home: Home, settings: Settings, *, progress: Progress = quiet) -> None:
        """Nothing is started yet; `progress` takes a line that a person should see."""
        super().__init__(home, settings)
        self._progress = progress

    def prepare(self) -> None:
        """Make the tables: others have done so, but they need not be started too."""
        if not Bundle().is_built:
            self._progress("dashboard has no pages: make frontend")
        with steady(self._settings):
            provision_clickhouse(clickhouse_endpoint(self._settings))

    @property
    def url(self) -> str:
        """Address on this machine, with the path below which its pages look for their parts."""
        return super().url + self._settings.dashboard_base.rstrip("/")
