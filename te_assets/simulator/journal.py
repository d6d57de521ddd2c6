"""Turns what really happened into what is on record: lines of the operator log and confirmations of the ERP system."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from te_assets.simulator.calendar import wall_time, without_second_pass
from te_assets.simulator.machine import Execution, TrueStop
from te_assets.simulator.plant import History, Scene
from te_assets.simulator.records import Confirmation, Entry, Stop
from te_assets.simulator.world import Language, Plant

OPERATORS: dict[Language, tuple[str, ...]] = {
    "german": ("Müller, Anna", "Yildiz, Şükran", "Groß, Peter", "Novák, Jana"),
    "english": ("Alice Brown", "Carlos Diaz", "Dana O'Neil", "Wei Chen"),
    "technical": ("佐藤 健", "SUZUKI", "TANAKA", "WATANABE"),
}
_SECOND = 1000
_ENTRY_DELAY = 10 * 60 * _SECOND
_FORGOTTEN = 40


def log_of(scene: Scene, history: History) -> list[Entry[Stop]]:
    """Operator log of a plant: each stop once, in order of start, with its exact times."""
    operators = OPERATORS[scene.plant.language]
    return [
        Entry(_logged(scene, stop, number, operators[(number // 40 + stop.started % 3) % len(operators)]))
        for number, stop in enumerate(history.stops, start=1)
    ]


def confirmations_of(scene: Scene, history: History) -> list[Entry[Confirmation]]:
    """Confirmations of a plant, one per execution; each operation of an order has its number, each entry a counter.

    Executions are stated to the second: begin rounded down, end up. Every fortieth is forgotten: the machine then ran
    without a stop and without a confirmation that explains it.
    """
    entries: list[Entry[Confirmation]] = []
    numbers: dict[tuple[str, int], tuple[int, int]] = {}
    for index, execution in enumerate(history.executions, start=1):
        if index % _FORGOTTEN == 0:
            continue
        operation = (execution.order.order_id, execution.stage)
        number, counter = numbers.get(operation, (len(numbers) + 1, 0))
        numbers[operation] = (number, counter + 1)
        entries.append(Entry(_confirmed(scene, execution, number, counter + 1)))
    return entries


def interaction_id(plant: Plant, number: int) -> str:
    """Id of a log line; ids of a plant sort like their numbers."""
    return f"M{plant.id}-{number:07d}"


def confirmation_number(plant: Plant, number: int) -> str:
    """Confirmation number of an operation, ten digits as in the ERP system."""
    return f"{int(plant.id) * 100_000 + number:010d}"


def counter_of(number: int) -> str:
    """Counter of a confirmation, eight digits as in the ERP system."""
    return f"{number:08d}"


def tellable(scene: Scene, entry: Entry[Stop]) -> Entry[Stop]:
    """The line with instants that its wall times tell apart, also in the night when the clock is set back."""
    zone = scene.plant.zone

    def told(stop: Stop) -> Stop:
        ended = None if stop.ended is None else without_second_pass(stop.ended, zone)
        return replace(stop, started=without_second_pass(stop.started, zone), ended=ended)

    earlier = None if entry.earlier is None else told(entry.earlier)
    return replace(entry, content=told(entry.content), earlier=earlier)


def tellable_execution(scene: Scene, entry: Entry[Confirmation]) -> Entry[Confirmation]:
    """The confirmation with instants that its wall times tell apart."""
    zone = scene.plant.zone

    def told(content: Confirmation) -> Confirmation:
        started, finished, entered = (
            None if instant is None else without_second_pass(instant, zone)
            for instant in (content.started, content.finished, content.entered)
        )
        return replace(content, started=started, finished=finished, entered=entered)

    earlier = None if entry.earlier is None else told(entry.earlier)
    return replace(entry, content=told(entry.content), earlier=earlier)


def _logged(scene: Scene, stop: TrueStop, number: int, operator: str) -> Stop:
    return Stop(
        plant=scene.plant.id,
        work_center=stop.work_center,
        interaction_id=interaction_id(scene.plant, number),
        started=stop.started,
        ended=stop.ended,
        reason_code=stop.reason_code,
        operator=operator,
    )


def _confirmed(scene: Scene, execution: Execution, number: int, counter: int) -> Confirmation:
    material, zone = execution.order.material, scene.plant.zone
    started = execution.started - execution.started % _SECOND
    finished = execution.finished + -execution.finished % _SECOND
    return Confirmation(
        plant=scene.plant.id,
        work_center=execution.work_center,
        order_id=execution.order.order_id,
        operation=f"{execution.stage * 10:04d}",
        confirmation=confirmation_number(scene.plant, number),
        counter=counter_of(counter),
        material=material.id,
        unit=material.unit,
        good=execution.good * material.milli_per_piece,
        scrap=execution.scrap * material.milli_per_piece,
        rework=execution.rework * material.milli_per_piece,
        order_unit=material.order_unit,
        order_unit_good=execution.good * material.milli_per_piece // material.pieces,
        order_unit_scrap=execution.scrap * material.milli_per_piece // material.pieces,
        scrap_reason=f"{1 + number % 4:04d}" if execution.scrap else "",
        started=started,
        finished=finished,
        entered=finished + _ENTRY_DELAY,
        posted=_posting_date(finished, zone),
        is_final=execution.is_final,
    )


def _posting_date(finished: int, zone: str) -> date:
    """Bookkeeping posts what ends on a Sunday on Monday."""
    day = wall_time(finished, zone).date()
    return day + timedelta(days=1) if day.weekday() == 6 else day
