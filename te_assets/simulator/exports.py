"""Which exports people make of a plant's records, and what each of them contains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Generic, Literal

from te_assets.simulator.calendar import day_bounds, production_day_of
from te_assets.simulator.plant import Scene
from te_assets.simulator.records import Confirmation, Content, Entry, SheetRow, Stop, Verdict
from te_assets.simulator.world import Plant

Model = Literal["interactions", "confirmations"]
_DAYS_PER_EXPORT = 7
_EXPORTED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Period:
    """What an export covers: production days, both inclusive, and their bounds in milliseconds UTC.

    Attributes:
        known_at: When the source system was asked (milliseconds UTC): at the end of the period or later.
        is_elsewhere: Made by a colleague elsewhere, who has another layout.
        is_declared: The name of the file tells the period.
    """

    first: date
    last: date
    starts: int
    ends: int
    known_at: int
    is_elsewhere: bool = False
    is_declared: bool = True


@dataclass(frozen=True)
class Export(Generic[Content]):
    """One workbook: the rows that stood in the source system when it was asked."""

    plant: Plant
    model: Model
    period: Period
    rows: tuple[SheetRow[Content], ...]

    @property
    def exported_at(self) -> datetime:
        """When the source system wrote the file, aware, UTC: a quarter of an hour after it was asked."""
        return datetime.fromtimestamp(self.period.known_at / 1000, UTC) + _EXPORTED_AFTER


def periods_of(scene: Scene) -> tuple[tuple[Period, ...], ...]:
    """Periods that are exported, per week in the order of the exports.

    Each week (or what is left of one) is exported twice: its first half, and then the whole of it. One of the two is
    made elsewhere, in every other week the whole.
    """
    weeks = []
    for number, (first, last) in enumerate(_weeks(scene)):
        half = first + timedelta(days=(last - first).days // 2)
        whole = replace(_period(scene, first, last), is_elsewhere=number % 2 == 1)
        part = replace(_period(scene, first, half), is_elsewhere=not whole.is_elsewhere)
        weeks.append((part, whole) if half < last else (whole,))
    return tuple(weeks)


def periods_apart(scene: Scene, week: int) -> tuple[Period, ...]:
    """Two exports of a week that do not overlap and whose names do not tell their periods."""
    first, last = _weeks(scene)[week]
    half = first + timedelta(days=(last - first).days // 2)
    parts = (_period(scene, first, half), _period(scene, half + timedelta(days=1), last))
    return tuple(replace(part, is_declared=False) for part in parts)


def period_again(scene: Scene, week: int) -> Period:
    """A week exported once more when all is over."""
    return replace(_period(scene, *_weeks(scene)[week]), known_at=scene.bounds[1])


def day_period(scene: Scene, day: date) -> Period:
    """One production day, exported when it is over."""
    return _period(scene, day, day)


def _weeks(scene: Scene) -> list[tuple[date, date]]:
    """First and last production day of each week, or of what is left of one."""
    step = timedelta(days=_DAYS_PER_EXPORT)
    firsts = [scene.first + step * number for number in range(-(-len(scene.days) // _DAYS_PER_EXPORT))]
    return [(first, min(scene.last, first + step - timedelta(days=1))) for first in firsts]


def interactions_export(scene: Scene, period: Period, log: Sequence[Entry[Stop]]) -> Export[Stop]:
    """Operator log of the period: each line whose interval reaches into it, as known at its end, and a blank row."""
    rows = [row for entry in log for row in _rows(entry, period.known_at, _stop_in(entry, period))]
    rows.insert(len(rows) // 2, SheetRow(None, case="blank row"))
    if scene.plant.language == "german":
        rows.append(SheetRow(Verdict.SKIPPED, case="total", overrides=(("plant", "Summe"),)))
    return Export(scene.plant, "interactions", period, tuple(rows))


def confirmations_export(
    scene: Scene, period: Period, confirmations: Sequence[Entry[Confirmation]]
) -> Export[Confirmation]:
    """Confirmations whose production day lies in the period, with a repeated header, subtotals and a grand total."""
    data = [row for entry in confirmations for row in _rows(entry, period.known_at, _confirmation_in(entry, period))]
    word = "Summe" if scene.plant.language == "german" else "Total"
    middle = len(data) // 2
    rows: list[SheetRow[Confirmation]] = [
        *data[:middle],
        _total(f"{word} 1", data[:middle]),
        SheetRow(None, case="blank row"),
        SheetRow(Verdict.SKIPPED, case="repeated header", is_header=True),
        *data[middle:],
        _total(word, data),
    ]
    return Export(scene.plant, "confirmations", period, tuple(rows))


def day_of(scene: Scene, confirmation: Confirmation) -> date:
    """Production day of a confirmation: of its end, which belongs to the day it closes, of its entry, its posting."""
    plant = scene.plant
    if confirmation.finished is not None:
        return production_day_of(confirmation.finished - 1, plant.day_starts, plant.zone)
    if confirmation.entered is not None:
        return production_day_of(confirmation.entered, plant.day_starts, plant.zone)
    return confirmation.posted


def _period(scene: Scene, first: date, last: date) -> Period:
    plant = scene.plant
    ends = day_bounds(last, plant.day_starts, plant.zone)[1]
    return Period(first, last, day_bounds(first, plant.day_starts, plant.zone)[0], ends, known_at=ends)


def _stop_in(entry: Entry[Stop], period: Period) -> bool:
    stop = entry.version_at(period.known_at)
    return stop.started < period.ends and (
        stop.started >= period.starts or stop.ended is None or stop.ended > period.starts
    )


def _confirmation_in(entry: Entry[Confirmation], period: Period) -> bool:
    """Whether the production day of a confirmation lies in the period, as `day_of` tells it."""
    confirmation = entry.version_at(period.known_at)
    if confirmation.finished is not None:
        return period.starts < confirmation.finished <= period.ends
    if confirmation.entered is not None:
        return period.starts <= confirmation.entered < period.ends
    return period.first <= confirmation.posted <= period.last


def _rows(entry: Entry[Content], as_of: int, is_in_period: bool) -> Iterator[SheetRow[Content]]:
    if not is_in_period or as_of < entry.known_from:
        return
    content = entry.content_at(as_of)
    if entry.is_faulty_at(as_of):
        yield SheetRow(Verdict.REJECTED, content, entry.case, entry.faults)
        return
    yield SheetRow(Verdict.ACCEPTED, content, entry.case, entry.written)
    for _ in range(entry.copies):
        yield SheetRow(Verdict.DUPLICATE, content, "exact duplicate", entry.written)


def _total(label: str, rows: Sequence[SheetRow[Confirmation]]) -> SheetRow[Confirmation]:
    contents = [row.content for row in rows if row.content is not None and row.verdict is Verdict.ACCEPTED]
    return SheetRow(
        Verdict.SKIPPED,
        case="subtotal",
        overrides=(
            ("order_id", label),
            ("good_qty", sum(content.good for content in contents) / 1000),
            ("scrap_qty", sum(content.scrap for content in contents) / 1000),
            ("rework_qty", sum(content.rework for content in contents) / 1000),
        ),
    )
