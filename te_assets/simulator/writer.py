"""Makes lines of an operator log that stand for a case."""

from __future__ import annotations

from datetime import datetime
from itertools import count, pairwise

from te_assets.simulator.calendar import Window, wall_time
from te_assets.simulator.journal import OPERATORS, interaction_id
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Entry, Stop


class Writer:
    """Makes log lines of a plant, numbered after the everyday ones."""

    def __init__(self, scene: Scene, used: int) -> None:
        self.scene = scene
        self._numbers = count(used + 1)

    def line(self, work_center: str, started: int, ended: int | None, reason: str, case: str) -> Entry[Stop]:
        """A line with a number of its own; instants in milliseconds UTC."""
        number = next(self._numbers)
        operators = OPERATORS[self.scene.plant.language]
        stop = Stop(
            plant=self.scene.plant.id,
            work_center=work_center,
            interaction_id=interaction_id(self.scene.plant, number),
            started=started,
            ended=ended,
            reason_code=reason,
            operator=operators[number % len(operators)],
        )
        return Entry(stop, case)

    def windows(self, work_center: str) -> tuple[Window, ...]:
        """Windows of a work center in order of time."""
        return self.scene.windows_at(work_center)

    def shift_change(self, work_center: str) -> int | None:
        """First instant at which one window of the work center ends and the next begins."""
        windows = self.windows(work_center)
        return next((a.end for a, b in pairwise(windows) if a.end == b.start), None)

    def wall(self, instant: int) -> datetime:
        """Naive plant-local wall time of an instant."""
        return wall_time(instant, self.scene.plant.zone)
