"""What the simulated company consists of: plants, work centers, calendars, reasons and materials."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from te_assets.simulator.calendar import Break, Calendar, Pattern, Shift

DAY_STARTS = "06:00"
DEFAULT_SINCE = date(2026, 1, 1)
SHORT_STOP_MINUTES = 5
WORK_CENTERS = 6
"""Of each plant of the demo."""
UNKNOWN_REASON = "999"
"""A code that operators type and that no site profile knows."""

ReasonClass = Literal["planned", "setup", "technical", "organisational", "other", "unclassified"]
Language = Literal["german", "english", "technical"]


@dataclass(frozen=True)
class WorkCenter:
    """A machine or station; `stage` is its place in a routing (1 to 3), `cycle_ms` the time per piece."""

    id: str
    name: str
    alias: str
    line: str
    calendar: str
    stage: int
    cycle_ms: int


@dataclass(frozen=True)
class Line:
    """A production line and how its stations depend on each other."""

    id: str
    name: str
    topology: Literal["series", "parallel"]


@dataclass(frozen=True)
class Plant:
    """A plant with its IANA time zone; `language` is the one its people export in."""

    id: str
    name: str
    zone: str
    language: Language
    lines: tuple[Line, ...]
    work_centers: tuple[WorkCenter, ...]
    day_starts: str = DAY_STARTS


@dataclass(frozen=True)
class Reason:
    """A reason that operators choose from."""

    code: str
    text: str
    german: str
    reason_class: ReasonClass
    group: str


@dataclass(frozen=True)
class Material:
    """What is made: `milli_per_piece` in thousandths of `unit`; an order counts in `order_unit` of `pieces` each."""

    id: str
    unit: str
    milli_per_piece: int
    order_unit: str
    pieces: int


@dataclass(frozen=True)
class World:
    """A company; `since` is the first production day that its site profile admits."""

    name: str
    since: date
    plants: tuple[Plant, ...]
    calendars: tuple[Calendar, ...]
    reasons: tuple[Reason, ...]
    scrap_reasons: tuple[tuple[str, str], ...]
    materials: tuple[Material, ...]

    def calendar(self, name: str) -> Calendar:
        """The calendar of that name."""
        return next(calendar for calendar in self.calendars if calendar.name == name)

    def reason_class(self, code: str) -> ReasonClass:
        """Class of a reason code; codes that the site does not know are unclassified."""
        known: dict[str, ReasonClass] = {reason.code: reason.reason_class for reason in self.reasons}
        return known.get(code, "unclassified")


REASONS = (
    Reason("110", "Material jam", "Materialstau", "technical", "Mechanics"),
    Reason("120", "Tool breakage", "Werkzeugbruch", "technical", "Mechanics"),
    Reason("130", "Sensor fault", "Sensorfehler", "technical", "Electrics"),
    Reason("210", "No material", "Material fehlt", "organisational", "Logistics"),
    Reason("220", "No operator", "Bediener fehlt", "organisational", "Staff"),
    Reason("310", "Quality check", "Qualitätsprüfung", "other", "Quality"),
    Reason("410", "Maintenance", "Wartung", "planned", "Maintenance"),
    Reason("420", "Team meeting", "Teambesprechung", "planned", "Staff"),
    Reason("510", "Change-over", "Umrüsten", "setup", "Set-up"),
    Reason("520", "Tool change", "Werkzeugwechsel", "setup", "Set-up"),
    Reason("690", "Unassigned", "Nicht zugeordnet", "unclassified", ""),
)
SCRAP_REASONS = (("0001", "Surface"), ("0002", "Dimension"), ("0003", "Material fault"), ("0004", "Set-up part"))
MATERIALS = (
    Material("FG-1001", "ST", 1000, "ST", 1),
    Material("FG-1002", "ST", 1000, "KAR", 24),
    Material("FG-1003", "ST", 1000, "ST", 1),
    Material("GR-2001", "KG", 375, "KG", 1),
)

_EARLY = Shift("early", "06:00", "14:00", (Break("10:00", "10:30"),))
_LATE = Shift("late", "14:00", "22:00", (Break("18:00", "18:30"),))
_NIGHT = Shift("night", "22:00", "06:00", (Break("03:30", "04:00"),))
_LATER_BREAK = Shift("late", "14:00", "22:00", (Break("18:15", "18:45"),))
_SHORT_EARLY = Shift("early", "07:00", "14:00", (Break("10:00", "10:30"),))
_HOLIDAYS = (date(2026, 4, 3), date(2026, 5, 1))
_THREE = ("early", "late", "night")
_TWO = ("early", "late")
_ZONES = ("Europe/Berlin", "America/Chicago", "Asia/Tokyo")
_LANGUAGES: tuple[Language, ...] = ("german", "english", "technical")
_NAMES = ("Werk Nord", "Plant South", "Plant East")
_LINES = (Line("L1", "Line 1", "series"), Line("L2", "Line 2", "parallel"))
_WORK_CENTERS = (
    WorkCenter("PRS01", "Press 1", "Presse 1", "L1", "three_shifts", 1, 24_000),
    WorkCenter("PRS02", "Press 2", "Presse 2", "L2", "three_shifts", 1, 31_000),
    WorkCenter("MIL01", "Mill 1", "Fräse 1", "L1", "seven_days", 2, 27_000),
    WorkCenter("MIL02", "Mill 2", "Fräse 2", "L2", "three_shifts", 2, 35_000),
    WorkCenter("ASM01", "Assembly 1", "Montage 1", "L1", "two_shifts", 3, 22_000),
    WorkCenter("PCK01", "Packing 1", "Verpackung 1", "L2", "around_the_clock", 3, 18_000),
)


def demo_world(plants: int = 2, since: date = DEFAULT_SINCE, work_centers: int = WORK_CENTERS) -> World:
    """The company of the demo.

    Args:
        plants: Number of plants, at least 1: 1000 Europe/Berlin, 2000 America/Chicago, 3000 Asia/Tokyo, then the
            zones repeat.
        since: First production day, also the day from which the shift patterns hold.
        work_centers: Work centers of each plant, at least 6; each six are one series and one parallel line.

    Raises:
        ValueError: `plants` is less than 1, or `work_centers` less than 6.
    """
    if plants < 1:
        raise ValueError(f"a simulation needs at least one plant, not {plants}")
    if work_centers < WORK_CENTERS:
        raise ValueError(f"a plant needs at least {WORK_CENTERS} work centers, not {work_centers}")
    return World(
        name="Demo",
        since=since,
        plants=tuple(_plant(index, work_centers) for index in range(plants)),
        calendars=_calendars(since),
        reasons=REASONS,
        scrap_reasons=SCRAP_REASONS,
        materials=MATERIALS,
    )


def _plant(index: int, work_centers: int) -> Plant:
    kind = index % len(_ZONES)
    centers = tuple(_work_center(number) for number in range(work_centers))
    used = {center.line for center in centers}
    lines = tuple(
        Line(f"L{number + 1}", f"Line {number + 1}", _LINES[number % 2].topology)
        for number in range(2 * (work_centers // WORK_CENTERS + 1))
    )
    return Plant(
        id=str((index + 1) * 1000),
        name=_NAMES[index] if index < len(_NAMES) else f"Plant {index + 1}",
        zone=_ZONES[kind],
        language=_LANGUAGES[kind],
        lines=tuple(line for line in lines if line.id in used),
        work_centers=centers,
    )


def _work_center(number: int) -> WorkCenter:
    """The six of the demo, then others like them on further lines: PRS03, PRS04, MIL03 and so on."""
    group, kind = divmod(number, WORK_CENTERS)
    like = _WORK_CENTERS[kind]
    if group == 0:
        return like
    prefix, own = like.id[:3], int(like.id[3:])
    place = own + group * sum(center.id.startswith(prefix) for center in _WORK_CENTERS)
    return replace(
        like,
        id=f"{prefix}{place:02d}",
        name=f"{like.name.rsplit(' ', 1)[0]} {place}",
        alias=f"{like.alias.rsplit(' ', 1)[0]} {place}",
        line=f"L{2 * group + int(like.line[1:])}",
    )


def _calendars(since: date) -> tuple[Calendar, ...]:
    weekdays = (_THREE,) * 5
    return (
        Calendar(
            "three_shifts",
            (Pattern(since, (_EARLY, _LATE, _NIGHT), (*weekdays, ("early",), ())),),
            holidays=_HOLIDAYS,
            exceptions=((date(2026, 3, 7), _TWO), (date(2026, 4, 12), ("early",))),
        ),
        Calendar("seven_days", (Pattern(since, (_EARLY, _LATE, _NIGHT), (_THREE,) * 7),)),
        Calendar(
            "two_shifts",
            (
                Pattern(since, (_EARLY, _LATE), ((_TWO,) * 5 + ((), ()))),
                Pattern(date(2026, 3, 5), (_EARLY, _LATER_BREAK), ((_TWO,) * 5 + ((), ()))),
                Pattern(date(2026, 4, 13), (_SHORT_EARLY, _LATER_BREAK), ((_TWO,) * 5 + ((), ()))),
            ),
            holidays=_HOLIDAYS,
        ),
        Calendar("around_the_clock", always=True),
    )
