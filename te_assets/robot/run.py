"""A run of the robot: what is missing is exported, kept, delivered, and written down, oldest first."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

from te_assets.errors import TeAssetsError
from te_assets.gateway.client import Refused, Sent, Unreachable
from te_assets.robot import ledger as ledgers
from te_assets.robot.alone import alone
from te_assets.robot.faults import NotFetched
from te_assets.robot.fetching import BROWSER_FOLDERS, Fetcher, Surroundings, fetching
from te_assets.robot.ledger import Fetched, Ledger
from te_assets.robot.outcome import Outcome, PeriodOutcome
from te_assets.robot.periods import Period, has_ended, last_ended, of_days
from te_assets.robot.portal_file import Export, Portal
from te_assets.robot.secrets import Secrets
from te_assets.settings import PortalAccess

_NOT_THE_FILE: tuple[int, ...] = (401, 403)
"""Refusals that are about the token: the workbook is kept, and goes with another token."""


class Gateway(Protocol):
    """What the robot needs of a client of the gateway."""

    def send_file(self, path: Path, *, name: str = "", source: str = "") -> Sent:
        """Deliver a workbook."""


def portal_folder(home: Path, portal: Portal) -> Path:
    """Where the robot keeps what it knows of a portal; made if need be, for its owner alone."""
    folder = home / "robot" / portal.name
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def periods_of(portal: Portal, now: datetime, days: tuple[date, date] | None) -> list[Period]:
    """Periods that a run at `now` looks after: those of the days asked for, or the last ones; ended ones alone."""
    cut, settled = portal.period, portal.period.settled
    if days is None:
        return last_ended(now, settled, cut.catch_up, cut.hours, portal.zone)
    return [each for each in of_days(*days, cut.hours, portal.zone) if has_ended(each, now, settled)]


def missing(portal: Portal, ledger: Ledger, periods: Sequence[Period]) -> list[tuple[Export, Period, Fetched | None]]:
    """What of these periods is not with the gateway, oldest first; with what is kept of it."""
    found = [(export, period, ledger.of(export.name, period)) for period in periods for export in portal.exports]
    return [each for each in found if each[2] is None or each[2].state == "downloaded"]


def run_portal(
    portal: Portal,
    access: PortalAccess,
    gateway: Gateway,
    *,
    home: Path,
    chromium: Callable[[], Path],
    days: tuple[date, date] | None = None,
    again: bool = False,
    token: str = "",
    around: Surroundings | None = None,
) -> Outcome:
    """Fetch and deliver what is missing; a workbook that an earlier run kept is delivered first.

    Args:
        portal: What to do where.
        access: Who signs in.
        gateway: Takes the workbooks.
        home: `$TE_HOME`.
        chromium: Finds the browser; asked when something has to be exported.
        days: Local days, both inclusive, whose periods are looked after; None: the last periods that ended.
        again: Export periods too that were delivered.
        token: Of the gateway, to be kept out of evidence.
        around: Time, pauses, progress.

    Raises:
        PortalBusy: Another run is at this portal.
        BrowserMissing: Something has to be exported, and there is no browser.
    """
    around = around or Surroundings()
    folder = portal_folder(home, portal)
    secrets = Secrets([access.password.get_secret_value(), token])
    with alone(folder), ledgers.opened(folder, portal.zone) as ledger:
        for left in folder.glob(f"{BROWSER_FOLDERS}*"):  # of a run that was killed
            shutil.rmtree(left)
        with fetching(Fetcher(portal, access, chromium, folder, around, secrets)) as fetcher:
            run = _Run(portal, ledger, fetcher, gateway, around)
            run.send_kept()
            for period in periods_of(portal, around.now(), days):
                for export in portal.exports:
                    run.look_after(export, period, again=again)
    return Outcome(portal.name, tuple(run.done.values()))


class _Run:
    """One run, under the portal's lock."""

    def __init__(
        self, portal: Portal, ledger: Ledger, fetcher: Fetcher, gateway: Gateway, around: Surroundings
    ) -> None:
        self.done: dict[tuple[str, Period], PeriodOutcome] = {}
        self._exports = {export.name: export for export in portal.exports}
        self._ledger = ledger
        self._fetcher = fetcher
        self._gateway = gateway
        self._around = around
        self._away: TeAssetsError | None = None

    def send_kept(self) -> None:
        """Deliver what earlier runs kept, of whatever period."""
        for fetched in self._ledger.waiting():
            # An export that the file no longer has is delivered all the same: its bytes are here.
            self._deliver(self._exports.get(fetched.export), fetched)

    def look_after(self, export: Export, period: Period, *, again: bool) -> None:
        """Have a period of an export with the gateway."""
        if (export.name, period) in self.done:
            return
        known = self._ledger.of(export.name, period)
        if known is not None and not again:
            became = PeriodOutcome(export.name, period, "empty" if known.state == "empty" else "known", known.sha256)
            self._end(became)
            return
        self._around.say(f"{export.name} {period}: exporting")
        try:
            got = self._fetcher.fetch(export, period)
        except NotFetched as error:
            self._end(PeriodOutcome(export.name, period, "failed", "", str(error), error.evidence))
            return
        if got is None:
            self._ledger.nothing(export.name, period, self._around.now())
            self._end(PeriodOutcome(export.name, period, "empty"))
            return
        self._deliver(export, self._ledger.keep(export.name, period, *got, self._around.now()))

    def _deliver(self, export: Export | None, fetched: Fetched) -> None:
        """Post a kept workbook; what did not get through stays kept, and the next run sends the same bytes."""
        if self._away is not None:
            self._fail(fetched, f"kept, and sent by the next run: {self._away}")
            return
        try:
            sent = self._gateway.send_file(
                self._ledger.path_of(fetched), name=fetched.name, source=export.source if export else ""
            )
        except Unreachable as error:
            self._away = error
            self._fail(fetched, f"kept, and sent by the next run: {error}")
        except Refused as error:
            if error.status in _NOT_THE_FILE:
                self._away = error
                self._fail(fetched, f"kept, and sent by the next run: {error}")
                return
            evidence = self._fetcher.evidence(fetched.export, error, (self._ledger.path_of(fetched), fetched.name))
            self._ledger.refused(fetched)
            self._fail(fetched, f"the gateway refuses it: {error}", evidence)
        else:
            self._ledger.delivered(fetched, json.dumps(dict(sent.receipt)))
            self._end(PeriodOutcome(fetched.export, fetched.period, "delivered", fetched.sha256))

    def _fail(self, fetched: Fetched, reason: str, evidence: Path | None = None) -> None:
        self._end(PeriodOutcome(fetched.export, fetched.period, "failed", fetched.sha256, reason, evidence))

    def _end(self, outcome: PeriodOutcome) -> None:
        self.done[outcome.export, outcome.period] = outcome
        more = f": {outcome.reason}" if outcome.reason else ""
        self._around.say(f"{outcome.export} {outcome.period}: {outcome.became}{more}")
