"""Runs a plant for some production days and returns what happened, as true stops and executions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from te_assets.simulator.calendar import Interval, Window, day_bounds, windows_of
from te_assets.simulator.machine import Execution, Machine, TrueStop, Warehouse
from te_assets.simulator.world import Plant, World


@dataclass(frozen=True)
class Scene:
    """A plant during the simulated period.

    Attributes:
        bounds: Begin of the first and end of the last production day, milliseconds UTC.
        windows: All scheduled windows, per work center in order of time.
    """

    plant: Plant
    first: date
    last: date
    bounds: Interval
    windows: tuple[tuple[str, tuple[Window, ...]], ...]

    @property
    def days(self) -> tuple[date, ...]:
        """Each production day."""
        return tuple(self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    def windows_at(self, work_center: str) -> tuple[Window, ...]:
        """Windows of one work center in order of time."""
        return next(windows for name, windows in self.windows if name == work_center)


@dataclass(frozen=True)
class History:
    """What really happened in a plant; no two stops of a work center overlap."""

    stops: tuple[TrueStop, ...]
    executions: tuple[Execution, ...]


def scene_of(world: World, plant: Plant, first: date, last: date) -> Scene:
    """Calendar of a plant for the production days `first` to `last`, both inclusive."""
    return Scene(
        plant=plant,
        first=first,
        last=last,
        bounds=(day_bounds(first, plant.day_starts, plant.zone)[0], day_bounds(last, plant.day_starts, plant.zone)[1]),
        windows=tuple(
            (center.id, tuple(windows_of(world.calendar(center.calendar), first, last, plant.day_starts, plant.zone)))
            for center in plant.work_centers
        ),
    )


def run_plant(world: World, scene: Scene, seed: int) -> History:
    """Simulate a plant with SimPy.

    Args:
        world: Its materials.
        scene: Plant, period and shift windows.
        seed: Equal seeds give equal histories.

    Returns:
        Stops may end after the period; executions end within it.
    """
    import simpy

    environment = simpy.Environment(initial_time=scene.bounds[0])
    number = int(scene.plant.id)
    warehouse = Warehouse(world.materials, number * 100_000, Random(f"{seed}/{scene.plant.id}/orders"))
    machines: list[Machine] = []
    for center in scene.plant.work_centers:
        store = warehouse.arrivals(center.stage, simpy.Store(environment))
        machine = Machine(
            environment,
            center,
            scene.windows_at(center.id),
            store,
            Random(f"{seed}/{scene.plant.id}/{center.id}"),
            warehouse,
        )
        machines.append(machine)
        environment.process(machine.operate())
    for stage in sorted({center.stage for center in scene.plant.work_centers}):
        warehouse.supply(stage)
    # What happens exactly at the end (the last shift confirms its pieces) still belongs to the period.
    environment.run(until=scene.bounds[1] + 1)
    stops = [stop for machine in machines for stop in machine.stops if stop.started < scene.bounds[1]]
    executions = [execution for machine in machines for execution in machine.executions]
    return History(
        stops=tuple(sorted(stops, key=lambda stop: (stop.started, stop.work_center))),
        executions=tuple(sorted(executions, key=lambda execution: (execution.finished, execution.work_center))),
    )
