"""A work center as a SimPy process: it sets up, produces, stops, pauses and waits, and leaves a record of each."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from te_assets.simulator.calendar import Window
from te_assets.simulator.world import Material, WorkCenter

if TYPE_CHECKING:
    import simpy

MINUTE = 60_000
SECOND = 1000

_MEAN_MINUTES_BETWEEN_STOPS = 45.0
_STOCK_REACHES_AFTER = 25 * MINUTE
"""Longest wait for the operation before; then an order is taken from stock."""
_UNPLANNED = (("110", 8), ("120", 3), ("130", 4), ("210", 1), ("220", 2), ("310", 3), ("690", 1))
_MEAN_MINUTES = {"110": 6.0, "120": 25.0, "130": 9.0, "210": 12.0, "220": 15.0, "310": 7.0, "690": 6.0}

Process = Generator[Any, Any, None]


@dataclass(frozen=True)
class Order:
    """A production order of `pieces`."""

    order_id: str
    material: Material
    pieces: int


@dataclass(frozen=True)
class TrueStop:
    """What really happened: the machine stood from `started` to `ended`, milliseconds UTC, half-open."""

    work_center: str
    started: int
    ended: int
    reason_code: str


@dataclass(frozen=True)
class Execution:
    """Pieces that really were made from `started` to `finished`, milliseconds UTC, half-open."""

    work_center: str
    order: Order
    stage: int
    started: int
    finished: int
    good: int
    scrap: int
    rework: int
    is_final: bool


@dataclass
class Job:
    """What is left of an order at a machine."""

    order: Order
    pieces: int


class Machine:
    """Runs one work center through its windows; its clock is the milliseconds UTC of the environment."""

    def __init__(
        self,
        environment: simpy.Environment,
        work_center: WorkCenter,
        windows: Sequence[Window],
        arrivals: simpy.Store,
        random: Random,
        plant: Warehouse,
    ) -> None:
        self.stops: list[TrueStop] = []
        self.executions: list[Execution] = []
        self._environment = environment
        self._work_center = work_center
        self._windows = windows
        self._arrivals = arrivals
        self._random = random
        self._plant = plant
        self._job: Job | None = None
        self._until_stop = self._time_to_next_stop()

    def operate(self) -> Process:
        """Work through all windows; the SimPy process of the machine."""
        for window in self._windows:
            if self._now < window.start:
                yield self._environment.timeout(window.start - self._now)
            while self._now < window.end:
                if self._job is None:
                    yield from self._take_order(window)
                else:
                    yield from self._produce(window, self._job)

    @property
    def _now(self) -> int:
        return int(self._environment.now)

    def _take_order(self, window: Window) -> Process:
        request = self._arrivals.get()
        waited_from = self._now
        patience = self._environment.timeout(min(_STOCK_REACHES_AFTER, window.end - self._now))
        yield request | patience
        order: Order | None = request.value if request.triggered else None
        if order is None:
            request.cancel()
            order = self._plant.order_from_stock()
        if self._now > waited_from:
            self.stops.append(TrueStop(self._work_center.id, waited_from, self._now, "210"))
        self._job = Job(order, order.pieces)
        yield from self._stop("510" if self._random.random() < 0.8 else "520", self._random.randrange(6, 25) * MINUTE)

    def _produce(self, window: Window, job: Job) -> Process:
        """Make pieces until the job is done, a stop outlasts the window, or the window ends; then confirm them."""
        started, worked = self._now, 0
        needed = job.pieces * self._work_center.cycle_ms
        while True:
            pause = next((pause for pause in window.breaks if pause[1] > self._now), (window.end, window.end))
            if pause[0] <= self._now < pause[1]:
                yield self._environment.timeout(pause[1] - self._now)
                continue
            run = min(needed - worked, self._until_stop, pause[0] - self._now)
            yield self._environment.timeout(run)
            worked += run
            self._until_stop -= run
            if worked >= needed or self._now >= window.end:
                self._confirm(job, started, self._now, worked)
                return
            if self._until_stop > 0:
                continue
            self._until_stop = self._time_to_next_stop()
            reason, length = self._next_stop()
            if self._now + length >= window.end:
                self._confirm(job, started, window.end, worked)
                yield from self._stop(reason, length)
                return
            yield from self._stop(reason, length)

    def _confirm(self, job: Job, started: int, finished: int, worked: int) -> None:
        pieces = min(job.pieces, worked // self._work_center.cycle_ms)
        job.pieces -= pieces
        is_final = job.pieces == 0
        if is_final:
            self._job = None
            self._plant.pass_on(self._work_center, job.order)
        if pieces == 0:
            return
        scrap = sum(self._random.random() < 0.021 for _ in range(pieces))
        rework = sum(self._random.random() < 0.006 for _ in range(pieces - scrap))
        self.executions.append(
            Execution(
                work_center=self._work_center.id,
                order=job.order,
                stage=self._work_center.stage,
                started=started,
                finished=finished,
                good=pieces - scrap - rework,
                scrap=scrap,
                rework=rework,
                is_final=is_final,
            )
        )

    def _stop(self, reason: str, length: int) -> Process:
        self.stops.append(TrueStop(self._work_center.id, self._now, self._now + length, reason))
        yield self._environment.timeout(length)

    def _next_stop(self) -> tuple[str, int]:
        """Reason and length; planned ones last at least 30 minutes, about every third of the others is short."""
        if self._random.random() < 0.03:
            return ("410" if self._random.random() < 0.5 else "420"), self._random.randrange(30, 75) * MINUTE
        codes, weights = zip(*_UNPLANNED, strict=True)
        code: str = self._random.choices(codes, weights)[0]
        length = max(20 * SECOND, int(self._random.expovariate(1 / (_MEAN_MINUTES[code] * MINUTE))))
        # Machines that report by themselves stamp milliseconds, people do not.
        return code, length if code == "130" else length - length % SECOND

    def _time_to_next_stop(self) -> int:
        length = int(self._random.expovariate(1 / (_MEAN_MINUTES_BETWEEN_STOPS * MINUTE)))
        return max(MINUTE, length - length % SECOND)


class Warehouse:
    """Where orders wait between operations; machines of the first stage always find a new one."""

    def __init__(self, materials: Sequence[Material], first_order: int, random: Random) -> None:
        self._materials = materials
        self._next_order = first_order
        self._random = random
        self._arrivals: dict[int, list[simpy.Store]] = {}

    def arrivals(self, stage: int, store: simpy.Store) -> simpy.Store:
        """Register the place where orders of a stage arrive."""
        self._arrivals.setdefault(stage, []).append(store)
        return store

    def order_from_stock(self) -> Order:
        """A new order."""
        self._next_order += 1
        return Order(
            f"{self._next_order:012d}", self._random.choice(self._materials), self._random.randrange(90, 420, 10)
        )

    def pass_on(self, work_center: WorkCenter, order: Order) -> None:
        """Hand a finished order to the next stage, to the machine where the fewest wait."""
        following = self._arrivals.get(work_center.stage + 1, [])
        if following:
            min(following, key=lambda store: len(store.items)).put(order)
        if work_center.stage == 1:
            self.supply(1)

    def supply(self, stage: int) -> None:
        """Keep an order ready at each machine of a stage."""
        for store in self._arrivals.get(stage, []):
            if not store.items:
                store.put(self.order_from_stock())
