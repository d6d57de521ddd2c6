"""What the demo portal has to export: the records of a simulated plant, each in exactly one period."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from te_assets.simulator.calendar import milliseconds
from te_assets.simulator.exports import Export, Period
from te_assets.simulator.journal import confirmations_of, log_of
from te_assets.simulator.plant import run_plant, scene_of
from te_assets.simulator.records import Confirmation, Content, Entry, SheetRow, Stop, Verdict
from te_assets.simulator.workbooks import write_confirmations, write_log
from te_assets.simulator.world import DEFAULT_SINCE, demo_world

Kind = Literal["interactions", "confirmations"]
KINDS: tuple[Kind, ...] = ("interactions", "confirmations")
_ASKED_AGO = timedelta(minutes=15)  # the simulator's workbooks are written a quarter of an hour after one asks


class PlantRecords:
    """Stops and confirmations of one plant of the simulated company, the one in Berlin."""

    def __init__(self, first: date, days: int, seed: int) -> None:
        """Simulate the plant.

        Args:
            first: First production day.
            days: Production days.
            seed: Equal seeds give equal records.
        """
        self._world = demo_world(plants=1, since=min(DEFAULT_SINCE, first))
        plant = self._world.plants[0]
        scene = scene_of(self._world, plant, first, first + timedelta(days=days - 1))
        history = run_plant(self._world, scene, seed)
        self._stops = log_of(scene, history)
        self._confirmations = confirmations_of(scene, history)
        self._plant = plant
        self._lock = threading.Lock()
        self._written = 0

    @property
    def zone(self) -> str:
        """IANA name of the plant's zone."""
        return self._plant.zone

    def instant(self, wall: datetime) -> int:
        """Milliseconds UTC of a wall time of the plant."""
        return milliseconds(wall.replace(tzinfo=ZoneInfo(self.zone)))

    def stops(self, starts: int, ends: int, now: datetime) -> list[Stop]:
        """Stops that began in a period (milliseconds UTC, half-open), as they are known now."""
        return _known(self._stops, starts, ends, now, lambda stop: stop.started)

    def confirmations(self, starts: int, ends: int, now: datetime) -> list[Confirmation]:
        """Confirmations of work that finished in a period (milliseconds UTC, half-open)."""
        return _known(self._confirmations, starts, ends, now, lambda each: each.finished or 0)

    def write(self, kind: Kind, starts: int, ends: int, folder: Path, *, is_empty: bool = False) -> Path:
        """Write an export of a period into a folder; two exports never have the same bytes.

        Args:
            kind: What is exported.
            starts: Begin of the period, milliseconds UTC.
            ends: Its end, not part of it.
            folder: Where.
            is_empty: Leave out the rows, though there are some.
        """
        now = datetime.now(UTC)
        today = now.astimezone(ZoneInfo(self.zone)).date()
        known_at = milliseconds(now - _ASKED_AGO)
        # Not declared: the names of files declare production days, and these periods are cut as one likes.
        period = Period(today, today, starts, ends, known_at, is_declared=False)
        if kind == "interactions":
            stops = [] if is_empty else self.stops(starts, ends, now)
            log = Export(self._plant, kind, period, tuple(SheetRow(Verdict.ACCEPTED, stop) for stop in stops))
            path = write_log(self._world, log, folder).path
        else:
            done = [] if is_empty else self.confirmations(starts, ends, now)
            rows = tuple(SheetRow(Verdict.ACCEPTED, each) for each in done)
            path = write_confirmations(Export(self._plant, kind, period, rows), folder).path
        with self._lock:
            self._written += 1
            number = self._written
        with zipfile.ZipFile(path, "a") as package:  # two exports of one second would else be the same
            package.comment = f"export {number} of {now:%Y-%m-%dT%H:%M:%S.%fZ}".encode()
        return path


def _known(
    entries: list[Entry[Content]], starts: int, ends: int, now: datetime, at: Callable[[Content], int]
) -> list[Content]:
    until = min(ends, milliseconds(now))
    return [entry.content_at(milliseconds(now)) for entry in entries if starts <= at(entry.content) < until]
